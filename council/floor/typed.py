"""From what a form of the operator's screen posts to the event that it means, in the words of docs/events.md."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from council.agenda.models import SittingPage
from council.floor.operations import Entry
from council.participation import Sitting
from kb.refusals import Refused
from kb.sanitizing import CONTROL
from kb.typography import day, typeset

CHOICES = ("for", "against", "abstention")
TOTALS = ("votes_for", "votes_against", "abstentions", "blanks", "nulls")
LONGEST, LONGEST_LIST = 300, 5000  # signs: a reason stands on the agenda (`AgendaPlace.reason`); a name a line
YEARS = range(2000, 2200)  # a clock that says another has no hour to give
LISTS, CANDIDATES = 4, 8  # what the screen has room for
LASTS = timedelta(hours=12)  # a sitting is over by then
BEFORE = timedelta(hours=4)  # a time typed that is earlier than that before the hour convened is after midnight


@dataclass(frozen=True)
class Typed:
    """A posted form. `held` is what the engine knows of the sitting, None before the opening."""

    post: QueryDict
    held: Sitting | None

    def text(self, name: str, longest: int = LONGEST) -> str:
        """What stands in a field, without the spaces around it nor what no paper can print. Raises Refused."""
        found = CONTROL.sub("", str(self.post.get(name) or "")).strip()
        if len(found) > longest:
            raise Refused(f"« {found[:30]}… » est trop long : {longest} signes au plus.")
        return found

    def several(self, name: str) -> list[str]:
        """What was ticked, each once."""
        return list(dict.fromkeys(one for one in (CONTROL.sub("", one) for one in self.post.getlist(name)) if one))

    def number(self, name: str) -> int | None:
        """A count; None where nothing is typed. Raises Refused."""
        text = self.text(name)
        if not text:
            return None
        if not text.isdecimal() or len(text) > 4:
            raise Refused(f"« {text} » n’est pas un nombre de voix : écrivez un nombre entier.")
        return int(text)

    def person(self, name: str) -> str:
        """The id of the member who is so called; what was typed where nobody is."""
        members = self.held.room.members.values() if self.held else ()
        return next((one.id for one in members if one.name.casefold() == name.casefold()), name)


def entry_of(post: QueryDict, sitting: SittingPage, held: Sitting | None) -> Entry:
    """The event that a form means. Raises Refused."""
    typed = Typed(post, held)
    deed, _, member = typed.text("row").partition(":") if typed.text("row") else (typed.text("deed"), "", "")
    if deed not in DEEDS:
        raise Refused("Ce bouton n’est pas connu de ce serveur : rechargez la page.")
    kind, data = (deed, {"members": [member]}) if member else DEEDS[deed](typed)
    at, given = moment_of(post, sitting)
    return Entry(
        id_of(post), kind, {name: value for name, value in data.items() if value not in (None, "", [], {})}, at, given
    )


def id_of(post: QueryDict) -> UUID:
    """The id made on the laptop. Raises Refused."""
    try:
        return UUID(str(post.get("id")))
    except ValueError:
        raise Refused("Cette saisie n’a pas de numéro : rechargez la page.") from None


def moment_of(post: QueryDict, sitting: SittingPage) -> tuple[datetime | None, bool]:
    """When it happened: the hour typed (`heure`), else the laptop's (`at`), else now. Raises Refused."""
    hour = str(post.get("heure") or "").strip()
    if hour:
        try:
            typed = datetime.strptime(hour[:5], "%H:%M").time()
        except ValueError:
            raise Refused(f"« {hour} » n’est pas une heure : écrivez-la comme 18:30.") from None
        begins = timezone.localtime(sitting.starts_at)
        at = begins.replace(hour=typed.hour, minute=typed.minute, second=0, microsecond=0)
        return (at + timedelta(days=1) if at < begins - BEFORE else at), True
    noted = _noted_at(str(post.get("at") or ""))
    if noted is not None and noted < sitting.starts_at + LASTS:  # a page left open since yesterday says this morning
        return noted, False
    if not is_live(sitting):
        raise Refused(f"La séance était le {day(sitting.starts_at)} : écrivez l’heure où c’est arrivé.")
    return None, False


