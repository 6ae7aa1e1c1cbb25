"""What is to come for a person: the sittings he is convened to, and the meetings of the outside instances where he sits."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, TypedDict

from django.db.models import Q, QuerySet
from django.utils import timezone

from council.agenda.enums import SittingState
from council.agenda.models import SittingPage
from council.calendars.models import OutsideMeetingPage
from council.members.models import Instance
from kb.permissions import Viewer, visible_to

ANNOUNCED = (SittingState.CONVENED, SittingState.HELD, SittingState.CANCELLED)


class Coming(TypedDict):
    """A line of an élu's home or of his calendar."""

    date: datetime  # in the town's time
    instance: str
    title: str
    url: str
    outside: bool
    cancelled: bool


def instances_of(person: Any, on: date | None = None) -> QuerySet[Instance]:
    """Where the person sits on that day (today)."""
    on = on or timezone.localdate()
    held = Q(mandates__account=person.pk, mandates__since__lte=on)
    return Instance.objects.filter(held & (Q(mandates__until__isnull=True) | Q(mandates__until__gt=on))).distinct()


def sittings_of(viewer: Viewer, instances: QuerySet[Instance]) -> QuerySet[SittingPage]:
    """Those of these instances that were announced and that the person may read, cancelled ones included."""
    announced = SittingPage.objects.filter(instance__in=instances, record__state__in=ANNOUNCED, live=True)
    return visible_to(announced, viewer.user).select_related("instance", "record")  # type: ignore[return-value]


def outside_of(viewer: Viewer, instances: QuerySet[Instance]) -> QuerySet[OutsideMeetingPage]:
    """The published meetings of these outside instances that the person may read."""
    published = OutsideMeetingPage.objects.filter(instance__in=instances, live=True)
    return visible_to(published, viewer.user).select_related("instance")  # type: ignore[return-value]


def coming(person: Any) -> list[Coming]:
    """All that the person has to come, the nearest first; what was called off stays, marked. Five queries at most."""
    viewer = Viewer.of(person)
    today = timezone.localdate()
    since = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    instances = instances_of(viewer.user, today)
    rows = [*_sittings(viewer, instances, since), *_meetings(viewer, instances, since)]
    return sorted(rows, key=lambda row: (row["date"], row["instance"], row["url"]))


def _sittings(viewer: Viewer, instances: QuerySet[Instance], since: datetime) -> Iterator[Coming]:
    for sitting in sittings_of(viewer, instances).filter(starts_at__gte=since):
        cancelled = sitting.record.state == SittingState.CANCELLED
        yield _row(sitting, outside=False, cancelled=cancelled)


def _meetings(viewer: Viewer, instances: QuerySet[Instance], since: datetime) -> Iterator[Coming]:
    for meeting in outside_of(viewer, instances).filter(starts_at__gte=since):
        yield _row(meeting, outside=True, cancelled=meeting.called_off)


def _row(page: Any, *, outside: bool, cancelled: bool) -> Coming:
    return Coming(
        date=timezone.localtime(page.starts_at), instance=page.instance.name, title=page.title, url=f"/p/{page.pk}/",
        outside=outside, cancelled=cancelled,
    )  # fmt: skip
