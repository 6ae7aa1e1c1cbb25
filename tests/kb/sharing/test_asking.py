"""« Demander l’accès »: the same words whatever is behind the address; one click gives it, with an end."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import PageLogEntry

from kb import permissions
from kb.access import operations as access
from kb.access.models import Grant, Role
from kb.sharing import operations
from kb.sharing.models import AccessRequest, Answer
from kb.work import operations as work

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(town):
    return town.page("École des Tilleuls")


@pytest.fixture
def outsider(town):
    return town.signed_in(town.outsider)


def ask(client, address, why=""):
    return client.post("/demander/", {"address": address, "why": why}, follow=True)


def answered(client, asked, deed, **data):
    return client.post(f"/acces/demandes/{asked.pk}/", {"role": "10", "deed": deed, **data})


def test_the_answer_is_the_same_whatever_is_behind_the_address(town, school, outsider):
    reserved, draft = town.page("Contentieux"), town.page("Brouillon", publish=False)
    access.reserve(page=reserved, by=town.admin, why="")
    said = {
        ask(outsider, address).content.decode().split("<main", 1)[1].split("<h1", 1)[0]
        for address in (f"/p/{school.pk}/", f"/p/{reserved.pk}/", f"/p/{draft.pk}/", "/p/99999/", "/rien/", "charabia")
    }
    assert len(said) == 1 and "ses responsables ont reçu votre demande" in said.pop()
    assert [row.page_id for row in AccessRequest.objects.all()] == [school.pk]


def test_a_page_that_does_not_open_offers_to_ask(town, school, outsider):
    refused = outsider.get(f"/p/{school.pk}/")
    assert refused.status_code == 404
    assert f"/demander/?adresse=%2Fp%2F{school.pk}%2F" in refused.content.decode()
    assert f'value="/p/{school.pk}/"' in outsider.get(f"/demander/?adresse=/p/{school.pk}/").content.decode()


def test_the_responsables_are_told_and_one_click_gives_it_through_a_day(town, school, outsider, publisher):
    ask(outsider, f"/p/{school.pk}/", "Je reprends le dossier")
    ask(outsider, f"/p/{school.pk}/")
    asked = AccessRequest.objects.get()
    work.drain()
    assert [message.to for message in mail.outbox] == [["Inès Morel <ines@valmorin.example>"]]
    assert f"/acces/demandes/{asked.pk}/" in mail.outbox[0].body and "Je reprends le dossier" in mail.outbox[0].body
    assert "Hugo Perrin" in publisher.get("/acces/demandes/").content.decode()
    until = timezone.localdate() + timedelta(days=30)
    assert answered(publisher, asked, "give", until=until.isoformat()).url == "/acces/demandes/"
    grant = Grant.objects.get(person=town.outsider)
    assert (grant.role, grant.until, grant.given_by) == (Role.READER, until, town.communication)
    assert permissions.can_view(town.outsider, school)
    work.drain()
    assert mail.outbox[1].to == ["Hugo Perrin <hugo@valmorin.example>"] and f"/p/{school.pk}/" in mail.outbox[1].body
    assert set(PageLogEntry.objects.filter(page=school.pk).values_list("action", flat=True)) >= {
        "kb.access.ask",
        "kb.access.ask.given",
        "kb.access.give",
    }


def test_refused_it_gives_nothing_and_says_so(town, school, outsider, publisher):
    ask(outsider, f"/p/{school.pk}/")
    asked = AccessRequest.objects.get()
    answered(publisher, asked, "refuse", words="Voyez avec la direction.")
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by) == (Answer.REFUSED, town.communication)
    assert not permissions.can_view(town.outsider, school)
    mail.outbox.clear()
    work.drain()
    letter = mail.outbox[-1]
    assert letter.to == ["Hugo Perrin <hugo@valmorin.example>"] and "Voyez avec la direction." in letter.body
    assert "Tilleuls" not in letter.message().as_string()  # he still may not know of it


def test_the_second_responsable_is_told_that_it_is_answered(town, school, outsider, publisher):
    ask(outsider, f"/p/{school.pk}/")
    asked = AccessRequest.objects.get()
    answered(publisher, asked, "refuse")
    again = answered(town.signed_in(town.admin), asked, "give").content.decode()
    assert "Inès Morel a déjà répondu" in again and not Grant.objects.filter(person=town.outsider).exists()


def test_without_a_responsable_the_administrators_are_asked(town, school, outsider):
    Grant.objects.filter(role=Role.MANAGER).delete()
    ask(outsider, f"/p/{school.pk}/")
    work.drain()
    assert [message.to for message in mail.outbox] == [["Claire Valette <claire@valmorin.example>"]]


def test_it_is_for_responsables(town, school, outsider, agent, client):
    ask(outsider, f"/p/{school.pk}/")
    asked = AccessRequest.objects.get()
    for stranger in (agent, outsider):
        assert stranger.get(f"/acces/demandes/{asked.pk}/").status_code == 404
        assert answered(stranger, asked, "give").status_code == 404
        assert "Hugo Perrin :" not in stranger.get("/acces/demandes/").content.decode()
    assert client.post("/demander/", {"address": "/p/1/"}).url.startswith("/connexion/")


def test_nobody_fills_the_desks(town, outsider):
    for number in range(operations.MOST_WAITING + 1):
        last = ask(outsider, f"/p/{town.page(f'Page {number}').pk}/")
    assert AccessRequest.objects.count() == operations.MOST_WAITING
    assert "vingt demandes en attente" in last.content.decode()
