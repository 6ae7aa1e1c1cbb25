"""What the children of thumbnails and of recognition run: PDF and image libraries on bytes we do not trust."""

import io
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

WIDTH = 240
MOST_HEIGHT = 480
MOST_PIXELS = 80_000_000
LEAST_SIDE = 120  # pixels: an icon bears no words
MOST_FRAMES = 2_000
MOST_SIDE_READ = 5_000  # pixels: an A3 sheet at 300 dots an inch
NEEDS_PASSWORD, UNREADABLE = "needs_password", "unreadable"
PDFIUM_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD


def pdf() -> bytes:
    """The PDF on standard input → an answer with its number of pages and its first page as WebP."""
    import pypdfium2

    document, problem = _opened()
    if document is None:
        return _answer(problem=problem)
    page = document[0]
    width, height = page.get_size()
    if not (0 < width < 20_000 and 0 < height < 20_000):
        return _answer(problem=UNREADABLE)
    scale = min(2 * WIDTH / width, 2 * MOST_HEIGHT / height)
    try:
        bitmap = page.render(scale=scale)
    except pypdfium2.PdfiumError:
        return _answer(problem=UNREADABLE)
    return _answer(picture=_small(bitmap.to_pil()), pages=len(document))


def pdf_needs_password() -> bytes:
    """b"yes" when the PDF on standard input does not open without a password."""
    return b"yes" if _opened()[1] == NEEDS_PASSWORD else b"no"


def image() -> bytes:
    """The image on standard input → an answer with a small WebP of its first frame."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(sys.stdin.buffer.read())) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return _answer(problem=UNREADABLE)
            picture.draft("RGB", (2 * WIDTH, 2 * MOST_HEIGHT))
            return _answer(picture=_small(picture))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return _answer(problem=UNREADABLE)


def frames() -> bytes:
    """How many pictures the image on standard input holds; 0 for an icon."""
    with _picture() as picture:
        if min(picture.size) < LEAST_SIDE:
            return b"0"
        return str(min(getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1, MOST_FRAMES)).encode()


def frame(number: int) -> bytes:
    """Picture `number` (from 1) of the image on standard input, upright, in grey on white, as PGM."""
    from PIL import Image, ImageOps

    with _picture() as picture:
        picture.seek(number - 1)
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((MOST_SIDE_READ, MOST_SIDE_READ), Image.Resampling.LANCZOS)
        if "A" in upright.getbands() or "transparency" in upright.info:
            sheet = Image.new("RGBA", upright.size, "white")
            sheet.alpha_composite(upright.convert("RGBA"))
            upright = sheet
        grey = upright.convert("L")
        return b"P5 %d %d 255\n" % grey.size + grey.tobytes()


def _picture() -> "Picture":
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    return Image.open(io.BytesIO(sys.stdin.buffer.read()))


def _opened() -> tuple[Any, str]:
    """The document, or None and why it does not open."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        return (document, "") if len(document) else (None, UNREADABLE)
    except pypdfium2.PdfiumError as error:
        return None, NEEDS_PASSWORD if getattr(error, "err_code", None) == PDFIUM_PASSWORD_ERROR else UNREADABLE


def _small(picture: "Picture") -> bytes:
    """Upright, at most 240 × 480, on white."""
    from PIL import Image, ImageOps

    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((WIDTH, MOST_HEIGHT), Image.Resampling.LANCZOS)
    picture = picture.convert("RGBA")
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(picture, mask=picture)
    out = io.BytesIO()
    sheet.save(out, "WEBP", quality=80)
    return out.getvalue()


def _answer(*, picture: bytes = b"", pages: int | None = None, problem: str = "") -> bytes:
    return json.dumps({"pages": pages, "problem": problem}).encode() + b"\n" + picture
