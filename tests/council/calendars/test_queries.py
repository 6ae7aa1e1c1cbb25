"""What is to come for a person, and who is told of what."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.calendars import queries
from council.calendars.models import OutsideMeetingPage
from council.members.models import Mandate
from kb.access.models import Grant

pytestmark = pytest.mark.django_db


def told(person):
    return [(row["title"], row["instance"], row["outside"], row["url"]) for row in queries.coming(person)]


def test_sittings_and_outside_meetings_the_nearest_first(convening, outside):
    sitting, meeting = convening.sent(20), outside.meeting(10)
    assert told(convening.elue) == [
        ("Conseil communautaire", "Communauté de communes", True, f"/p/{meeting.pk}/"),
        ("Conseil d’octobre", "Conseil municipal", False, f"/p/{sitting.pk}/"),
    ]
    (first, second) = queries.coming(convening.elue)
    assert first["date"] == timezone.localtime(meeting.starts_at)
    assert (first["cancelled"], second["cancelled"]) == (False, False)


def test_where_the_maire_does_not_sit_she_is_told_nothing(convening, outside):
    sitting = convening.sent(20)
    outside.meeting(10)
    assert told(convening.maire) == [("Conseil d’octobre", "Conseil municipal", False, f"/p/{sitting.pk}/")]


def test_not_what_is_in_preparation_or_past(convening, outside):
    convening.sitting(20)
    outside.meeting(5, publish=False)
    outside.meeting(-1)
    assert told(convening.elue) == []


def test_not_what_may_not_be_read(convening, outside):
    outside.meeting(10)
    Grant.objects.all().delete()
    assert told(convening.elue) == []


def test_nothing_once_the_mandate_is_over(convening, outside):
    convening.sent(20)
    outside.meeting(10)
    Mandate.objects.filter(account=convening.elue).update(until=timezone.localdate())
    assert told(convening.elue) == []


def test_one_called_off_stays_and_says_so(convening, outside):
    outside.meeting(10, called_off=True)
    assert [row["cancelled"] for row in queries.coming(convening.elue)] == [True]


def test_today_s_is_there_all_day(convening, outside):
    meeting = outside.meeting(0)
    OutsideMeetingPage.objects.filter(pk=meeting.pk).update(starts_at=timezone.localtime().replace(hour=0, minute=1))
    assert len(queries.coming(convening.elue)) == 1


def test_three_ask_as_much_as_one(convening, outside):
    convening.sent(20)
    counts = []
    for days in (1, 2, 3):
        outside.meeting(days, title=f"Réunion {days}")
        with CaptureQueriesContext(connection) as asked:
            assert len(queries.coming(convening.elue)) == days + 1
        counts.append(len(asked))
    assert counts[0] == counts[2]
