"""The difference of two revisions: passages matched by their block, words compared, tables and files included.

A page is laid out as passages: title, résumé, each block of the body, each attachment, each fact of its type.
Two passages of the same block are compared word by word; the rest is added or removed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django.db.models import DecimalField

from kb import typography
from kb.documents.models import Document, DocumentVersion
from kb.links import wiki
from kb.sanitizing import plain_text

_WORD = re.compile(r"\s+|[\w’'-]+|[^\w\s]", re.UNICODE)
_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|blockquote|tr)>|<br\s*/?>")
_RELATIONS = {
    "phases": "Phases",
    "funding": "Financement",
    "next_steps": "Prochaines étapes",
    "team": "Équipe",
    "indicators": "Chiffres",
}
NEARLY_THE_SAME = 0.4  # share of words in common
WORDS_COMPARED = 20_000  # beyond, a passage is shown removed and added whole


@dataclass(frozen=True)
class Passage:
    """A part of a page that keeps its identity from one revision to the next."""

    key: str
    label: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Piece:
    """A run of words; `kind` is same, added or removed."""

    kind: str
    text: str


@dataclass
class Change:
    """How one passage changed; `kind` is same, added, removed or changed."""

    label: str
    kind: str
    pieces: list[Piece] = field(default_factory=list)
    old_rows: list[list[list[Piece]]] = field(default_factory=list)
    new_rows: list[list[list[Piece]]] = field(default_factory=list)

    @property
    def old(self) -> list[Piece]:
        """The left side."""
        return [piece for piece in self.pieces if piece.kind != "added"]

    @property
    def new(self) -> list[Piece]:
        """The right side."""
        return [piece for piece in self.pieces if piece.kind != "removed"]

    @property
    def added(self) -> int:
        """Number of words added."""
        return _count(self, "added")

    @property
    def removed(self) -> int:
        """Number of words removed."""
        return _count(self, "removed")


def _count(change: Change, kind: str) -> int:
    pieces = list(change.pieces)
    for rows in (change.old_rows if kind == "removed" else change.new_rows,):
        pieces += [piece for row in rows for cell in row for piece in cell]
    return sum(len(piece.text.split()) for piece in pieces if piece.kind == kind)


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
    change.pieces = words(old.text if old else "", new.text if new else "")
    if (old and old.rows) or (new and new.rows):
        change.old_rows, change.new_rows = _tables(old.rows if old else (), new.rows if new else ())
    return change


def words(old: str, new: str) -> list[Piece]:
    """Runs of words that are the same, removed, added; joined they give both texts back."""
    if old == new:
        return [Piece("same", new)] if new else []
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) + len(after) > WORDS_COMPARED:
        return [p for p in (Piece("removed", old), Piece("added", new)) if p.text]
    pieces = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(after[j1:j2])))
            continue
        if i2 > i1:
            pieces.append(Piece("removed", "".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", "".join(after[j1:j2])))
    return pieces


Rows = tuple[tuple[str, ...], ...]
Cells = list[list[list[Piece]]]


def _tables(old: Rows, new: Rows) -> tuple[Cells, Cells]:
    """Both tables with the words of each cell marked; rows are matched first, then cells by column."""
    left: Cells = []
    right: Cells = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            for row in new[j1:j2]:
                same = [[Piece("same", cell)] for cell in row]
                left.append(same)
                right.append(same)
            continue
        for i, j in _paired(range(i1, i2), range(j1, j2)):
            before = old[i] if i is not None else None
            after = new[j] if j is not None else None
            marks = _cells(before, after)
            if before is not None:
                left.append([[p for p in cell if p.kind != "added"] for cell in marks[: len(before)]])
            if after is not None:
                right.append([[p for p in cell if p.kind != "removed"] for cell in marks[: len(after)]])
    return left, right


def _paired(old: range, new: range) -> Iterator[tuple[int | None, int | None]]:
    for place in range(max(len(old), len(new))):
        yield (
            old[place] if place < len(old) else None,
            new[place] if place < len(new) else None,
        )


def _cells(old: tuple[str, ...] | None, new: tuple[str, ...] | None) -> list[list[Piece]]:
    width = max(len(old or ()), len(new or ()))
    return [words(old[c] if old and c < len(old) else "", new[c] if new and c < len(new) else "") for c in range(width)]


def passages(page: Any) -> list[Passage]:
    """The passages of a page as it stands in memory, in reading order."""
    found = [Passage("title", "Titre", page.title), Passage("summary", "Résumé", page.summary)]
    found += _facts(page)
    for position, block in enumerate(page.body):
        found.append(_block(block, position))
    found += [_attachment(row) for row in page.attachments.all() if row.document_id]
    return [passage for passage in found if passage.text or passage.rows]


def _block(block: Any, position: int) -> Passage:
    key = f"block-{block.id or position}"
    label = str(block.block.label or "Texte")
    if block.block_type == "table":
        data = (block.value.get("table") or {}).get("data") or []
        rows = tuple(tuple(str(cell or "") for cell in row) for row in data)
        return Passage(key, label, block.value.get("caption") or "", rows)
    return Passage(key, label, block_text(block))


def block_text(block: Any) -> str:
    """The words of a block, one line per paragraph."""
    return _lines(block.block.get_prep_value(block.value))


def _lines(raw: Any) -> str:
    if isinstance(raw, str):
        return html_lines(raw) if "<" in raw else raw
    if isinstance(raw, dict):
        if "document" in raw:
            return _document_line(raw)
        return "\n".join(filter(None, (_lines(v) for k, v in raw.items() if k not in {"id", "type", "level"})))
    if isinstance(raw, list):
        return "\n".join(filter(None, (_lines(v) for v in raw)))
    return ""


def html_lines(html: str) -> str:
    """The words of rich text, a line for each paragraph, heading and item; a [[name]] as it is read."""
    html = wiki.replace_links(html, lambda title, shown: shown)
    lines = (plain_text(part) for part in _BLOCK_END.split(html))
    return "\n".join(line.strip() for line in lines if line.strip())


def _document_line(raw: dict[str, Any]) -> str:
    title = Document.objects.filter(pk=raw["document"]).values_list("title", flat=True).first()
    number = DocumentVersion.objects.filter(pk=raw.get("version") or 0).values_list("number", flat=True).first()
    named = f"{raw.get('label') or title}, version {number}" if number else (raw.get("label") or title or "")
    return "\n".join(filter(None, (named, raw.get("note") or "")))


def _attachment(row: Any) -> Passage:
    version = DocumentVersion.objects.filter(pk=row.version_id).first()
    line = row.label or row.document.title
    if version:
        line += f", version {version.number} ({version.file_name}, {typography.size(version.size)})"
    if row.note:
        line += f"\n{row.note}"
    return Passage(f"file-{row.document_id}", "Pièce jointe", line)


def _facts(page: Any) -> list[Passage]:
    """Fields and rows of the page's own type: state, money, phases, funding, steps, team, indicators."""
    found = []
    for name in ("state", "kind", "trade", "contact", "budget", "committed"):
        if not hasattr(page, name) or getattr(page, name) in (None, ""):
            continue
        label = str(page._meta.get_field(name).verbose_name).capitalize()
        found.append(Passage(name, label, _value(page, name)))
    for relation, label in _RELATIONS.items():
        if hasattr(page, relation):
            rows = tuple(_row(row) for row in getattr(page, relation).all())
            if rows:
                found.append(Passage(relation, label, rows=rows))
    return found


def _row(row: Any) -> tuple[str, ...]:
    names = [column.name for column in row._meta.fields]
    return tuple(_value(row, name) for name in names if name not in {"id", "page", "sort_order"})


def _value(row: Any, name: str) -> str:
    """A field in the words of the town: the same amount reads the same, whether it comes from a form or not."""
    value = getattr(row, name)
    display = getattr(row, f"get_{name}_display", None)
    if display:
        return str(display())
    if name == "done":
        return "fait" if value else "à faire"
    if isinstance(row._meta.get_field(name), DecimalField) and value is not None:
        return typography.euros(Decimal(value))
    if isinstance(value, date):
        return typography.day(value)
    return "" if value is None else str(value)
