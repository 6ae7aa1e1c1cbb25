"""The way into the admin: whoever has no place there is told so once, and Wagtail's own entrance is ours."""

import pytest
from django.test import Client

from kb.access.models import Role
from tests.conftest import PASSWORD


@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/3/edit/", "/admin/nowhere/", "/connexion/?next=/admin/"])
def test_an_elu_is_told_that_it_is_not_permitted(town, reader, path):
    answer = reader.get(path, follow=True)
    assert answer.status_code == 403
    html = answer.content.decode()
    assert "L’espace de rédaction est réservé aux agents." in html and 'href="/"' in html
    assert "messages" not in reader.cookies and "messages" not in reader.get("/").cookies
    assert list(reader.get("/").context["messages"]) == []


def test_an_agent_and_an_administrator_enter(town, agent):
    assert agent.get("/admin/").status_code == 200
    assert town.signed_in(town.admin).get("/admin/").status_code == 200


def test_an_elu_who_edits_one_page_enters_for_that_page(town):
    page, other = town.page("Projet d’école"), town.page("Autre")
    town.give(Role.EDITOR, page, person=town.elu)
    elu = town.signed_in(town.elu)
    assert elu.get("/admin/").status_code == 200
    assert elu.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
    assert elu.get(f"/admin/pages/{other.pk}/edit/").status_code in {302, 403, 404}
    assert elu.get("/admin/users/").status_code in {302, 403, 404}


def test_a_refusal_of_another_kind_keeps_its_sentence(town, reader):
    page = town.page("Note")
    assert "Vous ne pouvez pas modifier « Note »" in reader.get(f"/p/{page.pk}/deposer/").content.decode()


def test_signing_in_and_out_of_the_admin_is_ours(town, agent):
    stranger = Client()
    assert stranger.get("/admin/login/?next=/admin/pages/").url == "/connexion/?next=%2Fadmin%2Fpages%2F"
    assert stranger.get("/admin/").url == "/connexion/?next=/admin/"
    assert agent.post("/admin/logout/").url == "/connexion/"
    assert agent.get("/admin/").status_code == 302


@pytest.mark.parametrize("path", ["", "done/", "complete/", "confirm/MQ/abc-def/"])
def test_no_password_leaves_by_mail(town, mailoutbox, path):
    stranger = Client()
    for answer in (
        stranger.get(f"/admin/password_reset/{path}"),
        stranger.post(f"/admin/password_reset/{path}", {"email": "patrick@valmorin.example", "new_password1": "x"}),
    ):
        assert answer.status_code == 200
        assert "la personne qui administre ce site" in answer.content.decode()
    assert mailoutbox == []
    town.technical.refresh_from_db()
    assert town.technical.check_password(PASSWORD)
