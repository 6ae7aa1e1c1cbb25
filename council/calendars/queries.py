"""What is to come for a person: the sittings he is convened to, and the meetings of the outside instances where he sits."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from wagtail.models import Page

from council.agenda.enums import CONVENED_STATES, SittingState
from council.agenda.models import DoneStep, SittingPage
from council.calendars import events
from council.calendars.models import CalendarAddress, OutsideMeetingPage
from council.calendars.writing import Meeting
from council.members.models import Instance
from council.members.queries import seats_of
from kb.permissions import Viewer

KEPT = timedelta(days=366)  # how far back a feed goes


class Coming(TypedDict):
    """A line of an élu's home or of his calendar."""

    date: datetime  # in the town's time
    instance: str
    title: str
    url: str
    outside: bool
    cancelled: bool


def followed_by(viewer: Viewer) -> QuerySet[Instance]:
    """Whose calendar the person may have: the instances where he sits, and those whose sittings he prepares.

    An administrator passes everywhere; that makes no calendar.
    """
    seats = seats_of(viewer.user)
    if viewer.passes:
        return seats
    prepared = SittingPage.objects.filter(viewer.publishable(), record__state__in=CONVENED_STATES)
    return Instance.objects.filter(Q(pk__in=seats) | Q(pk__in=prepared.values("instance")))


def sittings_of(viewer: Viewer, instances: QuerySet[Instance], since: datetime) -> list[SittingPage]:
    """Those of these instances that were announced and that the person may read, cancelled ones included. One query."""
    announced = SittingPage.objects.filter(
        instance__in=instances, record__state__in=CONVENED_STATES, live=True, starts_at__gte=since
    )
    return [one for one in announced.select_related("instance", "record") if _may_know(viewer, one)]


def outside_of(viewer: Viewer, instances: QuerySet[Instance] | list[int], since: datetime) -> list[OutsideMeetingPage]:
    """The published meetings of these outside instances that the person may read, the nearest first. One query."""
    published = OutsideMeetingPage.objects.filter(instance__in=instances, live=True, starts_at__gte=since)
    nearest_first = published.select_related("instance").order_by("starts_at")
    return [one for one in nearest_first if _may_know(viewer, one)]


def _may_know(viewer: Viewer, page: Page) -> bool:
    """Judged in the tree: these lists are short, and rights in SQL would ask more than they spare."""
    return viewer.knows(page.pk)


def posted_of(instance: Instance) -> QuerySet[SittingPage]:
    """The announced sittings of a council whose agenda was posted at the door (L2121-10): from then on, anybody's."""
    posted = DoneStep.objects.filter(code="posting", on__lte=timezone.localdate()).values("sitting")
    announced = instance.sittings.filter(record__state__in=CONVENED_STATES, live=True, trashed=None, pk__in=posted)
    return announced.select_related("instance", "record")


def events_of(viewer: Viewer, instances: QuerySet[Instance]) -> list[Meeting]:
    """The feed of these instances for this person: the past year, and all that is to come."""
    since = timezone.now() - KEPT
    found = [
        *map(events.of_sitting, sittings_of(viewer, instances, since)),
        *map(events.of_outside, outside_of(viewer, instances, since)),
    ]
    return sorted(found, key=lambda meeting: (meeting.starts_at, meeting.uid))


def coming(person: Any) -> list[Coming]:
    """All that the person has to come, the nearest first; what was called off stays, marked. Two queries, and the tree."""
    viewer = Viewer.of(person)
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    instances = seats_of(viewer.user)
    sittings = [
        _row(one, outside=False, cancelled=one.record.state == SittingState.CANCELLED)
        for one in sittings_of(viewer, instances, today)
    ]
    meetings = [_row(one, outside=True, cancelled=one.called_off) for one in outside_of(viewer, instances, today)]
    return sorted([*sittings, *meetings], key=lambda row: (row["date"], row["instance"], row["url"]))


def _row(page: Any, *, outside: bool, cancelled: bool) -> Coming:
    return Coming(
        date=timezone.localtime(page.starts_at),
        instance=page.instance.name,
        title=page.title,
        url=f"/p/{page.pk}/",
        outside=outside,
        cancelled=cancelled,
    )


def address_of(token: str) -> CalendarAddress | None:
    """The address that bears this token and still serves: not ended, its person's account open."""
    found = CalendarAddress.objects.select_related("person", "instance")
    return found.filter(token_hash=hashed(token), ended_at=None, person__is_active=True).first()


def hashed(token: str) -> str:
    """What is kept of a token: 256 bits drawn at random need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def addresses_of(person: Any) -> QuerySet[CalendarAddress]:
    """Those of the person that still serve, the one of all his instances first."""
    found = CalendarAddress.objects.filter(person=person.pk, ended_at=None).select_related("instance")
    return found.order_by(F("instance__name").asc(nulls_first=True))
