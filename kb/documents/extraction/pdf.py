"""The text of a PDF, page by page: PDFium first, poppler where it dies, scans left for recognition."""

import json
import shutil
import signal
import time
from collections.abc import Callable
from importlib.metadata import version

from kb.documents.extraction import sandbox
from kb.documents.extraction.reading import FEW_CHARACTERS, CannotRead, PageText
from kb.documents.extraction.sandbox import MB, Limits, SandboxError
from kb.documents.extraction.states import Reason, TextState

CHILD = "kb.documents.extraction.pdf_pages"
LIMITS = Limits(memory=1024 * MB, cpu=20, wall=40, output=64 * MB)
BATCH = 500  # pages a child, some two seconds
MOST_PAGES = 20_000
MOST_SECONDS = 150.0  # for the whole file: its good pages are kept, the others are said
# PDFium stops at once, without a word, when it is refused memory.
REFUSED_MEMORY = (-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL)
# A scan that went through the préfecture bears a stamp in real letters: a page under one large picture with
# no more text than that is a scan still.
STAMPED_SCAN = 0.5
STAMP_CHARACTERS = 300
SOME_PICTURE = 0.1  # what is supposed of a page that only poppler read


class _Pages:
    """The pages of one file as they come."""

    def __init__(self, data: bytes, progress: Callable[[], None]) -> None:
        self.data = data
        self.progress = progress
        self.deadline = time.monotonic() + MOST_SECONDS
        self.total = 0
        self.found: dict[int, PageText] = {}
        self.readers: list[str] = []
        self.trouble: SandboxError | None = None

    def read(self, first: int, last: int) -> None:
        """Pages `first` to `last` excluded, from 0. One that kills PDFium is asked of poppler, and the rest of
        PDFium again."""
        while first < last and time.monotonic() < self.deadline:
            self.progress()
            try:
                said = sandbox.run_python(f"{CHILD}:texts", first, last, stdin=self.data, limits=LIMITS)
            except SandboxError as error:
                self.trouble = error
                first += self._take(first, error.stdout)
                whole = not self.total  # it died before it said how many pages there are
                self._with_poppler(first, MOST_PAGES if whole else first + 1)
                first = last if whole else first + 1
            else:
                self._take(first, said)
                return

    def _take(self, first: int, said: bytes) -> int:
        """Keeps the pages that the child said, the first being `first`. Gives how many; the last line may be cut."""
        lines = said.split(b"\n")[:-1]
        if not lines:
            return 0
        told = json.loads(lines[0])
        if told["problem"] == "encrypted":
            raise CannotRead(TextState.ENCRYPTED, Reason.ENCRYPTED)
        if told["problem"]:
            raise CannotRead(TextState.FAILED, Reason.DAMAGED)
        self.total = told["total"]
        self._used(f"pypdfium2 {version('pypdfium2')}")
        for number, page in enumerate(map(json.loads, lines[1:]), first + 1):
            if not page["lost"]:
                self.found[number] = PageText(number, page["text"], waiting=is_scan(page["text"], page["covered"]))
        return len(lines) - 1

    def _with_poppler(self, first: int, last: int) -> None:
        """It parts pages by form feeds, and ends with one. It does not tell a scan from a blank page."""
        program = shutil.which("pdftotext")
        if program is None:
            return
        argv = [program, "-f", str(first + 1), "-l", str(last), "-enc", "UTF-8", "-", "-"]
        try:
            text = sandbox.run(argv, stdin=self.data, limits=LIMITS).stdout.decode(errors="replace")
        except SandboxError as error:
            self.trouble = error
            return
        texts = text.split("\f")[:-1]
        self.total = max(self.total, first + len(texts))
        self._used("pdftotext")
        self.found.update(
            {
                number: PageText(number, page, waiting=is_scan(page, SOME_PICTURE))
                for number, page in enumerate(texts, first + 1)
            }
        )

    def _used(self, reader: str) -> None:
        if reader not in self.readers:
            self.readers.append(reader)


def read(data: bytes, progress: Callable[[], None]) -> tuple[list[PageText], list[str], Reason]:
    """The pages in order, the readers used, and PAGES_LOST where some could not be read.

    Raises CannotRead when the file does not open or no page could be read. At most 150 s.
    """
    pages = _Pages(data, progress)
    pages.read(0, BATCH)
    first = BATCH
    while first < min(pages.total, MOST_PAGES) and time.monotonic() < pages.deadline:
        pages.read(first, first + BATCH)
        first += BATCH
    if not pages.found:
        raise _cannot(pages.trouble)
    lost = pages.total > len(pages.found)
    whole = [pages.found.get(number, PageText(number, "")) for number in range(1, min(pages.total, MOST_PAGES) + 1)]
    return whole, pages.readers, Reason.PAGES_LOST if lost else Reason.NONE


def _cannot(error: SandboxError | None) -> CannotRead:
    if isinstance(error, sandbox.Failed) and error.returncode in REFUSED_MEMORY:
        return CannotRead(TextState.TOO_BIG, Reason.TOO_HEAVY)
    return CannotRead.after(error)


def is_scan(text: str, covered: float) -> bool:
    """Whether a page is a picture of text, from its own text and the part its largest picture covers."""
    letters = len("".join(text.split()))
    if letters < FEW_CHARACTERS:
        return covered > 0
    return covered >= STAMPED_SCAN and letters < STAMP_CHARACTERS
