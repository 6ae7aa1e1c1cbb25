"""Reads the events of a sitting: JSON or dictionaries in, checked events out. The format is `docs/events.md`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kb.typography import day

PARIS = ZoneInfo("Europe/Paris")

COMMON = frozenset({"id", "at", "type", "note"})
VOTES = frozenset(
    {"ballot", "votes", "groups", "others", "unanimous", "votes_for", "votes_against", "abstentions", "blanks", "nulls"}
    | {"president_votes"}
)
WHO = frozenset({"member", "members"})
KEYS: dict[str, frozenset[str]] = {
    "open": frozenset({"kind", "quorum", "in_office", "members", "present", "maire", "president", "agenda"}),
    "arrive": WHO,
    "leave": WHO,
    "return": WHO,
    "proxy_given": frozenset({"from", "to", "sitting_rank", "illness", "document"}),
    "proxy_revoked": frozenset({"from"}),
    "preside": frozenset({"member", "item", "rest"}),
    "appoint_secretary": WHO | {"assistants"},
    "item": frozenset({"item", "title", "kind", "office", "seats", "lists", "born"}),
    "withdraw": WHO | {"item", "ground", "left_room", "reason"},
    "ballot_requested": WHO | {"item", "ballot"},
    "ballot": VOTES
    | {"item", "items", "kind", "name", "open", "office", "seats", "lists", "born", "round", "rounds", "candidates"}
    | {"read_out"},
    "decide": VOTES | {"what", "item", "requested_by", "end", "reason"},
    "suspend": frozenset({"reason"}),
    "resume": frozenset(),
    "correct": frozenset({"event", "with", "undo", "add", "reason"}),
    "close": frozenset(),
}
WHOLES = ("in_office", "votes_for", "votes_against", "abstentions", "blanks", "nulls", "seats", "round", "sitting_rank")
FLAGS = ("unanimous", "open", "read_out", "end", "undo", "illness", "rest", "left_room")
SHAPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("groups", "lists", "born", "with", "add"), (dict,)),
    **dict.fromkeys(("candidates", "votes"), (dict, list)),
    **dict.fromkeys(("members", "present", "agenda", "requested_by", "assistants", "items", "rounds"), (list,)),
    **dict.fromkeys(("kind", "quorum", "name", "title", "office", "ballot", "what", "from", "to", "member"), (str,)),
    **dict.fromkeys(("event", "reason", "ground", "others", "president_votes", "maire", "president", "item"), (str,)),
}
_WORDS: dict[type, str] = {
    str: "un texte entre guillemets",
    list: "une liste entre crochets",
    dict: "un objet entre accolades",
}
ROUND = frozenset({"candidates", "abstentions", "blanks", "nulls", "round"})


class Refused(ValueError):
    """What the law or good sense does not allow; a French sentence with the way out."""


@dataclass(frozen=True)
class Event:
    """One thing that happened, `place` in the list. `key` tells it among the others: its id, or its place."""

    key: str
    at: datetime
    type: str
    data: Mapping[str, Any] = field(default_factory=dict)
    place: int = 0

    def get(self, name: str, default: Any = None) -> Any:
        """A field, or the default where it is absent or null."""
        value = self.data.get(name)
        return default if value is None else value

    def members(self) -> list[str]:
        """Whom it is about: `member`, `members`, or both; nobody twice."""
        named = [self.data["member"]] if self.data.get("member") is not None else []
        return names([*named, *self.get("members", [])], "Les membres")

    def __str__(self) -> str:
        place = f", {_nth(self.place)}" if "id" in self.data else ""
        return f"Événement {self.key} ({self.type}, {self.at:%H:%M}{place})"


def _nth(place: int) -> str:
    return f"n° {place}"


def is_whole(value: Any) -> bool:
    """A count of votes, of members or of seats."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9999


