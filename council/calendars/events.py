"""A sitting, or an outside meeting, as an event: the same in the mail that convenes, in the one that calls off, in feeds."""

from urllib.parse import urlsplit

from django.conf import settings

from council.agenda.enums import SittingState
from council.agenda.models import SittingPage
from council.calendars.models import OutsideMeetingPage
from council.calendars.writing import Meeting
from council.convening.models import Cancellation


def of_sitting(sitting: SittingPage) -> Meeting:
    """A sitting that was announced. What the convocation said of it changes once: when it is called off."""
    record = sitting.record
    cancelled = record.state == SittingState.CANCELLED
    off = Cancellation.objects.filter(sitting=sitting.pk).first() if cancelled else None
    assert record.convened_at is not None
    return Meeting(
        uid=_uid("sitting", sitting.pk),
        title=sitting.instance.name,
        starts_at=sitting.starts_at,
        place=sitting.place or sitting.instance.place,
        address=_address(sitting.pk),
        changed_at=off.at if off else record.convened_at,
        sequence=int(cancelled),
        cancelled=cancelled,
        words=f"Séance annulée : {off.reason}" if off else "",
    )


def of_outside(meeting: OutsideMeetingPage) -> Meeting:
    """An outside meeting as published; each publication is a later one, so the seconds since the first number them."""
    assert meeting.first_published_at is not None
    assert meeting.last_published_at is not None
    since = meeting.last_published_at - meeting.first_published_at
    return Meeting(
        uid=_uid("outside", meeting.pk),
        title=f"{meeting.instance.name} : {meeting.title}",
        starts_at=meeting.starts_at,
        place=meeting.place or meeting.instance.place,
        address=_address(meeting.pk),
        changed_at=meeting.last_published_at,
        sequence=max(0, int(since.total_seconds())),
        cancelled=meeting.called_off,
        words=meeting.summary,
    )


def _uid(kind: str, pk: int) -> str:
    return f"{kind}-{pk}@{urlsplit(settings.BASE_URL).hostname}"


def _address(pk: int) -> str:
    return f"{settings.BASE_URL}/p/{pk}/"
