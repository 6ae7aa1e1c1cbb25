"""Signed papers come back: each file dropped finds its act by its number; what finds none is asked for. Deeds."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from council.acts import queries
from council.acts.content import Content, mark_of
from council.acts.matching import Found, Known, match
from council.acts.models import Deliberation, MinutesState, SignedCopy, SignedPaper
from council.acts.operations import closed, require_manager
from council.agenda.models import SittingPage
from council.agenda.operations import Refused
from kb.documents import file_types
from kb.documents.extraction import ocr
from kb.documents.extraction import pdf as pdf_text
from kb.documents.extraction.reading import CannotRead
from kb.documents.extraction.states import Reason
from kb.documents.file_types import IMAGES, Kind
from kb.documents.operations import HashedFile
from kb.work import operations as work

ACCEPTED = frozenset({Kind.PDF, *IMAGES})
TITLE = 600  # characters: where a paper says what it is


def receive(*, sitting: SittingPage, file: Any, file_name: str, by: Any) -> SignedCopy:
    """Keeps a signed file of a closed sitting, and says what it is where its name or its first page does.

    Raises PermissionDenied, Refused.
    """
    require_manager(by, sitting)
    name = file_types.safe_name(file_name)
    try:
        kind = file_types.judge(file, name, accepted=ACCEPTED)
    except file_types.RefusedFile as refused:
        raise Refused(str(refused)) from refused
    found = match(_known(sitting), file_name=name, text=_title(file, kind.kind))
    return _keep(sitting, file, file_types.fitting_name(name, kind), kind.mime, found, by)


JOB = "signed"


def recognise(copy_id: int) -> None:
    """Reads the scan that nobody has named, and says what it is where its first page does. Twice changes nothing."""
    copy = SignedCopy.objects.select_related("sitting").filter(pk=copy_id, paper="", set_aside_at=None).first()
    using = ocr.tesseract()
    if copy is None or using.missing != Reason.NONE:
        return
    with copy.file.open("rb") as source:
        data = source.read()
    kind = file_types.judge(data, copy.file_name).kind
    text = ocr.recognised(ocr.picture_of(data, kind, 1), using)
    found = match(_known(copy.sitting), file_name="", text=text[:TITLE])
    if found is not None:
        _name(copy_id, found)


@transaction.atomic
def _name(copy_id: int, found: Found) -> None:
    """What the scan says, unless a person has said it meanwhile; a procès-verbal too early stays unnamed."""
    copy = SignedCopy.objects.select_for_update(of=("self",)).select_related("sitting").get(pk=copy_id)
    if copy.paper or copy.set_aside_at:
        return
    try:
        _say(copy, found)
    except Refused:
        return
    copy.save()
    log(
        copy.sitting,
        "council.acts.signed",
        user=copy.by,
        data={"file": copy.file_name, "paper": str(found.paper.label)},
    )


def _known(sitting: SittingPage) -> list[Known]:
    return [Known(one.pk, (one.written, one.number)) for one in queries.deliberations_of(sitting)]


def _title(file: Any, kind: str) -> str:
    """What the first page says at its top; nothing for a scan that no machine has read."""
    if kind != Kind.PDF:
        return ""
    file.seek(0)
    try:
        pages, _readers, _reason = pdf_text.read(file.read(), lambda: None)
    except CannotRead:
        return ""
    return pages[0].text[:TITLE] if pages else ""


def _keep(sitting: SittingPage, file: Any, name: str, mime: str, found: Found | None, by: Any) -> SignedCopy:
    hashed = HashedFile(file, name)
    copy = SignedCopy(sitting=sitting, file_name=name, mime=mime, by=by)
    copy.file.save(name, hashed, save=False)
    try:
        with transaction.atomic():
            closed(sitting)
            copy.sha256, copy.size = hashed.digest.hexdigest(), hashed.read_size
            twin = queries.signed_copies(sitting).filter(sha256=copy.sha256).first()
            if twin is not None:
                raise Refused(f"« {name} » est déjà là, déposé sous le nom « {twin.file_name} » : rien n’est ajouté.")
            if found is not None:
                _say(copy, found)
            copy.save()
            if found is None:
                work.enqueue(kind=JOB, payload={"copy": copy.pk}, queue="slow", key=f"{JOB}-{copy.pk}", requested_by=by)
            log(sitting, "council.acts.signed", user=by, data={"file": name, "sha256": copy.sha256})
    except BaseException:
        copy.file.storage.delete(str(copy.file.name))  # no row names these bytes
        raise
    return copy


@transaction.atomic
def say(*, copy: SignedCopy, found: Found, by: Any) -> SignedCopy:
    """What a file is, said by a person. Raises PermissionDenied, Refused."""
    copy = SignedCopy.objects.select_for_update(of=("self",)).select_related("sitting").get(pk=copy.pk)
    require_manager(by, copy.sitting)
    if found.act and not Deliberation.objects.filter(pk=found.act, sitting=copy.sitting_id).exists():
        raise Refused("Cette délibération n’est pas de cette séance : choisissez-en une de la liste.")
    _say(copy, found)
    copy.save()
    log(copy.sitting, "council.acts.signed", user=by, data={"file": copy.file_name, "paper": str(found.paper.label)})
    return copy


def _say(copy: SignedCopy, found: Found) -> None:
    content = Content(copy.sitting)
    if found.paper == SignedPaper.MINUTES and content.minutes.state != MinutesState.APPROVED:
        raise Refused(
            "Le procès-verbal n’est pas arrêté : sa copie signée se dépose après. Arrêtez-le d’abord, à la séance suivante."
        )
    copy.paper, copy.deliberation_id = found.paper, found.act
    copy.mark = current_mark(content, copy)


@transaction.atomic
def set_aside(*, copy: SignedCopy, by: Any) -> None:
    """Not a paper of this sitting: kept, shown nowhere. Again changes nothing. Raises PermissionDenied."""
    copy = SignedCopy.objects.select_for_update(of=("self",)).select_related("sitting").get(pk=copy.pk)
    require_manager(by, copy.sitting)
    if copy.set_aside_at is None:
        copy.set_aside_at = timezone.now()
        copy.save(update_fields=["set_aside_at"])
        log(copy.sitting, "council.acts.set_aside", user=by, data={"file": copy.file_name})


# Whether a copy still signs what is written.


def current_mark(content: Content, copy: SignedCopy) -> str:
    """Of the text that this copy would sign now."""
    if copy.deliberation_id is not None:
        return mark_of(next(one for one in content.deliberations if one.pk == copy.deliberation_id))
    marks = {
        SignedPaper.MINUTES: lambda: content.minutes_mark,
        SignedPaper.ATTENDANCE: lambda: content.attendance_mark,
        SignedPaper.CLOSING: lambda: content.closing_mark,
    }
    return marks[SignedPaper(copy.paper)]() if copy.paper else ""


def is_stale(content: Content, copy: SignedCopy) -> bool:
    """The text has moved since it was signed: it is to be signed again."""
    return bool(copy.paper) and copy.mark != current_mark(content, copy)


def newest(copies: Sequence[SignedCopy]) -> dict[tuple[str, int | None], SignedCopy]:
    """(paper, act) → the copy that counts."""
    return {(one.paper, one.deliberation_id): one for one in copies if one.paper}