def names(values: Any, what: str) -> list[str]:
    """A list of ids, nobody twice."""
    if not isinstance(values, list) or not all(isinstance(one, str) and one for one in values):
        raise Refused(f"{what} s’écrivent comme une liste de textes.")
    for one in values:
        if values.count(one) > 1:
            raise Refused(f"« {one} » est nommé deux fois : gardez-le une fois.")
    return values


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON keeps the last of two equal keys, so that a member could vote twice unseen."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refused(
                f"« {key} » est écrit deux fois au même endroit : gardez une seule valeur, un membre ne vote qu’une fois."
            )
        found[key] = value
    return found


def from_json(text: str) -> list[dict[str, Any]]:
    """The list of events of a file: a list, or an object with `events`."""
    if not text.strip():
        raise Refused("Ce fichier est vide : on y attend une liste d’événements, voyez docs/events.md.")
    try:
        found = json.loads(text, object_pairs_hook=_once)
        json.dumps(found, ensure_ascii=False).encode()
    except json.JSONDecodeError as wrong:
        raise Refused(f"Ce fichier n’est pas du JSON (ligne {wrong.lineno}) : corrigez cette ligne.") from None
    except RecursionError:
        raise Refused("Ce fichier est trop imbriqué pour être une suite d’événements.") from None
    except UnicodeEncodeError as wrong:
        raise Refused(
            f"Ce fichier porte un signe qui n’existe pas (\\u{ord(wrong.object[wrong.start]):04x}) : corrigez-le."
        ) from None
    except Refused:
        raise
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise Refused("Ce fichier porte un nombre de plusieurs milliers de chiffres : corrigez-le.") from None
    if isinstance(found, dict):
        found = found.get("events")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Refused("On attend une liste d’événements, chacun avec « at » et « type » : voyez docs/events.md.")
    return found


def read(raw: Iterable[Mapping[str, Any]]) -> list[Event]:
    """Checked events, in order, each id once, corrections applied. Raises Refused."""
    events: list[Event] = []
    seen: dict[str, Event] = {}
    for place, data in enumerate(raw, 1):
        event = _checked(data, place)
        if "id" not in data:
            events.append(_in_order(event, events))
        elif event.key not in seen:
            seen[event.key] = event
            events.append(_in_order(event, events))
        elif dict(seen[event.key].data) != dict(data):
            raise Refused(
                f"L’événement « {event.key} » revient avec un autre contenu : donnez-lui un autre id, ou corrigez-le "
                "par un événement « correct »."
            )
    return _corrected(events)


def _in_order(event: Event, before: list[Event]) -> Event:
    if before and event.at.timestamp() < before[-1].at.timestamp():  # the hour comes back in October
        latest = before[-1].at
        when = f"{latest:%H:%M}" if latest.date() == event.at.date() else f"le {day(latest)} à {latest:%H:%M}"
        raise Refused(
            f"{event} vient après {when} : mettez les événements dans l’ordre, ou ajoutez celui-ci par un "
            "événement « correct » (« add »)."
        )
    return event


def _checked(data: Mapping[str, Any], place: int) -> Event:
    kind, key = data.get("type"), data.get("id", _nth(place))
    if not isinstance(key, str) or not key:
        raise Refused(f"L’événement {_nth(place)} a un id qui n’est pas un texte : écrivez « id » entre guillemets.")
    number = f"{key} ({_nth(place)})" if "id" in data else key
    if kind is None:
        raise Refused(f"L’événement {number} n’a pas de « type » : choisissez entre {', '.join(KEYS)}.")
    if not isinstance(kind, str) or kind not in KEYS:
        raise Refused(f"L’événement {number} a pour type « {kind} » : choisissez entre {', '.join(KEYS)}.")
    unknown = set(data) - KEYS[kind] - COMMON
    if unknown:
        known = ", ".join(sorted(KEYS[kind] | COMMON))
        raise Refused(f"L’événement {number}, {kind}, porte « {min(unknown)} », inconnu ici : on y lit {known}.")
    _check_shapes(data, number)
    return Event(key, _moment(data.get("at"), number), kind, dict(data), place)


