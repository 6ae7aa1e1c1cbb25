"""What an élu's home shows: his next sitting, what changed in it, what to read, his instances."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page

from council.agenda import queries as agendas
from council.agenda.enums import CONVENED_STATES, SittingState
from council.agenda.models import SittingPage
from council.calendars.models import OutsideMeetingPage
from council.calendars.queries import outside_of
from council.convening.models import Answer, Convocation
from council.frozen.models import ChangeKind, PaperChange
from council.members.models import Instance, Mandate
from council.members.queries import held_on
from council.pouvoirs import queries as pouvoirs
from council.questions import queries as questions
from kb.pages import queries as pages
from kb.pages.models import Reading
from kb.permissions import Viewer
from kb.typography import NBSP, count, day, hour, moment

Row = dict[str, Any]
MOST_TO_READ = 7
MOST_CHANGES = 7
LOOKED_AT = 60  # sittings, the newest: some years of a small council and its commissions
WEEKDAYS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")


def accounts_in_office(on: date) -> frozenset[int]:
    """The accounts of all who hold a mandate on that day. One query."""
    held = Mandate.objects.filter(held_on(on)).exclude(account=None)
    return frozenset(pk for pk in held.values_list("account", flat=True) if pk)


def mandates_of(person: Any) -> list[Mandate]:
    """What the person holds today, in every instance. One query."""
    held = Mandate.objects.filter(held_on(timezone.localdate()), account=person.pk)
    return list(held.select_related("instance").order_by("instance", "pk"))


@dataclass(frozen=True)
class Sittings:
    """The sittings of some instances that a person may know of: those to come, what was called off of them, the last of each."""

    to_come: list[SittingPage]
    called_off: list[SittingPage]
    held: dict[int, SittingPage]  # by instance
    outside: list[OutsideMeetingPage]  # to come too


def sittings_of(viewer: Viewer, instances: list[int], now: datetime) -> Sittings:
    """Convened by now, the last of each instance among the newest; the meetings that others convene. Two queries."""
    known = SittingPage.objects.filter(instance__in=instances, record__state__in=CONVENED_STATES)
    newest = known.select_related("instance", "record").order_by("-starts_at")[:LOOKED_AT]
    # Until the end of the day: who arrives late still finds it.
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    found = Sittings([], [], {}, outside_of(viewer, instances, today))
    for one in newest:
        if _may_know(viewer, one):
            _sort(found, one, today)
    return found


def _sort(found: Sittings, sitting: SittingPage, today: datetime) -> None:
    state = sitting.record.state
    if state == SittingState.OPEN or (state == SittingState.CONVENED and sitting.starts_at >= today):
        found.to_come.insert(0, sitting)
    elif state == SittingState.CANCELLED:
        if sitting.starts_at >= today:
            found.called_off.insert(0, sitting)
    else:
        found.held.setdefault(sitting.instance_id, sitting)


def _may_know(viewer: Viewer, page: Page) -> bool:
    return viewer.knows(page.pk)


# The next sitting.


def countdown(starts_at: datetime, now: datetime) -> str:
    """« Dans 6 jours », « Demain », « Aujourd’hui, à 18 h 30 », « En cours depuis 18 h 30 »."""
    left = (timezone.localtime(starts_at).date() - timezone.localtime(now).date()).days
    if starts_at <= now:
        return f"Commencée à{NBSP}{hour(starts_at)}"
    if left == 0:
        return f"Aujourd’hui, à{NBSP}{hour(starts_at)}"
    return "Demain" if left == 1 else f"Dans {count(left, 'jour')}"


WORDS = {Answer.PRESENT: "Je viens", Answer.ABSENT: "Je ne viens pas"}


def next_sitting(
    viewer: Viewer, sitting: SittingPage, mandate: Mandate, row: Convocation | None, agenda: list[Row], now: datetime
) -> Row:
    """The green cloth: when, where, my answer (`row`, my convocation), my pouvoir. One query."""
    given, held = _pouvoirs(sitting, mandate)
    local = timezone.localtime(sitting.starts_at)
    answer = row.answer if row else ""
    points = sum(1 for one in agenda if one["on"])
    return {
        "id": sitting.pk,
        "instance": sitting.instance.name,
        "url": viewer.address(viewer.tree.nodes[sitting.pk]),
        "day": f"{WEEKDAYS[local.weekday()]} {day(local).rpartition(NBSP)[0]}",
        "hour": f"à{NBSP}{hour(local)}",
        "place": sitting.place or sitting.instance.place,
        "points": count(points, "point"),
        "countdown": countdown(sitting.starts_at, now),
        "sent": day(sitting.record.sent_on) if sitting.record.sent_on else "",
        "acknowledged": bool(row and row.acknowledged_at),
        "open": sitting.starts_at > now,
        "choices": [
            {"value": str(one), "label": label, "chosen": one == answer and not (given and one == Answer.ABSENT)}
            for one, label in WORDS.items()
        ],
        "answered": moment(row.answered_at) if row and row.answered_at else "",
        "given": given,
        "by_pouvoir": bool(given) and answer != Answer.PRESENT,
        "held": held,
    }


def _pouvoirs(sitting: SittingPage, mandate: Mandate) -> tuple[str, str]:
    """To whom the member gave his, and whose he holds. One query."""
    rows = list(pouvoirs.standing(sitting).filter(Q(giver=mandate) | Q(holder=mandate)))
    given = next((str(one.holder) for one in rows if one.giver_id == mandate.pk), "")
    return given, next((str(one.giver) for one in rows if one.holder_id == mandate.pk), "")


# What changed since he looked, and what he has not read yet.


def readings(viewer: Viewer, sitting: SittingPage, agenda: list[Row]) -> dict[int, datetime]:
    """Page's id → when he read it last, of the sitting and its items. One query."""
    wanted = [sitting.pk, *(row["id"] for row in agenda)]
    return dict(Reading.objects.filter(person=viewer.user.pk, page__in=wanted).values_list("page", "at"))


