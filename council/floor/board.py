"""What the operator's screen and the projector show of a sitting, for the person who looks."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from council.agenda.enums import SittingState
from council.agenda.models import SittingPage, SittingRecord
from council.agenda.queries import meeting_day, numbered, placed, quorum_sentence
from council.convening.queries import presides
from council.floor.lines import line_of
from council.floor.models import SittingEvent
from council.floor.queries import events_of
from council.floor.record import Record, told_by
from council.members.queries import in_office
from council.participation import Sitting, sentences
from council.participation.items import Item
from council.participation.kinds import OFFICES, WITHOUT_VOTE, Form, ItemKind, Method
from council.participation.room import Attendance
from council.pouvoirs.queries import standing
from council.withdrawals.models import Ground
from council.withdrawals.queries import declared
from kb.pages.tree import known_title
from kb.permissions import Viewer
from kb.typography import count, hour, typeset

Shown = dict[str, Any]
NOT_CORRECTED = frozenset({"open", "close", "correct"})
GROUND_WORDS = {
    Ground.PERSONAL: "intérêt personnel, art.\u00a0L2131-11", Ground.REPRESENTATIVE: "représentant de la commune, art.\u00a0L1111-6",
}  # fmt: skip
ROUNDS = ("1er tour", "2e tour", "3e tour")


@dataclass(frozen=True)
class Now:
    """A sitting as it stands at this minute: its stage, what was noted, and a word that changes whenever these do."""

    stage: SittingState
    events: list[SittingEvent]
    version: str

    @property
    def record(self) -> Record:
        """What the engine says of it."""
        return told_by(self.events)


def now_of(sitting_id: int, viewer: Viewer) -> Now:
    """Two queries, and the tree kept in memory, whose changes (a title, a right) are in the word too."""
    state = SittingRecord.objects.filter(page=sitting_id).values_list("state", flat=True).first()
    stage = SittingState(state or SittingState.PREPARATION)
    events = events_of(sitting_id)
    undone = [event.order for event in events if not event.stands]
    seen = (sitting_id, viewer.user.pk, str(stage), len(events), undone, viewer.tree.seen)
    return Now(stage, events, hashlib.sha256(repr(seen).encode()).hexdigest()[:20])


def places_of(viewer: Viewer, sitting: SittingPage) -> dict[str, tuple[int, str]]:
    """Number → id and title of the items that the person may see, in order, as they were announced. Two queries."""
    found = {}
    for number, row in numbered(placed(sitting), convened=True):
        node = viewer.tree.nodes.get(row.item_id)
        if node is not None and viewer.can_view(node):
            found[number] = (row.item_id, known_title(node))
    return found


def titles_of(viewer: Viewer, sitting: SittingPage) -> dict[str, str]:
    """Number → title of the items that the person may see, in order, as they were announced. Two queries."""
    return {number: title for number, (_, title) in places_of(viewer, sitting).items()}


def board_of(viewer: Viewer, sitting: SittingPage, now: Now) -> Shown:
    """All that the operator's screen shows."""
    record, stage = now.record, now.stage
    places = places_of(viewer, sitting)
    titles = {number: title for number, (_, title) in places.items()}
    held = record.sitting
    shown: Shown = {
        "id": sitting.pk,
        "title": sitting.title,
        "stage": str(stage),
        "agenda": [],
        "item": None,
        "log": [],
        "quorum": None,
        "declared": [],
        "undone": [],
        "members": [],
        "roll": None,
        "other": None,
    }
    if held is None:
        return shown | {
            "roll": roll_of(sitting),
            "agenda": [_line(one, title, None, record) for one, title in titles.items()],
        }
    attendance = attendance_of(held)
    return shown | {
        "state": held.state,
        "agenda": [_line(one, title, held, record) for one, title in titles.items()],
        "item": item_of(held, titles, record),
        "declared": declared_of(held, places),
        "undone": undone_of(held, titles, record),
        "quorum": quorum_of(held, attendance),
        "members": [_member(held, one) for one in held.room.members],
        "log": log_of(record, titles, closed=stage == SittingState.CLOSED),
        "other": _other(held),
    }


def _other(held: Sitting) -> Shown:
    """Who leads and who writes; whom one may name."""
    return {
        "president": held.room.name(held.president),
        "secretaries": ", ".join(held.room.name(one) for one in held.secretaries),
        "present": _people(held, held.room.present),
        "everyone": _people(held, list(held.room.members)),
        "out": _people(
            held, [one for one in held.room.members if one not in held.room.present and one not in held.room.pouvoirs]
        ),
        "pouvoirs": [
            {"id": giver, "name": held.room.name(giver), "holder": held.room.name(to)}
            for giver, to in held.room.pouvoirs.items()
        ],
        "urgent": held.kind == "urgent" and held.urgency is None,
        "huis_clos": bool(held.huis_clos),
    }


