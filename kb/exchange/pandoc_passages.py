"""pandoc's tree as the passages of a page: rich text, tables, images, and footnotes at the end."""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from html import escape
from typing import Any

from kb.documents.extraction.pandoc import Tree, words
from kb.documents.file_types import FileType, Kind, RefusedFile, State, fitting_name, judge
from kb.exchange.reading import READ_FEATURES, Image, Passage, RichText, Table
from kb.sanitizing import clean_html

LOWEST_HEADING = 4
MOST_CELLS = 100_000
WEB_IMAGES = {Kind.PNG, Kind.JPEG, Kind.GIF, Kind.WEBP}
FILE_LIKE = re.compile(
    r"\.(png|jpe?g|gif|bmp|tiff?|emf|wmf)$|^(image|picture|img|graphic|graphique|une image)\b.{0,12}$",
    re.IGNORECASE,
)
SAFE_LINK = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
QUOTES = {"DoubleQuote": ("« ", " »"), "SingleQuote": ("‘", "’")}
SIMPLE = {"Strong": "b", "Emph": "i", "Superscript": "sup", "Subscript": "sub", "Strikeout": "s"}


class Passages:
    """Builds the passages of one tree. `found` counts what was changed on the way."""

    def __init__(self, tree: Tree, found: Counter[str]) -> None:
        self.media = tree.media
        self.found = found
        self.done: list[Passage] = []
        self.html: list[str] = []
        self.after: list[Passage] = []
        self.notes: list[str] = []
        levels = [block["c"][0] for block in headings(tree.blocks)]
        self.shift = 2 - min(levels) if levels else 0
        self.level = 1  # the page's own title
        found["shifted"] = abs(self.shift)

    def of(self, blocks: list[dict]) -> list[Passage]:
        """The passages of `blocks`, in order, then the notes."""
        self._blocks(blocks)
        if self.notes:
            self.found["notes"] = len(self.notes)
            self._add("<h2>Notes</h2>")
            self._add(f"<ol>{''.join(f'<li>{note}</li>' for note in self.notes)}</ol>")
        self._flush()
        return self.done

    def _add(self, html: str) -> None:
        """One block: cleaned alone, so that the time stays in proportion to the length."""
        cleaned = clean_html(html, features=READ_FEATURES) if html else ""
        if cleaned.strip():
            self.html.append(cleaned)
        if self.after:
            waiting, self.after = self.after, []
            self._flush()
            self.done += waiting

    def _flush(self) -> None:
        if self.html:
            self.done.append(RichText("".join(self.html)))
            self.html = []

    # Blocks

    def _blocks(self, blocks: list[dict]) -> None:
        for block in blocks:
            kind, content = _parted(block)
            if kind == "Table":
                self._table(content)
            elif kind in {"Div", "Figure"}:
                self._blocks(content[-1])
            elif kind == "BlockQuote" and _holds_structure(content):
                self._blocks(content)
            else:
                self._add(self._block(kind, content))

    def _block(self, kind: str, content: Any) -> str:
        """The HTML of a block that holds no table of its own."""
        if kind in {"Para", "Plain"}:
            return _paragraph(self._inlines(content))
        if kind == "Header":
            inner = re.sub(r"</?b>", "", self._inlines(content[2]))
            return self._heading(content[0], inner) if _words(inner) else ""
        if kind in {"BulletList", "OrderedList"}:
            return self._list(kind, content)
        if kind == "BlockQuote":
            return f"<blockquote>{self._lines(content)}</blockquote>"
        if kind == "DefinitionList":
            return "".join(
                f"<p><b>{self._inlines(term)}</b></p>"
                + "".join(f"<p>{self._lines(blocks)}</p>" for blocks in definitions)
                for term, definitions in content
            )
        if kind == "CodeBlock":
            return _paragraph(escape(content[1], quote=False).replace("\n", "<br>"))
        if kind == "LineBlock":
            return _paragraph("<br>".join(self._inlines(line) for line in content))
        return "<hr>" if kind == "HorizontalRule" else ""

    def _heading(self, level: int, inner: str) -> str:
        """From h2 to h4, never two levels below the one before."""
        wanted = level + self.shift
        allowed = min(max(wanted, 2), LOWEST_HEADING, self.level + 1)
        self.found["lowered"] += allowed < wanted
        self.level = allowed
        return f"<h{allowed}>{inner}</h{allowed}>"

    def _list(self, kind: str, content: Any) -> str:
        items = content if kind == "BulletList" else content[1]
        tag = "ul" if kind == "BulletList" else "ol"
        filled = [lines for lines in (self._lines(item) for item in items) if _words(lines)]
        if kind == "OrderedList" and content[0][0] > 1 and filled:
            self.found["restarted"] += 1  # Wagtail's lists always begin at 1
        return f"<{tag}>{''.join(f'<li>{lines}</li>' for lines in filled)}</{tag}>" if filled else ""

    def _lines(self, blocks: list[dict]) -> str:
        """Blocks of an item or a quotation as lines and nested lists; tables and images wait."""
        lines, nested = [], ""
        for block in blocks:
            kind, content = _parted(block)
            if kind in {"BulletList", "OrderedList"}:
                nested += self._list(kind, content)
            elif kind == "Table":
                self.after += self._made_table(content)
            elif kind in {"Div", "Figure", "BlockQuote"}:
                lines.append(self._lines(content if kind == "BlockQuote" else content[-1]))
            else:
                lines.append(re.sub(r"</?(?:p|h\d)>|<hr>", "", self._block(kind, content)))
        return "<br>".join(line for line in lines if _words(line)) + nested

    # Inlines

    def _inlines(self, inlines: list[dict]) -> str:
        return "".join(self._inline(inline["t"], inline.get("c")) for inline in inlines)

    def _inline(self, kind: str, content: Any) -> str:
        if kind == "Str":
            return escape(content, quote=False)
        if kind in {"Space", "SoftBreak"}:
            return " "
        if kind == "LineBreak":
            return "<br>"
        if kind in SIMPLE:
            return _wrapped(SIMPLE[kind], self._inlines(content))
        maker: Callable[[Any], str] | None = getattr(self, f"_{kind.lower()}", None)
        if maker:
            return maker(content)
        return self._inlines(content) if kind in {"Underline", "SmallCaps"} else ""

    def _span(self, content: Any) -> str:
        return self._inlines(content[1])

    def _cite(self, content: Any) -> str:
        return self._inlines(content[1])

    def _quoted(self, content: Any) -> str:
        before, after = QUOTES[content[0]["t"]]
        return before + self._inlines(content[1]) + after

    def _code(self, content: Any) -> str:
        return escape(content[1], quote=False)

    def _math(self, content: Any) -> str:
        self.found["formulas"] += 1
        return escape(content[1], quote=False)

    def _link(self, content: Any) -> str:
        inner, address = self._inlines(content[1]), content[2][0].strip()
        if SAFE_LINK.match(address):
            return f'<a href="{escape(address)}">{inner}</a>'
        self.found["links"] += not address.startswith("#")
        return inner

    def _note(self, content: Any) -> str:
        place = len(self.notes)
        self.notes.append("")
        self.notes[place] = self._lines(content)
        return f"<sup>[{place + 1}]</sup>"

    def _image(self, content: Any) -> str:
        data = self.media.get(content[2][0])
        if data is None:
            self.found["images"] += 1
            return ""
        name = content[2][0].rsplit("/", 1)[-1]
        file_type: FileType | None = None
        with suppress(RefusedFile):
            file_type = judge(data, name, accepted=WEB_IMAGES)
        if file_type is None or file_type.state is not State.SOUND:
            self.found["images"] += 1
            return ""
        self.after.append(Image(data, fitting_name(name, file_type), _description(_words(self._inlines(content[1])))))
        return ""

    # Tables

    def _table(self, content: Any) -> None:
        cells = _only_cell(content)
        if cells is not None:  # a frame drawn as a table of one cell
            self._blocks(cells)
            return
        made = self._made_table(content)
        waiting, self.after = self.after, []
        self._flush()
        self.done += made + waiting

    def _made_table(self, content: Any) -> list[Table]:
        _, caption, columns, head, bodies, foot = content
        grid = Grid(len(columns))
        for row in head[1]:
            grid.add(row, self._cell)
        for _, _, more_head, body in bodies:
            for row in [*more_head, *body]:
                grid.add(row, self._cell)
        for row in foot[1]:
            grid.add(row, self._cell)
        if not any(any(row) for row in grid.rows):
            return []
        self.found["wide"] += grid.cut
        title = _words(self._lines(caption[1]))
        header_col = any(body[1] > 0 for body in bodies)
        header_row = bool(head[1] or (bodies and bodies[0][2]))
        return [Table(grid.rows, header_row, header_col, grid.merged_cells(), title)]

    def _cell(self, blocks: list[dict]) -> str:
        lines = []
        for block in blocks:
            kind, content = _parted(block)
            if kind == "Table":
                self.found["nested"] += 1
                rows = [row for table in self._made_table(content) for row in table.rows]
                lines += [" | ".join(cell for cell in row if cell) for row in rows]
            elif kind in {"BulletList", "OrderedList"}:
                items = content if kind == "BulletList" else content[1]
                first = 0 if kind == "BulletList" else content[0][0]
                lines += [f"{f'{first + n}.' if first else '•'} {self._cell(item)}" for n, item in enumerate(items)]
            elif kind in {"Div", "Figure", "BlockQuote"}:
                lines.append(self._cell(content if kind == "BlockQuote" else content[-1]))
            else:
                lines.append(_words(self._block(kind, content)))
        return "\n".join(line for line in lines if line.strip())