def changes(
    viewer: Viewer, mandate: Mandate, sitting: SittingPage, agenda: list[Row], since: datetime | None
) -> list[Row]:
    """What became new in a sitting since he looked at it; nothing before he looked a first time. Two queries."""
    if since is None:
        return []
    by_id = {row["id"]: row for row in agenda}
    found = [
        {"icon": "warning", "url": row["url"], "title": row["title"], "line": row["left"]}
        for row in agenda
        if row["left"] and row["changed_at"] > since
    ]
    for change in sitting.changes.filter(sent_at__gt=since).select_related("place"):
        if change.place is None:
            found.append(_change(change, f"/p/{sitting.pk}/#ordre-du-jour", change.reason))
        elif (item := change.place.item_id) in by_id:
            found.append(_change(change, f"/p/{item}/changements/{change.pk}/", by_id[item]["title"]))
    found += [
        {
            "icon": "comment",
            "url": f"/p/{one.item_id}/#question-{one.pk}",
            "title": f"{one.answered_by} a répondu",
            "line": by_id[one.item_id]["title"],
        }
        for one in questions.answered_since(viewer, mandate, sitting, since)
        if one.item_id in by_id
    ]
    return found[:MOST_CHANGES]


def _change(change: PaperChange, url: str, line: str) -> Row:
    icon = "plus" if change.kind == ChangeKind.ADDED else "history"
    return {"icon": icon, "url": url, "title": str(ChangeKind(change.kind).label), "line": line}


def to_read(viewer: Viewer, agenda: list[Row], seen: dict[int, datetime]) -> list[Row]:
    """The items that he has not opened yet, then the pages that he was told of. One query."""
    items = [
        {
            "icon": "file",
            "url": row["url"],
            "title": f"Point {row['number']}{NBSP}: {row['title']}",
            "line": _about(row),
        }
        for row in agenda
        if row["on"] and row["id"] not in seen
    ]
    told = [
        {"icon": "file", "url": row["url"], "title": row["title"], "line": row["why"] or f"Publiée le {row['when']}"}
        for row in pages.to_read(viewer, viewer.tree, limit=MOST_TO_READ)
    ]
    return (items + told)[:MOST_TO_READ]


def _about(row: Row) -> str:
    who = f"Rapporteur{NBSP}: {row['rapporteur']}" if row["rapporteur"] else row["kind"]
    return f"{who}. {row['pieces']}" if row["pieces"] else who


# His instances.


def instances(viewer: Viewer, mandates: list[Mandate], sittings: Sittings, shown: SittingPage | None) -> list[Row]:
    """Each instance where he sits: its next sittings but the one shown above, and the last held."""
    return [_instance(viewer, mandate, sittings, shown) for mandate in mandates]


def _instance(viewer: Viewer, mandate: Mandate, sittings: Sittings, shown: SittingPage | None) -> Row:
    instance: Instance = mandate.instance
    to_come = [(one, "À venir") for one in sittings.to_come if one != shown]
    to_come += [(one, "Annulée") for one in sittings.called_off]
    to_come += [(one, "Annulée" if one.called_off else "À venir") for one in sittings.outside]
    of_here = sorted(
        (pair for pair in to_come if pair[0].instance_id == instance.pk), key=lambda pair: pair[0].starts_at
    )
    past = [sittings.held[instance.pk]] if instance.pk in sittings.held else []
    return {
        "name": instance.name,
        "office": mandate.office,
        "sittings": [_line(viewer, one, f"{what}{NBSP}: {moment(one.starts_at)}") for one, what in of_here]
        + [_line(viewer, one, "Dernière séance tenue") for one in past],
    }


def _line(viewer: Viewer, sitting: Page, line: str) -> Row:
    return {"url": viewer.address(viewer.tree.nodes[sitting.pk]), "title": sitting.title, "line": line}


def home(viewer: Viewer, mandates: list[Mandate], now: datetime) -> Row:
    """All of it, for who holds these mandates."""
    sittings = sittings_of(viewer, [mandate.instance_id for mandate in mandates], now)
    first = sittings.to_come[0] if sittings.to_come else None
    found: Row = {"next": None, "changes": [], "since": "", "to_read": []}
    agenda: list[Row] = []
    seen: dict[int, datetime] = {}
    if first:
        mandate = next(one for one in mandates if one.instance_id == first.instance_id)
        agenda = agendas.agenda(viewer, first)
        seen = readings(viewer, first, agenda)
        own = first.convocations.filter(mandate=mandate).first()
        # Who only said that he received it has the agenda that was sent then.
        since = seen.get(first.pk) or (own.acknowledged_at if own else None)
        found |= {
            "next": next_sitting(viewer, first, mandate, own, agenda, now),
            "changes": changes(viewer, mandate, first, agenda, since),
            "since": day(since) if since else "",
        }
    return found | {
        "to_read": to_read(viewer, agenda, seen),
        "instances": instances(viewer, mandates, sittings, first),
    }
