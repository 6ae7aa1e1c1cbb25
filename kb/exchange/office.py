"""HTML to Word and ODT, with the town's header on each page."""

import io
import zipfile
from html import escape

from kb.documents.extraction import pandoc
from kb.exchange.printing import Printed

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEADER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"


def docx(printed: Printed, *, header: str) -> bytes:
    """Word bytes. Raises sandbox.SandboxError."""
    return with_docx_header(pandoc.write(printed.html, "docx"), header)


def odt(printed: Printed, *, header: str) -> bytes:
    """ODT bytes. Raises sandbox.SandboxError."""
    return with_odt_header(pandoc.write(printed.html, "odt"), header)


def _rewritten(data: bytes, changes: dict[str, tuple[str, str]], more: dict[str, str]) -> bytes:
    """A zip with, in each part named, the first occurrence of a text replaced; and parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            body = source.read(item)
            if item.filename in changes:
                old, new = changes[item.filename]
                body = body.decode().replace(old, new, 1).encode()
            target.writestr(item, body)
        for name, text in more.items():
            target.writestr(name, text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_docx_header(data: bytes, header: str) -> bytes:
    """Word bytes whose pages carry `header` at the top."""
    part = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:hdr xmlns:w="{_W}"><w:p><w:pPr><w:pBdr>'
        '<w:bottom w:val="single" w:sz="8" w:space="4" w:color="17493B"/></w:pBdr></w:pPr>'
        f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{escape(header)}</w:t></w:r></w:p></w:hdr>'
    )
    reference = f'<w:headerReference xmlns:r="{_R}" w:type="default" r:id="rIdTown"/>'
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        body = source.read("word/document.xml").decode()
    if "<w:sectPr />" in body:
        section = ("<w:sectPr />", f"<w:sectPr>{reference}</w:sectPr>")
    elif "<w:sectPr>" in body:
        section = ("<w:sectPr>", f"<w:sectPr>{reference}")
    else:
        section = ("</w:body>", f"<w:sectPr>{reference}</w:sectPr></w:body>")
    changes = {
        "word/document.xml": section,
        "[Content_Types].xml": (
            "</Types>",
            f'<Override PartName="/word/town-header.xml" ContentType="{_HEADER_TYPE}"/></Types>',
        ),
        "word/_rels/document.xml.rels": (
            "</Relationships>",
            f'<Relationship Id="rIdTown" Type="{_R}/header" Target="town-header.xml"/></Relationships>',
        ),
    }
    return _rewritten(data, changes, {"word/town-header.xml": part})


def with_odt_header(data: bytes, header: str) -> bytes:
    """ODT bytes whose pages carry `header` at the top."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        styles = source.read("styles.xml").decode()
    start = styles.find("<style:master-page ")
    end = styles.find(">", start)
    if start < 0:
        return data
    opening = styles[start : end + 1]
    line = f'<style:header><text:p text:style-name="Header">{escape(header)}</text:p></style:header>'
    new = opening[:-2].rstrip() + f">{line}</style:master-page>" if opening.endswith("/>") else opening + line
    return _rewritten(data, {"styles.xml": (opening, new)}, {})
