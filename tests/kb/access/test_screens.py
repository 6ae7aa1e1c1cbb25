"""« Accès » in the browser: the table, the preview that changes nothing, the change, each refusal."""

import pytest

from kb.access import operations as access
from kb.access.models import Boundary, Grant, Role

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def school(town):
    return town.page("École")


def asked(client, page, **data):
    return client.post(f"/p/{page.pk}/acces/changer/", data)


def test_the_table_says_each_right_and_where_it_comes_from(town, school, publisher):
    town.give(Role.COMMENTER, school, person=town.outsider, why="avis demandé")
    context = publisher.get(f"/p/{school.pk}/acces/").context
    rows = [(row["grantee"], row["role"], row["origin"]) for row in context["rows"]]
    assert rows[0] == ("Hugo Perrin", "commentateur", "Donné ici")
    assert ("le groupe Communication", "responsable", "Hérité de «\u00a0Valmorin-sur-Drise\u00a0»") in rows[1:]
    assert ("Hugo Perrin", "commentateur") in [(row["name"], row["role"]) for row in context["people"]]


def test_a_page_above_that_one_may_not_read_is_not_named(town):
    secret = town.page("Contentieux Lauze")
    access.reserve(page=secret, by=town.admin, why="")
    below = town.page("Chauffage", under=secret)
    town.give(Role.READER, secret, group="Élus")
    town.give(Role.MANAGER, below, person=town.outsider)
    screen = town.signed_in(town.outsider).get(f"/p/{below.pk}/acces/").content.decode()
    assert "Contentieux" not in screen and "Hérité d’une page au-dessus" in screen and "une page au-dessus" in screen


def test_nothing_is_done_before_it_is_confirmed(town, school, publisher):
    data = {"deed": "give", "other": "hugo.perrin", "role": "10", "why": "pour voir"}
    preview = asked(publisher, school, **data)
    assert "1 personne gagne l’accès" in preview.content.decode() and "Hugo Perrin" in preview.content.decode()
    assert not Grant.objects.filter(person=town.outsider).exists()
    again = dict(preview.context["again"])
    assert again == {**data}
    assert asked(publisher, school, **again, confirmed="1").url == f"/p/{school.pk}/acces/"
    grant = Grant.objects.get(person=town.outsider)
    assert (grant.role, grant.why, grant.given_by) == (Role.READER, "pour voir", town.communication)


def test_somebody_one_does_not_know_is_named_by_his_address(town, school):
    town.give(Role.MANAGER, school, person=town.elu)
    asker = town.signed_in(town.elu)
    offered = asker.get(f"/p/{school.pk}/acces/").content.decode()
    assert "Hugo Perrin" not in offered and "Patrick Brun" in offered
    asked(asker, school, deed="give", other="HUGO@valmorin.example", role="10", confirmed="1")
    assert Grant.objects.get(person=town.outsider).given_by == town.elu


def test_reserve_reopen_and_end(town, school, publisher):
    preview = asked(publisher, school, deed="reserve")
    assert "3 personnes perdent l’accès" in preview.content.decode()
    asked(publisher, school, deed="reserve", confirmed="1")
    assert Boundary.objects.get().page_id == school.pk
    grant = town.give(Role.READER, school, person=town.elu)
    asked(publisher, school, deed="end", grant=grant.pk, confirmed="1")
    grant.refresh_from_db()
    assert grant.ended_by == town.communication
    asked(publisher, school, deed="reopen", confirmed="1")
    assert not Boundary.objects.exists()


def test_opening_to_everybody_is_said_loudly(town, school, publisher):
    preview = asked(publisher, school, deed="give", grantee="public", role="10")
    assert "n’importe qui lira cette page" in preview.content.decode()
    refused = asked(publisher, school, deed="give", grantee="public", role="40", confirmed="1")
    assert refused.url == f"/p/{school.pk}/acces/" and not Grant.objects.filter(public=True).exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"grantee": "person:999", "role": "10"}, "n’en fait pas partie"),
        ({"grantee": "public", "role": "11"}, "n’en fait pas partie"),
        ({"grantee": "public", "role": "10", "until": "2020-01-01"}, "Cette date est passée"),
        ({"role": "10"}, "l’un des deux"),
        ({"role": "10", "other": "personne"}, "Aucun compte ouvert"),
        ({"role": "10", "other": "hugo.perrin", "grantee": "public"}, "l’un des deux"),
    ],
)
def test_a_bad_form_comes_back_with_its_reason(town, school, publisher, data, sentence):
    answer = asked(publisher, school, deed="give", **data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_it_is_for_responsables(town, school, agent, reader, client):
    assert agent.get(f"/p/{school.pk}/acces/").status_code == 403
    assert asked(agent, school, deed="reserve", confirmed="1").status_code == 403
    assert reader.get(f"/p/{school.pk}/acces/").status_code == 403
    assert town.signed_in(town.outsider).get(f"/p/{school.pk}/acces/").status_code == 404
    assert client.get(f"/p/{school.pk}/acces/").url.startswith("/connexion/")
    assert not Boundary.objects.exists()


def test_a_right_of_another_page_is_not_ended_from_here(town, school, publisher):
    grant = town.give(Role.READER, town.page("Autre"), person=town.outsider)
    assert asked(publisher, school, deed="end", grant=grant.pk, confirmed="1").status_code == 404