def _noted_at(text: str) -> datetime | None:
    """The laptop's own hour; None where it says none that is one."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None or not timezone.is_aware(found) or found.year not in YEARS:
        return None
    return found


def is_live(sitting: SittingPage) -> bool:
    """Whether what is typed happens now; what is typed the next morning bears its hour."""
    return timezone.now() < sitting.starts_at + LASTS


# The forms, one function each: type of the event, and what it carries.

Made = tuple[str, dict[str, Any]]


def _about(kind: str) -> Callable[[Typed], Made]:
    return lambda typed: (kind, {"members": typed.several("member")})


def _preside(typed: Typed) -> Made:
    rest = typed.text("scope") == "rest"
    return "preside", {
        "member": typed.text("member"),
        "rest": rest or None,
        "item": None if rest else typed.text("item"),
    }


def _secretary(typed: Typed) -> Made:
    assistants = [one.strip() for one in typed.text("assistants").split(",") if one.strip()]
    return "appoint_secretary", {"members": typed.several("member"), "assistants": assistants}


def _withdraw(typed: Typed) -> Made:
    if not typed.several("member"):
        raise Refused("Choisissez qui ne prend pas part.")
    return "withdraw", {
        "item": typed.text("item"),
        "members": typed.several("member"),
        "ground": typed.text("ground"),
        "left_room": bool(typed.text("left_room")) or None,
    }


def _take_off(typed: Typed) -> Made:
    if not typed.text("reason"):
        raise Refused("Un point ne quitte pas l’ordre du jour sans raison : écrivez-la.")
    return "withdraw", {"item": typed.text("item"), "reason": typed.text("reason")}


def _postpone(typed: Typed) -> Made:
    return "decide", {"what": "postponement", "item": typed.text("item"), "reason": typed.text("reason")}


def _requested(typed: Typed) -> Made:
    return "ballot_requested", {
        "item": typed.text("item"),
        "ballot": typed.text("ballot"),
        "members": typed.several("member"),
    }


def _unanimous(typed: Typed) -> Made:
    return "ballot", {**_which_items(typed), "name": typed.text("name"), "ballot": _form(typed), "unanimous": True}


def _open_ballot(typed: Typed) -> Made:
    return "ballot", {"item": typed.text("item"), "name": typed.text("name"), "open": True}


def _ballot(typed: Typed) -> Made:
    """By groups, with exceptions, or in totals; in a secret ballot totals alone are read."""
    data = {**_which_items(typed), "name": typed.text("name"), "ballot": _form(typed)}
    if _form(typed) == "secret" or typed.text("way") == "totals":
        return "ballot", data | _totals(typed)
    votes = {name.removeprefix("vote:"): typed.text(name) for name in typed.post if name.startswith("vote:")}
    groups = {name.removeprefix("group:"): typed.text(name) for name in typed.post if name.startswith("group:")}
    return "ballot", data | {"votes": _given(votes), "groups": _given(groups)}


def _given(votes: Mapping[str, str]) -> dict[str, str]:
    return {who: vote for who, vote in votes.items() if vote in CHOICES}


def _form(typed: Typed) -> str:
    """« à main levée » is the default, unless a ballot was asked for: the engine knows."""
    form = typed.text("ballot")
    return "" if form == "ordinary" else form


def _totals(typed: Typed) -> dict[str, Any]:
    """What is left empty in a box of totals is no vote; an empty box of abstentions takes the rest."""
    found: dict[str, Any] = {name: typed.number(name) for name in TOTALS}
    if _form(typed) != "secret":
        found |= {"blanks": None, "nulls": None, "president_votes": typed.text("president_votes")}
    return found


def _which_items(typed: Typed) -> dict[str, Any]:
    """« Vote groupé » : the item under discussion and those ticked beside it."""
    together = typed.several("with")
    return {"items": [typed.text("item"), *together]} if together else {"item": typed.text("item")}


def _decide(typed: Typed) -> Made:
    """What the council decides of its own sitting: `what` carries the item where it is about one."""
    what = typed.text("what")
    if what == "public_again":
        return "decide", {"what": "huis_clos", "end": True}
    if not what:
        raise Refused("Choisissez ce que le conseil décide.")
    data: dict[str, Any] = {"what": what, "item": None if what == "urgency" else typed.text("item")}
    if what == "huis_clos":
        data["requested_by"] = typed.several("member")
    if typed.text("way") == "totals":
        return "decide", data | {name: typed.number(name) for name in TOTALS[:3]} | {
            "president_votes": typed.text("president_votes")
        }
    return "decide", data | {"unanimous": True}


def _elect(typed: Typed) -> Made:
    """One round: the votes of each candidate, or of each list."""
    data: dict[str, Any] = {
        "item": typed.text("item"),
        "name": typed.text("name"),
        "kind": "appointment",
        "ballot": _form(typed),
        "office": typed.text("office"),
        "seats": typed.number("seats"),
        "blanks": typed.number("blanks"),
        "nulls": typed.number("nulls"),
        "abstentions": typed.number("abstentions"),
        "born": _births(typed),
    }
    votes, lists = _lists(typed)
    candidates = {who: number for who, number in _candidates(typed).items() if number is not None}
    return "ballot", data | {"candidates": votes | candidates, "lists": lists}


def _candidates(typed: Typed) -> dict[str, int | None]:
    """Each name typed, and its votes; None where none is typed."""
    found: dict[str, int | None] = {}
    for place in range(CANDIDATES):
        if name := typed.text(f"candidate_{place}"):
            person = typed.person(name)
            if person in found:
                raise Refused(f"« {name} » est deux fois parmi les candidats : gardez-en un.")
            found[person] = typed.number(f"candidate_{place}_votes")
    return found


def _lists(typed: Typed) -> tuple[dict[str, int], dict[str, Any]]:
    """The votes of each list, and who is on it, a name a line."""
    votes: dict[str, int] = {}
    lists: dict[str, Any] = {}
    for place in range(LISTS):
        if name := typed.text(f"list_{place}"):
            lists[name] = {"name": name, "members": [who for who, _born in _people(typed, place)]}
            votes[name] = typed.number(f"list_{place}_votes") or 0
    return votes, lists


def _people(typed: Typed, place: int) -> list[tuple[str, str]]:
    """Who is on a list: « Anne Roux », or « Anne Roux, 31/01/1960 » where the oldest is elected."""
    found = []
    for line in filter(None, map(str.strip, typed.text(f"list_{place}_members", LONGEST_LIST).splitlines())):
        name, comma, born = line.rpartition(",")
        found.append((typed.person((name if comma else line).strip()), _day(born.strip()) if comma else ""))
    return found


def _day(text: str) -> str:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date().isoformat()
    except ValueError:
        raise Refused(f"« {text} » n’est pas une date de naissance : écrivez-la comme 31/01/1960.") from None


def _births(typed: Typed) -> dict[str, str]:
    """Days of birth, typed where the oldest is elected."""
    found = {who: born for place in range(LISTS) for who, born in _people(typed, place) if born}
    for place in range(CANDIDATES):
        if born := typed.text(f"candidate_{place}_born"):
            found[typed.person(typed.text(f"candidate_{place}"))] = born
    return found


def _read_out(typed: Typed) -> Made:
    """A single candidacy, or a single list, that takes effect when it is read."""
    _votes, lists = _lists(typed)
    return "ballot", {
        "item": typed.text("item"),
        "name": typed.text("name"),
        "kind": "appointment",
        "office": typed.text("office"),
        "seats": typed.number("seats"),
        "lists": lists,
        "candidates": list(lists) or list(_candidates(typed)),
        "read_out": True,
    }


DEEDS: Mapping[str, Callable[[Typed], Made]] = {
    "arrive": _about("arrive"),
    "leave": _about("leave"),
    "return": _about("return"),
    "proxy_given": lambda typed: ("proxy_given", {"from": typed.text("from"), "to": typed.text("to")}),
    "proxy_revoked": lambda typed: ("proxy_revoked", {"from": typed.text("from")}),
    "appoint_secretary": _secretary,
    "preside": _preside,
    "item": lambda typed: ("item", {"item": typed.text("item")}),
    "withdraw": _withdraw,
    "take_off": _take_off,
    "postpone": _postpone,
    "ballot_requested": _requested,
    "ballot": _ballot,
    "unanimous": _unanimous,
    "open_ballot": _open_ballot,
    "take_note": lambda typed: ("decide", {"what": "take_note", "item": typed.text("item")}),
    "decide": _decide,
    "elect": _elect,
    "read_out": _read_out,
    "suspend": lambda typed: ("suspend", {"reason": typed.text("reason")}),
    "resume": lambda typed: ("resume", {}),
}


def opening_of(post: QueryDict, mandates: Mapping[str, Any]) -> dict[str, Any]:
    """The roll call: who is present, the pouvoirs, who presides, who writes. Raises Refused."""
    present, pouvoirs = [], {}
    for key, mandate in mandates.items():
        holder, state = str(post.get(f"pouvoir:{key}") or ""), post.get(f"etat:{key}")
        if state == "present" and not holder:
            present.append(mandate)
        elif holder and state == "present":
            raise Refused(typeset(f"{mandate} est présent et donne pouvoir : gardez l’un des deux."))
        elif holder:
            if holder not in mandates:
                raise Refused(
                    typeset(f"{mandate} donne pouvoir à quelqu’un qui n’est pas du tableau : choisissez un membre.")
                )
            pouvoirs[mandate] = mandates[holder]
    return {
        "present": present,
        "pouvoirs": pouvoirs,
        "president": mandates.get(str(post.get("president") or "")),
        "secretaries": [mandates[one] for one in dict.fromkeys(post.getlist("secretary")) if one in mandates],
    }