class Grid:
    """A table filled cell by cell, keeping the places that merged cells cover."""

    def __init__(self, width: int) -> None:
        self.width = max(width, 1)
        self.rows: list[list[str]] = []
        self.merged: list[dict[str, int]] = []
        self.cut = 0
        self._covered: dict[int, int] = {}  # column → rows still covered from above

    def add(self, row: list, text_of: Callable[[list[dict]], str]) -> None:
        if (len(self.rows) + 1) * self.width > MOST_CELLS:
            self.cut = 1
            return
        texts, place, covered = [""] * self.width, 0, self._covered
        self._covered = {column: left - 1 for column, left in covered.items() if left > 1}
        for _, _, rowspan, colspan, blocks in row[1]:
            while place < self.width and place in covered:
                place += 1
            if place >= self.width:
                break
            texts[place] = text_of(blocks)
            self._merge(place, rowspan, min(colspan, self.width - place))
            place += min(colspan, self.width - place)
        self.rows.append(texts)

    def merged_cells(self) -> list[dict[str, int]]:
        """The merged cells, none of which goes beyond the last row."""
        clipped = [{**cell, "rowspan": min(cell["rowspan"], len(self.rows) - cell["row"])} for cell in self.merged]
        return [cell for cell in clipped if cell["rowspan"] > 1 or cell["colspan"] > 1]

    def _merge(self, column: int, rowspan: int, colspan: int) -> None:
        if rowspan > 1 or colspan > 1:
            self.merged.append({"row": len(self.rows), "col": column, "rowspan": rowspan, "colspan": colspan})
        if rowspan > 1:
            self._covered |= dict.fromkeys(range(column, column + colspan), rowspan - 1)