def _people(held: Sitting, ids: Sequence[str]) -> list[dict[str, str]]:
    """In the order of the table."""
    return [{"id": one, "name": held.room.name(one)} for one in held.room.members if one in ids]


# The roll call, before the opening.


def roll_of(sitting: SittingPage) -> Shown:
    """The members in office in the order of the table, with what each has said of his presence and the pouvoir he gave."""
    mandates = list(in_office(sitting.instance, meeting_day(sitting)))
    said = dict(sitting.convocations.exclude(answer="").values_list("mandate", "answer"))
    given = {row.giver_id: str(row.holder_id) for row in standing(sitting)}
    words = {"absent": "avait dit : absent", "present": "avait dit : présent", "unknown": "ne savait pas"}
    return {
        "members": [
            {
                "id": str(one.pk),
                "name": str(one),
                "group": one.list_name,
                "said": words.get(said.get(one.pk, ""), ""),
                "gives": given.get(one.pk, ""),
                "presides": presides(one),
            }
            for one in mandates
        ],
        "needed": quorum_sentence(sitting, len(mandates)),
    }


# The quorum.


def attendance_of(held: Sitting) -> Attendance:
    """Who counts for the item under discussion."""
    item = held.current
    accounts = item is not None and item.kind == ItemKind.ACCOUNTS
    return held.room.attendance(item.number if item else None, accounts=accounts)


def quorum_of(held: Sitting, attendance: Attendance) -> Shown:
    """One sentence that explains it, and squares that only echo it."""
    voters = count(len(attendance.voters), "votant")
    represented = len(attendance.represented)
    apart = f", dont {count(represented, 'pouvoir')}, qui ne compte pas dans le quorum" if represented == 1 else ""
    if represented > 1:
        apart = f", dont {represented} pouvoirs, qui ne comptent pas dans le quorum"
    return {
        "present": len(attendance.taking_part),
        "in_office": attendance.members_counted,
        "met": attendance.quorum_met,
        "sentence": sentences.quorum(attendance, held.room),
        "voters": typeset(f"{voters}{apart}."),
        "needed": attendance.quorum,
        "squares": [
            {"on": place <= len(attendance.taking_part), "mark": place == attendance.quorum}
            for place in range(1, attendance.members_counted + 1)
        ],
    }


# Who is where.


def _member(held: Sitting, one: str) -> Shown:
    room = held.room
    apart = room.withdrawals.get(held.current.number, {}) if held.current else {}
    if one in room.present:
        state, label, deed, verb = "present", "Présent", "leave", "Part"
    elif one in room.been_in:
        state, label, deed, verb = "left", "Parti", "return", "Revient"
    else:
        state, label, deed, verb = "absent", "Absent", "arrive", "Arrive"
    if state != "present" and one in room.pouvoirs:
        state, label = "proxy", "Pouvoir"
    return {
        "id": one,
        "name": room.name(one),
        "group": room.members[one].group,
        "state": state,
        "label": label,
        "deed": deed,
        "verb": verb,
        "holder": room.name(room.pouvoirs[one]) if one in room.pouvoirs else "",
        "apart": one in apart,
    }


# The agenda and the item under discussion.


def _line(number: str, title: str, held: Sitting | None, record: Record) -> Shown:
    item = held.items.get(number) if held else None
    return {
        "number": number,
        "title": title,
        "callable": item is not None,
        "current": bool(held and held.current and held.current.number == number),
        "state": _state(item, [one for one in record.rows if one["item"] == number]),
    }


def _state(item: Item | None, rows: Sequence[Shown]) -> str:
    """In a word; who left the agenda before the opening is no item for the engine."""
    if item is None:
        return ""
    if item.off:
        return {"renvoyé": "Renvoyé", "retiré": "Retiré"}[item.off]
    words = {"adopted": "Adopté", "rejected": "Rejeté", "elected": "Élu", "none": "Prend acte"}
    final = [row for row in rows if row["kind"] in list(ItemKind) or row["kind"] == "take_note"]
    if final and final[-1]["kind"] == ItemKind.APPOINTMENT and final[-1]["result"] == "none":
        return "Vote en cours"
    return words.get(final[-1]["result"], "") if final else ""


