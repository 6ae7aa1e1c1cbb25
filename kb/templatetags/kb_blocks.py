"""What block templates ask: a table's cells with their spans, and the version a document block names."""

import re
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from kb import typography
from kb.documents.models import DocumentVersion
from kb.documents.presentation import version_row

register = template.Library()
_ORDINAL = re.compile(r"\b(\d+)(er|re|e)\b")


@register.filter
def ordinals(text: str) -> SafeString:
    """« 1er », « 3e » with their letters raised, as a printer sets them."""
    return mark_safe(_ORDINAL.sub(r"\1<sup>\2</sup>", conditional_escape(text)))  # noqa: S308 (escaped above)


@register.filter
def typeset(sentence: str) -> str:
    """« titre »: the marks stay with what they hold."""
    return typography.typeset(str(sentence))


@register.simple_tag
def table_rows(table: dict[str, Any]) -> dict[str, Any]:
    """A TableBlock value as rows of cells, covered cells left out.

    A cell is {text, is_header, scope, colspan, rowspan, is_number, is_total}.
    Returns {"head": rows, "body": rows}. A row that begins with « Total » says it is one.
    """
    data = table.get("data") or []
    # "mergeCells" is the editor's; pages imported before it was known hold "mergedCells".
    merged = {(m["row"], m["col"]): m for m in table.get("mergeCells") or table.get("mergedCells") or []}
    covered = _covered(merged)
    head_row = bool(table.get("first_row_is_table_header"))
    head_col = bool(table.get("first_col_is_header"))
    figures = _figure_columns(data[1:] if head_row else data)
    rows = []
    for r, line in enumerate(data):
        cells = []
        total = next((str(text).strip().lower().startswith("total") for text in line if text), False)
        for c, text in enumerate(line):
            if (r, c) in covered:
                continue
            span = merged.get((r, c), {})
            header = (head_row and r == 0) or (head_col and c == 0)
            cells.append(
                {
                    "text": text or "",
                    "is_header": header,
                    "scope": "col" if head_row and r == 0 else "row",
                    "colspan": span.get("colspan", 1),
                    "rowspan": span.get("rowspan", 1),
                    "is_number": c in figures,
                    "is_total": total,
                }
            )
        rows.append(cells)
    return {"head": rows[:1] if head_row else [], "body": rows[1:] if head_row else rows}


def _covered(merged: dict[tuple[int, int], dict[str, int]]) -> set[tuple[int, int]]:
    """The places under a merged cell, less the one that bears it."""
    return {
        (row + down, col + right)
        for (row, col), span in merged.items()
        for down in range(span["rowspan"])
        for right in range(span["colspan"])
        if (down, right) != (0, 0)
    }


def _figure_columns(rows: list[list[Any]]) -> set[int]:
    """The columns of amounts: all figures, and not mere numbering. The first column names the row."""
    width = max((len(row) for row in rows), default=0)
    columns = ([row[c] for row in rows if c < len(row) and row[c]] for c in range(width))
    return {
        c
        for c, cells in enumerate(columns)
        if c and cells and all(map(_is_number, cells)) and any(len(str(cell)) > 3 for cell in cells)
    }


def _is_number(text: Any) -> bool:
    kept = str(text or "").replace("\u00a0", "").replace("\u202f", "").replace(" ", "").strip("€%+-−")
    return bool(kept) and kept.replace(",", "", 1).replace(".", "", 1).isdecimal()


@register.simple_tag
def named_version(value: Any) -> dict[str, Any] | None:
    """The row of the version that a document block names, or None when the document is gone."""
    pk = value.get("version")
    version = DocumentVersion.objects.select_related("document", "deposited_by").filter(pk=pk).first()
    if version is None:
        return None
    return version_row(version, title=value.get("label") or version.document.title, note=value.get("note") or "")
