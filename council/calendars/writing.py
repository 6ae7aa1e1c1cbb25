"""A calendar as its readers want it (RFC 5545): a stable UID, a SEQUENCE that grows, CANCELLED, the hour of Paris.

An event that moves keeps its UID and gets a higher SEQUENCE: calendars then replace it instead of showing two. One that
is cancelled stays in the feed: left out, it would stay in people's calendars.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

PARIS = ZoneInfo("Europe/Paris")
PRODUCT = "-//Séance tenante//FR"
LASTS = timedelta(hours=2)  # nobody knows how long a sitting lasts
# By rules and not by dates: some readers know no other way. Directive 2000/84/EC.
HOUR_OF_PARIS = """BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:STANDARD
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19960331T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Meeting:
    """An event of a calendar. `sequence` grows each time that what people read of it changes."""

    uid: str  # stable: « sitting-12@mairie.example »
    title: str
    starts_at: datetime  # aware
    place: str
    address: str  # back to its page, whole
    changed_at: datetime  # aware
    sequence: int = 0
    cancelled: bool = False
    words: str = ""
    lasts: timedelta = LASTS


def calendar(meetings: Iterable[Meeting], *, name: str, method: str = "") -> bytes:
    """The whole as bytes. `method`: « REQUEST » for what is joined to a mail, « CANCEL » to take it back."""
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("x-wr-calname", name)
    whole.add("refresh-interval;value=duration", "PT1H")
    if method:
        whole.add("method", method)
    whole.add_component(Timezone.from_ical(HOUR_OF_PARIS))
    for meeting in meetings:
        whole.add_component(_event(meeting))
    return bytes(whole.to_ical())


def _event(meeting: Meeting) -> Event:
    start = meeting.starts_at.astimezone(PARIS)
    event = Event()
    event.add("uid", meeting.uid)
    event.add("summary", f"Annulé : {meeting.title}" if meeting.cancelled else meeting.title)
    event.add("dtstart", start)
    event.add("duration", meeting.lasts)  # an end at half past two in the night of October would be two moments
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("sequence", meeting.sequence)
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    event.add("url", meeting.address)
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.words:
        event.add("description", meeting.words)
    return event
