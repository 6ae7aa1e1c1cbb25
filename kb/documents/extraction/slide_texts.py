"""What the child runs for .pptx, .odp and .odg: their text, slide by slide. Never imported by the server.

Hidden slides and shapes, and comments, stay out; the speaker's notes come after their slide.
"""

import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from kb.documents.containers import open_zip, read_part
from kb.documents.extraction import word_cleaning_odt as writer
from kb.documents.extraction.child_answers import answered
from kb.documents.extraction.word_cleaning import Refused, parsed, remove
from kb.documents.extraction.word_cleaning_docx import STRICT, TRANSITIONAL
from kb.documents.extraction.word_texts import nearest, odf_lines, row

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
DRAWING = writer.DRAW
MOST_SLIDES = 5_000
NUMBERS = {"sldNum", "dt", "hdr", "sldImg"}  # what PowerPoint writes by itself


def pptx() -> bytes:
    """The .pptx on standard input, a text for each slide, hidden ones empty."""
    return answered(_pptx)


def odp() -> bytes:
    """The .odp or .odg on standard input, a text for each slide or sheet of drawing, hidden ones empty."""
    return answered(_odp)


def _pptx(data: bytes) -> tuple[list[str], bool]:
    with open_zip(data) as archive:
        main = "ppt/presentation.xml"
        order = [slide.get(R_ID) for slide in _part(archive, main).iter(f"{P}sldId")][:MOST_SLIDES]
        slides = related(archive, main)
        texts = [_slide(archive, slides[name][1]) for name in order if name in slides]
        return texts, any(name.startswith("ppt/media/") for name in archive.namelist())


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    data = read_part(archive, name)
    if not data:
        raise Refused("damaged")
    return parsed(STRICT.sub(TRANSITIONAL, data))


def related(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Id → the last word of the relation's type, and the part it names."""
    folder, _, name = part.rpartition("/")
    data = read_part(archive, f"{folder}/_rels/{name}.rels")
    found = {}
    for relation in parsed(data) if data else ():
        kind = (relation.get("Type") or "").rpartition("/")[2]
        target = posixpath.normpath(posixpath.join("/" + folder, relation.get("Target") or "")).lstrip("/")
        if relation.get("TargetMode") != "External":
            found[relation.get("Id") or ""] = (kind, target)
    return found


def _slide(archive: zipfile.ZipFile, name: str) -> str:
    data = read_part(archive, name)
    if not data:
        return ""
    root = _part(archive, name)
    if root.get("show") in {"0", "false"}:
        return ""
    lines = list(_lines(root))
    others = related(archive, name).values()
    for kind in ("diagramData", "notesSlide"):
        for target in (target for found, target in others if found == kind):
            if read_part(archive, target):
                lines += _lines(_part(archive, target))
    return "\n".join(lines)


def _lines(root: etree._Element) -> Iterator[str]:
    for shape in [*root.iter(f"{P}sp", f"{P}graphicFrame", f"{P}grpSp", f"{P}pic", f"{P}cxnSp")]:
        named = next(shape.iter(f"{P}cNvPr"), None)
        written = next(shape.iter(f"{P}ph"), None) if shape.tag == f"{P}sp" else None
        is_hidden = named is not None and named.get("hidden") in {"1", "true"}
        if is_hidden or (written is not None and written.get("type") in NUMBERS):
            remove(shape)
    yield from _drawn(root)


def _drawn(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{A}p":
            yield "".join("\n" if node.tag == f"{A}br" else node.text or "" for node in child.iter(f"{A}t", f"{A}br"))
        elif child.tag == f"{A}tr":
            yield row(_drawn(cell) for cell in nearest(child, f"{A}tc"))
        elif isinstance(child.tag, str):
            yield from _drawn(child)


def _odp(data: bytes) -> tuple[list[str], bool]:
    with open_zip(data) as archive:
        content = parsed(read_part(archive, "content.xml"))
        styles = parsed(read_part(archive, "styles.xml") or writer.EMPTY_STYLES)
        writer.drop_hidden(content, writer.hidden_styles(content, styles), Counter())
        for tag in (f"{writer.OFFICE}annotation", f"{PRESENTATION}header", f"{PRESENTATION}footer"):
            for element in list(content.iter(tag)):
                remove(element)
        unseen = _hidden_slides(content)
        pages = list(content.iter(f"{DRAWING}page"))[:MOST_SLIDES]
        texts = ["" if page.get(f"{DRAWING}style-name") in unseen else "\n".join(odf_lines(page)) for page in pages]
        return texts, any(name.startswith("Pictures/") for name in archive.namelist())


def _hidden_slides(content: etree._Element) -> set[str]:
    """The styles whose slides are skipped in the show."""
    properties = content.iter(f"{writer.STYLE}drawing-page-properties")
    hidden = (found for found in properties if found.get(f"{PRESENTATION}visibility") == "hidden")
    return {style.get(f"{writer.STYLE}name") or "" for found in hidden if (style := found.getparent()) is not None}
