"""Reads of the maire's decisions: who keeps them, the next number, the report to a sitting."""

from datetime import date
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from council.agenda.enums import CONVENED_STATES, SittingState
from council.agenda.models import SittingPage
from council.agenda.queries import meeting_day
from council.decisions.models import Decision, DelegatedPower
from council.members.models import Instance
from council.members.operations import may_manage
from council.members.queries import held_on, in_office, seats_of
from kb.permissions import Viewer
from kb.trash.models import Trashed

HELD = CONVENED_STATES - {SittingState.CONVENED}


def kept_by(person: Any) -> QuerySet[Instance]:
    """The instances whose decisions the person keeps: responsable of the town's page, or of all its convened sittings.

    Of all: who makes a sitting on a shelf of his own would otherwise read, and take, the decisions of the maire.
    """
    viewer = Viewer.of(person)
    if not viewer.signed_in or viewer.looker:
        return Instance.objects.none()
    if may_manage(viewer.user):
        return Instance.objects.all()
    in_trash = Exists(Trashed.objects.filter(page=OuterRef("pk")))
    convened = SittingPage.objects.filter(~in_trash, record__state__in=CONVENED_STATES).order_by()
    managed = convened.filter(viewer.managed())
    others = convened.exclude(pk__in=managed.values("pk"))
    return Instance.objects.filter(pk__in=managed.values("instance")).exclude(pk__in=others.values("instance"))


def keeps(person: Any, instance: Instance) -> bool:
    """Whether the person writes the decisions, sends and publishes the acts of this instance."""
    return kept_by(person).filter(pk=instance.pk).exists()


def doors_of(person: Any) -> dict[str, bool]:
    """Where the screens lead the person: to the `acts` if he keeps some, to the `decisions` if he keeps some or sits."""
    viewer = Viewer.of(person)
    keeps = kept_by(viewer).exists()
    return {"acts": keeps, "decisions": keeps or seats_of(viewer.user).exists()}


def readable_by(person: Any) -> QuerySet[Decision]:
    """Every decision of the instances that the person keeps; those taken, for who sits there today."""
    viewer = Viewer.of(person)
    if not viewer.signed_in:
        return Decision.objects.none()
    seats = seats_of(viewer.user)
    return Decision.objects.filter(Q(instance__in=kept_by(viewer)) | Q(instance__in=seats, number__isnull=False))


def delegations_in_force(instance: Instance, on: date) -> QuerySet[DelegatedPower]:
    """Those that stand on that day, the newest first."""
    return instance.delegations.filter(held_on(on))


def next_rank(instance: Instance, year: int) -> int:
    """The number that follows in the year's register."""
    last: int | None = instance.decisions.filter(year=year).aggregate(last=Max("rank"))["last"]
    return (last or 0) + 1


def signers(instance: Instance, on: date) -> Any:
    """Who may have signed: the maire, or a member who stands in (L2122-17, L2122-23)."""
    return in_office(instance, on).exclude(office="")


def to_report(sitting: SittingPage) -> QuerySet[Decision]:
    """What the maire reports at this sitting (L2122-23): all numbered since the one before, up to this one."""
    before = sitting.instance.sittings.filter(starts_at__lt=sitting.starts_at, record__state__in=HELD)
    last = before.order_by("-starts_at").values_list("starts_at", flat=True).first()
    found = sitting.instance.decisions.filter(number__isnull=False, taken_on__lte=meeting_day(sitting))
    if last is not None:
        found = found.filter(numbered_at__gt=last)
    if sitting.starts_at < timezone.now():
        found = found.filter(numbered_at__lte=sitting.starts_at)
    return found.select_related("delegation", "signer").order_by("taken_on", "rank")


def reported_to(sitting: SittingPage, person: Any) -> QuerySet[Decision]:
    """Of the report, what the person may read: reading a sitting is not enough, anybody may make one on his own shelf."""
    return to_report(sitting).filter(pk__in=readable_by(person).order_by().values("pk"))
