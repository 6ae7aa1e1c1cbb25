"""How the demo's pages are written: a small markup, French spaces put in, blocks as a StreamField stores them.

Markup of texts: paragraphs apart by an empty line, `## ` and `### ` titles, `- ` and `1. ` lists, `> ` quotations,
`**bold**`, `[[Wiki link]]`, `<<paper|words>>` for a link to a document.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from textwrap import dedent
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from kb.typography import NBSP, THIN

_UNITS = r"€|%|h\b|m²|m³|km|kWh|MWh|mm\b|cm\b|°C|jours?|heures?|ans\b|mois|élèves|points?|voix|habitants|places"
_SPACES = (
    (re.compile(r"'"), "’"),
    (re.compile(r" ([:»])"), rf"{NBSP}\1"),
    (re.compile(r"« "), f"«{NBSP}"),
    (re.compile(r" ([;!?])"), rf"{THIN}\1"),
    (re.compile(r"(?<=\d) (?=\d{3}\b)"), THIN),
    (re.compile(r"(?<=\b\d\d) (?=\d\d\b)"), NBSP),  # telephone
    (re.compile(rf"(?<=\d) (?={_UNITS})"), NBSP),
    (re.compile(r"(?<=\d\u00a0h) (?=\d\d)"), NBSP),
    (re.compile(r"\b(n°|art\.|M\.|Mme) "), rf"\1{NBSP}"),
)
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_PAPER = re.compile(r"&lt;&lt;([\w-]+)\|(.+?)&gt;&gt;")
_PAPER_LINK = re.compile(r'linktype="document" paper="([\w-]+)"')
_LISTS = {"- ": "ul", "1. ": "ol"}

Numbers = Mapping[str, int]  # the demo's names of papers and pictures → their ids


def french(text: str) -> str:
    """The text with curly apostrophes and no-break spaces where French wants them."""
    for pattern, better in _SPACES:
        text = pattern.sub(better, text)
    return text


def html_of(source: str) -> str:
    """The markup as Wagtail's rich text; links to papers still carry their demo names."""
    chunks = re.split(r"\n\s*\n", dedent(source).strip())
    return "".join(_chunk(chunk.strip()) for chunk in chunks)


def _chunk(chunk: str) -> str:
    for mark, tag in (("### ", "h3"), ("## ", "h2"), ("> ", "blockquote")):
        if chunk.startswith(mark):
            return f"<{tag}>{_inline(chunk.removeprefix(mark))}</{tag}>"
    for mark, tag in _LISTS.items():
        if chunk.startswith(mark):
            lines = ("\n" + chunk).split(f"\n{mark}")[1:]
            return f"<{tag}>{''.join(f'<li>{_inline(line)}</li>' for line in lines)}</{tag}>"
    return f"<p>{_inline(chunk)}</p>"


def _inline(words: str) -> str:
    words = escape(french(" ".join(words.split(" ")).replace("\n", " ")), quote=False)
    words = _PAPER.sub(r'<a linktype="document" paper="\1">\2</a>', words)
    return _BOLD.sub(r"<b>\1</b>", words)


@dataclass(frozen=True)
class PaperName:
    """Stands for a document until it has an id."""

    name: str


@dataclass(frozen=True)
class PictureName:
    """Stands for an image until it has an id."""

    name: str


@dataclass(frozen=True)
class Part:
    """A block of a page, shown from its `first` revision to its `last`."""

    kind: str
    value: Any
    first: int = 1
    last: int = 99


def since(revision: int, part: Part) -> Part:
    """The part appears with that revision."""
    return replace(part, first=revision)


def until(revision: int, part: Part) -> Part:
    """The part is there up to that revision, and gone with the next."""
    return replace(part, last=revision)


def text(source: str) -> Part:
    """A rich text."""
    return Part("paragraph", html_of(source))


def table(caption: str, *rows: str, first_column: bool = False) -> Part:
    """A table: a row per string, cells apart by « | », the first row being the header."""
    data = [[french(cell.strip()) for cell in row.split("|")] for row in rows]
    value = {
        "data": data,
        "first_row_is_table_header": True,
        "first_col_is_header": first_column,
        "table_header_choice": "both" if first_column else "row",
        "table_caption": "",
        "cell": [],
        "mergeCells": [],
    }
    return Part("table", {"caption": french(caption), "table": value})


