"""The difference of two revisions: passages matched by their block, words compared, tables and files included.

Two passages of the same block are compared word by word (words.py), their tables row by row (tables.py); the rest
is added or removed.
"""

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from kb.history import tables, words
from kb.history.passages import Passage, passages
from kb.history.tables import NEARLY_THE_SAME, Row
from kb.history.words import Piece


@dataclass
class Change:
    """How one passage changed; `kind` is same, added, removed or changed."""

    label: str
    kind: str
    pieces: list[Piece] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    heads: tuple[str, ...] = ()

    @property
    def old(self) -> list[Piece]:
        """The left side."""
        return [piece for piece in self.pieces if piece.kind != "added"]

    @property
    def new(self) -> list[Piece]:
        """The right side."""
        return [piece for piece in self.pieces if piece.kind != "removed"]

    @property
    def old_rows(self) -> list[Row]:
        """The table as it was."""
        return [row.side("added") for row in self.rows if row.kind != "added"]

    @property
    def new_rows(self) -> list[Row]:
        """The table as it became."""
        return [row.side("removed") for row in self.rows if row.kind != "removed"]

    @property
    def added(self) -> int:
        """Number of words added."""
        return self._count("added")

    @property
    def removed(self) -> int:
        """Number of words removed."""
        return self._count("removed")

    def _count(self, kind: str) -> int:
        in_cells = [piece for row in self.rows for cell in row.cells for piece in cell]
        return sum(piece.quantity for piece in [*self.pieces, *in_cells] if piece.kind == kind)


def compare(old: Any, new: Any) -> list[Change]:
    """The changes from page `old` to page `new` (as_object() of two revisions), in the new one's order."""
    before = {passage.key: passage for passage in passages(old)}
    after = {passage.key: passage for passage in passages(new)}
    before = _found_again(before, after)
    changes = []
    for key in _merged(list(before), list(after)):
        changes.append(_change(before.get(key), after.get(key)))
    return changes


def _found_again(before: dict[str, Passage], after: dict[str, Passage]) -> dict[str, Passage]:
    """`before`, where a block that was pasted or made anew takes the key of the one that says nearly the same."""
    gone = [key for key in before if key.startswith("block-") and not _same_kind(before[key], after.get(key))]
    come = [key for key in after if key.startswith("block-") and not _same_kind(before.get(key), after[key])]
    twins = {}
    for key in gone:
        likeness, twin = max(((_likeness(before[key], after[other]), other) for other in come), default=(0.0, ""))
        if likeness >= NEARLY_THE_SAME:
            come.remove(twin)
            twins[key] = twin
    lone = {key: f"gone-{key}" for key in gone if key in after}
    return {twins.get(key) or lone.get(key, key): passage for key, passage in before.items()}


def _same_kind(old: Passage | None, new: Passage | None) -> bool:
    return old is not None and new is not None and old.label == new.label


def _likeness(old: Passage, new: Passage) -> float:
    """The share of words in common, 0 when the blocks are not of the same kind."""
    if old.label != new.label:
        return 0.0
    one, other = _vocabulary(old), _vocabulary(new)
    return len(one & other) / max(len(one | other), 1)


def _vocabulary(passage: Passage) -> set[str]:
    cells = " ".join(cell for row in passage.rows for cell in row)
    return set(f"{passage.text} {cells}".lower().split())


def _merged(old: list[str], new: list[str]) -> list[str]:
    """Keys of both, in the new order, each removed key after the one that stood before it."""
    result: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag in {"delete", "replace"}:
            result += [key for key in old[i1:i2] if key not in new]
        if tag in {"insert", "replace", "equal"}:
            result += new[j1:j2]
    return list(dict.fromkeys(result))


def _change(old: Passage | None, new: Passage | None) -> Change:
    shown = new or old
    assert shown is not None
    if old == new:
        return Change(shown.label, "same", [Piece("same", shown.text)] if shown.text else [])
    kind = "changed" if old and new else "added" if new else "removed"
    change = Change(shown.label, kind)
    change.pieces = words.compare(old.text if old else "", new.text if new else "")
    change.rows = tables.rows(old.rows if old else (), new.rows if new else ())
    change.heads = shown.heads
    return change
