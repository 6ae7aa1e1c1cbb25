"""What happened in a sitting, item by item, with who was there at each vote: the engine's answer, told in names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from council.agenda.models import SittingPage
from council.floor.models import SittingEvent
from council.floor.record import as_engine_reads
from council.members.models import Mandate
from council.participation import Event, Sitting, replay
from council.participation.kinds import FORMS, Form, ItemKind
from council.participation.room import GROUNDS

Row = dict[str, Any]
DECIDING = frozenset({*ItemKind, "take_note"})


@dataclass(frozen=True)
class Roll:
    """Who was there when an item was decided, by name, in the order of the table."""

    present: list[str] = field(default_factory=list)
    represented: list[list[str]] = field(default_factory=list)  # [giver, holder]
    absent: list[str] = field(default_factory=list)
    apart: list[list[str]] = field(default_factory=list)  # [who takes no part, article]
    counted: int = 0  # of the present, for the quorum
    in_office: int = 0
    quorum: int = 0
    president: str = ""
    secretaries: list[str] = field(default_factory=list)


@dataclass
class Told:
    """An item as the council came to it."""

    number: str
    title: str = ""
    kind: str = ""
    called_at: datetime | None = None
    rows: list[Row] = field(default_factory=list)
    roll: Roll = field(default_factory=Roll)
    notes: list[str] = field(default_factory=list)  # « Scrutin public demandé par … », who was named secretary
    huis_clos: bool = False
    off: str = ""

    @property
    def decided(self) -> bool:
        """Whether a délibération comes of it."""
        return not self.off and any(row["decides"] for row in self.rows)


@dataclass(frozen=True)
class Coming:
    """Somebody comes, goes, gives or takes back a pouvoir; `name` empty: the sitting stops or goes on."""

    at: datetime
    name: str
    words: str  # « arrive », « donne pouvoir à Bernard Aubanel »

    @property
    def line(self) -> str:
        """« Olivier Ferrand arrive »."""
        return f"{self.name} {self.words}" if self.name else self.words


@dataclass
class Evening:
    """A sitting from its opening to its closing."""

    began: datetime | None = None
    ended: datetime | None = None
    president: str = ""
    secretaries: list[str] = field(default_factory=list)
    roll: Roll = field(default_factory=Roll)  # at the opening
    comings: list[Coming] = field(default_factory=list)  # after the opening
    pouvoirs: dict[str, str] = field(default_factory=dict)  # giver → holder, each that was given, the last counts
    of_sitting: list[Row] = field(default_factory=list)  # ballots about the sitting itself: urgency, huis clos
    items: dict[str, Told] = field(default_factory=dict)
    been_in: list[str] = field(default_factory=list)  # who came at one moment or another
    offices: Mapping[str, str] = field(default_factory=dict)  # name → « Maire »
    members: list[str] = field(default_factory=list)


def evening_of(sitting: SittingPage) -> Evening:
    """The sitting as its standing events tell it; empty before the opening. Two queries."""
    events = sorted(SittingEvent.objects.filter(sitting=sitting), key=lambda one: (one.at, one.order))
    standing = [as_engine_reads(one) for one in events if one.stands]
    told = Evening()
    if not standing:
        return told
    last = replay(standing, lambda event, here: _note(told, event, here))
    told.secretaries = [last.room.name(one) for one in last.secretaries]
    told.members = [last.room.name(one) for one in last.room.members]
    told.been_in = [last.room.name(one) for one in last.room.members if one in last.room.been_in]
    _take_rows(told, last)
    ids = [int(one) for one in last.room.members if one.isdecimal()]
    told.offices = {str(one): one.office for one in Mandate.objects.filter(pk__in=ids)}
    return told


# Each event, just after it.


def _note(told: Evening, event: Event, here: Sitting) -> None:
    if event.type == "open":
        told.began, told.president = timezone.localtime(event.at), here.room.name(here.president)
    elif event.type == "close":
        told.ended = timezone.localtime(event.at)
    if event.type in {"open", "proxy_given"} and not told.comings and not told.items:
        told.roll = roll_at(here, None)
    _note_coming(told, event, here)
    _note_item(told, event, here)


_COMINGS = {"arrive": "arrive", "return": "revient", "leave": "part"}
_PAUSES = {"suspend": "La séance est suspendue", "resume": "La séance reprend"}


def _note_coming(told: Evening, event: Event, here: Sitting) -> None:
    at, name = timezone.localtime(event.at), here.room.name
    if event.type in _COMINGS and here.state != "before":
        told.comings += [Coming(at, name(one), _COMINGS[event.type]) for one in event.members()]
    elif event.type in _PAUSES:
        told.comings.append(Coming(at, "", _PAUSES[event.type]))
    elif event.type == "proxy_revoked":
        told.comings.append(Coming(at, name(event.get("from")), "révoque son pouvoir"))
    elif event.type == "proxy_given":
        giver, holder = name(event.get("from")), name(event.get("to"))
        told.pouvoirs[giver] = holder
        if told.items:
            told.comings.append(Coming(at, giver, f"donne pouvoir à {holder}"))


def _note_item(told: Evening, event: Event, here: Sitting) -> None:
    number = event.get("item") or (here.current.number if here.current else None)
    numbers = event.get("items") or ([number] if number else [])
    for one in numbers:
        item = told.items.setdefault(one, Told(one))
        if event.type == "item":
            item.called_at = timezone.localtime(event.at)
        elif event.type == "ballot_requested":
            people = ", ".join(here.room.name(who) for who in event.members())
            item.notes.append(f"Scrutin {FORMS[Form(event.get('ballot'))]} demandé par {people}")
        elif event.type == "appoint_secretary":
            item.notes.append(f"Secrétaire de séance : {', '.join(here.room.name(who) for who in event.members())}")
        if event.type in {"item", "withdraw", "ballot", "decide", "preside"}:
            item.roll = roll_at(here, one)
        # Even where it was ended before the item was: what was said then stays closed.
        item.huis_clos = item.huis_clos or "" in here.huis_clos or one in here.huis_clos


def roll_at(here: Sitting, number: str | None) -> Roll:
    """Who counts for that item at this moment."""
    item = here.items.get(number or "")
    accounts = item is not None and item.kind == ItemKind.ACCOUNTS
    attendance, room = here.room.attendance(number, accounts=accounts), here.room
    apart = room.withdrawals.get(number or "", {})
    seen = {*attendance.in_room, *attendance.represented, *apart}
    return Roll(
        present=[room.name(one) for one in room.members if one in attendance.in_room],
        represented=[[room.name(giver), room.name(to)] for giver, to in attendance.represented.items()],
        absent=[room.name(one) for one in room.members if one not in seen],
        apart=[[room.name(one), GROUNDS[why.ground]] for one, why in apart.items()]
        + ([[room.name(room.maire), "L2121-14"]] if accounts and room.maire in attendance.in_room else []),
        counted=len(attendance.taking_part),
        in_office=attendance.members_counted,
        quorum=attendance.quorum,
        president=room.name(here.presidents.get(number or "", here.president)),
        secretaries=[room.name(one) for one in here.secretaries],
    )


# At the end.


def _take_rows(told: Evening, last: Sitting) -> None:
    for row in last.rows:
        shown = _in_names(row, last)
        if row["item"] is None:
            told.of_sitting.append(shown)
        else:
            told.items.setdefault(row["item"], Told(row["item"])).rows.append(shown)
    for number, item in last.items.items():
        mine = told.items.setdefault(number, Told(number))
        mine.title, mine.kind, mine.off = item.title, str(item.kind), item.off
        mine.huis_clos = mine.huis_clos or any(row["huis_clos"] for row in mine.rows)


def _in_names(row: Row, last: Sitting) -> Row:
    """A ballot as docs/events.md writes it, its members by their names; `decides`: it is about the item itself."""
    name = last.room.name
    named = row["by_name"]
    return {
        **row,
        "decides": row["kind"] in DECIDING and row["result"] not in {"withdrawn", "no_quorum"},
        "president": name(row["president"]),
        "by_name": {name(one): said for one, said in named.items()} if named else None,
        "elected": [name(one) for one in row["elected"]],
        "candidates": {name(one): votes for one, votes in row["candidates"].items()},
        "round_results": [
            {**one, "candidates": {name(who): votes for who, votes in one["candidates"].items()}}
            for one in row["round_results"]
        ],
    }