def item_of(held: Sitting, titles: dict[str, str], record: Record) -> Shown | None:
    """The item under discussion, with what may be done about it; None between items, or where it may not be seen."""
    item = held.current
    if item is None or item.number not in titles:
        return None
    attendance = attendance_of(held)
    numbers = list(titles)
    following = [
        one for one in numbers[numbers.index(item.number) + 1 :] if one in held.items and not held.items[one].off
    ]
    groups = _groups(held, attendance)
    voted = item.voted and all(one.over for one in item.elections.values())
    decided = item.kind not in WITHOUT_VOTE and not item.off and item.on_agenda
    return {
        "number": item.number,
        "title": titles[item.number],
        "kind": str(item.kind),
        "without_vote": WITHOUT_VOTE.get(item.kind, ""),
        "off": item.off,
        "president": held.room.name(held.presidents.get(item.number, held.president)),
        "needs_president": item.kind == ItemKind.ACCOUNTS
        and held.presidents.get(item.number, held.president) == held.room.maire,
        "next": {"number": following[0], "title": titles[following[0]]} if following else None,
        "ballots": [_ballot(row) for row in record.rows if row["item"] == item.number],
        "votes": decided and item.kind != ItemKind.APPOINTMENT,
        "elects": decided and item.kind in (ItemKind.APPOINTMENT, ItemKind.DELIBERATION),
        "appointment": item.kind == ItemKind.APPOINTMENT,
        # Between two rounds the vote is not over: the next one stands where the first stood.
        "voted": voted,
        "onward": voted or (not item.off and item.kind in WITHOUT_VOTE),
        "open_ballot": item.open_ballot,
        "required": str(item.required or ""),
        "asked": _asked(held, item),
        "apart": _people(held, list(held.room.withdrawals.get(item.number, {}))),
        "huis_clos": item.number in held.huis_clos or "" in held.huis_clos,
        "secrecy_waived": item.secrecy_waived,
        "groups": groups,
        "by_group": any(row["group"] for row in groups),
        "together": [
            {"number": one, "title": titles[one]}
            for one in following
            if held.items[one].kind == ItemKind.DELIBERATION and not held.items[one].voted
        ],
        "election": _election(held, item),
    }


def declared_of(held: Sitting, places: dict[str, tuple[int, str]]) -> list[Shown]:
    """Who said beforehand that he takes no part in the item under discussion, and of whom it is not noted yet. One query."""
    item = held.current
    if item is None or item.number not in places or item.voted or item.kind in WITHOUT_VOTE:
        return []
    apart = held.room.withdrawals.get(item.number, {})
    return [
        {
            "id": str(one.mandate_id),
            "name": str(one.mandate),
            "ground": one.ground,
            "why": GROUND_WORDS[Ground(one.ground)],
        }
        for one in declared(places[item.number][0])
        if str(one.mandate_id) in held.room.members and str(one.mandate_id) not in apart
    ]


def undone_of(held: Sitting, titles: dict[str, str], record: Record) -> list[str]:
    """What a closing would leave undone: no secretary, items on which nothing was voted."""
    at, named = None, set()
    for event in record.standing:
        at = event.data.get("item") if event.type == "item" else at
        named |= {at} if event.type == "appoint_secretary" else set()
    waiting = [
        f"Point {number}, {title}\u00a0: rien n’est voté."
        for number, title in titles.items()
        if (item := held.items.get(number))
        and item.kind not in WITHOUT_VOTE
        and not (item.voted or item.off or number in named)
    ]
    return [*([] if held.secretaries else ["Aucun secrétaire de séance n’est nommé (art.\u00a0L2121-15)."]), *waiting]


def _asked(held: Sitting, item: Item) -> list[str]:
    words = {Form.PUBLIC: "public", Form.SECRET: "secret"}
    return [
        f"Scrutin {words[form]} demandé par {', '.join(held.room.name(one) for one in who)}"
        for form, who in item.asked.items()
    ]


def _ballot(row: Shown) -> Shown:
    return {"name": row["name"], "sentence": row["sentence"], "result": row["result"]}


def _groups(held: Sitting, attendance: Attendance) -> list[Shown]:
    """The rows of a vote: a group, with its members for the exceptions; a member of none by himself."""
    found: dict[str, Shown] = {}
    for one in held.room.members:
        if one not in attendance.voters:
            continue
        group = held.room.members[one].group
        key = group or f"\0{one}"
        row = found.setdefault(
            key, {"name": group or held.room.name(one), "group": bool(group), "members": [], "who": one}
        )
        row["members"].append({"id": one, "name": held.room.name(one), "proxy": one in attendance.represented})
    for row in found.values():
        _describe(row)
    return list(found.values())


