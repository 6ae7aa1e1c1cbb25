"""Reads of the acts of a sitting."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.models import Page

from council.acts.models import Deliberation, Discussion, MinutesState, ProcesVerbal, SignedCopy, SignedPaper
from council.agenda.enums import SittingState
from council.agenda.models import AgendaPlace, SittingPage, stage_of
from council.convening.queries import own
from council.decisions.queries import kept_by
from council.members.queries import seats_of
from council.papers.content import Papers
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


def signed_act(deliberation: Deliberation) -> SignedCopy | None:
    """The signed copy of a délibération that counts: the newest."""
    found = SignedCopy.objects.filter(paper=SignedPaper.DELIBERATION, deliberation=deliberation, set_aside_at=None)
    return found.order_by("-at", "-pk").first()


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


# The same for lists: asked once, in ids, because SQLite's parser does not go as deep as all these rules in each other.


@dataclass(frozen=True)
class Reach:
    """What a person has of all that the council decided, as ids of sittings and of instances."""

    kept: frozenset[int] = frozenset()  # sittings whose acts he sends and publishes
    registers: frozenset[int] = frozenset()  # instances whose decisions he keeps
    made: frozenset[int] = frozenset()  # sittings whose papers he makes: `access(…).manages`
    sat: frozenset[int] = frozenset()  # those that he has because he sits there: `access(…).sits`
    seats: frozenset[int] = frozenset()  # instances where he sits


def reach_of(viewer: Viewer) -> Reach:
    """Five queries at most; none for the public."""
    if not viewer.signed_in:
        return Reach()
    seats = frozenset(seats_of(viewer.user).values_list("pk", flat=True))
    managed = frozenset(SittingPage.objects.filter(viewer.managed()).order_by().values_list("pk", flat=True))
    whole = _had_whole_by(viewer, managed, seats) if managed or seats else []
    return Reach(
        kept=frozenset() if viewer.looker else managed,
        registers=frozenset(kept_by(viewer).values_list("pk", flat=True)),
        made=frozenset(sitting for sitting, _, _ in whole if sitting in managed),
        sat=frozenset(
            sitting for sitting, instance, state in whole if instance in seats and state == SittingState.CLOSED
        ),
        seats=seats,
    )


def _had_whole_by(viewer: Viewer, managed: Collection[int], seats: Collection[int]) -> list[tuple[int, int, str]]:
    """The sittings that were opened, where the person reads all that was announced: each with its instance and its state."""
    hidden = AgendaPlace.objects.filter(sitting=OuterRef("pk")).exclude(convened_revision=None)
    hidden = hidden.exclude(item__in=Page.objects.filter(viewer.visible()).order_by().values("pk"))
    mine = SittingPage.objects.filter(Q(pk__in=managed) | Q(instance__in=seats), record__state__in=OPENED)
    found = mine.filter(viewer.visible()).filter(~Exists(hidden)).order_by()
    return list(found.values_list("pk", "instance", "record__state"))


def minutes_within(reach: Reach) -> QuerySet[ProcesVerbal]:
    """The procès-verbaux that a person has: all those he makes; those that were sent, where he sits."""
    return ProcesVerbal.objects.filter(
        Q(sitting__in=reach.made) | (Q(sitting__in=reach.sat) & ~Q(state=MinutesState.DRAFT))
    )
