"""Deeds on a sitting and its agenda. Each asks the right, changes, logs and tells, in one transaction."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from council import clock
from council.agenda import queries, urgency
from council.agenda.enums import BEFORE_STATES, Channel, PlaceState, ProposalState, SittingState
from council.agenda.models import AgendaItemPage, AgendaPlace, DoneStep, Proposal, SittingPage, SittingRecord, stage_of
from council.frozen import copying
from council.items.models import ItemSubject
from council.members.models import Instance
from kb import permissions
from kb.pages import operations as pages
from kb.pages import revising, tree
from kb.pages.copying import copy_page
from kb.people.account import User
from kb.refusals import Refused
from kb.typography import day


def _require(by: User, page: Page, ability: str, verb: str) -> None:
    if not permissions.abilities(by, page)[ability]:
        raise PermissionDenied(f"Vous ne pouvez pas {verb} « {page.title} ».")


def _in_preparation(sitting: SittingPage, way_out: str) -> None:
    if stage_of(sitting) != SittingState.PREPARATION:
        raise Refused(f"« {sitting.title} » est convoquée, son ordre du jour ne bouge plus : {way_out}.")


def _placed(sitting: SittingPage) -> list[AgendaPlace]:
    """The rows of the agenda, each saved, numbered from 1 without a hole."""
    rows = queries.placed(sitting)
    for position, row in enumerate(rows, 1):
        if row.pk is None or row.position != position:
            row.position = position
            row.save()
    return rows


def _place_of(item: AgendaItemPage) -> tuple[SittingPage, list[AgendaPlace], AgendaPlace]:
    tree.one_writer()
    sitting = SittingPage.objects.get(pk=item.get_parent().pk)
    rows = _placed(sitting)
    return sitting, rows, next(row for row in rows if row.item_id == item.pk)


# The order.


@transaction.atomic
def move_item(*, item: AgendaItemPage, step: int, by: User) -> None:
    """One place up (−1) or down (1); at the end of the list nothing moves."""
    _stand(item, lambda here: here + step, by)


@transaction.atomic
def place_item(*, item: AgendaItemPage, number: int, by: User) -> None:
    """To this number of the agenda (from 1), as it is numbered on screen; beyond its end, last."""
    _stand(item, lambda here: number - 1, by)


def _stand(item: AgendaItemPage, where: Callable[[int], int], by: User) -> None:
    """At the place (from 0) that `where` makes of its own, the others moving up or down by one."""
    sitting, rows, own = _place_of(item)
    _require(by, sitting, "edit", "ordonner")
    _in_preparation(sitting, "les numéros annoncés restent")
    standing = [row for row in rows if row.state == PlaceState.ON]
    here, positions = standing.index(own), [row.position for row in standing]
    there = min(max(where(here), 0), len(standing) - 1)
    if here == there:
        return
    if own.urgency or (there == 0 and standing[0].urgency):
        raise Refused("Le constat de l’urgence ouvre la séance : il reste en tête.")
    standing.insert(there, standing.pop(here))
    for row, position in zip(standing, positions, strict=True):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
    log(sitting, "council.agenda.order", user=by, data={"item": item.pk})


# Leaving an agenda.


def check_not_begun(sitting: SittingPage) -> None:
    """Once a sitting has begun, the council alone moves its items, noted on the floor. Raises Refused."""
    if stage_of(sitting) not in BEFORE_STATES:
        raise Refused(
            "La séance a commencé, ou n’aura pas lieu : son ordre du jour ne change plus d’ici. Ce que le conseil renvoie ou "
            "retire se note dans « Tenir la séance »."
        )


@transaction.atomic
def take_off(*, item: AgendaItemPage, reason: str, by: User) -> None:
    """« Retiré de l’ordre du jour » : the item keeps its place, with the reason."""
    sitting, _rows, own = _place_of(item)
    _require(by, sitting, "edit", "changer")
    _leave(own, PlaceState.WITHDRAWN, reason, by)
    log(sitting, "council.agenda.withdraw", user=by, data={"item": item.pk, "why": reason})


@transaction.atomic
def postpone(*, item: AgendaItemPage, to: SittingPage | None, reason: str, by: User) -> AgendaItemPage:
    """To a later sitting in preparation, with a reason. What was sent stays: from a sitting convened a copy leaves.

    Without `to`, it waits for a sitting that nobody has created yet.
    """
    sitting, _rows, own = _place_of(item)
    _require(by, sitting, "edit", "changer")
    if to is None:
        _leave(own, PlaceState.POSTPONED, reason, by)
        log(sitting, "council.agenda.postpone", user=by, data={"item": item.pk, "why": reason})
        return item
    _require(by, to, "create_below", "compléter")
    _in_preparation(to, "choisissez une séance en préparation")
    if to.starts_at <= sitting.starts_at:
        raise Refused("On renvoie à une séance plus tardive : choisissez-la, ou créez-la d’abord.")
    _leave(own, PlaceState.POSTPONED, reason, by, to=to)
    if stage_of(sitting) == SittingState.PREPARATION:
        item.move(Page.objects.get(pk=to.pk), pos="last-child", user=by)
        moved = AgendaItemPage.objects.get(pk=item.pk)
    else:
        copied = copy_page(page=item, to=to, title=item.title, slug=item.slug, author=by)
        moved = AgendaItemPage.objects.get(pk=copied.page.pk)
    _placed(to)
    log(sitting, "council.agenda.postpone", user=by, data={"item": item.pk, "to": to.title, "why": reason})
    return moved


def _leave(place: AgendaPlace, state: PlaceState, reason: str, by: User, to: SittingPage | None = None) -> None:
    if place.state != PlaceState.ON:
        raise Refused(f"Ce point n’est plus à l’ordre du jour : {PlaceState(place.state).label.lower()}.")
    if not reason.strip():
        raise Refused("Un point ne quitte pas l’ordre du jour sans raison : écrivez-la.")
    place.state, place.reason, place.moved_to = state, reason.strip(), to
    place.title = place.item.draft_title or place.item.title
    place.changed_at, place.changed_by = timezone.now(), by
    place.save()


# The convocation, sent by the town's usual means.


@transaction.atomic
def record_convocation(*, sitting: SittingPage, sent_on: date, channel: Channel, proof: str, by: User) -> SittingRecord:
    """Notes a convocation that left, and opens the dossier to all at the same minute. Refused outside the delay.

    Raises PermissionDenied, Refused.
    """
    tree.one_writer()
    sitting = SittingPage.objects.get(pk=sitting.pk)
    _require(by, sitting, "publish", "convoquer")
    _in_preparation(sitting, "la convocation est déjà notée")
    standing = [row for row in _placed(sitting) if row.state == PlaceState.ON]
    if not standing:
        raise Refused("L’ordre du jour est vide : inscrivez au moins un point, puis notez la convocation.")
    if sent_on > timezone.localdate():
        raise Refused(f"Le {day(sent_on)} n’est pas encore passé : notez la convocation une fois partie.")
    urgency.require_constat(sitting)
    _check_delay(sitting, sent_on)
    record, _new = SittingRecord.objects.get_or_create(page=sitting)
    record.state, record.sent_on, record.channel, record.proof = SittingState.CONVENED, sent_on, channel, proof.strip()
    record.urgency = urgency.reason_of(sitting)[:300]
    record.convened_at, record.convened_by = timezone.now(), by
    record.convened_revision = sitting.get_latest_revision()
    record.save()
    _publish_all(sitting, standing, sent_on, by)
    log(sitting, "council.sitting.convene", user=by, data={"sent_on": sent_on.isoformat(), "channel": channel})
    return record


def _check_delay(sitting: SittingPage, sent_on: date) -> None:
    """Outside the delay nothing is convened; what is not known is asked."""
    facts = queries.Facts(SittingRecord(page=sitting, sent_on=sent_on), {}, None)
    try:
        found = {one.code: one for one in queries.deadlines_of(sitting, facts)}
    except clock.CannotTell as unknown:
        raise Refused(str(unknown)) from None
    convocation = found["convocation"]
    if convocation.due is None:
        raise Refused(f"{convocation.why} Les réglages du conseil l’attendent.")
    if sent_on > convocation.due:
        raise Refused(
            f"Partie le {day(sent_on)}, la convocation est trop tardive : elle devait partir le {day(convocation.due)} au "
            f"plus tard (art. {convocation.article}). Choisissez une autre date de séance, convoquez en urgence, ou notez "
            "un envoi plus ancien avec sa preuve."
        )
    missing = queries.without_note(sitting) if "note" in found else []
    if missing:
        titles = ", ".join(f"« {title} »" for title in missing)
        raise Refused(f"La note de synthèse manque pour {titles} (art. {found['note'].article}) : écrivez-la d’abord.")


def _publish_all(sitting: SittingPage, rows: list[AgendaPlace], sent_on: date, by: User) -> None:
    """The sitting and its items, each at its newest draft, which nothing overwrites from now on."""
    because = f"Convocation du {day(sent_on)}"
    for number, row in enumerate(rows, 1):
        row.convened_revision, row.number = row.item.get_latest_revision(), str(number)
        row.save(update_fields=["convened_revision", "number"])
    for page in (sitting, *(row.item for row in rows)):
        revision = page.get_latest_revision()
        revising.keep(revision, because=because)
        pages.publish_draft(page=page, revision=revision, author=by)
    copying.freeze(SittingPage.objects.get(pk=sitting.pk), rows, by=by)


@transaction.atomic
def note_held(*, sitting: SittingPage, by: User) -> None:
    """The sitting took place."""
    _require(by, sitting, "publish", "clore")
    record = SittingRecord.objects.select_for_update().filter(page=sitting.pk).first()
    if record is None or record.state == SittingState.PREPARATION:
        raise Refused("La séance n’est pas convoquée : notez d’abord sa convocation.")
    if record.state == SittingState.CANCELLED:
        raise Refused("La séance est annulée : elle n’a pas eu lieu.")
    if record.state in {SittingState.OPEN, SittingState.CLOSED}:
        raise Refused("La séance a déjà son fil : levez-la ou corrigez-la depuis « Tenir la séance ».")
    if sitting.starts_at > timezone.now():
        raise Refused(f"La séance est le {day(queries.meeting_day(sitting))} : notez-la tenue une fois passée.")
    record.state = SittingState.HELD
    record.save(update_fields=["state"])
    log(sitting, "council.sitting.held", user=by)


@transaction.atomic
def note_done(*, sitting: SittingPage, code: str, on: date, by: User) -> None:
    """A deadline of the clock was met on that day; noting it again corrects the day."""
    _require(by, sitting, "publish", "tenir le calendrier de")
    rows = {row["code"] for row in queries.clock_rows(sitting, timezone.localdate())} - queries.NOT_TICKED
    if code not in rows - {"meeting"}:
        raise Refused("Cette échéance ne se note pas ici : rouvrez la séance pour voir celles qui l’attendent.")
    if on > timezone.localdate():
        raise Refused(f"Le {day(on)} n’est pas encore passé : notez-le une fois fait.")
    if code not in queries.BEFORE and on < queries.meeting_day(sitting):
        raise Refused(f"La séance est le {day(queries.meeting_day(sitting))} : donnez ce jour-là ou un jour d’après.")
    DoneStep.objects.update_or_create(
        sitting=sitting, code=code, defaults={"on": on, "noted_by": by, "noted_at": timezone.now()}
    )
    log(sitting, "council.step.done", user=by, data={"code": code, "on": on.isoformat()})


# Proposals.


@transaction.atomic
def propose(*, instance: Instance, page: Page, title: str, why: str, by: User) -> Proposal:
    """« Proposer au conseil » : who edits a page asks for a place on the next agenda."""
    _require(by, page, "edit", "proposer au conseil")
    same = Proposal.objects.filter(page=page.pk, title=title.strip(), state=ProposalState.WAITING)
    if same.exists():
        raise Refused(f"« {title.strip()} » attend déjà une réponse du secrétariat : changez le titre, ou patientez.")
    proposal = Proposal.objects.create(
        instance=instance, page=Page.objects.get(pk=page.pk), title=title.strip(), why=why.strip(), by=by
    )
    log(page, "council.proposal.make", user=by, data={"title": proposal.title})
    return proposal


@transaction.atomic
def accept(*, proposal: Proposal, sitting: SittingPage, by: User) -> AgendaItemPage:
    """The proposal becomes an item, last on the agenda of that sitting."""
    tree.one_writer()
    _require(by, sitting, "create_below", "compléter")
    _require(by, proposal.page, "view", "lire")
    _in_preparation(sitting, "choisissez une séance en préparation")
    proposal = _waiting(proposal)
    if proposal.instance_id != sitting.instance_id:
        raise Refused(f"Cette proposition est faite à « {proposal.instance} » : choisissez une de ses séances.")
    asked = AgendaItemPage(title=proposal.title, summary=proposal.why, subjects=[ItemSubject(subject=proposal.page)])
    item = pages.create_page(parent=sitting, page=asked, author=by, why=f"Proposé par {proposal.by}")
    _placed(sitting)
    proposal.state, proposal.item = ProposalState.ACCEPTED, item
    proposal.answered_at, proposal.answered_by = timezone.now(), by
    proposal.save()
    log(sitting, "council.proposal.accept", user=by, data={"title": proposal.title})
    return item


@transaction.atomic
def refuse(*, proposal: Proposal, sitting: SittingPage, answer: str, by: User) -> None:
    """The proposal is set aside, with a reason that its author reads on the page."""
    _require(by, sitting, "create_below", "compléter")
    _require(by, proposal.page, "view", "lire")
    if not answer.strip():
        raise Refused("Une proposition ne s’écarte pas sans un mot : écrivez pourquoi.")
    proposal = _waiting(proposal)
    proposal.state, proposal.answer = ProposalState.REFUSED, answer.strip()
    proposal.answered_at, proposal.answered_by = timezone.now(), by
    proposal.save()
    log(sitting, "council.proposal.refuse", user=by, data={"title": proposal.title, "why": answer.strip()})


def _waiting(proposal: Proposal) -> Proposal:
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.state != ProposalState.WAITING:
        raise Refused(f"Cette proposition a déjà sa réponse : {ProposalState(locked.state).label.lower()}.")
    return locked
