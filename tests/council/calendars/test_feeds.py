"""Feeds: read by two readers as the same events, for who has the address, as long as he has the right."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from council.agenda.models import DoneStep, SittingPage
from council.calendars import operations
from council.calendars.models import CalendarAddress, OutsideMeetingPage
from council.convening import cancelling
from council.members.models import Mandate
from kb.access.models import Grant
from kb.pages import operations as pages

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def feed(client, person, instance=None):
    token = operations.make_address(by=person, instance=instance)
    return client.get(f"/calendrier/{token}.ics")


def events(answer):
    """As icalendar reads them, once vobject has read the same."""
    found = [
        (str(event["summary"]), event["dtstart"].dt, int(event["sequence"]), str(event["status"]), str(event["url"]))
        for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    ]
    other = [
        (
            event.summary.value,
            event.dtstart.value.astimezone(UTC),
            int(event.sequence.value),
            event.status.value,
            event.url.value,
        )
        for event in getattr(vobject.readOne(answer.content.decode()), "vevent_list", [])
    ]
    assert [(title, at.astimezone(UTC), *rest) for title, at, *rest in found] == other
    return found


def test_one_s_sittings_and_outside_meetings(convening, outside, client):
    sitting, meeting = convening.sent(20), outside.meeting(10)
    answer = feed(client, convening.elue)
    base = "http://127.0.0.1:8000/p"
    assert events(answer) == [
        (
            "Communauté de communes : Conseil communautaire",
            meeting.starts_at.astimezone(PARIS),
            0,
            "CONFIRMED",
            f"{base}/{meeting.pk}/",
        ),
        ("Conseil municipal", sitting.starts_at.astimezone(PARIS), 0, "CONFIRMED", f"{base}/{sitting.pk}/"),
    ]
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert b"TZID:Europe/Paris" in answer.content


@pytest.mark.parametrize(("month", "utc"), [(7, 16), (1, 17)])
def test_half_past_six_in_summer_and_in_winter(convening, client, month, utc):
    sitting = convening.sent(20)
    at = datetime(timezone.localdate().year + 1, month, 15, 18, 30, tzinfo=PARIS)
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=at)
    ((_title, start, *_rest),) = events(feed(client, convening.elue))
    assert (start.hour, start.astimezone(UTC).hour) == (18, utc)


def test_one_instance_alone(convening, outside, client):
    convening.sent(20)
    outside.meeting(10)
    answer = feed(client, convening.elue, outside.instance)
    assert [title for title, *_ in events(answer)] == ["Communauté de communes : Conseil communautaire"]


def test_a_sitting_called_off_stays_cancelled_with_a_higher_sequence(convening, client):
    sitting = convening.sent(20)
    cancelling.call_off(sitting=sitting, reason="Neige", by=convening.secretary)
    ((title, _at, sequence, status, _url),) = events(feed(client, convening.elue))
    assert (title, sequence, status) == ("Annulé : Conseil municipal", 1, "CANCELLED")


def test_an_outside_meeting_that_moves_keeps_its_uid_and_gets_a_higher_sequence(convening, outside, client):
    meeting = outside.meeting(10)
    OutsideMeetingPage.objects.filter(pk=meeting.pk).update(
        first_published_at=timezone.now() - timedelta(hours=1), last_published_at=timezone.now() - timedelta(hours=1)
    )
    uid = f"UID:outside-{meeting.pk}@127.0.0.1"
    before = feed(client, convening.elue)
    meeting = OutsideMeetingPage.objects.get(pk=meeting.pk)
    meeting.called_off = True
    draft = pages.save_draft(page=meeting, author=convening.town.admin)
    pages.publish_draft(page=meeting, revision=meeting.get_latest_revision(), author=convening.town.admin)
    assert draft is not False
    after = feed(client, convening.elue)
    assert uid.encode() in before.content
    assert uid.encode() in after.content
    assert events(before)[0][2] == 0
    assert events(after)[0][2] >= 3600
    assert events(after)[0][3] == "CANCELLED"


def test_what_the_reader_has_already_is_not_sent_again(convening, client):
    convening.sent(20)
    token = operations.make_address(by=convening.elue)
    answer = client.get(f"/calendrier/{token}.ics")
    again = client.get(f"/calendrier/{token}.ics", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(f"/calendrier/{token}.ics").status_code == 200


def test_not_what_one_may_no_longer_read(convening, outside, client):
    convening.sent(20)
    token = operations.make_address(by=convening.elue)
    Grant.objects.all().delete()
    assert events(client.get(f"/calendrier/{token}.ics")) == []


def test_a_closed_account_an_ended_mandate_an_unknown_word_are_not_there(convening, client):
    convening.sent(20)
    token = operations.make_address(by=convening.elue)
    address = f"/calendrier/{token}.ics"
    assert client.get(address).status_code == 200
    Mandate.objects.filter(account=convening.elue).update(until=timezone.localdate())
    assert client.get(address).status_code == 404
    Mandate.objects.filter(account=convening.elue).update(until=None)
    assert client.get(address).status_code == 200
    convening.elue.is_active = False
    convening.elue.save()
    assert client.get(address).status_code == 404
    assert client.get("/calendrier/abc.ics").status_code == 404


def test_made_again_or_stopped_the_former_serves_nothing(convening, client):
    first = operations.make_address(by=convening.elue)
    second = operations.make_address(by=convening.elue)
    assert client.get(f"/calendrier/{first}.ics").status_code == 404
    assert client.get(f"/calendrier/{second}.ics").status_code == 200
    operations.end_address(by=convening.elue)
    assert client.get(f"/calendrier/{second}.ics").status_code == 404
    assert CalendarAddress.objects.filter(token_hash__contains=second).count() == 0


def test_who_prepares_the_sittings_has_their_calendar(convening, client):
    convening.sent(20)
    assert [title for title, *_ in events(feed(client, convening.secretary))] == ["Conseil municipal"]


def test_who_sits_nowhere_has_none(convening):
    for person in (convening.town.outsider, convening.town.admin):
        with pytest.raises(PermissionDenied):
            operations.make_address(by=person)
    with pytest.raises(PermissionDenied):
        operations.make_address(by=convening.maire, instance=outside_instance())


def outside_instance():
    from council.members.models import Instance

    return Instance.objects.create(name="Syndicat des eaux", body="epci", outside=True)


def test_the_public_feed_tells_what_is_posted(convening, client):
    sitting = convening.sent(20)
    address = f"/conseil/{convening.council.instance.pk}/seances.ics"
    assert events(client.get(address)) == []
    DoneStep.objects.create(sitting=sitting, code="posting", on=timezone.localdate(), noted_by=convening.secretary)
    assert [title for title, *_ in events(client.get(address))] == ["Conseil municipal"]
    assert b"octobre" not in client.get(address).content


@pytest.mark.parametrize("body", ["ccas", "commission", "epci"])
def test_no_public_feed_where_the_law_does_not_make_it_public(convening, client, body):
    instance = convening.council.instance
    type(instance).objects.filter(pk=instance.pk).update(body=body, own_clear_days=None)
    assert client.get(f"/conseil/{instance.pk}/seances.ics").status_code == 404


def test_the_screen_shows_the_address_once(convening, outside):
    convening.sent(20)
    client = convening.town.signed_in(convening.elue)
    page = client.get("/calendrier/").content.decode()
    assert "Créer l’adresse" in page
    assert ".ics" in page  # the public one
    made = client.post("/calendrier/", {"instance": "toutes"}).content.decode()
    (token,) = [word.split(".ics")[0] for word in made.split("/calendrier/")[1:] if ".ics" in word[:60]]
    assert client.get(f"/calendrier/{token}.ics").status_code == 200
    assert token not in client.get("/calendrier/").content.decode()
    stopped = client.post("/calendrier/", {"instance": "toutes", "geste": "arreter"}, follow=True).content.decode()
    assert "Cette adresse ne donne plus rien" in stopped
    assert client.get(f"/calendrier/{token}.ics").status_code == 404


def test_the_screen_of_who_sits_nowhere_says_so(convening):
    client = convening.town.signed_in(convening.town.outsider)
    assert "Vous ne siégez dans aucune instance" in client.get("/calendrier/").content.decode()
    assert client.post("/calendrier/", {"instance": str(convening.council.instance.pk)}).status_code == 404
    assert client.post("/calendrier/", {"instance": "toutes"}).status_code == 403
