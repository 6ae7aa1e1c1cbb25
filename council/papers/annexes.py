"""An annex as pages to print: a PDF as it is, a picture on its page, an office file by LibreOffice where it is installed."""

import base64
import io
from html import escape

import pikepdf
from PIL import Image, UnidentifiedImageError

from kb.documents import text_encoding
from kb.documents.extraction import libreoffice, sandbox
from kb.documents.file_types import Kind
from kb.exchange import pdf
from kb.exchange.printing import Printed

OFFICE = {
    Kind.DOC: "doc", Kind.DOCX: "docx", Kind.ODT: "odt", Kind.RTF: "rtf", Kind.XLS: "xls", Kind.XLSX: "xlsx",
    Kind.XLSB: "xlsb", Kind.ODS: "ods", Kind.PPT: "ppt", Kind.PPTX: "pptx", Kind.ODP: "odp", Kind.ODG: "odg",
}  # fmt: skip
PICTURES = frozenset({Kind.PNG, Kind.JPEG, Kind.WEBP, Kind.GIF, Kind.TIFF, Kind.BMP})
WIDEST = 2400  # pixels: 200 dots an inch on A4
LONGEST_TEXT = 400_000  # characters


class Unprintable(Exception):
    """An annex that cannot become pages; the sentence says why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def printed(data: bytes, kind: str, file_name: str) -> bytes:
    """A PDF. Raises Unprintable, pdf.PdfUnavailable."""
    if kind == Kind.PDF:
        return _unlocked(data)
    if kind in PICTURES:
        return _picture(data, file_name)
    if kind in OFFICE:
        return _office(data, OFFICE[Kind(kind)])
    if kind in {Kind.TEXT, Kind.CSV}:
        return _text(data, file_name)
    raise Unprintable("Ce genre de fichier ne s’imprime pas ici. Ouvrez-le depuis la page du point.")


def _unlocked(data: bytes) -> bytes:
    """The PDF itself, unless it cannot be opened."""
    try:
        with pikepdf.Pdf.open(io.BytesIO(data)):
            return data
    except pikepdf.PasswordError:
        raise Unprintable(
            "Ce PDF est protégé par un mot de passe. Ouvrez-le depuis la page du point, ou demandez-le sans protection."
        ) from None
    except pikepdf.PdfError:
        raise Unprintable("Ce PDF est abîmé et ne s’imprime pas. Ouvrez-le depuis la page du point.") from None


def _office(data: bytes, extension: str) -> bytes:
    try:
        made = libreoffice.converted(data, source=extension, target="pdf")
    except libreoffice.NotInstalled:
        raise Unprintable(
            "Ce fichier de bureautique ne peut pas être relié : LibreOffice n’est pas installé sur le serveur. "
            "Ouvrez-le depuis la page du point, ou joignez-le en PDF."
        ) from None
    except sandbox.SandboxError:
        made = b""
    if not made:
        raise Unprintable("LibreOffice n’a pas pu mettre ce fichier en pages. Ouvrez-le depuis la page du point.")
    return made


def _picture(data: bytes, file_name: str) -> bytes:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.thumbnail((WIDEST, WIDEST))
            out = io.BytesIO()
            picture.convert("RGB").save(out, "JPEG", quality=88)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Unprintable("Cette image est abîmée et ne s’imprime pas. Ouvrez-la depuis la page du point.") from None
    address = base64.b64encode(out.getvalue()).decode("ascii")
    body = f'<img class="whole-page" src="data:image/jpeg;base64,{address}" alt="{escape(file_name)}">'
    return _page(file_name, body)


def _text(data: bytes, file_name: str) -> bytes:
    text = text_encoding.decoded(data)[:LONGEST_TEXT]
    return _page(file_name, f"<h1>{escape(file_name)}</h1><pre>{escape(text)}</pre>")


def _page(title: str, body: str) -> bytes:
    html = f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)}</title></head><body>{body}</body></html>'
    return pdf.pdf(Printed(title, html), sheets=("paper.css", "dossier.css"))
