import io
import zlib

import pytest
from PIL import Image

from kb.documents.extraction.thumbnails import NoThumbnail, first_page
from kb.documents.file_types import Kind
from tests.kb.documents.made_files import pdf, picture
from tests.kb.samples import needs_samples, sample


def size(webp: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(webp)) as opened:
        assert opened.format == "WEBP"
        return opened.size


def test_a_pdf_gives_its_first_page_and_its_number_of_pages():
    made = first_page(pdf(pages=3), Kind.PDF)
    assert (size(made.webp), made.pages) == ((240, 360), 3)


@needs_samples
def test_a_real_pdf():
    made = first_page(sample("council/CR_conseil_municipal_07_10_2022.pdf"), Kind.PDF)
    assert (size(made.webp), made.pages) == ((240, 340), 2)


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp", "tiff", "bmp"])
def test_an_image_is_made_small(kind):
    made = first_page(picture(kind.upper(), (960, 480)), kind)
    assert (size(made.webp), made.pages) == ((240, 120), None)


def pixel_bomb() -> bytes:
    """A PNG of a few bytes that declares 60,000 × 60,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    header = (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (pdf(encryption="locked"), Kind.PDF, "needs_password"),
        (b"%PDF-1.4 nothing", Kind.PDF, "unreadable"),
        (picture()[:60], Kind.PNG, "unreadable"),
        (pixel_bomb(), Kind.PNG, "unreadable"),
        (b"", Kind.JPEG, "unreadable"),
        (b"x", Kind.DOCX, "not_supported"),
    ],
)
def test_what_has_no_thumbnail_says_why(data, kind, reason):
    with pytest.raises(NoThumbnail) as caught:
        first_page(data, kind)
    assert caught.value.reason == reason
