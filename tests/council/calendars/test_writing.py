"""The same events read by two readers, in summer and in winter."""

from datetime import UTC, datetime, timedelta

import icalendar
import vobject

from council.calendars.writing import PARIS, Meeting, calendar

CHANGED = datetime(2026, 9, 30, 8, 0, tzinfo=UTC)


def meeting(uid="sitting-1@mairie.example", month=10, day=13, **fields):
    known = {
        "title": "Conseil municipal, séance ordinaire",
        "place": "Salle du conseil, place de la Mairie ; 1er étage",
        "starts_at": datetime(2026, month, day, 18, 30, tzinfo=PARIS),
        "address": "https://mairie.example/p/12/",
        "changed_at": CHANGED,
        "words": "Ordre du jour :\n1. Budget\n2. École",
    }
    return Meeting(uid=uid, **{**known, **fields})


def by_icalendar(data):
    return [
        (
            str(event["uid"]),
            str(event["summary"]),
            event["dtstart"].dt.astimezone(UTC),
            event["duration"].dt,
            str(event["location"]),
            str(event["url"]),
            int(event["sequence"]),
            str(event["status"]),
            str(event["description"]),
        )
        for event in icalendar.Calendar.from_ical(data).walk("VEVENT")
    ]


def by_vobject(data):
    return [
        (
            event.uid.value,
            event.summary.value,
            event.dtstart.value.astimezone(UTC),
            event.duration.value,
            event.location.value,
            event.url.value,
            int(event.sequence.value),
            event.status.value,
            event.description.value,
        )
        for event in vobject.readOne(data.decode()).vevent_list
    ]


def test_two_readers_read_the_same_in_summer_and_in_winter():
    data = calendar(
        [meeting(month=7, day=7), meeting("sitting-2@mairie.example", month=12, day=8, sequence=3, cancelled=True)],
        name="Conseil municipal de Valmorin-sur-Drise",
    )
    read = by_icalendar(data)
    assert read == by_vobject(data)
    place, words = "Salle du conseil, place de la Mairie ; 1er étage", "Ordre du jour :\n1. Budget\n2. École"
    assert read == [
        (
            "sitting-1@mairie.example",
            "Conseil municipal, séance ordinaire",
            datetime(2026, 7, 7, 16, 30, tzinfo=UTC),
            timedelta(hours=2),
            place,
            "https://mairie.example/p/12/",
            0,
            "CONFIRMED",
            words,
        ),
        (
            "sitting-2@mairie.example",
            "Annulé : Conseil municipal, séance ordinaire",
            datetime(2026, 12, 8, 17, 30, tzinfo=UTC),
            timedelta(hours=2),
            place,
            "https://mairie.example/p/12/",
            3,
            "CANCELLED",
            words,
        ),
    ]


def test_the_hour_of_paris_is_written_whole():
    data = calendar([meeting()], name="Conseil").decode()
    assert "DTSTART;TZID=Europe/Paris:20261013T183000" in data
    assert data.count("BEGIN:VTIMEZONE") == 1 and "TZID:Europe/Paris" in data
    assert all(len(line.encode()) <= 75 for line in data.split("\r\n"))


def test_a_sitting_over_the_night_of_the_change_of_hour():
    start = datetime(2026, 10, 24, 23, 30, tzinfo=PARIS)
    [row] = by_icalendar(calendar([meeting(starts_at=start, lasts=timedelta(hours=4))], name="Conseil"))
    assert (row[2], row[3]) == (datetime(2026, 10, 24, 21, 30, tzinfo=UTC), timedelta(hours=4))


def test_what_is_joined_to_a_mail_says_so():
    assert b"METHOD:REQUEST" in calendar([meeting()], name="Conseil", method="REQUEST")
    assert b"METHOD" not in calendar([meeting()], name="Conseil")
