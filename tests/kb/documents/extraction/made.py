"""Files with text in them, made on the spot: PDF, scans, slides, sheets."""

import io
import zlib

from PIL import Image, ImageDraw, ImageFont

from tests.kb.documents.made_files import CONTENT_TYPES, zipped

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
M = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SLIDES_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
SHEETS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def pdf(*streams: bytes) -> bytes:
    """A PDF with a page for each content stream, compressed, and Helvetica as /F1."""
    kids = " ".join(f"{5 + 2 * place} 0 R" for place in range(len(streams)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(streams)}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for place, stream in enumerate(streams):
        packed = zlib.compress(stream, 9)
        objects.append(b"<</Filter/FlateDecode/Length %d>>\nstream\n" % len(packed) + packed + b"\nendstream")
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {4 + 2 * place} 0 R"
        objects.append(f"{page}/Resources<</Font<</F1 3 0 R>>>>>>".encode())
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer


def written(*lines: str) -> bytes:
    """The content stream of a page with these lines."""
    shown = b"".join(
        b"(" + line.encode("cp1252").replace(b"(", rb"\(").replace(b")", rb"\)") + b") Tj T* " for line in lines
    )
    return b"BT /F1 12 Tf 14 TL 72 700 Td " + shown + b"ET"


def heavy_pdf() -> bytes:
    """100 kB that take PDFium gigabytes: 32 million letters, nearly all beside the page."""
    return pdf(b"BT /F1 8 Tf " + b"(AAAAAAAAAAAAAAAA) Tj " * 2_000_000 + b"ET")


def photographed(*lines: str) -> Image.Image:
    """A sheet of A4 at 200 dpi with these lines, as a scanner sees it."""
    sheet = Image.new("L", (1654, 2339), 255)
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(FONT, 44)
    for place, line in enumerate(lines):
        draw.text((180, 220 + 80 * place), line, font=font, fill=10)
    return sheet


def scan(*pages: tuple[str, ...]) -> bytes:
    """A PDF whose pages are pictures."""
    sheets = [photographed(*lines) for lines in pages]
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], resolution=200)
    return out.getvalue()


def picture(*lines: str, format_name: str = "PNG") -> bytes:
    out = io.BytesIO()
    photographed(*lines).save(out, format_name)
    return out.getvalue()


def relations(*targets: tuple[str, str, str]) -> str:
    """(id, last word of the type, target), as an OOXML part of relations."""
    rows = "".join(f'<Relationship Id="{i}" Type="{R}/{kind}" Target="{target}"/>' for i, kind, target in targets)
    return f'<Relationships xmlns="{PACKAGE}">{rows}</Relationships>'


def shape(text: str, *, attributes: str = "", placeholder: str = "") -> str:
    """A shape of a slide."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="x" {attributes}/><p:cNvSpPr/><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr>'
        f"<p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def slide(*shapes: str, attributes: str = "", root: str = "sld") -> str:
    names = f'xmlns:a="{A}" xmlns:p="{P}"'
    return f"<p:{root} {names} {attributes}><p:cSld><p:spTree>{''.join(shapes)}</p:spTree></p:cSld></p:{root}>"


def pptx(*slides: str, notes: str = "", comment: str = "") -> bytes:
    """Slides in order; `notes` and `comment` go to the first."""
    order = "".join(f'<p:sldId id="{256 + n}" r:id="r{n}"/>' for n in range(len(slides)))
    parts = {
        "[Content_Types].xml": CONTENT_TYPES.format(part="ppt/presentation.xml", type=SLIDES_TYPE),
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>{order}</p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(
            *((f"r{n}", "slide", f"slides/slide{n}.xml") for n in range(len(slides)))
        ),
        **{f"ppt/slides/slide{n}.xml": text for n, text in enumerate(slides)},
        "ppt/slides/_rels/slide0.xml.rels": relations(
            ("r1", "notesSlide", "../notesSlides/n.xml"), ("r2", "comments", "../comments/c.xml")
        ),
    }
    if notes:
        parts["ppt/notesSlides/n.xml"] = slide(
            shape(notes), shape("7", placeholder='<p:ph type="sldNum"/>'), root="notes"
        )
    if comment:
        parts["ppt/comments/c.xml"] = f'<p:cmLst xmlns:p="{P}"><p:cm><p:text>{comment}</p:text></p:cm></p:cmLst>'
    return zipped(parts)


def xlsx(*sheets: tuple[str, str, str], strings: str = "", styles: str = "", properties: str = "") -> bytes:
    """(name, attributes in the book, content of the worksheet), and the texts that cells share."""
    rows = "".join(
        f'<sheet name="{name}" sheetId="{n + 1}" r:id="r{n}" {attributes}/>'
        for n, (name, attributes, _) in enumerate(sheets)
    )
    related = [(f"r{n}", "worksheet", f"worksheets/s{n}.xml") for n in range(len(sheets))]
    parts = {
        "[Content_Types].xml": CONTENT_TYPES.format(part="xl/workbook.xml", type=SHEETS_TYPE),
        "xl/workbook.xml": f'<workbook xmlns="{M}" xmlns:r="{R}"><workbookPr {properties}/><sheets>{rows}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            *related, ("rs", "sharedStrings", "sharedStrings.xml"), ("rt", "styles", "styles.xml")
        ),
        **{
            f"xl/worksheets/s{n}.xml": f'<worksheet xmlns="{M}">{content}</worksheet>'
            for n, (_, _, content) in enumerate(sheets)
        },
        "xl/sharedStrings.xml": f'<sst xmlns="{M}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{M}">{styles}</styleSheet>',
    }
    return zipped(parts)
