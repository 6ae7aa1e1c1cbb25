"""Two texts compared word by word. An amount, a date and an hour are one word each: half of one says nothing."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from kb import typography

_SPACE = r"[ \u00a0\u202f]"
_MONTHS = "|".join(typography.MONTHS)
_END = r"(?![\w’'-])"
# In this order: « 1er octobre 2027 », « 16 h 12 », « 212 400,50 € », « 44 % », then words and signs.
_WORD = re.compile(
    rf"\s+"
    rf"|\d{{1,2}}(?:er)?{_SPACE}(?:{_MONTHS})(?:{_SPACE}\d{{4}})?{_END}"
    rf"|\d{{1,2}}{_SPACE}?h(?:{_SPACE}?\d{{2}})?{_END}"
    rf"|\d{{1,3}}(?:{_SPACE}\d{{3}})+(?:,\d+)?(?:{_SPACE}?[€%])?{_END}"
    rf"|\d+(?:[.,/]\d+)*(?:{_SPACE}?[€%])?{_END}"
    rf"|[\w’'-]+"
    rf"|[^\w\s]",
    re.UNICODE | re.IGNORECASE,
)
WORDS_COMPARED = 20_000  # beyond, a text is shown removed and added whole


@dataclass(frozen=True)
class Piece:
    """A run of words; `kind` is same, added or removed."""

    kind: str
    text: str

    @property
    def quantity(self) -> int:
        """How many words there are; signs alone are none."""
        return sum(any(map(str.isalnum, word)) for word in split(self.text))


def split(text: str) -> list[str]:
    """Words, signs and spaces; joined they give the text back."""
    return _WORD.findall(text)


def compare(old: str, new: str) -> list[Piece]:
    """Runs of words that are the same, removed, added: the removed and the same give `old` back, the others `new`."""
    if old == new:
        return [Piece("same", new)] if new else []
    before, after = split(old), split(new)
    if len(before) + len(after) > WORDS_COMPARED:
        return _replaced(old, new)
    pieces: list[Piece] = []
    for i1, i2, j1, j2 in _runs(before, after):
        if before[i1:i2] == after[j1:j2]:
            pieces.append(Piece("same", "".join(after[j1:j2])))
        else:
            pieces += _replaced("".join(before[i1:i2]), "".join(after[j1:j2]))
    return pieces


def _replaced(old: str, new: str) -> list[Piece]:
    return [piece for piece in (Piece("removed", old), Piece("added", new)) if piece.text]


def _runs(before: list[str], after: list[str]) -> list[tuple[int, int, int, int]]:
    """Stretches of both texts, same and changed in turn: a space between two changed words is part of the change."""
    runs: list[tuple[int, int, int, int]] = []
    changes = SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()
    for place, (tag, i1, i2, j1, j2) in enumerate(changes):
        between = 0 < place < len(changes) - 1 and "".join(before[i1:i2]).isspace()
        if runs and ((tag == "equal" and between) or (tag != "equal" and _changed(runs[-1], before, after))):
            start_i, _, start_j, _ = runs.pop()
            runs.append((start_i, i2, start_j, j2))
        else:
            runs.append((i1, i2, j1, j2))
    return runs


def _changed(run: tuple[int, int, int, int], before: list[str], after: list[str]) -> bool:
    i1, i2, j1, j2 = run
    return before[i1:i2] != after[j1:j2]