def headings(blocks: list[dict]) -> list[dict]:
    """The Header blocks that have words, outside lists and tables."""
    found = []
    for block in blocks:
        if block["t"] == "Header":
            found += [block] if words(block["c"][2]) else []
        elif block["t"] in {"Div", "Figure"}:
            found += headings(block["c"][-1])
    return found


def _parted(block: dict) -> tuple[str, Any]:
    """The kind and the content of a block."""
    return block["t"], block.get("c")


def _holds_structure(blocks: list[dict]) -> bool:
    return any(block["t"] in {"Table", "Header", "BulletList", "OrderedList"} for block in blocks)


def _only_cell(table: Any) -> list[dict] | None:
    rows = [*table[3][1], *(row for body in table[4] for row in [*body[2], *body[3]]), *table[5][1]]
    return rows[0][1][0][4] if len(rows) == 1 and len(rows[0][1]) == 1 else None


def _paragraph(html: str) -> str:
    return f"<p>{html.strip()}</p>" if _words(html) else ""


def _wrapped(tag: str, html: str) -> str:
    return f"<{tag}>{html}</{tag}>" if _words(html) else html


def _words(html: str) -> str:
    """The text of the simple HTML that this module writes."""
    text = re.sub(r"<[^>]*>", "", re.sub(r"<br>", "\n", html))
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _description(alt: str) -> str:
    """Word fills it with the file's name, which describes nothing."""
    return "" if FILE_LIKE.search(alt) else alt[:250]