def callout(level: str, title: str, source: str) -> Part:
    """A box: « info », « watch » or « blocking »."""
    return Part("callout", {"level": level, "title": french(title), "text": html_of(source)})


def steps(title: str, *pairs: tuple[str, str]) -> Part:
    """What to do, in order: a title and a few words each."""
    items = [{"title": french(name), "text": html_of(words) if words else ""} for name, words in pairs]
    return Part("steps", {"title": french(title), "steps": items})


def faq(*pairs: tuple[str, str]) -> Part:
    """Questions and answers."""
    items = [{"question": french(question), "answer": html_of(answer)} for question, answer in pairs]
    return Part("faq", {"questions": items})


def image(name: str, alt_text: str, caption: str = "") -> Part:
    """A picture of the library."""
    value = {"image": PictureName(name), "alt_text": french(alt_text), "caption": french(caption)}
    return Part("image", value)


def _paper_value(name: str, label: str = "", note: str = "") -> dict[str, Any]:
    return {
        "document": PaperName(name),
        "label": french(label),
        "note": french(note),
        "pinned": False,
        "version": None,
    }


def document(name: str, label: str = "", note: str = "") -> Part:
    """A link to a paper."""
    return Part("document", _paper_value(name, label, note))


def files(title: str, *names: str) -> Part:
    """A list of papers."""
    return Part("files", {"title": french(title), "files": [_paper_value(name) for name in names]})


def video(url: str, title: str) -> Part:
    """A video of an allowed host."""
    return Part("embed", {"url": url, "title": french(title)})


@dataclass(frozen=True)
class Change:
    """One revision of a page: written `age` days before the loading, and published or left as a draft."""

    age: int
    by: str
    why: str = ""
    published: bool = True
    fields: Mapping[str, Any] = field(default_factory=dict)
    papers: tuple[str, ...] = ()  # joined with this revision
    pin: tuple[str, int] | None = None  # a paper kept at that version; the change then does only that


@dataclass(frozen=True)
class Sheet:
    """A page of the demo as it is written: its place, its content, its changes from the oldest."""

    key: str
    under: str
    title: str
    summary: str
    changes: tuple[Change, ...]
    body: tuple[Part, ...] = ()
    model: str = "ArticlePage"
    tags: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Names:
    """The ids that the demo's names have got."""

    papers: Numbers
    pictures: Numbers


def named_at(sheet: Sheet, revision: int) -> set[PaperName | PictureName]:
    """The papers and pictures that the sheet needs at its nth revision."""
    change = sheet.changes[revision - 1]
    joined = (*change.papers, *(sheet.papers if revision == 1 else ()))
    found: set[PaperName | PictureName] = {PaperName(name) for name in joined}
    for part in sheet.body:
        if part.first <= revision <= part.last:
            found |= _named(part.value)
    return found


def _named(value: Any) -> set[PaperName | PictureName]:
    if isinstance(value, PaperName | PictureName):
        return {value}
    if isinstance(value, str):
        return {PaperName(name) for name in _PAPER_LINK.findall(value)}
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {name for inner in inside for name in _named(inner)}


def body_at(sheet: Sheet, revision: int, names: Names) -> list[dict[str, Any]]:
    """The body of the sheet at its nth revision, as a StreamField stores it."""
    return [
        _block(part, names, f"{sheet.key}/{place}")
        for place, part in enumerate(sheet.body)
        if part.first <= revision <= part.last
    ]


def _block(part: Part, names: Names, seed: str) -> dict[str, Any]:
    return {"type": part.kind, "id": _id(seed), "value": _filled(part.value, names, seed)}


def _id(seed: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"demo:{seed}"))


def _filled(value: Any, names: Names, seed: str) -> Any:
    if isinstance(value, PaperName):
        return names.papers[value.name]
    if isinstance(value, PictureName):
        return names.pictures[value.name]
    if isinstance(value, str):
        return _PAPER_LINK.sub(lambda found: f'id="{names.papers[found[1]]}" linktype="document"', value)
    if isinstance(value, dict) and "data" in value:  # a table is stored as it is
        return value
    if isinstance(value, dict):
        return {name: _filled(inner, names, f"{seed}/{name}") for name, inner in value.items()}
    if isinstance(value, list):
        return [
            {"type": "item", "id": _id(f"{seed}/{place}"), "value": _filled(inner, names, f"{seed}/{place}")}
            for place, inner in enumerate(value)
        ]
    return value
