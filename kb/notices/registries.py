"""What other rooms give to this one: lines for a digest, and the days of sittings. It knows none of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Line:
    """A line that a room adds to a digest; it leaves only if the person may still see `page`, when there is one."""

    text: str  # « à vérifier avant le 12 octobre »; the page is named for it, where a mail may name it
    path: str  # from the root of the site
    why: str  # « vous en êtes responsable »: what follows « Parce que »
    page: int | None = None
    asks: bool = False  # for an act: such lines come first


Contributor = Callable[[Any, datetime], Iterable[Line]]
Calendar = Callable[[date, date], Iterable[date]]
_contributors: list[Contributor] = []
_calendars: list[Calendar] = []


def contributes(contributor: Contributor) -> Contributor:
    """Registers `contributor(person, since)`: what became news for this person since the moment of his last digest.

    It asks the rights itself; it is called once for each turn of his digests, and what it says is not asked again.
    """
    _contributors.append(contributor)
    return contributor


def contributed(person: Any, since: datetime) -> list[Line]:
    """The lines of every room."""
    return [line for contributor in _contributors for line in contributor(person, since)]


def knows_sittings(calendar: Calendar) -> Calendar:
    """Registers `calendar(first, last)`: the days that sittings keep élus busy, between two days, both included."""
    _calendars.append(calendar)
    return calendar


def sittings(first: date, last: date) -> set[date]:
    """The days of sittings, and of their preparation by those convened, by every room that knows some."""
    return {day for calendar in _calendars for day in calendar(first, last)}
