"""Deeds of a sitting under way: open, note, undo, close, correct. Each asks the right, checks with the engine, writes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from council.agenda import operations as agenda
from council.agenda.enums import CONVENED_STATES, PlaceState, SittingState
from council.agenda.models import SittingPage, SittingRecord
from council.agenda.queries import meeting_day, numbered, placed
from council.convening.queries import presides
from council.floor.models import SittingEvent
from council.floor.queries import record_of
from council.floor.record import Record, told_by
from council.floor.words import in_words
from council.members.models import Mandate
from council.members.queries import in_office, quorum_rule
from council.participation import Refused as EngineRefused
from council.pouvoirs.models import ServedSitting
from council.pouvoirs.queries import standing
from kb import permissions
from kb.pages import tree
from kb.people.account import User
from kb.permissions import visible_to
from kb.refusals import Refused
from kb.typography import day, hour, typeset

AHEAD = timedelta(minutes=10)  # a laptop's clock may be that much fast
POSTPONED = "Portée à la prochaine séance"
WITHOUT_QUORUM = "attendez une arrivée, ou convoquez-le de nouveau, à trois jours francs au moins"


@dataclass(frozen=True)
class Entry:
    """What the operator typed: `id` is made on the laptop. `given`: the time was typed too, it may be in the past."""

    id: UUID
    type: str
    data: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    given: bool = False


def _require_manager(by: User, sitting: SittingPage) -> None:
    if not permissions.abilities(by, sitting)["publish"]:
        raise PermissionDenied(f"Vous ne pouvez pas tenir « {sitting.title} ».")


def _locked(sitting: SittingPage, by: User) -> tuple[SittingPage, SittingRecord]:
    """The sitting, its right asked, and its record locked: two laptops write one after the other."""
    sitting = SittingPage.objects.select_related("instance").get(pk=sitting.pk)
    _require_manager(by, sitting)
    record = SittingRecord.objects.select_for_update().filter(page=sitting.pk).first()
    if record is None or record.state == SittingState.PREPARATION:
        raise Refused("La séance n’est pas convoquée : notez d’abord sa convocation.")
    if record.state == SittingState.CANCELLED:
        raise Refused("La séance est annulée : tenez celle qui la remplace, une fois convoquée.")
    return sitting, record


# The opening.


@transaction.atomic
def open_sitting(
    *,
    sitting: SittingPage,
    entry: Entry,
    present: Sequence[Mandate],
    pouvoirs: Mapping[Mandate, Mandate],
    president: Mandate | None,
    secretaries: Sequence[Mandate],
    by: User,
) -> None:
    """The roll call, whole: who is there, who speaks for whom (giver → holder), who presides, who writes.

    The same id again changes nothing. Raises PermissionDenied, Refused.
    """
    sitting, record = _locked(sitting, by)
    if _known(sitting, entry):
        return
    if record.state not in {SittingState.CONVENED, SittingState.HELD}:
        raise Refused("La séance est déjà ouverte : notez les arrivées une à une.")
    opening = _opening(sitting, president) | {"present": [str(one.pk) for one in present]}
    at = _moment(sitting, entry, record_of(sitting))
    known = {(row.giver_id, row.holder_id): row for row in standing(sitting)}
    more: list[tuple[str, dict[str, Any]]] = [
        ("proxy_given", _given(giver, holder, known.get((giver.pk, holder.pk)))) for giver, holder in pouvoirs.items()
    ]
    if secretaries:
        more.append(("appoint_secretary", {"members": [str(one.pk) for one in secretaries]}))
    _write(sitting, [Entry(entry.id, "open", opening, at), *_derived(entry, more, at)], by)
    record.state = SittingState.OPEN
    record.save(update_fields=["state"])
    log(sitting, "council.floor.open", user=by, data={"at": at.isoformat()})


def _given(giver: Mandate, holder: Mandate, known: ServedSitting | None) -> dict[str, Any]:
    """A pouvoir handed in that evening, or one given before: the document then says which of its sittings this is."""
    said: dict[str, Any] = {"from": str(giver.pk), "to": str(holder.pk)}
    if known is not None and known.rank > 1:
        said |= {"sitting_rank": known.rank, "illness": bool(known.pouvoir.illness)}
    return said


def _derived(entry: Entry, more: Sequence[tuple[str, dict[str, Any]]], at: datetime) -> list[Entry]:
    """One form, several events: their ids follow from its own."""
    return [Entry(uuid5(entry.id, str(n)), type_, data, at) for n, (type_, data) in enumerate(more, 1)]


def _opening(sitting: SittingPage, president: Mandate | None) -> dict[str, Any]:
    """What the engine is told once: the members in office, the maire, and the agenda that was announced."""
    mandates = list(in_office(sitting.instance, meeting_day(sitting)))
    if not mandates:
        raise Refused(f"Aucun membre de « {sitting.instance} » n’est en fonction : complétez le tableau du conseil.")
    maire = next((str(one.pk) for one in mandates if presides(one)), None)
    leads = str(president.pk) if president else maire
    if leads is None:
        raise Refused("Le tableau ne dit pas qui préside : choisissez qui préside cette séance.")
    return {
        "kind": sitting.sitting_kind,
        "quorum": _share(sitting),
        "members": [{"id": str(one.pk), "name": str(one), "group": one.list_name} for one in mandates],
        "maire": maire,
        "president": leads,
        "agenda": [
            {"item": number, "title": row.item.title, "kind": row.item.item_kind}
            for number, row in numbered(placed(sitting), convened=True)
            if row.state == PlaceState.ON
        ],
    }


def _share(sitting: SittingPage) -> str:
    """Of the members in office, what the quorum of this instance exceeds that day."""
    rule = quorum_rule(sitting.instance, meeting_day(sitting))
    return str(rule.value) if rule else ("0" if sitting.instance.body == "commission" else "unknown")


# What happens.


@transaction.atomic
def note(*, sitting: SittingPage, entry: Entry, by: User) -> None:
    """One thing that happened. The same id again changes nothing. Raises PermissionDenied, Refused."""
    sitting, record = _locked(sitting, by)
    if _known(sitting, entry):
        return
    _check_open(record)
    if entry.type in {"open", "close", "correct"}:
        raise Refused("La séance s’ouvre, se lève et se corrige par ses propres boutons.")
    _write(sitting, [entry], by)


def _check_open(record: SittingRecord) -> None:
    if record.state == SittingState.CLOSED:
        raise Refused("La séance est levée : corrigez ce qui est faux depuis le fil de la séance, avec une raison.")
    if record.state != SittingState.OPEN:
        raise Refused("La séance n’est pas ouverte : faites d’abord l’appel.")


def _known(sitting: SittingPage, entry: Entry) -> bool:
    found = SittingEvent.objects.filter(pk=entry.id).values_list("sitting", flat=True).first()
    if found not in (None, sitting.pk):
        raise Refused("Cette saisie appartient à une autre séance : rechargez la page.")
    return found is not None


def _moment(sitting: SittingPage, entry: Entry, before: Record) -> datetime:
    """The minute of an entry: as typed, or now, never before what stands already. Raises Refused."""
    now = timezone.now()
    last = max((event.at for event in before.standing), default=None)
    at = _second_time((entry.at or now).replace(second=0, microsecond=0), last, now)
    if timezone.localdate(now) < meeting_day(sitting):
        raise Refused(f"La séance est le {day(meeting_day(sitting))} : elle s’ouvre ce jour-là.")
    if at > now + AHEAD:
        raise Refused(f"{hour(at)} n’est pas encore passé : donnez l’heure où c’est arrivé.")
    if timezone.localtime(at).date() < meeting_day(sitting):
        raise Refused(f"La séance est le {day(meeting_day(sitting))} : donnez une heure de ce jour-là.")
    return max(at, last) if last and not entry.given else at


def _second_time(at: datetime, last: datetime | None, now: datetime) -> datetime:
    """The night of October when an hour comes twice: the second time, where what stands already is after the first."""
    again = at.replace(fold=1).astimezone(UTC)  # compared in one zone: in theirs, the two are the same
    return again if last and at.astimezone(UTC) < last <= again <= now + AHEAD else at


def _write(sitting: SittingPage, entries: Sequence[Entry], by: User) -> None:
    """Adds the events where the engine accepts them all, and where no result given before moves."""
    fresh, _after = _accepted(sitting, entries, by)
    SittingEvent.objects.bulk_create(fresh)


def _accepted(sitting: SittingPage, entries: Sequence[Entry], by: User) -> tuple[list[SittingEvent], Record]:
    before = record_of(sitting)
    order = max((event.order for event in before.events), default=0)
    fresh = [
        SittingEvent(
            id=entry.id,
            sitting=sitting,
            order=order + place,
            at=_moment(sitting, entry, before),
            type=entry.type,
            data=dict(entry.data),
            by=by,
        )
        for place, entry in enumerate(entries, 1)
    ]
    after = _told([*before.events, *fresh])
    _check_unmoved(before, after)
    for event in fresh:
        _check_quorum(after, event)
    return fresh, after


def rehearse(*, sitting: SittingPage, entry: Entry, by: User) -> list[str]:
    """The sentences that an entry would give; nothing is written. Raises PermissionDenied, Refused."""
    _require_manager(by, sitting)
    (event,), after = _accepted(sitting, [entry], by)
    return [row["sentence"] for row in after.made.get(str(event.pk), ())]


def _told(events: Sequence[SittingEvent]) -> Record:
    try:
        return told_by(events)
    except EngineRefused as refused:
        raise Refused(in_words(str(refused))) from None


def _check_unmoved(before: Record, after: Record) -> None:
    """What is noted late, or undone, may not change in silence what the council has voted since."""
    for key, rows in before.made.items():
        if key in after.made and after.made[key] != rows:
            where = f"au point {rows[0]['item']}" if rows and rows[0]["item"] else "déjà noté"
            raise Refused(f"Le vote {where} en serait changé : annulez-le d’abord, puis notez-le de nouveau.")


def _check_quorum(after: Record, event: SittingEvent) -> None:
    for row in after.made.get(str(event.pk), ()):
        if row["result"] == "no_quorum":
            raise Refused(typeset(f"{row['sentence'].rstrip('.')} : {WITHOUT_QUORUM}."))


# Undoing, until the closing.


@transaction.atomic
def undo(*, sitting: SittingPage, event: UUID, by: User) -> None:
    """Takes an event back, with its trace; again changes nothing. Raises PermissionDenied, Refused."""
    sitting, record = _locked(sitting, by)
    found = SittingEvent.objects.filter(sitting=sitting, pk=event).first()
    if found is None:
        raise Refused("Cette saisie n’est pas de cette séance : rechargez la page.")
    if not found.stands:
        return
    _check_open(record)
    before = record_of(sitting)
    others = [one for one in before.events if one.pk != found.pk]
    if found.type == "open":
        _undo_opening(sitting, record, before, by)
        return
    _check_unmoved(before, _told_without(others))
    _mark_undone([found], by)
    log(sitting, "council.floor.undo", user=by, data={"event": str(found.pk), "type": found.type})


def _told_without(others: Sequence[SittingEvent]) -> Record:
    try:
        return told_by(others)
    except EngineRefused as refused:
        raise Refused(f"Une saisie plus récente en dépend, annulez-la d’abord. {in_words(str(refused))}") from None


def _undo_opening(sitting: SittingPage, record: SittingRecord, before: Record, by: User) -> None:
    """The whole roll call goes with its opening, while nothing else was noted."""
    roll = {"open", "proxy_given", "appoint_secretary"}
    if any(event.type not in roll for event in before.standing):
        raise Refused("Une saisie plus récente en dépend : annulez d’abord tout ce qui suit l’ouverture.")
    _mark_undone(before.standing, by)
    record.state = SittingState.CONVENED
    record.save(update_fields=["state"])
    log(sitting, "council.floor.undo", user=by, data={"type": "open"})


def _mark_undone(events: Sequence[SittingEvent], by: User) -> None:
    SittingEvent.objects.filter(pk__in=[one.pk for one in events]).update(undone_at=timezone.now(), undone_by=by)


# The closing.


@transaction.atomic
def close(*, sitting: SittingPage, entry: Entry, by: User) -> None:
    """« Lever la séance » : nothing is left half voted; the items postponed leave for the next sitting.

    The same id again changes nothing. Raises PermissionDenied, Refused.
    """
    tree.one_writer()
    sitting, record = _locked(sitting, by)
    if _known(sitting, entry):
        return
    _check_open(record)
    _write(sitting, [Entry(entry.id, "close", {}, entry.at, entry.given)], by)
    record.state = SittingState.CLOSED
    record.save(update_fields=["state"])
    _carry_out(sitting, record_of(sitting), by)
    log(sitting, "council.floor.close", user=by)


def _carry_out(sitting: SittingPage, record: Record, by: User) -> None:
    """What the council took off its agenda leaves it; of what it postponed a copy goes to the next sitting in preparation."""
    assert record.sitting is not None
    to = next_sitting(sitting, by)
    for number, row in numbered(placed(sitting), convened=True):
        item = record.sitting.items.get(number)
        if item is None or not item.off or row.state != PlaceState.ON:
            continue
        if item.off == "renvoyé":
            agenda.postpone(item=row.item, to=to, reason=_why_off(record, str(number)), by=by)
        else:
            agenda.take_off(item=row.item, reason=_why_off(record, number), by=by)


def _why_off(record: Record, number: str) -> str:
    reasons = [event.data.get("reason") for event in record.standing if event.data.get("item") == number]
    return str(next((reason for reason in reversed(reasons) if reason), POSTPONED))


def next_sitting(sitting: SittingPage, by: User) -> SittingPage | None:
    """The next one in preparation, where the person may add items."""
    later = SittingPage.objects.filter(instance=sitting.instance_id, starts_at__gt=sitting.starts_at)
    waiting = visible_to(later, by).exclude(record__state__in=CONVENED_STATES).order_by("starts_at")
    return next((one for one in waiting if permissions.abilities(by, one)["create_below"]), None)


# After the closing: dated acts.


@transaction.atomic
def correct(
    *, sitting: SittingPage, entry: Entry, event: UUID, reason: str, change: Mapping[str, Any], by: User
) -> None:
    """A dated act on an event of a closed sitting: `change` is `{"undo": True}` or `{"with": {…}}`.

    What was typed stays. The same id again changes nothing. Raises PermissionDenied, Refused.
    """
    sitting, record = _locked(sitting, by)
    if _known(sitting, entry):
        return
    if record.state != SittingState.CLOSED:
        raise Refused("La séance n’est pas levée : annulez la saisie depuis le fil, puis notez-la de nouveau.")
    if not reason.strip():
        raise Refused("Après la clôture, une correction est un acte daté : écrivez sa raison.")
    before = record_of(sitting)
    target = next((one for one in before.events if one.pk == event), None)
    if target is None or target.type in {"open", "close"}:
        raise Refused("Cette saisie ne se corrige pas : choisissez-en une autre dans le fil de la séance.")
    fresh = SittingEvent(
        id=entry.id,
        sitting=sitting,
        order=max(one.order for one in before.events) + 1,
        type="correct",
        at=_moment(sitting, Entry(entry.id, "correct"), before),
        data={"event": str(event), "reason": reason.strip(), **change},
        by=by,
    )
    _told_corrected([*before.events, fresh], target)
    fresh.save(force_insert=True)
    log(sitting, "council.floor.correct", user=by, data={"event": str(event), "reason": reason.strip()})


_NAMED = re.compile(r"^Événement (\S+) \(")


def _told_corrected(events: Sequence[SittingEvent], target: SittingEvent) -> None:
    """Refused where the correction cannot be, or where what came later no longer holds with it."""
    try:
        told_by(events)
    except EngineRefused as refused:
        about = _NAMED.match(str(refused))
        later = about is not None and about[1] != str(target.pk)
        way_out = "Une saisie plus récente en dépend, corrigez-la ou retirez-la d’abord. " if later else ""
        raise Refused(way_out + in_words(str(refused))) from None
