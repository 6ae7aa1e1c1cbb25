"""A meeting of an outside instance: how it is written, what its page shows, to whom."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from council.calendars.models import OutsideMeetingPage
from council.members.models import Instance
from kb.access.models import Role
from tests.leaks.forms import forms_in

pytestmark = pytest.mark.django_db


def shown(client, page):
    return client.get(f"/p/{page.pk}/").content.decode().replace("\u00a0", " ")


def test_its_page_says_when_where_and_carries_its_papers(town, outside):
    meeting = outside.meeting(10)
    town.attach(meeting, town.document(b"La convocation", "convocation.txt"), label="Convocation")
    page = shown(town.signed_in(town.elu), meeting)
    assert "elle se réunit et convoque elle-même" in page
    assert "siège" in page
    assert ">Convocation</a>" in page
    assert "Réunion annulée" not in page
    assert "Calendrier légal" not in page
    assert "Réunion annulée" in shown(town.signed_in(town.elu), outside.meeting(11, title="Autre", called_off=True))


def test_the_place_of_the_instance_where_the_meeting_has_none(town, outside):
    Instance.objects.filter(pk=outside.instance.pk).update(place="maison de la communauté")
    meeting = outside.meeting(10)
    OutsideMeetingPage.objects.filter(pk=meeting.pk).update(place="")
    assert "maison de la communauté" in shown(town.signed_in(town.elu), meeting)


def test_a_draft_is_its_editors_alone(town, outside):
    meeting = outside.meeting(10, publish=False)
    assert town.signed_in(town.elu).get(f"/p/{meeting.pk}/").status_code == 404
    assert "Communauté de communes" in shown(town.signed_in(town.admin), meeting)


def test_no_such_page_is_proposed_where_no_outside_instance_is_noted(town):
    shelf = town.folder("Réunions")
    client = town.signed_in(town.admin)
    assert "réunion extérieure" not in client.get(f"/nouvelle/{shelf.pk}/").content.decode().lower()
    Instance.objects.create(name="Syndicat des eaux", body="epci", outside=True)
    assert "réunion extérieure" in client.get(f"/nouvelle/{shelf.pk}/").content.decode().lower()


def test_written_in_the_editor_by_who_keeps_the_shelf(town, outside, council):
    """Among the outside instances alone."""
    town.give(Role.MANAGER, outside.shelf, person=council.secretary)
    client = town.signed_in(council.secretary)
    address = reverse("wagtailadmin_pages:add", args=["council", "outsidemeetingpage", outside.shelf.pk])
    page = client.get(address)
    assert "Communauté de communes</option>" in page.content.decode()
    assert "Conseil municipal</option>" not in page.content.decode()
    fields = next(fields for _address, fields in forms_in(page.content, address) if "title" in fields)
    at = timezone.localtime() + timedelta(days=9)
    written = {
        **{name: value for name, value in fields.items() if not name.startswith("action-")},
        "title": ["Conseil communautaire"],
        "starts_at": [at.strftime("%d/%m/%Y 18:30")],
        "place": ["siège"],
        "instance": [str(outside.instance.pk)],
        "body-count": ["0"],
        "action-publish": ["1"],
    }
    written.pop("called_off", None)
    client.post(address, written)
    meeting = OutsideMeetingPage.objects.get()
    assert (meeting.title, meeting.live, meeting.instance) == ("Conseil communautaire", True, outside.instance)
