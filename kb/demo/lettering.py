"""French words drawn with the one font that Pillow carries, which has no accents: they are drawn over the letters.

So the demo's plans and scans are the same on every machine, whatever fonts it has.
"""

import unicodedata
from typing import Any

from PIL import ImageDraw, ImageFont

_PLAIN = str.maketrans({
    "œ": "oe", "’": "'", "–": "-", "€": "EUR", "²": "2", "\u00a0": " ", "\u202f": " ", "«": '"', "»": '"',
})  # fmt: skip
ACUTE, GRAVE, CIRCUMFLEX, DIAERESIS, CEDILLA = "\u0301", "\u0300", "\u0302", "\u0308", "\u0327"
# Strokes of each mark, in parts of the letter's size, from its centre and from the top of its body.
_STROKES: dict[str, list[tuple[float, float, float, float]]] = {
    ACUTE: [(-0.04, 0, 0.1, -0.14)],
    GRAVE: [(0.04, 0, -0.1, -0.14)],
    CIRCUMFLEX: [(-0.11, 0, 0, -0.12), (0, -0.12, 0.11, 0)],
    DIAERESIS: [(-0.1, -0.06, -0.08, -0.06), (0.08, -0.06, 0.1, -0.06)],
}


def width(words: str, size: int) -> int:
    """Pixels that the words take."""
    return round(ImageFont.load_default(size).getlength(_letters(words)))


def write(draw: ImageDraw.ImageDraw, at: tuple[int, int], words: str, size: int, ink: Any = 0) -> None:
    """Draws a line of words with its top left corner at `at`."""
    font = ImageFont.load_default(size)
    plain = _letters(words)
    draw.text(at, plain, font=font, fill=ink)
    for place, letter, mark in _marks(words):
        left = at[0] + font.getlength(plain[:place])
        centre = left + font.getlength(plain[place]) / 2
        _mark(draw, (centre, at[1]), letter, mark, size, ink)


def _letters(words: str) -> str:
    split = unicodedata.normalize("NFD", words.translate(_PLAIN))
    return "".join(char for char in split if not unicodedata.combining(char))


def _marks(words: str) -> list[tuple[int, str, str]]:
    found: list[tuple[int, str, str]] = []
    place, letter = -1, ""
    for char in unicodedata.normalize("NFD", words.translate(_PLAIN)):
        if unicodedata.combining(char):
            found.append((place, letter, char))
        else:
            place, letter = place + 1, char
    return found


def _mark(draw: Any, at: tuple[float, float], letter: str, mark: str, size: int, ink: Any) -> None:
    thick = max(1, round(size / 14))
    x, top = at
    if mark == CEDILLA:
        foot = top + size * 0.97
        draw.line(
            [(x, foot), (x + size * 0.05, foot + size * 0.08), (x - size * 0.05, foot + size * 0.13)],
            fill=ink,
            width=thick,
        )
        return
    body = top + size * (0.2 if letter.isupper() else 0.36)
    for x1, y1, x2, y2 in _STROKES.get(mark, []):
        draw.line([(x + x1 * size, body + y1 * size), (x + x2 * size, body + y2 * size)], fill=ink, width=thick)
