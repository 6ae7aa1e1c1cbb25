"""HTML to Word and ODT, with the town's header and a numbered foot on each page."""

import base64
import io
import re
import zipfile
from dataclasses import dataclass
from html import escape

from PIL import Image

from kb.documents.extraction import pandoc
from kb.exchange.printing import Printed

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"


DESCRIBED = frozenset({"word/document.xml", "content.xml"})


@dataclass(frozen=True)
class Around:
    """What stands at the top of each page, and at its foot before « page 1 / 3 »."""

    header: str
    footer: str


def docx(printed: Printed, around: Around) -> bytes:
    """Word bytes. Raises sandbox.SandboxError."""
    return around_docx(pandoc.write(for_office(printed.html), "docx"), around)


def odt(printed: Printed, around: Around) -> bytes:
    """ODT bytes. Raises sandbox.SandboxError."""
    return around_odt(pandoc.write(for_office(printed.html), "odt"), around)


def dressed(printed: Printed, target: str, model: bytes) -> bytes:
    """Bytes of that format with the styles, the head and the foot of `model`, a file of it. Raises sandbox.SandboxError."""
    return pandoc.write(for_office(printed.html), target, reference=model)


WIDEST = 600  # pixels, 96 to the inch: the width of the text on A4
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.S)
_PICTURE = re.compile(r"<img\b[^>]*>")
_THUMBNAIL = re.compile(r'class="(?:thumbnail|paper-thumbnail)"')
_SIZE = re.compile(r' (width|height)="(\d+)"')
_WEBP = re.compile(r'src="data:image/webp;base64,([^"]*)"')
_ADDRESS_AS_WORDS = re.compile(r'(descr|svg:title|xlink:title)="data:[^"]*"')


def for_office(html: str) -> str:
    """The HTML as an office file takes it: no drawing of ours, no picture wider than the page, none in WebP."""
    return _PICTURE.sub(lambda found: _picture(found[0]), _DRAWING.sub("", html))


def _picture(tag: str) -> str:
    if _THUMBNAIL.search(tag):
        return ""
    sizes = {name: int(value) for name, value in _SIZE.findall(tag)}
    width = sizes.get("width", 0)
    if width > WIDEST:
        scale = WIDEST / width
        tag = _SIZE.sub(lambda found: f' {found[1]}="{round(int(found[2]) * scale)}"', tag)
    return _WEBP.sub(lambda found: f'src="data:image/png;base64,{_as_png(found[1])}"', tag)


def _as_png(data: str) -> str:
    out = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        picture.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode("ascii")


def _rewritten(data: bytes, changes: dict[str, tuple[str, str]], more: dict[str, str]) -> bytes:
    """A zip with, in each part named, the first occurrence of a text replaced; and parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            body = source.read(item)
            if item.filename in changes:
                old, new = changes[item.filename]
                body = body.decode().replace(old, new, 1).encode()
            if item.filename in DESCRIBED:
                body = _ADDRESS_AS_WORDS.sub(r'\1=""', body.decode()).encode()
            target.writestr(item, body)
        for name, text in more.items():
            target.writestr(name, text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def around_docx(data: bytes, around: Around) -> bytes:
    """Word bytes whose pages carry `around`."""
    references = "".join(
        f'<w:{part}Reference xmlns:r="{_R}" w:type="default" r:id="rIdTown{part}"/>' for part in ("header", "footer")
    )
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        body = source.read("word/document.xml").decode()
    if "<w:sectPr />" in body:
        section = ("<w:sectPr />", f"<w:sectPr>{references}</w:sectPr>")
    elif "<w:sectPr>" in body:
        section = ("<w:sectPr>", f"<w:sectPr>{references}")
    else:
        section = ("</w:body>", f"<w:sectPr>{references}</w:sectPr></w:body>")
    types = "".join(
        f'<Override PartName="/word/town-{part}.xml" ContentType="{_TYPE.format(part)}"/>'
        for part in ("header", "footer")
    )
    links = "".join(
        f'<Relationship Id="rIdTown{part}" Type="{_R}/{part}" Target="town-{part}.xml"/>'
        for part in ("header", "footer")
    )
    changes = {
        "word/document.xml": section,
        "[Content_Types].xml": ("</Types>", f"{types}</Types>"),
        "word/_rels/document.xml.rels": ("</Relationships>", f"{links}</Relationships>"),
    }
    parts = {"word/town-header.xml": _docx_header(around.header), "word/town-footer.xml": _docx_footer(around.footer)}
    return _rewritten(data, changes, parts)


def _docx_header(words: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:hdr xmlns:w="{_W}"><w:p><w:pPr><w:pBdr>'
        '<w:bottom w:val="single" w:sz="8" w:space="4" w:color="17493B"/></w:pBdr></w:pPr>'
        f"{_run(words, '<w:b/>')}</w:p></w:hdr>"
    )


def _docx_footer(words: str) -> str:
    field = '<w:fldSimple w:instr=" {} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    tab = '<w:tabs><w:tab w:val="right" w:pos="9360"/></w:tabs>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:ftr xmlns:w="{_W}"><w:p><w:pPr>{tab}</w:pPr>'
        f"{_run(words)}<w:r><w:tab/></w:r>{_run('page ')}{field.format('PAGE')}{_run(' / ')}{field.format('NUMPAGES')}"
        "</w:p></w:ftr>"
    )


def _run(words: str, style: str = "") -> str:
    properties = f"<w:rPr>{style}</w:rPr>" if style else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def around_odt(data: bytes, around: Around) -> bytes:
    """ODT bytes whose pages carry `around`."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        styles = source.read("styles.xml").decode()
    start = styles.find("<style:master-page ")
    end = styles.find(">", start)
    if start < 0:
        return data
    opening = styles[start : end + 1]
    lines = (
        f'<style:header><text:p text:style-name="Header">{escape(around.header)}</text:p></style:header>'
        f'<style:footer><text:p text:style-name="Footer">{escape(around.footer)}, page '
        '<text:page-number text:select-page="current">1</text:page-number> / <text:page-count>1</text:page-count>'
        "</text:p></style:footer>"
    )
    new = opening[:-2].rstrip() + f">{lines}</style:master-page>" if opening.endswith("/>") else opening + lines
    return _rewritten(data, {"styles.xml": (opening, new)}, {})