def _check_shapes(data: Mapping[str, Any], number: str) -> None:
    for name, value in data.items():
        if value is None:
            continue
        if name in WHOLES and not is_whole(value):
            raise Refused(f"L’événement {number} : « {name} » est un nombre entier, 0 au moins.")
        if name in FLAGS and not isinstance(value, bool):
            raise Refused(f"L’événement {number} : « {name} » est true ou false.")
        if name == "item" and (not isinstance(value, str) or not value):
            raise Refused(f"L’événement {number} : « item » est le numéro du point, entre guillemets.")
        if name in SHAPES and not isinstance(value, SHAPES[name]):
            shape = " ou ".join(_WORDS[one] for one in SHAPES[name])
            raise Refused(f"L’événement {number} : « {name} » est {shape}, voyez docs/events.md.")


def as_agenda_item(one: Any, opening: Event) -> Mapping[str, Any]:
    """An entry of the agenda: a number, or what an `item` event says."""
    data = one if isinstance(one, dict) else {"item": one}
    unknown = set(data) - KEYS["item"]
    if unknown:
        raise Refused(f"{opening} : l’ordre du jour porte « {min(unknown)} », inconnu ici.")
    _check_shapes(data, opening.key)
    return data


def _moment(text: Any, number: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        if "T" not in text and " " not in text:
            raise ValueError
        return found.replace(tzinfo=PARIS) if found.tzinfo is None else found.astimezone(PARIS)
    except (TypeError, ValueError, OverflowError):
        raise Refused(
            f"L’événement {number} n’a pas d’heure lisible : écrivez « at » comme 2026-10-13T18:30."
        ) from None


# Corrections: what was typed stays in the list, what counts is the last word on it.


def _corrected(events: list[Event]) -> list[Event]:
    """The events that count: each as its last standing correction leaves it."""
    words = _standing_corrections(events)
    found: list[Event] = []
    for event in events:
        if event.type == "correct":
            found.append(event)
            continue
        found.extend(_as_corrected(event, words.get(event.key, [])))
    return found


def _standing_corrections(events: list[Event]) -> dict[str, list[Event]]:
    """Corrections by what they correct; one that a later one undoes does not stand."""
    places = {event.key: place for place, event in enumerate(events)}
    undone: set[str] = set()
    standing: dict[str, list[Event]] = {}
    closed_at = next((place for place, event in enumerate(events) if event.type == "close"), len(events))
    for place in range(len(events) - 1, -1, -1):
        event = events[place]
        if event.type != "correct" or event.key in undone:
            continue
        target = _target(event, events, places, place)
        if place > closed_at and not event.get("reason"):
            raise Refused(f"{event} : après la clôture, une correction est un acte daté, dites sa raison (« reason »).")
        if target.type == "correct":
            undone.add(target.key)
        else:
            standing.setdefault(target.key, []).insert(0, event)
    return standing


def _target(event: Event, events: list[Event], places: dict[str, int], place: int) -> Event:
    target = events[places[event.get("event")]] if event.get("event") in places else None
    if target is None or places[target.key] >= place or "id" not in target.data:
        raise Refused(f"{event} : « event » nomme un événement d’avant, par son id.")
    ways = [name for name in ("with", "undo", "add") if event.get(name)]
    if len(ways) != 1 or (target.type == "correct" and ways != ["undo"]):
        raise Refused(f"{event} : une correction porte soit « with », soit « undo », soit « add ».")
    return target


def _addition(word: Event) -> Event:
    added = _checked(word.get("add"), word.place)
    if added.type == "correct":
        raise Refused(f"{word} : une correction n’en ajoute pas une autre, écrivez-les l’une après l’autre.")
    return added


def _as_corrected(event: Event, words: list[Event]) -> list[Event]:
    kept: Event | None = event
    added: list[Event] = []
    for word in words:
        if word.get("undo"):
            kept = None
        elif word.get("add"):
            added.append(_addition(word))
        elif kept:
            change = word.get("with")
            if "id" in change or "type" in change:
                raise Refused(f"{word} : une correction ne change ni l’id ni le type.")
            kept = _checked({**kept.data, **change}, event.place)
    return [*([kept] if kept else []), *added]
