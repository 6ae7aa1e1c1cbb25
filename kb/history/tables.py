"""Two tables compared: rows are matched first, then the words of each cell, by column."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from kb.history.words import Piece, compare

Cells = tuple[str, ...]
NEARLY_THE_SAME = 0.4  # share of words in common; below, a row took the place of another


@dataclass(frozen=True)
class Row:
    """A row of a table; `kind` is same, added, removed or changed."""

    kind: str
    cells: list[list[Piece]]

    def side(self, hidden: str) -> "Row":
        """The row without its pieces of the kind `hidden`."""
        return Row(self.kind, [[piece for piece in cell if piece.kind != hidden] for cell in self.cells])


def rows(old: tuple[Cells, ...], new: tuple[Cells, ...]) -> list[Row]:
    """The rows of both tables, in the new one's order, each removed row where it stood."""
    found: list[Row] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Row("same", [[Piece("same", cell)] if cell else [] for cell in row]) for row in new[j1:j2]]
        else:
            found += [_row(before, after) for before, after in _matched(old[i1:i2], new[j1:j2])]
    return found


def _row(old: Cells | None, new: Cells | None) -> Row:
    kind = "added" if old is None else "removed" if new is None else "changed"
    before, after = old or (), new or ()
    width = max(len(before), len(after))
    pad = ("",) * width
    return Row(kind, [compare(a, b) for a, b in zip((before + pad)[:width], (after + pad)[:width], strict=True)])


def _matched(old: tuple[Cells, ...], new: tuple[Cells, ...]) -> Iterator[tuple[Cells | None, Cells | None]]:
    """Each old row with the new one that says nearly the same, in order; None where there is no such row."""
    start = 0
    for before in old:
        likeness, twin = max(((_likeness(before, new[at]), -at) for at in range(start, len(new))), default=(0.0, 0))
        if likeness < NEARLY_THE_SAME:
            yield before, None
            continue
        yield from ((None, after) for after in new[start:-twin])
        yield before, new[-twin]
        start = 1 - twin
    yield from ((None, after) for after in new[start:])


def _likeness(one: Cells, other: Cells) -> float:
    """1 where the first cells name the same thing, else the share of words in common."""
    if one[:1] == other[:1] and any(one[:1]):
        return 1.0
    first, second = set(" ".join(one).lower().split()), set(" ".join(other).lower().split())
    return len(first & second) / max(len(first | second), 1)
