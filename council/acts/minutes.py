"""The life of a procès-verbal (L2121-15): typed, sent, arrêté at the next sitting, then published. Deeds."""

import hashlib
from collections.abc import Mapping

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from wagtail.log_actions import log

from council.acts import papers
from council.acts.content import Content
from council.acts.models import Discussion, MinutesState, ProcesVerbal
from council.acts.operations import closed, require_manager
from council.acts.papers import Paper
from council.acts.queries import OPENED
from council.agenda.models import DoneStep, SittingPage, stage_of
from council.agenda.queries import meeting_day, numbered, placed
from council.members.queries import in_office
from kb import permissions
from kb.exchange.pdf import PdfUnavailable
from kb.notices import operations as notices
from kb.people.account import User
from kb.refusals import Refused
from kb.typography import day

discussions_typed = Signal()  # sitting=: what was said has changed, in this transaction


def _locked(sitting: SittingPage) -> ProcesVerbal:
    """Its row, made at the first deed; two people write one after the other."""
    ProcesVerbal.objects.get_or_create(sitting=sitting)
    return ProcesVerbal.objects.select_for_update().get(sitting=sitting)


def _not_approved(minutes: ProcesVerbal) -> None:
    if minutes.state == MinutesState.APPROVED and minutes.approved_on:
        raise Refused(
            f"Le procès-verbal est arrêté depuis le {day(minutes.approved_on)}, son texte ne change plus : faites noter la "
            "rectification au procès-verbal de la prochaine séance."
        )


# What is typed.


@transaction.atomic
def type_discussions(*, sitting: SittingPage, texts: Mapping[int, str], by: User) -> int:
    """The substance of what was said, item's id → text; an item that is not named keeps its own. How many have changed.

    From the opening on: it is typed in the room, or the next morning. Raises PermissionDenied, Refused.
    """
    require_manager(by, sitting)
    if stage_of(sitting) not in OPENED:
        raise Refused("La séance n’a pas eu lieu : les débats se notent une fois l’appel fait.")
    _not_approved(_locked(sitting))
    items = {row.item_id for _, row in numbered(placed(sitting), convened=True)}
    known = Content(sitting).discussions
    fresh = {
        item: text.strip() for item, text in texts.items() if item in items and text.strip() != known.get(item, "")
    }
    Discussion.objects.bulk_create(
        Discussion(sitting=sitting, item_id=item, text=text, by=by) for item, text in fresh.items()
    )
    if fresh:
        discussions_typed.send(Discussion, sitting=sitting)
    return len(fresh)


# Sent.


@transaction.atomic
def send(*, sitting: SittingPage, by: User) -> list[str]:
    """The draft goes to the members in office who read the sitting; again when its text has moved. Who has no account.

    Raises PermissionDenied, Refused.
    """
    require_manager(by, sitting)
    closed(sitting)
    minutes = _locked(sitting)
    _not_approved(minutes)
    without = []
    for mandate in in_office(sitting.instance, timezone.localdate()):
        if mandate.account is None or not permissions.can_view(mandate.account, sitting):
            without.append(str(mandate))
            continue
        notices.tell(kind="minutes", to=mandate.account, page=sitting, by=by, asks=True)
    minutes.state, minutes.sent_at, minutes.sent_mark = MinutesState.SENT, timezone.now(), Content(sitting).minutes_mark
    minutes.save()
    log(sitting, "council.minutes.send", user=by)
    return without


# Arrêté.


def next_held(sitting: SittingPage) -> SittingPage | None:
    """The first sitting after it that has opened: there the minutes are arrêtées."""
    later = SittingPage.objects.filter(instance=sitting.instance_id, starts_at__gt=sitting.starts_at)
    return later.filter(record__state__in=OPENED).order_by("starts_at").first()


@transaction.atomic
def approve(*, sitting: SittingPage, remarks: str, by: User) -> ProcesVerbal:
    """Arrêté at the start of the next sitting: its text is frozen, with its file; the buttons of the sitting end.

    Raises PermissionDenied, Refused.
    """
    require_manager(by, sitting)
    closed(sitting)
    minutes = _locked(sitting)
    _not_approved(minutes)
    if minutes.state == MinutesState.DRAFT:
        raise Refused("Le projet n’est pas parti : envoyez-le d’abord aux membres, ils l’arrêtent après l’avoir lu.")
    following = next_held(sitting)
    if following is None:
        raise Refused(
            "Le procès-verbal s’arrête au début de la séance suivante, et aucune n’est ouverte : faites-en d’abord l’appel."
        )
    minutes.state, minutes.remarks = MinutesState.APPROVED, remarks.strip()
    minutes.approved_on, minutes.approved_in = meeting_day(following), following
    minutes.file = _frozen(sitting, minutes)
    minutes.sha256 = hashlib.sha256(minutes.file).hexdigest()
    minutes.save()
    # What the calendar shows, and what ends the buttons (council.convening.signals).
    DoneStep.objects.update_or_create(
        sitting=sitting,
        code="minutes_approved",
        defaults={"on": minutes.approved_on, "noted_by": by, "noted_at": timezone.now()},
    )
    log(sitting, "council.minutes.approve", user=by, data={"on": minutes.approved_on.isoformat()})
    return minutes


def _frozen(sitting: SittingPage, minutes: ProcesVerbal) -> bytes:
    content = Content(sitting)
    content.minutes = minutes
    try:
        return papers.made(papers.of_sitting(content, Paper.MINUTES), "pdf")
    except PdfUnavailable as missing:
        raise Refused(str(missing)) from missing


# Published.


def public_file(sitting: SittingPage) -> bytes:
    """The procès-verbal as the public reads it, nothing said in huis clos in it. Raises Refused before it is arrêté."""
    check_publishable(sitting)
    try:
        return papers.made(papers.of_sitting(Content(sitting), Paper.MINUTES, public=True), "pdf")
    except PdfUnavailable as missing:
        raise Refused(str(missing)) from missing


def check_publishable(sitting: SittingPage) -> None:
    """Raises Refused before it is arrêté (L2121-15)."""
    if not ProcesVerbal.objects.filter(sitting=sitting, state=MinutesState.APPROVED).exists():
        raise Refused(
            "Le procès-verbal n’est pas arrêté, il ne se publie pas encore : le conseil l’arrête au début de la séance "
            "suivante, notez-le alors depuis « Le procès-verbal »."
        )
