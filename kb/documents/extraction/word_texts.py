"""What the child runs for .docx and .odt: their text, less what a reader does not see.

Never imported by the server. Hidden text, tracked deletions and comments are removed by the cleaners that
imports use.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from kb.documents.containers import open_zip, read_part
from kb.documents.extraction import word_cleaning_docx as word
from kb.documents.extraction import word_cleaning_odt as writer
from kb.documents.extraction.child_answers import answered
from kb.documents.extraction.markup_texts import text_of_html
from kb.documents.extraction.word_cleaning import Refused, parsed
from kb.documents.text_encoding import decoded

W, TEXT, TABLE = word.W, writer.TEXT, writer.TABLE
R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CELL = " | "
MARGINS = re.compile(r"word/(header|footer)\d*\.xml\Z")
NOTES = re.compile(r"word/(footnotes|endnotes)\.xml\Z")
BODY = re.compile(r"word/document\d*\.xml\Z")
MOST_MARGINS = 20


def docx() -> bytes:
    """The .docx on standard input: body, notes, headers and footers, one part."""
    return answered(_docx)


def odt() -> bytes:
    """The .odt on standard input: body, notes, headers and footers, one part."""
    return answered(_odt)


def _docx(data: bytes) -> tuple[list[str], bool]:
    with open_zip(data) as archive:
        names = sorted(archive.namelist())
        bodies = [name for name in names if BODY.match(name)]
        if not bodies:
            raise Refused("damaged")
        hidden, contents = word.hidden_styles(read_part(archive, "word/styles.xml"))
        margins = [name for name in names if MARGINS.match(name)][:MOST_MARGINS]
        lines: list[str] = []
        for name in [*bodies, *filter(NOTES.match, names), *margins]:
            root = parsed(word.STRICT.sub(word.TRANSITIONAL, read_part(archive, name)))
            inserted = _inserted(archive, root, name)
            word.clean(root, hidden, contents, Counter())
            found = list(_word_lines(root)) + inserted
            lines += found if name not in margins else [line for line in found if line not in lines]
        return ["\n".join(lines)], any(name.startswith("word/media/") for name in names)


def _inserted(archive: zipfile.ZipFile, root: etree._Element, part: str) -> list[str]:
    """The text of the pages of HTML or of plain text that Word shows inside a document (altChunk)."""
    wanted = [chunk.get(R_ID) for chunk in root.iter(f"{W}altChunk")]
    if not wanted:
        return []
    folder, _, name = part.rpartition("/")
    relations = parsed(read_part(archive, f"{folder}/_rels/{name}.rels") or b"<none/>")
    targets = {relation.get("Id"): relation.get("Target") or "" for relation in relations}
    texts = []
    for target in filter(None, map(targets.get, wanted)):
        data = read_part(archive, target.lstrip("/") if target.startswith("/") else f"{folder}/{target}")
        if re.search(r"\.x?html?\Z", target, re.IGNORECASE):
            texts.append(text_of_html(decoded(data)))
        elif target.lower().endswith(".txt"):
            texts.append(decoded(data))
    return texts


def _word_lines(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{W}p":
            yield from _word_paragraph(child).split("\n")
        elif child.tag == f"{W}tr":
            yield row(_word_lines(cell) for cell in nearest(child, f"{W}tc"))
        elif isinstance(child.tag, str):
            yield from _word_lines(child)


def _word_paragraph(paragraph: etree._Element) -> str:
    pieces: list[str] = []
    for node in paragraph.iter():
        tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
        if tag == "t" and node.text:  # of words, of formulas, of drawings
            pieces.append(node.text)
        elif tag in {"br", "cr"}:
            pieces.append("\n")
        elif tag in {"tab", "ptab"} and node.getparent().tag != f"{W}tabs":
            pieces.append("\t")
        elif tag == "noBreakHyphen":
            pieces.append("-")
    return "".join(pieces)


def nearest(element: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The descendants with one of these tags that stand in no other of them."""
    for child in element:
        if child.tag in tags:
            yield child
        else:
            yield from nearest(child, *tags)


def row(cells: Iterator[Iterator[str]]) -> str:
    """The lines of cells as one line; empty cells leave nothing."""
    texts = (" ".join(line.strip() for line in lines if line.strip()) for lines in cells)
    return CELL.join(text for text in texts if text)


def _odt(data: bytes) -> tuple[list[str], bool]:
    with open_zip(data) as archive:
        body = read_part(archive, "content.xml")
        if not body:
            raise Refused("damaged")
        content = parsed(body)
        styles = parsed(read_part(archive, "styles.xml") or writer.EMPTY_STYLES)
        hidden = writer.hidden_styles(content, styles)
        for root in (content, styles):
            writer.clean(root, hidden, Counter())
        lines = [line for text in content.iter(f"{writer.OFFICE}text") for line in odf_lines(text)]
        for margin in styles.iter(f"{writer.STYLE}header", f"{writer.STYLE}footer"):
            lines += [line for line in odf_lines(margin) if line not in lines]
        return ["\n".join(lines)], any(name.startswith("Pictures/") for name in archive.namelist())


def odf_lines(element: etree._Element) -> Iterator[str]:
    """The paragraphs and rows below an OpenDocument element; a note stands after its paragraph."""
    for child in element:
        if child.tag in {f"{TEXT}p", f"{TEXT}h"}:
            notes: list[etree._Element] = []
            yield from _odf_inline(child, notes).split("\n")
            for note in notes:
                yield from odf_lines(note)
        elif child.tag == f"{TABLE}table-row":
            yield row(odf_lines(cell) for cell in child.iterchildren(f"{TABLE}table-cell"))
        elif isinstance(child.tag, str) and not child.tag.endswith(("}title", "}desc")):
            yield from odf_lines(child)


def _odf_inline(element: etree._Element, notes: list[etree._Element]) -> str:
    pieces = [element.text or ""]
    for child in element:
        tag = child.tag
        if tag == f"{TEXT}s":
            pieces.append(" ")
        elif tag == f"{TEXT}tab":
            pieces.append("\t")
        elif tag == f"{TEXT}line-break":
            pieces.append("\n")
        elif tag == f"{TEXT}note":
            notes += child.iterchildren(f"{TEXT}note-body")
        elif tag in {f"{TEXT}p", f"{TEXT}h"}:  # in a frame
            pieces.append(f"\n{_odf_inline(child, notes)}\n")
        elif isinstance(tag, str) and not tag.endswith(("}title", "}desc", "}annotation")):
            pieces.append(_odf_inline(child, notes))
        pieces.append(child.tail or "")
    return "".join(pieces)
