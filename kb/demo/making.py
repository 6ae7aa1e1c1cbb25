"""Real files for the demo, made by the libraries that towns' files come from, with the same bytes each time."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from kb.demo.lettering import write
from kb.demo.writing import html_of
from kb.documents.extraction import pandoc
from kb.exchange import pdf

TOWN = "Commune de Valmorin-sur-Drise"
_ZIP_DAY = (2026, 1, 5, 8, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>|<dc:date>|<meta:creation-date>)[^<]*")
_SHEET_OF_STYLE = """
@page { size: A4; margin: 22mm 20mm 24mm; @bottom-center { content: counter(page) " / " counter(pages); font-size: 9pt } }
body { font: 11pt/1.5 serif } h1 { font-size: 20pt; line-height: 1.2 } h2 { font-size: 14pt; margin-top: 16pt }
table { border-collapse: collapse; width: 100% } td, th { border-bottom: .5pt solid #888; padding: 3pt 5pt; text-align: left }
.town { color: #17493B; font: 10pt sans-serif; border-bottom: 1pt solid #17493B } .break { break-before: page }
img { width: 100% }
"""


def page_of(title: str, source: str, *, line: str = TOWN) -> str:
    """A whole HTML document around some markup; « === » alone on a line starts a new page."""
    parts = [html_of(part) if "<table" not in part else part for part in source.split("\n===\n")]
    body = '<div class="break"></div>'.join(parts)
    return (
        f'<html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'<p class="town">{line}</p><h1>{title}</h1>{body}</body></html>'
    )


def rows_html(rows: Sequence[Sequence[Any]]) -> str:
    """A table in HTML, its first row being the header."""
    lines = []
    for place, row in enumerate(rows):
        tag = "th" if place == 0 else "td"
        lines.append("<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>")
    return f"<table><thead>{lines[0]}</thead><tbody>{''.join(lines[1:])}</tbody></table>"


def docx(title: str, source: str, at: datetime) -> bytes:
    """A Word file."""
    return settled(pandoc.write(page_of(title, source), "docx"), at)


def odt(title: str, source: str, at: datetime) -> bytes:
    """A LibreOffice file."""
    return settled(pandoc.write(page_of(title, source), "odt"), at)


def pdf_of(title: str, source: str, at: datetime) -> bytes:
    """A PDF; where the server has no Pango, the same words as a Word file."""
    if not pdf.is_available():
        return docx(title, source, at)
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    stamp = f'<meta name="dcterms.created" content="{at:%Y-%m-%dT%H:%M:%SZ}">'
    html = page_of(title, source).replace("</title>", f"</title>{stamp}")
    inside_only = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    return bytes(HTML(string=html, url_fetcher=inside_only).write_pdf(stylesheets=[CSS(string=_SHEET_OF_STYLE)]))


def drawings_pdf(drawings: Sequence[bytes], at: datetime) -> bytes:
    """A PDF of plans, one a page."""
    pages = [Image.open(io.BytesIO(drawing)).convert("RGB") for drawing in drawings]
    return _image_pdf(pages, at, resolution=100)


def _image_pdf(pages: list[Image.Image], at: datetime, *, resolution: int) -> bytes:
    out = io.BytesIO()
    stamp = at.timetuple()
    pages[0].save(
        out,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=resolution,
        quality=60,
        creationDate=stamp,
        modDate=stamp,
    )
    return out.getvalue()


def scan(pages: Sequence[Sequence[str]], at: datetime, *, seed: int = 7) -> bytes:
    """A letter typed, printed, and put askew on a scanner: a PDF without a word of text."""
    return _image_pdf([_scanned(lines, seed + number) for number, lines in enumerate(pages)], at, resolution=110)


def _scanned(lines: Sequence[str], seed: int) -> Image.Image:
    chance = Random(seed)  # noqa: S311
    sheet = Image.new("L", (910, 1286), 246)
    draw = ImageDraw.Draw(sheet)
    for number, line in enumerate(lines):
        write(draw, (96 + chance.randint(-1, 1), 96 + 27 * number), line, 19, ink=chance.randint(28, 70))
    sheet = sheet.rotate(chance.choice((-0.8, 0.6, 0.9)), resample=Image.Resampling.BICUBIC, fillcolor=232)
    grain = Image.frombytes("L", (455, 643), chance.randbytes(455 * 643)).resize(sheet.size)
    sheet = Image.blend(sheet, grain, 0.06)
    marks = ImageDraw.Draw(sheet)
    for _ in range(60):
        x, y = chance.randint(0, 905), chance.randint(0, 1280)
        marks.ellipse((x, y, x + chance.randint(1, 3), y + 1), fill=110)
    marks.line([(0, 3), (910, 9)], fill=90, width=5)
    return sheet


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], at: datetime) -> bytes:
    """A spreadsheet: a bold header, amounts in euros, columns wide enough."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = TOWN
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            sheet.column_dimensions[cell.column_letter].width = 26 if cell.column == 1 else 18
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if (isinstance(cell.value, int | float) and abs(cell.value) >= 1000) or str(cell.value).startswith("="):
                    cell.number_format = '# ##0 "€"'
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return settled(out.getvalue(), at)


def settled(archive: bytes, at: datetime) -> bytes:
    """An office file whose dates say `at` and no longer the second at which it was made."""
    out = io.BytesIO()
    stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():  # the order matters: an ODT starts with its type
            data = old.read(name)
            if name in {"docProps/core.xml", "meta.xml"}:
                data = _STAMP.sub(lambda found: found[1] + stamp, data)
            kept = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type = kept
            new.writestr(entry, data)
    return out.getvalue()
