"""The parts of a .docx that pandoc may see, cleaned. Runs in the cleaning child."""

import re
import zipfile

from lxml import etree

from kb.documents.containers import read_part
from kb.documents.extraction.word_cleaning import (
    MOST_COLUMNS,
    Found,
    Refused,
    answered,
    lift_after,
    parsed,
    remove,
    remove_all,
    serialised,
    unwrap,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
V = "{urn:schemas-microsoft-com:vml}"
# "Strict" files name the same things by other addresses, which pandoc does not know.
STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
# No embedded file, macro, ActiveX, linked data or thumbnail goes to pandoc.
KEPT_PARTS = re.compile(r"(\[Content_Types\]\.xml|_rels/\.rels|word/(_rels/)?[\w-]+\.xml(\.rels)?|word/media/[^/]+)\Z")
TEXT_PARTS = re.compile(r"word/(document\d*|footnotes|endnotes)\.xml\Z")
MARGIN_PARTS = re.compile(r"word/(header|footer)\d*\.xml\Z")
UNREAD_PARTS = re.compile(
    r"word/(header\d*|footer\d*|comments\w*|people|glossary|settings|webSettings|fontTable)\.xml\Z"
)
OFF = {"0", "false", "off"}


def docx() -> bytes:
    """The .docx on standard input, cleaned."""
    return answered(clean_parts)


def clean_parts(archive: zipfile.ZipFile, found: Found) -> dict[str, bytes]:
    """The parts to give to pandoc. `found` counts what was removed."""
    names = [name for name in archive.namelist() if KEPT_PARTS.match(name)]
    if not any(TEXT_PARTS.match(name) for name in names):
        raise Refused("damaged")
    hidden, contents = hidden_styles(read_part(archive, "word/styles.xml"))
    parts: dict[str, bytes] = {}
    for name in names:
        data = read_part(archive, name)
        if MARGIN_PARTS.match(name):
            found["margins"] += any(text.strip() for text in parsed(STRICT.sub(TRANSITIONAL, data)).itertext(f"{W}t"))
        if UNREAD_PARTS.match(name):
            continue
        if name.endswith((".xml", ".rels")):
            root = parsed(STRICT.sub(TRANSITIONAL, data))
            if TEXT_PARTS.match(name):
                clean(root, hidden, contents, found)
            elif name == "word/styles.xml":
                _drop_indents(root)
            data = serialised(root)
        parts[name] = data
    return parts


def hidden_styles(data: bytes) -> tuple[set[str], set[str]]:
    """The styles whose text is hidden, by themselves or by their base; and those of tables of contents."""
    if not data:
        return set(), set()
    own: dict[str, bool | None] = {}
    base: dict[str, str] = {}
    contents = set()
    for style in parsed(STRICT.sub(TRANSITIONAL, data)).iter(f"{W}style"):
        name = style.get(f"{W}styleId") or ""
        own[name] = _vanishes(style.find(f"{W}rPr"))
        based = style.find(f"{W}basedOn")
        base[name] = "" if based is None else based.get(f"{W}val") or ""
        label = style.find(f"{W}name")
        if label is not None and re.match(r"toc (\d|heading)", (label.get(f"{W}val") or "").lower()):
            contents.add(name)

    def is_hidden(name: str) -> bool:
        seen: set[str] = set()
        while name in own and name not in seen:
            if own[name] is not None:
                return bool(own[name])
            seen.add(name)
            name = base[name]
        return False

    return {name for name in own if is_hidden(name)}, contents


def _vanishes(properties: etree._Element | None) -> bool | None:
    """Whether w:vanish is on, off, or not said (None)."""
    mark = properties.find(f"{W}vanish") if properties is not None else None
    return None if mark is None else (mark.get(f"{W}val") or "1").lower() not in OFF


def clean(root: etree._Element, hidden: set[str], contents: set[str], found: Found) -> None:
    """What a reader does not see goes, and the table of contents; the text of boxes comes after its carrier."""
    _drop_changes(root, found)
    remove_all(root.iter(f"{W}altChunk"), found, "alt_chunks")
    found["comments"] += sum(1 for _ in root.iter(f"{W}commentReference"))
    for tag in ("commentReference", "commentRangeStart", "commentRangeEnd"):
        remove_all(root.iter(W + tag), Found(), tag)
    _drop_hidden_runs(root, hidden, found)
    _drop_contents(root, contents, found)
    _lift_text_boxes(root, found)
    _drop_drawings(root, found)
    _drop_indents(root)
    for tag in ("smartTag", "customXml"):
        for element in list(root.iter(W + tag)):
            unwrap(element)
    for table in root.iter(f"{W}tbl"):
        _square(table)
    for level in root.iter(f"{W}ilvl"):  # Word knows 9 levels, and pandoc believes any number
        if not re.fullmatch("[0-8]", level.get(f"{W}val") or ""):
            level.set(f"{W}val", "8")


def _drop_changes(root: etree._Element, found: Found) -> None:
    """Tracked deletions go, rows and cells too; insertions lose their mark, on which pandoc may stumble."""
    for row in list(root.iter(f"{W}tr")):
        properties = row.find(f"{W}trPr")
        if properties is not None and properties.find(f"{W}del") is not None:
            remove_all([row], found, "deletions")
        elif properties is not None and properties.find(f"{W}hidden") is not None:
            remove_all([row], found, "hidden")
    for cell in list(root.iter(f"{W}tc")):
        if cell.find(f"{W}tcPr/{W}cellDel") is not None:
            found["deletions"] += 1
            for child in list(cell):
                if child.tag != f"{W}tcPr":
                    remove(child)
            etree.SubElement(cell, f"{W}p")
    for tag in ("del", "moveFrom"):
        remove_all(root.iter(W + tag), found, "deletions")
    remove_all(root.iter(f"{W}delText", f"{W}delInstrText"), found, "deletions")
    for tag in ("ins", "moveTo"):
        for element in list(root.iter(W + tag)):
            unwrap(element)


def _drop_hidden_runs(root: etree._Element, hidden: set[str], found: Found) -> None:
    for run in list(root.iter(f"{W}r")):
        properties = run.find(f"{W}rPr")
        own = _vanishes(properties)
        if own is None:
            own = _style_of(properties, "rStyle") in hidden or _style_of(_paragraph_properties(run), "pStyle") in hidden
        if own:
            remove_all([run], found, "hidden")


def _paragraph_properties(run: etree._Element) -> etree._Element | None:
    paragraph = next(run.iterancestors(f"{W}p"), None)
    return None if paragraph is None else paragraph.find(f"{W}pPr")


def _style_of(properties: etree._Element | None, tag: str) -> str:
    style = properties.find(W + tag) if properties is not None else None
    return "" if style is None else style.get(f"{W}val") or ""


def _drop_contents(root: etree._Element, contents: set[str], found: Found) -> None:
    """The table of contents: a page shows its own."""
    before = found["contents"]
    for paragraph in list(root.iter(f"{W}p")):
        if _style_of(paragraph.find(f"{W}pPr"), "pStyle") in contents:
            remove_all([paragraph], found, "contents")
    found["contents"] = min(found["contents"], before + 1)


def _lift_text_boxes(root: etree._Element, found: Found) -> None:
    """The paragraphs of text boxes, which pandoc would lose, come after the paragraph that carries it."""
    for alternate in list(root.iter(f"{MC}AlternateContent")):
        for fallback in alternate.findall(f"{MC}Fallback"):
            if alternate.find(f"{MC}Choice") is not None:
                remove(fallback)
        for choice in list(alternate):
            unwrap(choice)
        unwrap(alternate)
    frames = []
    for box in reversed(list(root.iter(f"{W}txbxContent"))):
        carrier = next(box.iterancestors(f"{W}p"), None)
        if carrier is None:
            continue
        frames += list(box.iterancestors(f"{W}drawing", f"{W}pict"))[:1]
        if any(text.strip() for text in box.itertext(f"{W}t")):
            found["text_boxes"] += 1
            lift_after(carrier, list(box))
        remove(box)
    remove_all((frame for frame in frames if not _has_picture(frame)), Found(), "")


def _has_picture(frame: etree._Element) -> bool:
    return next(frame.iter(f"{A}blip", f"{V}imagedata"), None) is not None


def _drop_drawings(root: etree._Element, found: Found) -> None:
    """Charts, shapes and objects without a picture go; of ruled lines nothing is told."""
    for tag in ("drawing", "pict", "object"):
        for drawing in list(root.iter(W + tag)):
            if tag == "object" or not _has_picture(drawing):
                is_line = next(drawing.iter(f"{V}rect", f"{V}line"), None) is not None
                remove_all([drawing], Found() if is_line else found, "drawings")


def _drop_indents(root: etree._Element) -> None:
    """pandoc takes an indented paragraph for a quotation, and minutes are full of them."""
    for indent in list(root.iter(f"{W}ind")):
        remove(indent)


def _square(table: etree._Element) -> None:
    """A grid as wide as the widest row: pandoc drops the cells that stand beyond the grid."""
    widest = 1
    for row in table.iterfind(f"{W}tr"):
        spans = [_number(span) for span in row.iterfind(f"{W}tc/{W}tcPr/{W}gridSpan")]
        cells = sum(1 for _ in row.iterfind(f"{W}tc"))
        edges = [_number(edge) for name in ("gridBefore", "gridAfter") for edge in row.iterfind(f"{W}trPr/{W}{name}")]
        widest = max(widest, cells + sum(span - 1 for span in spans) + sum(edges))
    for grid in table.findall(f"{W}tblGrid"):
        remove(grid)
    grid = etree.Element(f"{W}tblGrid")
    for _ in range(min(widest, 4 * MOST_COLUMNS)):
        etree.SubElement(grid, f"{W}gridCol").set(f"{W}w", "1000")
    properties = table.find(f"{W}tblPr")
    if properties is not None:
        properties.addnext(grid)
    else:
        table.insert(0, grid)


def _number(element: etree._Element) -> int:
    """The value, brought between 1 and Word's limit, and written back."""
    value = element.get(f"{W}val") or ""
    number = min(max(int(value), 1), MOST_COLUMNS) if re.fullmatch(r"\d{1,9}", value) else 1
    element.set(f"{W}val", str(number))
    return number
