"""« Voir comme »: the person's rights, nothing changed, nothing private, everything written down."""

import pytest
from wagtail.models import ModelLogEntry

from kb.access import operations as access
from kb.access.models import Role
from kb.pages.models import Favourite, Reading
from kb.people.models import AdministratorReading

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(town):
    return town.signed_in(town.admin)


def see_as(client, person):
    return client.post(f"/comme/{person.pk}/")


def test_the_site_is_as_that_person_has_it(town, admin):
    open_page, hidden = town.page("Ouverte"), town.page("Contentieux")
    access.reserve(page=hidden, by=town.admin, why="")
    assert admin.get(f"/p/{hidden.pk}/").status_code == 200
    assert see_as(admin, town.elu).url == "/"
    home = admin.get("/").content.decode()
    assert "Vous voyez le site comme Sylvie Roussillon" in home and "Contentieux" not in home
    assert admin.get(f"/p/{open_page.pk}/").status_code == 200
    assert admin.get(f"/p/{hidden.pk}/").status_code == 404
    assert admin.post("/comme/fin/").url == f"/acces/?personne={town.elu.pk}"
    assert admin.get(f"/p/{hidden.pk}/").status_code == 200


def test_nothing_can_be_changed_and_nothing_is_written(town, admin):
    page = town.page("Ouverte")
    see_as(admin, town.elu)
    for address in (f"/p/{page.pk}/lu/", f"/p/{page.pk}/favori/", f"/p/{page.pk}/envoyer/", "/compte/"):
        answer = admin.post(address)
        assert answer.status_code == 403 and "rien ne peut être changé" in answer.content.decode()
    assert not Favourite.objects.exists() and not Reading.objects.exists()
    assert admin.get("/admin/pages/").url == "/"
    assert admin.post(f"/admin/pages/{page.pk}/edit/").url == "/"


def test_what_is_private_stays_private(town, admin):
    page = town.page("Ouverte")
    Favourite.objects.create(person=town.elu, page=page)
    see_as(admin, town.elu)
    assert "Retirer de mes pages" not in admin.get(f"/p/{page.pk}/").content.decode()
    assert admin.get("/").context["town"]["favourites"] == []
    for address in ("/mes-pages/", "/compte/", "/compte/mot-de-passe/"):
        assert admin.get(address).status_code == 403


def test_it_is_written_down_and_a_reserved_branch_shows_the_passage(town, admin):
    reserved = town.page("Contentieux")
    access.reserve(page=reserved, by=town.admin, why="")
    town.give(Role.READER, reserved, person=town.elu)
    see_as(admin, town.elu)
    admin.get(f"/p/{reserved.pk}/")
    assert ModelLogEntry.objects.get(action="kb.person.seen_as").user == town.admin
    assert [(row.person, row.page_id) for row in AdministratorReading.objects.all()] == [(town.admin, reserved.pk)]


def test_it_is_for_administrators_and_not_about_one(town, admin, publisher, client):
    assert see_as(publisher, town.elu).status_code == 404
    assert see_as(admin, town.admin).status_code == 404
    assert see_as(client, town.elu).url.startswith("/connexion/")
    assert admin.get(f"/comme/{town.elu.pk}/").status_code == 405


def test_a_closed_account_is_not_seen_with(town, admin):
    see_as(admin, town.elu)
    town.elu.is_active = False
    town.elu.save()
    assert "Vous voyez le site comme" not in admin.get("/").content.decode()


def test_who_is_no_administrator_any_more_sees_with_his_own_eyes(town, admin):
    see_as(admin, town.technical)
    town.admin.is_superuser = False
    town.admin.save()
    assert "Vous voyez le site comme" not in admin.get("/").content.decode()
