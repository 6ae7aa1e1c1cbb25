"""Text out of pictures of text, by Tesseract in French, page by page."""

import re
import shutil
from dataclasses import dataclass, replace

from kb.documents.extraction import sandbox
from kb.documents.extraction.reading import PageText
from kb.documents.extraction.sandbox import MB, Limits, SandboxError
from kb.documents.extraction.states import Reason
from kb.documents.extraction.tidying import tidy
from kb.documents.file_types import IMAGES, Kind

DPI = 200
LANGUAGE = "fra"
RENDER_LIMITS = Limits(memory=1024 * MB, cpu=20, wall=40, output=64 * MB)
TESSERACT_LIMITS = Limits(memory=1024 * MB, cpu=100, wall=120, output=8 * MB)
ENVIRONMENT = {"OMP_THREAD_LIMIT": "1"}  # two threads take twice the processor for the same time
AUTOMATIC, WITH_TURNING = "3", "1"  # page segmentation; the second also finds which way up the page is
READ_BY_OCR = IMAGES - {Kind.HEIC}
# What is left of a photograph or of a seal: a line with more signs than letters.
LEAST_LETTERS = 0.5


@dataclass(frozen=True)
class Tesseract:
    """The Tesseract of this server. `missing` says why it cannot be used, NONE when it can."""

    missing: Reason
    path: str = ""
    label: str = ""
    segmentation: str = AUTOMATIC


def tesseract() -> Tesseract:
    """What this server has, asked each time: it may be installed while the site runs."""
    path = shutil.which("tesseract")
    if path is None:
        return Tesseract(Reason.NO_TESSERACT)
    try:
        languages = sandbox.run([path, "--list-langs"]).stdout.decode(errors="replace").split()
        said = sandbox.run([path, "--version"]).stdout.decode(errors="replace")
    except SandboxError:
        return Tesseract(Reason.NO_TESSERACT)
    if LANGUAGE not in languages:
        return Tesseract(Reason.NO_FRENCH)
    label = " ".join(said.split()[:2])
    return Tesseract(Reason.NONE, path, label, WITH_TURNING if "osd" in languages else AUTOMATIC)


def frames(data: bytes) -> int:
    """How many pictures an image file holds, a TIFF may hold many; 0 when they are too small to bear words.

    Raises SandboxError for bytes that are no image.
    """
    return int(sandbox.run_python("kb.documents.extraction.pictures:frames", stdin=data, limits=RENDER_LIMITS))


def picture_of(data: bytes, kind: Kind, number: int) -> bytes:
    """Page `number` (from 1) of a PDF at 200 dpi, or of an image file, as a grey PGM. Raises SandboxError."""
    if kind != Kind.PDF:
        return sandbox.run_python("kb.documents.extraction.pictures:frame", number, stdin=data, limits=RENDER_LIMITS)
    try:
        return sandbox.run_python(
            "kb.documents.extraction.pdf_pages:picture", number, DPI, stdin=data, limits=RENDER_LIMITS
        )
    except SandboxError:
        poppler = shutil.which("pdftoppm")
        if poppler is None:
            raise
        argv = [poppler, "-r", str(DPI), "-gray", "-f", str(number), "-l", str(number), "-", "page"]
        made = sandbox.run(argv, stdin=data, limits=RENDER_LIMITS, collect="page*.pgm").collected
        return next(iter(made.values()), b"")


def recognised(picture: bytes, using: Tesseract) -> str:
    """The text of a picture. Some two seconds of processor for a typed page. Raises SandboxError."""
    argv = [using.path, "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(DPI), "--psm"]
    try:
        done = sandbox.run([*argv, using.segmentation], stdin=picture, limits=TESSERACT_LIMITS, environment=ENVIRONMENT)
    except sandbox.Failed:  # too few letters to tell which way up the page is
        done = sandbox.run([*argv, AUTOMATIC], stdin=picture, limits=TESSERACT_LIMITS, environment=ENVIRONMENT)
    return "\n".join(line for line in done.stdout.decode(errors="replace").split("\n") if _is_text(line))


def read_scan(data: bytes, kind: Kind, page: PageText, using: Tesseract) -> PageText:
    """A waiting page of a file of `kind`, recognised; what it bore in real letters, a stamp, comes last.

    Raises SandboxError.
    """
    seen = tidy(recognised(picture_of(data, kind, page.number), using))
    text = "\n\n".join(filter(None, (seen, page.text)))
    return replace(page, text=text, by_ocr=True, waiting=False)


def _is_text(line: str) -> bool:
    signs = re.sub(r"\s", "", line)
    letters = sum(sign.isalnum() for sign in signs)
    return not signs or (letters >= LEAST_LETTERS * len(signs) and bool(re.search(r"\w\w", line)))
