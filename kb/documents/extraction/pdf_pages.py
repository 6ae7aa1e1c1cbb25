"""What the PDF child runs: text and pictures of pages. Never imported by the server."""

import json
import sys
from typing import Any

PDFIUM_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
MOST_PIXELS = 40_000_000
MOST_FORMS = 5  # a picture may stand in forms inside forms
MOST_OBJECTS = 3000  # beyond, a drawing: no scan is made of so many pictures


def texts(first: int, last: int) -> bytes:
    """Says pages `first` to `last` (from 0, last excluded) of the PDF on standard input, a line of JSON each.

    First {"problem": "encrypted", "damaged" or "", "total": pages in the file}; then, as they come, so that a
    page that kills the child leaves those before it: {"text": …, "covered": the part of the page under its
    largest picture, "lost": whether it could not be read}.
    """
    document, problem = _opened()
    total = len(document) if document is not None else 0
    _say({"problem": problem, "total": total})
    for number in range(first, min(last, total)):
        _say(_page(document, number))
    return b""


def _say(line: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
    sys.stdout.buffer.flush()


def picture(number: int, dpi: int) -> bytes:
    """Page `number` (from 1) in grey at `dpi`, fewer where it would be huge, as PGM."""
    document, problem = _opened()
    if document is None:
        raise ValueError(problem)
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(dpi / 72, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
    grey = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    return b"P5 %d %d 255\n" % grey.size + grey.tobytes()


def _opened() -> tuple[Any, str]:
    """The document, or None and why it does not open."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError as error:
        return None, "encrypted" if getattr(error, "err_code", None) == PDFIUM_PASSWORD_ERROR else "damaged"
    return (document, "") if len(document) else (None, "damaged")


def _page(document: Any, number: int) -> dict[str, Any]:
    import pypdfium2

    try:
        page = document[number]
        text = page.get_textpage().get_text_bounded()
        covered = _covered(page)
        page.close()
    except pypdfium2.PdfiumError:  # a page that is not there, or broken
        return {"text": "", "covered": 0.0, "lost": True}
    return {"text": text.encode("utf-8", "ignore").decode(), "covered": covered, "lost": False}


def _covered(page: Any) -> float:
    """The part of the page that its largest picture covers, 0 without any."""
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    largest = 0.0
    objects = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=MOST_FORMS)
    for place, shown in enumerate(objects):
        if place > MOST_OBJECTS:
            break
        left, bottom, right, top = shown.get_bounds()
        largest = max(largest, abs(right - left) * abs(top - bottom))
    return min(1.0, largest / (width * height)) if width * height > 0 else 0.0
