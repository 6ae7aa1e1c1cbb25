"""What a reader gives back: the texts of a file, page by page, and what came of it."""

from dataclasses import dataclass, field, replace

from kb.documents.extraction import sandbox
from kb.documents.extraction.sandbox import SandboxError
from kb.documents.extraction.states import PARTS, WAY_OUT, Reason, TextState, sentence, words
from kb.documents.extraction.tidying import tidy
from kb.documents.file_types import Kind

MOST_CHARACTERS = 8_000_000  # some 4,000 pages
FEW_CHARACTERS = 20  # a page with fewer, and a picture, is a scan


@dataclass(frozen=True)
class PageText:
    """The text of one page, slide or sheet, tidied. `number` counts from 1 in the file's own order.

    A file that flows without pages (Word, mail, text) has one, or one per attached file, and the number
    means nothing. `waiting`: a picture whose text is still to be recognised; `by_ocr`: it was.
    """

    number: int
    text: str
    by_ocr: bool = False
    waiting: bool = False


@dataclass(frozen=True)
class Reading:
    """What came of reading one file. `readers` names the programs used, with their versions."""

    kind: Kind
    state: TextState
    reason: Reason = Reason.NONE
    pages: list[PageText] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)

    @property
    def page_count(self) -> int | None:
        """How many pages, slides or sheets; None for a file that flows without any, or was not read."""
        return len(self.pages) if self.pages and self.kind in PARTS else None

    @property
    def characters(self) -> int:
        """How much text, in characters."""
        return sum(len(page.text) for page in self.pages)

    @property
    def words(self) -> str:
        """The health in a few French words."""
        return words(
            state=self.state,
            reason=self.reason,
            kind=self.kind,
            pages=self.page_count,
            by_ocr=sum(page.by_ocr for page in self.pages),
            waiting=sum(page.waiting for page in self.pages),
        )

    @property
    def sentence(self) -> str:
        """The health as a sentence, with the way out."""
        return sentence(self.words, WAY_OUT.get(Reason(self.reason), ""))


class CannotRead(Exception):
    """The text cannot be had; the original is kept."""

    def __init__(self, state: TextState, reason: Reason) -> None:
        super().__init__(reason.label)
        self.state = state
        self.reason = reason

    @classmethod
    def after(cls, error: SandboxError | None) -> "CannotRead":
        """What a child that did not finish says of its file."""
        if isinstance(error, sandbox.TookTooLong):
            return cls(TextState.TIMEOUT, Reason.TOO_SLOW)
        if isinstance(error, sandbox.TooMuchMemory | sandbox.TooMuchOutput):
            return cls(TextState.TOO_BIG, Reason.TOO_HEAVY)
        return cls(TextState.FAILED, Reason.DAMAGED)


def concluded(kind: Kind, pages: list[PageText], *, readers: list[str], reason: Reason = Reason.NONE) -> Reading:
    """The reading that these pages make: their text tidied, the whole cut at 8 million characters."""
    kept, room = [], MOST_CHARACTERS
    for page in pages:
        text = tidy(page.text)
        if len(text) > room:
            text, reason = text[:room].rstrip(), Reason.CUT
        room -= len(text)
        kept.append(replace(page, text=text))
    return Reading(kind, _state(kept), reason, kept, readers)


def _state(pages: list[PageText]) -> TextState:
    if any(page.waiting for page in pages):
        return TextState.WAITING_FOR_OCR
    return TextState.OK if any(page.text for page in pages) else TextState.EMPTY
