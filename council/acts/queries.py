"""Reads of the acts of a sitting."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from council.acts.models import Deliberation, Discussion, MinutesState, ProcesVerbal, SignedCopy
from council.agenda.enums import CONVENED_STATES, SittingState
from council.agenda.models import AgendaPlace, SittingPage, SittingRecord, stage_of
from council.convening.queries import own
from council.decisions.queries import kept_by
from council.members.queries import seats_of
from council.papers.content import Papers
from kb.pages.tree import Node
from kb.permissions import Viewer, abilities


def deliberations_of(sitting: SittingPage) -> QuerySet[Deliberation]:
    """In the order of the agenda, whoever asks: the caller has asked who he is."""
    return Deliberation.objects.filter(sitting=sitting).order_by("position")


def discussions_of(sitting: SittingPage) -> dict[int, str]:
    """Item's id → the last text typed of what was said on it."""
    rows = Discussion.objects.filter(sitting=sitting).order_by("at", "pk").values_list("item", "text")
    last = dict(rows)
    return {item: text for item, text in last.items() if text.strip()}


def signed_copies(sitting: SittingPage) -> QuerySet[SignedCopy]:
    """All that came back, oldest first, but what was set aside."""
    return SignedCopy.objects.filter(sitting=sitting, set_aside_at=None).select_related("deliberation", "by")


# Who has which papers.

OPENED = frozenset({SittingState.OPEN, SittingState.HELD, SittingState.CLOSED})


@dataclass(frozen=True)
class Access:
    """What a person has of the papers of a sitting."""

    manages: bool = False  # all of them, and their deeds
    sits: bool = False  # what was decided, and the procès-verbal once it is sent

    def __bool__(self) -> bool:
        return self.manages or self.sits


def access(viewer: Viewer, sitting: SittingPage) -> Access:
    """Papers tell of every item: they are for who reads them all. Nothing before the sitting, nothing for the public."""
    stage = stage_of(sitting)
    if not viewer.signed_in or stage == SittingState.PREPARATION or not Papers(sitting).may_be_had_by(viewer):
        return Access()
    manages = abilities(viewer, sitting)["publish"]
    sits = stage == SittingState.CLOSED and own(sitting, viewer.user) is not None
    return Access(manages, sits)


# The same for lists, in ids: SQLite's parser does not go as deep as all these rules in each other.


@dataclass(frozen=True)
class Reach:
    """What a person has of all that the council decided, as ids of sittings and of instances."""

    kept: frozenset[int] = frozenset()  # sittings whose acts he sends and publishes, but those of…
    sealed: frozenset[int] = frozenset()  # …items of these that he does not read
    registers: frozenset[int] = frozenset()  # instances whose decisions he keeps
    made: frozenset[int] = frozenset()  # sittings whose papers he makes: `access(…).manages`
    sat: frozenset[int] = frozenset()  # those that he has because he sits there: `access(…).sits`
    seats: frozenset[int] = frozenset()  # instances where he sits


def reach_of(viewer: Viewer) -> Reach:
    """Two queries for who holds nothing of the council, none for the public; the tree knows the rights on pages."""
    if not viewer.signed_in:
        return Reach()
    seats = frozenset(seats_of(viewer.user).values_list("pk", flat=True))
    rows = SittingRecord.objects.filter(state__in=CONVENED_STATES).values_list("page", "page__instance", "state")
    states = {sitting: (instance, state) for sitting, instance, state in rows}
    managed = frozenset(sitting for sitting in states if _manages(viewer, viewer.tree.nodes.get(sitting)))
    mine = {pk for pk, (instance, state) in states.items() if state in OPENED and (pk in managed or instance in seats)}
    hidden = _hidden_from(viewer, mine) if mine else []
    parted = {sitting for sitting, _item in hidden}
    whole = frozenset(sitting for sitting in mine if sitting not in parted and viewer.knows(sitting))
    holds = bool(managed) or _manages(viewer, viewer.tree.home)
    return Reach(
        kept=frozenset() if viewer.looker else managed,
        sealed=frozenset(item for sitting, item in hidden if sitting in managed),
        registers=frozenset(kept_by(viewer).values_list("pk", flat=True)) if holds else frozenset(),
        made=managed & whole,
        sat=frozenset(pk for pk in whole if states[pk][0] in seats and states[pk][1] == SittingState.CLOSED),
        seats=seats,
    )


def _manages(viewer: Viewer, node: Node | None) -> bool:
    return node is not None and viewer.can_manage(node)


def _hidden_from(viewer: Viewer, sittings: Collection[int]) -> list[tuple[int, int]]:
    """(sitting, item) of what was announced and the person does not read. One query."""
    announced = AgendaPlace.objects.filter(sitting__in=sittings).exclude(convened_revision=None)
    places = announced.order_by().values_list("sitting", "item")
    return [(sitting, item) for sitting, item in places if not viewer.knows(item)]


def minutes_within(reach: Reach) -> QuerySet[ProcesVerbal]:
    """The procès-verbaux that a person has: all those he makes; those that were sent, where he sits."""
    return ProcesVerbal.objects.filter(
        Q(sitting__in=reach.made) | (Q(sitting__in=reach.sat) & ~Q(state=MinutesState.DRAFT))
    )
