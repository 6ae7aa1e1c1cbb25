"""What was left unread: versions from before, work that was lost, programs installed since."""

from datetime import timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Concat
from django.utils import timezone

from kb.documents.extraction import libreoffice, ocr, operations
from kb.documents.extraction.models import Extraction
from kb.documents.extraction.states import TextState
from kb.documents.models import DocumentVersion
from kb.work.models import UNFINISHED, Job

AT_ONCE = 500
PATIENCE = timedelta(minutes=10)  # a reading just asked for has its job in the same transaction


def take_up() -> int:
    """Asks for all that should have been read and was not. Returns how many files; at most 1,500 a turn."""
    return _never_asked() + _lost() + _programs_installed()


@transaction.atomic
def _never_asked() -> int:
    """Versions deposited before this room existed, or restored from a backup of that time."""
    known = Exists(Extraction.objects.filter(sha256=OuterRef("sha256")))
    left = DocumentVersion.objects.filter(~known).order_by("-pk").values_list("sha256", "kind")[:AT_ONCE]
    asked = dict(left)
    for sha256, kind in asked.items():
        operations.ask(sha256=sha256, kind=kind)
    return len(asked)


@transaction.atomic
def _lost() -> int:
    """Readings whose job is gone: given up after five deaths, or removed."""
    old = Extraction.objects.filter(state=TextState.WAITING, asked_at__lt=timezone.now() - PATIENCE)
    left = old.filter(~_has_job(operations.READ)).values_list("sha256", "kind")[:AT_ONCE]
    for sha256, kind in left:
        operations.ask(sha256=sha256, kind=kind)
    return len(left)


@transaction.atomic
def _programs_installed() -> int:
    """What waits for Tesseract or LibreOffice, where they are there now."""
    count = 0
    scans = Extraction.objects.filter(~_has_job(operations.RECOGNISE), state=TextState.WAITING_FOR_OCR)
    if scans.exists() and not ocr.tesseract().missing:
        for sha256 in scans.values_list("sha256", flat=True)[:AT_ONCE]:
            operations.ask_recognition(sha256=sha256)
            count += 1
    if libreoffice.program():
        waiting = Extraction.objects.filter(state=TextState.WAITING_FOR_PROGRAM)
        count += operations.start_again(waiting.values_list("pk", flat=True)[:AT_ONCE])
    return count


def _has_job(kind: str) -> Exists:
    key = Concat(Value(f"{kind}-"), OuterRef("sha256"), output_field=CharField())
    return Exists(Job.objects.filter(key=key, state__in=UNFINISHED))
