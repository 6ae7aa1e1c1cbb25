"""Deeds on the text of files: ask for it, read it, recognise its scans, read it again."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log

from kb import permissions
from kb.documents.extraction import ocr, readers
from kb.documents.extraction.models import ExtractedPage, Extraction
from kb.documents.extraction.reading import PageText, Reading
from kb.documents.extraction.sandbox import SandboxError
from kb.documents.extraction.signals import text_extracted
from kb.documents.extraction.states import Reason, TextState
from kb.documents.file_types import Kind
from kb.documents.models import DocumentVersion, summary_of
from kb.work import operations as work

logger = logging.getLogger(__name__)
READ, RECOGNISE = "extraction", "ocr"  # kinds of jobs
MOST_ATTEMPTS = 5  # starts of a reading that never came to an end: it would kill the next worker too
TURN = 60.0  # seconds of recognition, then the other jobs of the queue have theirs
TOLD_EVERY = 10  # pages recognised

Progress = Callable[..., None]


class ChooseFirst(Exception):
    """Reading everything again is not what anybody wants; the message says it in French."""


@transaction.atomic
def ask(*, sha256: str, kind: str) -> Extraction:
    """Asks for the text of some bytes, in the caller's transaction; what was read once is not read again."""
    extraction, _ = Extraction.objects.get_or_create(sha256=sha256, defaults={"kind": kind})
    if extraction.state == TextState.WAITING:
        _enqueue(READ, sha256)
    return extraction


def ask_recognition(*, sha256: str) -> None:
    """Asks for the scans of a file to be read."""
    _enqueue(RECOGNISE, sha256)


def _enqueue(kind: str, sha256: str) -> None:
    work.enqueue(kind=kind, payload={"sha256": sha256}, queue="slow", key=f"{kind}-{sha256}")


def read_text(*, sha256: str, progress: Progress) -> None:
    """Reads what a job was asked for. Done twice it is done once; killed, it is begun again.

    The worker's deed: whoever deposited the bytes had the right.
    """
    waiting = Extraction.objects.filter(sha256=sha256, state=TextState.WAITING)
    if not waiting.update(attempts=F("attempts") + 1, started_at=timezone.now()):
        return
    extraction = waiting.get()
    found = _bytes_of(sha256)
    if extraction.attempts > MOST_ATTEMPTS:
        _keep(sha256, Reading(Kind(extraction.kind), TextState.FAILED, Reason.INTERRUPTED))
    elif found is None:
        _keep(sha256, Reading(Kind(extraction.kind), TextState.FAILED, Reason.LOST))
    else:
        _keep(sha256, readers.read(*found, progress=lambda: progress(0, 0)))


def _bytes_of(sha256: str) -> tuple[bytes, str] | None:
    """The bytes and a name they bear, None when no version has them or the storage lost them."""
    for version in DocumentVersion.objects.filter(sha256=sha256)[:3]:
        try:
            with version.file.storage.open(str(version.file.name), "rb") as source:
                return source.read(), version.file_name
        except FileNotFoundError:
            logger.error("The bytes of version %s are not in their storage", version.pk)
    return None


@transaction.atomic
def _keep(sha256: str, reading: Reading) -> None:
    extraction = Extraction.objects.select_for_update().get(sha256=sha256)
    if extraction.state != TextState.WAITING:
        return  # another worker was quicker
    extraction.texts.all().delete()
    ExtractedPage.objects.bulk_create(
        ExtractedPage(extraction=extraction, number=page.number, text=page.text, waiting=page.waiting)
        for page in reading.pages
    )
    extraction.kind, extraction.state, extraction.reason = reading.kind, reading.state, reading.reason
    extraction.page_count, extraction.readers = reading.page_count, ", ".join(reading.readers)[:200]
    extraction.count_anew()
    extraction.finished_at = timezone.now()
    extraction.save()
    if extraction.state == TextState.WAITING_FOR_OCR:
        _enqueue(RECOGNISE, sha256)
    _tell(sha256)


def _tell(sha256: str) -> None:
    def told() -> None:  # not a partial: Django names a robust function that failed by its __qualname__
        text_extracted.send_robust(Extraction, sha256=sha256)

    transaction.on_commit(told, robust=True)


