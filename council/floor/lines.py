"""One event of a sitting as one French line of its log."""

from collections.abc import Callable, Mapping
from typing import Any

from council.floor.models import SittingEvent
from council.floor.record import Record
from council.participation.room import GROUNDS, PERSONAL
from kb.typography import count, typeset

REASONS = {PERSONAL: "intérêt personnel", "representative": "siège dans l’autre organisme"}


def line_of(event: SittingEvent, record: Record, titles: Mapping[str, str]) -> str:
    """What happened. Of an item whose title is not among `titles` nothing more than its number is said."""
    names = _Names(record)
    made = [row for row in record.made.get(str(event.pk), ()) if row["item"] is None or row["item"] in titles]
    if made:
        return typeset(" ".join(_row(row) for row in made))
    write = _LINES.get(event.type)
    return typeset(write(event.data, names, titles)) if write else event.type


class _Names:
    """The names of members, from the opening even where it was undone."""

    def __init__(self, record: Record) -> None:
        openings = [event for event in record.events if event.type == "open"]
        self._known = {one["id"]: one["name"] for event in openings for one in event.data["members"]}

    def one(self, member: Any) -> str:
        return str(self._known.get(str(member), member))

    def all(self, data: Mapping[str, Any]) -> str:
        members = [*([data["member"]] if data.get("member") else []), *data.get("members", [])]
        return ", ".join(self.one(member) for member in members)


def _row(row: Mapping[str, Any]) -> str:
    place = f"Point {row['item']}" if row["item"] else "Séance"
    return f"{place}{', ' + row['name'] if row['name'] else ''}. {row['sentence']}"


def _where(data: Mapping[str, Any]) -> str:
    return f" au point {data['item']}" if data.get("item") else ""


def _open(data: Mapping[str, Any], names: _Names, titles: Mapping[str, str]) -> str:
    return f"Séance ouverte par {names.one(data['president'])}, {count(len(data.get('present', [])), 'présent')}."


def _preside(data: Mapping[str, Any], names: _Names, titles: Mapping[str, str]) -> str:
    scope = f"le point {data['item']}" if data.get("item") else "la suite de la séance"
    return f"{names.one(data['member'])} préside {scope}."


def _secretary(data: Mapping[str, Any], names: _Names, titles: Mapping[str, str]) -> str:
    help_ = f", avec {', '.join(data['assistants'])}" if data.get("assistants") else ""
    return f"Secrétaire de séance : {names.all(data)}{help_}."


def _item(data: Mapping[str, Any], names: _Names, titles: Mapping[str, str]) -> str:
    title = titles.get(data["item"])
    return f"Point {data['item']}" + (f" : {title}." if title else ".")


def _withdraw(data: Mapping[str, Any], names: _Names, titles: Mapping[str, str]) -> str:
    if not data.get("members") and not data.get("member"):
        return f"Point {data.get('item', '')} retiré de l’ordre du jour."
    ground = data.get("ground", "")
    out = ", sorti de la salle" if data.get("left_room") else ""
    return f"Ne prend pas part{_where(data)} : {names.all(data)} ({REASONS.get(ground, ground)}, art. {GROUNDS.get(ground, '')}){out}."


def _requested(data: Mapping[str, Any], names: _Names, titles: Mapping[str, str]) -> str:
    form = {"public": "public", "secret": "secret"}.get(data.get("ballot", ""), "")
    return f"Scrutin {form} demandé{_where(data)} par {names.all(data)}."


def _ballot(data: Mapping[str, Any], names: _Names, titles: Mapping[str, str]) -> str:
    return f"Le vote s’ouvre{_where(data)}." if data.get("open") else f"Vote{_where(data)}."


def _decide(data: Mapping[str, Any], names: _Names, titles: Mapping[str, str]) -> str:
    return "Fin du huis clos." if data.get("end") else f"Décision{_where(data)}."


def _pause(data: Mapping[str, Any], names: _Names, titles: Mapping[str, str]) -> str:
    return "Séance suspendue" + (f" : {data['reason']}." if data.get("reason") else ".")


_LINES: Mapping[str, Callable[[Mapping[str, Any], _Names, Mapping[str, str]], str]] = {
    "open": _open,
    "arrive": lambda data, names, titles: f"Arrivée : {names.all(data)}.",
    "leave": lambda data, names, titles: f"Départ : {names.all(data)}.",
    "return": lambda data, names, titles: f"Retour : {names.all(data)}.",
    "proxy_given": lambda data, names, titles: f"{names.one(data['from'])} donne pouvoir à {names.one(data['to'])}.",
    "proxy_revoked": lambda data, names, titles: f"{names.one(data['from'])} révoque son pouvoir.",
    "preside": _preside,
    "appoint_secretary": _secretary,
    "item": _item,
    "withdraw": _withdraw,
    "ballot_requested": _requested,
    "ballot": _ballot,
    "decide": _decide,
    "suspend": _pause,
    "resume": lambda data, names, titles: "La séance reprend.",
    "correct": lambda data, names, titles: f"Correction : {data.get('reason', '')}",
    "close": lambda data, names, titles: "Séance levée.",
}
