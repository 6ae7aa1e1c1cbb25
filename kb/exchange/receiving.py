"""Files brought in from a screen: kept as they come, then read one by one by the worker."""

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from kb import permissions
from kb.documents import file_types, storage
from kb.documents import operations as documents
from kb.documents.twins import twin_of
from kb.exchange import operations
from kb.exchange.models import SETTLED, Import, ImportRecord, ImportState
from kb.people.account import User
from kb.work import operations as work
from kb.work.models import Queue

JOB = "import"
KEPT_UNANSWERED = timedelta(days=30)
NO_ANSWER = "Aucune réponse en 30 jours : rien n’a été importé. Donnez le fichier à nouveau."
GONE = "La page où ce fichier allait n’existe plus pour vous : rien n’a été importé. Choisissez une autre page."


@transaction.atomic
def receive(*, parent: Page, uploads: list[Any], author: User) -> Import:
    """Keeps the files and asks the worker to read them. One that is there already waits for an answer.

    Raises PermissionDenied when the person may not write below `parent`.
    """
    if not permissions.abilities(author, parent)["create_below"]:
        raise PermissionDenied(f"Vous ne pouvez pas créer de page sous « {parent.title} ».")
    together = Import.objects.create(person=author, parent=parent)
    for upload in uploads:
        _keep(together, upload, author)
    return together


def _keep(together: Import, upload: Any, author: User) -> None:
    name = file_types.safe_name(upload.name)
    record = ImportRecord(together=together, file_name=name[:255], by=author, state=ImportState.WAITING)
    if upload.size > settings.WAGTAILDOCS_MAX_UPLOAD_SIZE:
        record.state, record.message = ImportState.REFUSED, documents.too_big(name)
        record.save()
        return
    record.sha256 = documents.sha256_of(upload)
    twin = twin_of(upload, author)
    if twin:
        record.state, record.document = ImportState.ASKED, twin
        record.message = f"Déjà là, sous le titre « {twin.title} ». Rien n’a été importé."
    upload.seek(0)
    record.upload.save(name, upload, save=False)
    record.save()
    if not twin:
        _ask(record, reuse=False)


def _ask(record: ImportRecord, *, reuse: bool) -> None:
    work.enqueue(
        kind=JOB,
        payload={"record": record.pk, "reuse": reuse},
        queue=Queue.SLOW,
        key=f"{JOB}-{record.pk}",
        requested_by=record.by,
    )


@transaction.atomic
def answer(*, record: ImportRecord, reuse: bool) -> None:
    """What its person says of a file that is there already: joined as it is there (`reuse`), or kept twice."""
    asked = ImportRecord.objects.filter(pk=record.pk, state=ImportState.ASKED)
    if asked.update(state=ImportState.WAITING, message="", document=None):
        _ask(record, reuse=reuse)


def take_in(record_id: int, *, reuse: bool) -> None:
    """Reads one file that waits, and makes of it what it says. Done once; rights are asked now."""
    waiting = ImportRecord.objects.select_related("together__parent", "by")
    record = waiting.filter(pk=record_id, state=ImportState.WAITING).first()
    if record is None or record.together is None:
        return
    kept = str(record.upload.name)
    try:
        with storage.documents().open(kept, "rb") as file:
            operations.bring_in(
                parent=record.together.parent,
                file=file,
                file_name=record.file_name,
                author=cast(User, record.by),
                reuse=reuse,
                record=record,
            )
    except PermissionDenied:
        record.state, record.message = ImportState.REFUSED, GONE
    _let_go(record)


def _let_go(record: ImportRecord) -> None:
    """The row says what became of the file; its bytes are the document's, or nobody's."""
    kept, record.upload = str(record.upload.name), ""
    record.save()
    storage.documents().delete(kept)


def tidy() -> None:
    """Lets go of files whose person never answered, and of those that a kill left beside what was made of them."""
    late = ImportRecord.objects.filter(state=ImportState.ASKED, at__lt=timezone.now() - KEPT_UNANSWERED)
    for record in late:
        record.state, record.message, record.document = ImportState.REFUSED, NO_ANSWER, None
        _let_go(record)
    for record in ImportRecord.objects.filter(state__in=SETTLED).exclude(upload=""):
        _let_go(record)