def recognise(*, sha256: str, progress: Progress) -> None:
    """Reads the pages that are pictures, each kept as it comes: a killed worker loses one page at most.

    Without Tesseract the reason says so, and `take_up` asks again when it is there. After a minute the rest
    is asked for anew, behind the other jobs of the queue.
    """
    extraction = Extraction.objects.filter(sha256=sha256, state=TextState.WAITING_FOR_OCR).first()
    if extraction is None:
        return
    using, found = ocr.tesseract(), _bytes_of(sha256)
    if using.missing or found is None:
        Extraction.objects.filter(pk=extraction.pk).update(reason=using.missing or Reason.LOST)
        return
    deadline = time.monotonic() + TURN
    total = extraction.by_ocr + extraction.waiting
    for place, row in enumerate(extraction.texts.filter(waiting=True), extraction.by_ocr):
        progress(place, total)
        if time.monotonic() > deadline:
            _enqueue(RECOGNISE, sha256)
            return
        _keep_page(sha256, *_recognised(found[0], Kind(extraction.kind), row, using), reader=using.label)


def _recognised(data: bytes, kind: Kind, row: ExtractedPage, using: ocr.Tesseract) -> tuple[PageText, bool]:
    """The page, and whether it was read; a page that cannot be keeps what it had."""
    page = PageText(row.number, row.text, waiting=True)
    try:
        return ocr.read_scan(data, kind, page, using), True
    except SandboxError as error:
        logger.warning("Page %d of a %s could not be recognised: %s", row.number, kind, error)
        return PageText(row.number, row.text), False


@transaction.atomic
def _keep_page(sha256: str, page: PageText, was_read: bool, *, reader: str) -> None:
    extraction = Extraction.objects.select_for_update().get(sha256=sha256)
    if extraction.state != TextState.WAITING_FOR_OCR:
        return  # to be read again from nothing
    kept = extraction.texts.filter(number=page.number, waiting=True).update(
        text=page.text, by_ocr=page.by_ocr, waiting=False
    )
    if not kept:
        return  # by another worker
    extraction.count_anew()
    extraction.state = _state_after(extraction)
    if not was_read:
        extraction.reason = Reason.PAGES_LOST
    elif extraction.reason in {Reason.NO_TESSERACT, Reason.NO_FRENCH}:
        extraction.reason = Reason.NONE
    if reader not in extraction.readers:
        extraction.readers = ", ".join(filter(None, (extraction.readers, reader)))[:200]
    extraction.finished_at = timezone.now()
    extraction.save()
    if not extraction.waiting or extraction.by_ocr % TOLD_EVERY == 0:
        _tell(sha256)


def _state_after(extraction: Extraction) -> TextState:
    if extraction.waiting:
        return TextState.WAITING_FOR_OCR
    return TextState.OK if extraction.characters else TextState.EMPTY


@transaction.atomic
def read_again(*, version: DocumentVersion, author: Any) -> Extraction:
    """Asks for the text of a version once more, from nothing. The text that was there stays until then.

    Raises Denied when the person may not edit the document.
    """
    if not permissions.can_edit_document(author, version.document):
        raise permissions.Denied("Vous ne pouvez pas relancer la lecture de ce document.")
    extraction, _ = Extraction.objects.get_or_create(sha256=version.sha256, defaults={"kind": version.kind})
    start_again([extraction.pk])
    log(version.document, "kb.document.read_again", user=author, data=summary_of(version))
    return Extraction.objects.get(pk=extraction.pk)


@transaction.atomic
def read_all_again(*, author: Any, state: str = "", kind: str = "", reason: str = "") -> int:
    """The same for all the files in a state, of a kind, for a reason, or what of these is given. Returns how many.

    Raises Denied for who is no administrator, ChooseFirst without a choice.
    """
    if not permissions.Viewer.of(author).passes:
        raise permissions.Denied("Seul un administrateur relance toutes les lectures.")
    asked = {"state": state, "kind": kind, "reason": reason}
    filters = {name: value for name, value in asked.items() if value}
    if not filters:
        raise ChooseFirst(
            "Choisissez d’abord un état, un type de fichier ou une raison : tout relire prendrait des heures."
        )
    count = start_again(Extraction.objects.filter(**filters).values_list("pk", flat=True))
    logger.info("%s asked for %d readings again: %r", author.pk, count, filters)
    return count


def start_again(pks: Iterable[int]) -> int:
    """Has some readings done from nothing; who asks has the right. Returns how many."""
    again = Extraction.objects.filter(pk__in=list(pks))
    count = again.update(
        state=TextState.WAITING, reason=Reason.NONE, attempts=0, asked_at=timezone.now(), finished_at=None
    )
    for sha256 in again.values_list("sha256", flat=True):
        _enqueue(READ, sha256)
    return count
