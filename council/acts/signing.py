"""Signed papers come back: each file dropped finds its act by its number; what finds none is asked for. Deeds."""

import io
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pikepdf
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from council.acts import queries
from council.acts.content import Content, mark_of
from council.acts.matching import Found, Known, Part, by_name, by_pages
from council.acts.models import Deliberation, MinutesState, SignedCopy, SignedPaper
from council.acts.operations import closed, require_manager
from council.agenda.models import SittingPage
from kb.documents import file_types
from kb.documents.extraction import ocr
from kb.documents.extraction import pdf as pdf_text
from kb.documents.extraction.reading import CannotRead
from kb.documents.extraction.states import Reason
from kb.documents.file_types import IMAGES, Kind
from kb.documents.operations import HashedFile
from kb.people.account import User
from kb.refusals import Refused
from kb.work import operations as work

ACCEPTED = frozenset({Kind.PDF, *IMAGES})
JOB = "signed"


def receive(*, sitting: SittingPage, file: Any, file_name: str, by: User) -> list[SignedCopy]:
    """Keeps a signed file of a closed sitting: its name says what it is, or else the titles of its pages.

    Several papers scanned at once are parted. A scan without letters is read in the background; what stays unknown is
    asked for. Raises PermissionDenied, Refused.
    """
    require_manager(by, sitting)
    name = file_types.safe_name(file_name)
    try:
        kind = file_types.judge(file, name, accepted=ACCEPTED)
    except file_types.RefusedFile as refused:
        raise Refused(str(refused)) from refused
    acts = _known(sitting)
    found = by_name(acts, name)
    parts = [] if found else by_pages(acts, _letters(file, kind.kind))
    with transaction.atomic():
        copy = _keep(sitting, file, file_types.fitting_name(name, kind), kind.mime, by)
        if found is not None:
            return [_named(copy, found, by)]
        if parts:
            return _parted(copy, parts, by)
        work.enqueue(kind=JOB, payload={"copy": copy.pk}, queue="slow", key=f"{JOB}-{copy.pk}", requested_by=by)
        return [copy]


def _known(sitting: SittingPage) -> list[Known]:
    return [Known(one.pk, (one.written, one.number)) for one in queries.deliberations_of(sitting)]


def _letters(file: Any, kind: str) -> list[str]:
    """The text of each page of a PDF; nothing of a scan that no machine has read."""
    if kind != Kind.PDF:
        return []
    file.seek(0)
    try:
        pages, _readers, _reason = pdf_text.read(file.read(), lambda: None)
    except CannotRead:
        return []
    return [page.text for page in sorted(pages, key=lambda page: page.number)]


def _keep(sitting: SittingPage, file: Any, name: str, mime: str, by: User) -> SignedCopy:
    """The row and its bytes. Raises Refused where they are there already."""
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
            copy.save()
            log(sitting, "council.acts.signed", user=by, data={"file": name, "sha256": copy.sha256})
    except BaseException:
        copy.file.storage.delete(str(copy.file.name))  # no row names these bytes
        raise
    return copy


def _named(copy: SignedCopy, found: Found, by: User) -> SignedCopy:
    _say(copy, found)
    copy.save()
    log(copy.sitting, "council.acts.signed", user=by, data={"file": copy.file_name, "paper": str(found.paper.label)})
    return copy


# Several papers in one file.


def _parted(copy: SignedCopy, parts: Sequence[Part], by: User) -> list[SignedCopy]:
    """Each paper its own copy; the file as it came is kept, set aside."""
    if len(parts) == 1 and parts[0].first == 0:
        return [_named(copy, parts[0].found, by)]
    with copy.file.open("rb") as source:
        data = source.read()
    made = [_part(copy, data, part, by) for part in parts]
    copy.set_aside_at = timezone.now()
    copy.save(update_fields=["set_aside_at"])
    return made


def _part(copy: SignedCopy, data: bytes, part: Part, by: User) -> SignedCopy:
    name = f"{_title_of(part.found)}.pdf"
    with pikepdf.open(io.BytesIO(data)) as whole, pikepdf.Pdf.new() as alone:
        alone.pages.extend(whole.pages[part.first : part.last])
        out = io.BytesIO()
        alone.save(out, deterministic_id=True)
    return _named(_keep(copy.sitting, out, name, "application/pdf", by), part.found, by)


def _title_of(found: Found) -> str:
    if found.act is None:
        return str(found.paper.label)
    return Deliberation.objects.get(pk=found.act).written


# A scan, read in the background.


def recognise(copy_id: int, *, progress: Any = None) -> None:
    """Reads the scan that nobody has named, and says what it is where its titles do. Twice changes nothing."""
    copy = SignedCopy.objects.select_related("sitting").filter(pk=copy_id, paper="", set_aside_at=None).first()
    using = ocr.tesseract()
    if copy is None or using.missing != Reason.NONE:
        return
    parts = by_pages(_known(copy.sitting), _seen(copy, using, progress or (lambda done, total: None)))
    if not parts:
        return
    with suppress(Refused), transaction.atomic():
        waiting = SignedCopy.objects.select_for_update(of=("self",)).filter(pk=copy_id, paper="", set_aside_at=None)
        for one in waiting.select_related("sitting", "by"):  # unless a person has said it meanwhile
            _parted(one, parts, one.by)


def _seen(copy: SignedCopy, using: ocr.Tesseract, progress: Any) -> list[str]:
    """The words of each page, as a machine sees them."""
    with copy.file.open("rb") as source:
        data = source.read()
    kind = file_types.judge(data, copy.file_name).kind
    total = _pages(data) if kind == Kind.PDF else 1
    texts = []
    for number in range(1, total + 1):
        texts.append(ocr.recognised(ocr.picture_of(data, kind, number), using))
        progress(number, total)
    return texts


def _pages(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as found:
        return len(found.pages)


@transaction.atomic
def say(*, copy: SignedCopy, found: Found, by: User) -> SignedCopy:
    """What a file is, said by a person. Raises PermissionDenied, Refused."""
    copy = SignedCopy.objects.select_for_update(of=("self",)).select_related("sitting").get(pk=copy.pk)
    require_manager(by, copy.sitting)
    if found.act and not Deliberation.objects.filter(pk=found.act, sitting=copy.sitting_id).exists():
        raise Refused("Cette délibération n’est pas de cette séance : choisissez-en une de la liste.")
    return _named(copy, found, by)


def _say(copy: SignedCopy, found: Found) -> None:
    content = Content(copy.sitting)
    if found.paper == SignedPaper.MINUTES and content.minutes.state != MinutesState.APPROVED:
        raise Refused(
            "Le procès-verbal n’est pas arrêté : sa copie signée se dépose après. Arrêtez-le d’abord, à la séance suivante."
        )
    copy.paper, copy.deliberation_id = found.paper, found.act
    copy.mark = current_mark(content, copy)


@transaction.atomic
def set_aside(*, copy: SignedCopy, by: User) -> None:
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
