"""An item of the agenda, and what an event may say of it."""

from dataclasses import dataclass, field
from typing import Any

from council.participation.elections import Election
from council.participation.kinds import Form, ItemKind
from council.participation.reading import Event, Refused


@dataclass
class Item:
    """An item of the agenda, and what has happened to it so far."""

    number: str
    title: str = ""
    kind: ItemKind = ItemKind.DELIBERATION
    details: dict[str, Any] = field(default_factory=dict)
    on_agenda: bool = True
    off: str = ""
    voted: bool = False
    decided: set[str] = field(default_factory=set)  # names of its ballots that have their result
    secrecy_waived: bool = False
    asked: dict[Form, list[str]] = field(default_factory=dict)
    required: Form | None = None
    open_ballot: str | None = None
    elections: dict[str, Election] = field(default_factory=dict)


def some(event: Event) -> list[str]:
    """The members that an event is about: at least one. Raises Refused."""
    if not event.members():
        raise Refused("dites de qui il s’agit (« member » ou « members »).")
    return event.members()


def chosen(choices: Any, value: Any, event: Event, name: str) -> Any:
    """The member of an enum. Raises Refused, with the choices."""
    try:
        return choices(value)
    except ValueError:
        raise Refused(f"{event} : « {name} » vaut « {value} », choisissez entre {', '.join(choices)}.") from None
