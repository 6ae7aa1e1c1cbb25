"""What rooms that stand above this one give to it. It knows none of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from council.acts.models import Deliberation
from council.agenda.models import SittingPage


@dataclass(frozen=True)
class Life:
    """What makes an act enforceable (L2131-1): real dates alone, None until then."""

    transmitted_on: date | None = None
    receipt: str = ""  # the number of the préfecture's acknowledgement
    published_on: date | None = None
    how: str = ""  # « en ligne », « affichée »


@dataclass(frozen=True)
class ByDelegation:
    """A decision of the maire, as its report to the council tells it (L2122-23)."""

    number: str
    on: date
    object: str


ForThePublic = Callable[[SittingPage, str], str]
LifeOf = Callable[[Deliberation], Life]
DecisionsFor = Callable[[SittingPage, Any], Iterable[ByDelegation]]
_lives: list[LifeOf] = []
_decisions: list[DecisionsFor] = []
_maskers: list[ForThePublic] = []


def tells_lives(reader: LifeOf) -> LifeOf:
    """Registers who knows when a délibération was transmitted and published."""
    _lives.append(reader)
    return reader


def tells_decisions(reader: DecisionsFor) -> DecisionsFor:
    """Registers who knows the decisions to report to a sitting, of those that a person may read."""
    _decisions.append(reader)
    return reader


def masks(writer: ForThePublic) -> ForThePublic:
    """Registers who takes out of a sitting's HTML what was masked in its acts. It raises Refused where nobody has decided."""
    _maskers.append(writer)
    return writer


def for_the_public(sitting: SittingPage, html: str) -> str:
    """The HTML of a paper of the sitting, as the public may read it. Raises Refused."""
    for writer in _maskers:
        html = writer(sitting, html)
    return html


def life_of(deliberation: Deliberation) -> Life | None:
    """What is known by the first who knows something; None where nobody does."""
    return next((life for reader in _lives if (life := reader(deliberation)) != Life()), None)


def decisions_for(sitting: SittingPage, person: Any) -> list[ByDelegation]:
    """What the person may read of them, in the order that each room gives."""
    return [one for reader in _decisions for one in reader(sitting, person)]
