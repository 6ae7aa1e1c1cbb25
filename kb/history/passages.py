"""A page laid out as passages: title, résumé, each block of the body, each attachment, each fact of its type."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, DecimalField

from kb import typography
from kb.documents.models import Document, DocumentVersion
from kb.links import wiki
from kb.sanitizing import plain_text

_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|blockquote|tr)>|<br\s*/?>")
_RELATIONS = {
    "phases": "Phases",
    "funding": "Financement",
    "next_steps": "Prochaines étapes",
    "team": "Équipe",
    "indicators": "Chiffres",
}


@dataclass(frozen=True)
class Passage:
    """A part of a page that keeps its identity from one revision to the next."""

    key: str
    label: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    heads: tuple[str, ...] = ()  # the columns' names, where the rows do not hold them


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


@lru_cache(maxsize=1024)
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
    for name in ("state", "kind", "trade", "contact", "budget", "committed", *page.told_fields):
        if not hasattr(page, name) or getattr(page, name) in (None, ""):
            continue
        label = str(page._meta.get_field(name).verbose_name).capitalize()
        found.append(Passage(name, label, _value(page, name)))
    for relation, label in {**_RELATIONS, **page.told_rows}.items():
        if hasattr(page, relation):
            lines = list(getattr(page, relation).all())
            if lines:
                columns = [
                    column for column in lines[0]._meta.fields if column.name not in {"id", "page", "sort_order"}
                ]
                heads = tuple(str(column.verbose_name).capitalize() for column in columns)
                rows = tuple(tuple(_value(line, column.name) for column in columns) for line in lines)
                found.append(Passage(relation, label, rows=rows, heads=heads))
    return found


def _value(row: Any, name: str) -> str:
    """A field in the words of the town: the same amount reads the same, whether it comes from a form or not."""
    value = getattr(row, name)
    display = getattr(row, f"get_{name}_display", None)
    if display:
        return str(display())
    if isinstance(row._meta.get_field(name), BooleanField):
        return "oui" if value else "non"
    if isinstance(row._meta.get_field(name), DecimalField) and value is not None:
        return typography.euros(Decimal(value))
    if isinstance(value, date):
        return typography.day(value)
    return "" if value is None else str(value)