def _describe(row: Shown) -> None:
    """Its name, what it counts, and the field that takes its vote; who is alone in a group votes by himself."""
    proxies = sum(member["proxy"] for member in row["members"])
    present = len(row["members"]) - proxies
    parts = [count(present, "présent")] if present else []
    parts += [count(proxies, "pouvoir")] if proxies else []
    if row["group"] and len(row["members"]) > 1:
        row |= {"line": ", ".join(parts), "field": f"group:{row['name']}"}
        return
    line = row["name"] if row["group"] else "Sans groupe"
    row |= {
        "name": row["members"][0]["name"],
        "line": f"{line[:1].upper()}{line[1:]}{', pouvoir' if proxies else ''}",
        "field": f"vote:{row['who']}",
        "group": False,
    }


def _election(held: Sitting, item: Item) -> Shown:
    """The round to come of the item's election, and what the last one says of candidates."""
    election = next((one for one in item.elections.values() if not one.over), None)
    name = next((name for name, one in item.elections.items() if one is election), "")
    office = election.office.code if election else item.details.get("office", "other")
    last = election.rounds[-1] if election and election.rounds else None
    candidates: list[Shown] = []
    lists: list[Shown] = []
    if election and last:
        for who in last.candidates:
            if who in election.lists:
                people = "\n".join(held.room.name(one) for one in election.lists[who])
                lists.append({"name": election.titles.get(who, who), "members": people})
            else:
                candidates.append({"name": held.room.name(who)})
    return {
        "name": name,
        "office": office,
        "offices": [
            {"code": one.code, "title": one.title, "lists": one.method != Method.MAJORITY, "chosen": one.code == office}
            for one in OFFICES.values()
        ],
        "round": ROUNDS[min(len(election.rounds) if election else 0, 2)],
        "last_round": election is not None and len(election.rounds) >= len(ROUNDS) - 1,
        "seats": election.seats if election else 1,
        "candidates": candidates + [{"name": ""}] * max(8 - len(candidates), 0),
        "lists": lists + [{"name": "", "members": ""}] * max(4 - len(lists), 0),
        "uses_lists": bool(lists),
        "waivable": not OFFICES[office].secrecy and not item.secrecy_waived,
    }


# The log.


def log_of(record: Record, titles: dict[str, str], *, closed: bool) -> list[Shown]:
    """What was noted, the newest first; what was undone says so."""
    corrected = {event.data.get("event") for event in record.standing if event.type == "correct"}
    return [
        {
            "id": str(event.pk),
            "at": hour(event.at),
            "words": line_of(event, record, titles),
            "undone": not event.stands,
            "by": f"Annulé par {event.undone_by}" if event.undone_by else "",
            "corrected": str(event.pk) in corrected,
            "undo": event.stands and not closed,
            "correct": event.stands and closed and event.type not in NOT_CORRECTED,
        }
        for event in sorted(record.events, key=lambda event: (event.at, event.order), reverse=True)
    ]


def words_of(viewer: Viewer, sitting: SittingPage, record: Record, event: SittingEvent) -> str:
    """The line of one event."""
    titles = titles_of(viewer, sitting)
    return f"{hour(event.at)}. {line_of(event, record, titles)}"


def last_hour(record: Record) -> str:
    """The hour of the last event, as a field of time has it: what is typed the next morning follows it."""
    at = max((event.at for event in record.standing), default=None)
    return timezone.localtime(at).strftime("%H:%M") if at else ""


# The projector.


def projection_of(viewer: Viewer, sitting: SittingPage, now: Now) -> Shown:
    """What the room reads on the wall: nothing of an item held in huis clos, nothing of one that the person may not see."""
    held = now.record.sitting if now.stage in {SittingState.OPEN, SittingState.CLOSED} else None
    shown: Shown = {
        "title": sitting.title,
        "state": held.state if held else "before",
        "item": None,
        "quorum": None,
        "closed": False,
        "opened": "",
        "result": "",
    }
    if held is None or held.state == "closed":
        return shown
    item = held.current
    if "" in held.huis_clos or (item and item.number in held.huis_clos):
        return shown | {"closed": True}
    titles = titles_of(viewer, sitting)
    shown["quorum"] = quorum_of(held, attendance_of(held))
    if item is None or item.number not in titles:
        return shown
    rows = [row for row in held.rows if row["item"] == item.number and not row["huis_clos"]]
    return shown | {
        "item": {"number": item.number, "title": titles[item.number]},
        "opened": "Le vote est ouvert." if item.open_ballot is not None else "",
        "result": rows[-1]["sentence"] if rows else "",
    }
