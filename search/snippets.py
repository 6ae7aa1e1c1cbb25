"""Cutting from the original text the few lines that answer, with the asked words marked as they stand there."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from search import french

LENGTH = 240  # characters: three lines on a phone
LEAD = 60  # characters shown before the first marked word
BESIDE = 8  # characters between two words that stand together: « d'une »
_LINE_END = re.compile(r"(?<![\s.,:;!?…])[^\S\n]*\n\s*")  # of a line that nothing ends


@dataclass(frozen=True)
class Piece:
    """A run of the original text; `marked` where it is a word that was asked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Snippet:
    """A stretch of the original text, unchanged: its pieces joined stand in it as they are."""

    pieces: tuple[Piece, ...]
    cut_before: bool = False
    cut_after: bool = False

    @property
    def text(self) -> str:
        """Without marks."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def html(self) -> SafeString:
        """Escaped, with `<mark>`; what was cut is shown by an ellipsis."""
        return self._html(self.pieces)

    @property
    def html_of_lines(self) -> SafeString:
        """The same of a text whose every line says one thing: on one line, parted by « · » where no sign ends them."""
        return self._html(tuple(Piece(_LINE_END.sub(" · ", piece.text), piece.marked) for piece in self.pieces))

    def _html(self, pieces: tuple[Piece, ...]) -> SafeString:
        rows = ((format_html("<mark>{}</mark>", p.text) if p.marked else p.text,) for p in pieces)
        words = format_html_join("", "{}", rows)
        return format_html("{}{}{}", "… " if self.cut_before else "", words, " …" if self.cut_after else "")


def snippet(
    text: str, terms: Collection[str], *, bound: Mapping[str, Collection[str]] | None = None, length: int = LENGTH
) -> Snippet:
    """The best stretch of `text` of about `length` characters: the one with the most different terms.

    `bound` names the terms that count only beside one of others: they are not marked alone.
    """
    spans = _together(_spans(text, terms), bound or {})
    start, end = _window(text, spans, length)
    pieces: list[Piece] = []
    place = start
    for left, right, _ in spans:
        if left < place or right > end:
            continue
        if left > place:
            pieces.append(Piece(text[place:left]))
        pieces.append(Piece(text[left:right], marked=True))
        place = right
    if place < end:
        pieces.append(Piece(text[place:end]))
    return Snippet(tuple(pieces), cut_before=bool(text[:start].strip()), cut_after=bool(text[end:].strip()))


def _spans(text: str, terms: Collection[str]) -> list[tuple[int, int, str]]:
    """Where the asked words stand; those that overlap (a compound and its parts) are one."""
    wanted = set(terms)
    spans: list[tuple[int, int, str]] = []
    for token in french.analyse(text):
        if token.text not in wanted:
            continue
        if spans and token.start < spans[-1][1]:
            left, right, term = spans[-1]
            spans[-1] = (min(left, token.start), max(right, token.end), term)
        else:
            spans.append((token.start, token.end, token.text))
    return spans


def _together(spans: list[tuple[int, int, str]], bound: Mapping[str, Collection[str]]) -> list[tuple[int, int, str]]:
    """Without the bound terms that stand alone."""

    def is_beside(place: int) -> bool:
        left, right, term = spans[place]
        return any(
            other in bound[term] and (begin - right if begin > left else left - end) <= BESIDE
            for begin, end, other in spans[max(0, place - 1) : place + 2]
        )

    return [span for place, span in enumerate(spans) if span[2] not in bound or is_beside(place)]


def _window(text: str, spans: list[tuple[int, int, str]], length: int) -> tuple[int, int]:
    if len(text) <= length:
        return 0, len(text)
    best, start = 0, 0
    for place, (left, _, _) in enumerate(spans):
        inside = {term for begin, end, term in spans[place : place + 40] if end <= left + length - LEAD}
        if len(inside) > best:
            best, start = len(inside), max(0, left - LEAD)
    start = _word_edge(text, start) if start else 0
    return start, _word_edge(text, min(len(text), start + length), backwards=True)


def _word_edge(text: str, place: int, *, backwards: bool = False) -> int:
    """The nearest space within a word's length, else a place that parts no letter from its marks."""
    if place >= len(text):
        return len(text)
    near = range(place, max(place - 30, 1), -1) if backwards else range(place, min(place + 30, len(text) - 1))
    for spot in near:
        if text[spot].isspace():
            return spot if backwards else spot + 1
    while 0 < place < len(text) and _clings(text, place):
        place -= 1
    return place


def _clings(text: str, place: int) -> bool:
    """Whether what stands at `place` belongs to what stands before: an accent, a joiner, a variation."""
    joiner = "\u200d"
    return (
        unicodedata.category(text[place]) in {"Mn", "Mc", "Me", "Sk", "Cf"}
        or text[place - 1] == joiner
        or "\U0001f3fb" <= text[place] <= "\U0001f3ff"
    )
