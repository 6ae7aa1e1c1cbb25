"""« Supprimer » and « Corbeille » in the browser: they work, then each refusal."""

from typing import Any

import pytest
from django.urls import reverse
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Page

from kb.access import operations as access
from kb.documents.models import Image
from kb.trash import operations
from kb.trash.models import Deletion
from tests.pictures import png

pytestmark = pytest.mark.both_databases


@pytest.fixture
def page(town: Any) -> Any:
    return town.page("École", "<p>Trois classes.</p>")


@pytest.fixture
def admin(town: Any) -> Any:
    return town.signed_in(town.admin)


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text.replace("\xa0", " ").replace("&#x27;", "’")


def test_a_page_goes_and_comes_back(town, publisher, page):
    town.page("Chauffage", under=page)
    town.page("Cantine", f'<p><a linktype="page" id="{page.pk}">école</a></p>')
    address = reverse("delete_page", args=[page.pk])
    shown = said(publisher.get(address))
    assert "1 page placée au-dessous part" in shown
    assert "Cantine" in shown
    assert str(town.elu) in shown
    assert not Deletion.objects.exists()  # a GET changes nothing

    answer = publisher.post(address, {"why": "Remplacée"}, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "est à la corbeille" in said(answer)
    for path in (
        f"/p/{page.pk}/",
        f"/{page.slug}/",
        f"/p/{page.pk}/historique/",
        address,
        f"/admin/pages/{page.pk}/edit/",
    ):
        assert publisher.get(path).status_code == 404, path

    trash = said(publisher.get("/corbeille/"))
    assert "École" in trash
    assert "Avec 1 page placée au-dessous" in trash
    assert "Remplacée" in trash
    deletion = Deletion.objects.get()
    answer = publisher.post(reverse("trash_restore", args=[deletion.pk]), follow=True)
    assert answer.redirect_chain[0] == (f"/p/{page.pk}/", 302)
    assert "École" in said(publisher.get(f"/{page.slug}/"))


def test_the_reason_is_asked_for(publisher, page):
    answer = publisher.post(reverse("delete_page", args=[page.pk]), {"why": " "})
    assert answer.status_code == 422
    assert "dites en une ligne pourquoi" in said(answer)


def test_who_may_not_delete(town, reader, agent, client, page):
    address = reverse("delete_page", args=[page.pk])
    for who in (reader, agent):
        for send in (who.get, who.post):
            assert send(address, {"why": "x"}).status_code == 403
    assert client.get(address).status_code == 302  # to the sign-in page
    assert town.signed_in(town.outsider).get(address).status_code == 404
    assert not Deletion.objects.exists()


def test_what_is_not_all_ones_own(town, publisher, page):
    below = town.page("Contentieux", under=page)
    access.reserve(page=below, by=town.admin)
    address = reverse("delete_page", args=[page.pk])
    shown = said(publisher.get(address))
    assert "gérée par d’autres" in shown
    assert "Contentieux" not in shown
    assert publisher.post(address, {"why": "x"}).status_code == 422


def test_the_trash_shows_what_one_could_restore(town, agent, publisher, reader, page):
    mine = town.page("Brouillon", author=town.technical, publish=False)
    operations.delete_page(page=page, by=town.admin, why="x")
    operations.delete_page(page=mine, by=town.technical)
    assert "Rien ici" in said(reader.get("/corbeille/"))
    agents = said(agent.get("/corbeille/"))
    assert "Brouillon" in agents
    assert "École" not in agents
    assert "École" in said(publisher.get("/corbeille/"))
    other = Deletion.objects.get(page=page.pk)
    for who in (agent, reader):
        assert who.post(reverse("trash_restore", args=[other.pk])).status_code == 404
    assert publisher.get(reverse("trash_restore", args=[other.pk])).status_code == 405


@pytest.mark.parametrize("many", [1, 3])
def test_queries_of_the_trash(town, publisher, many, django_assert_max_num_queries):
    for number in range(many):
        page = town.page(f"Page {number}")
        town.page(f"Sous {number}", under=page)
        operations.delete_page(page=page, by=town.admin, why="x")
    publisher.get("/corbeille/")
    with django_assert_max_num_queries(9):
        publisher.get("/corbeille/")


@pytest.mark.parametrize("many", [1, 3])
def test_queries_of_the_confirmation(town, publisher, page, many, django_assert_max_num_queries):
    for number in range(many):
        town.attach(town.page(f"Sous {number}", under=page), town.document(b"octets" * (number + 1)))
    publisher.get(reverse("delete_page", args=[page.pk]))
    with django_assert_max_num_queries(21):  # of which three are the tree, read whole inside a test's transaction
        publisher.get(reverse("delete_page", args=[page.pk]))


def test_wagtails_own_deletion_leads_to_ours(town, admin, page):
    document = town.document()
    image = Image.objects.create(title="Plan", uploaded_by_user=town.admin, width=1, height=1, file="plan.png")
    for wagtails, ours in (
        (f"/admin/pages/{page.pk}/delete/", f"/p/{page.pk}/supprimer/"),
        (f"/admin/documents/delete/{document.pk}/", f"/documents/{document.pk}/supprimer/"),
        (f"/admin/images/{image.pk}/delete/", f"/images/{image.pk}/supprimer/"),
    ):
        for send in (admin.get, admin.post):
            assert send(wagtails).headers["Location"] == ours
    assert not Deletion.objects.exists()
    assert "/delete/" in said(admin.get(f"/admin/pages/{page.pk}/edit/"))
    assert f"/admin/pages/{page.pk}/delete/" in said(admin.get(f"/admin/pages/{town.home.pk}/"))


def test_a_document(town, agent, publisher):
    document = town.document(author=town.technical)
    address = reverse("delete_document", args=[document.pk])
    assert "Aucune page ne porte ce document" in said(agent.get(address))
    assert publisher.get(address).status_code == 404
    answer = agent.post(address, {"why": ""}, follow=True)
    assert answer.redirect_chain == [("/corbeille/", 302)]
    for path in (document.url, f"/documents/{document.pk}/fiche/", address):
        assert agent.get(path).status_code == 404
    agent.post(reverse("trash_restore", args=[Deletion.objects.get().pk]))
    assert agent.get(document.url).status_code == 200


def test_a_document_that_a_page_carries_says_which(town, agent, page):
    document = town.document(author=town.technical)
    town.attach(page, document)
    hidden = town.page("Contentieux")
    town.attach(hidden, document)
    access.reserve(page=hidden, by=town.admin)
    address = reverse("delete_document", args=[document.pk])
    shown = said(agent.get(address))
    assert "École" in shown
    assert "Contentieux" not in shown
    assert agent.post(address).status_code == 422
    assert not Deletion.objects.exists()


def test_an_image(town, agent):
    from django.core.files.base import ContentFile

    image = Image.objects.create(title="Plan", uploaded_by_user=town.technical, file=ContentFile(png(), "plan.png"))
    rendition = image.get_rendition("width-20")
    agent.post(reverse("delete_image", args=[image.pk]))
    assert Deletion.objects.get().image == image
    assert agent.get(rendition.url).status_code == 404


def test_nothing_of_it_is_left_elsewhere(town, admin, publisher):
    """Lists, search and its suggestions, the tree, links: administrators too."""
    page = town.page("Écurie", "<p>Trois classes.</p>")
    town.page("Cantine", f'<p>Voir <a linktype="page" id="{page.pk}">là-bas</a> et [[Écurie]].</p>')
    draft = page.get_latest_revision_as_object()
    draft.tags.add("scolaire")
    draft.save_revision(user=town.admin).publish(user=town.admin)
    publisher.post(f"/p/{page.pk}/favori/")
    operations.delete_page(page=Page.objects.get(pk=page.pk), by=town.admin, why="x")
    cantine = Page.objects.get(title="Cantine")
    for who in (admin, publisher):
        for path in (
            "/",
            "/plan/",
            "/arbre/",
            "/changements/",
            "/mes-pages/",
            "/recherche/?q=Trois+classes",
            f"/admin/pages/{town.home.pk}/",
            "/admin/",
            f"/admin/choose-page/{town.home.pk}/",
            "/rapports/liens/",
            "/admin/pages/search/?q=curie",
            "/acces/?page=curie",
            "/acces/revue/",
            "/admin/kb/grant/",
        ):
            assert "Écurie" not in said(who.get(path)), path
        shown = said(who.get(f"/p/{cantine.pk}/"))
        assert f"/p/{page.pk}/" not in shown
        assert f"/{page.slug}/" not in shown
        assert who.get("/mot-cle/scolaire/").status_code == 404
        assert said(who.get("/recherche/propositions/?q=ecu")).count("Écurie") == 0
    assert "scolaire" not in said(admin.get("/admin/tag-autocomplete/?term=sco"))
    operations.restore(deletion=Deletion.objects.get(), by=town.admin)
    assert "Écurie" in said(publisher.get("/recherche/?q=Trois+classes"))
    assert f"/{page.slug}/" in said(publisher.get(f"/p/{cantine.pk}/"))


def test_what_the_town_chose_for_some_words_is_not_named(town, admin, page):
    """Nor in the report of page types, where it was changed last."""
    pick = SearchPromotion.objects.create(query=Query.get("maternelle"), page_id=page.pk, description="x")
    addresses = ("/admin/searchpicks/", f"/admin/searchpicks/{pick.query_id}/", "/admin/reports/page-types-usage/")
    for address in addresses:
        assert "École" in said(admin.get(address)), address
    operations.delete_page(page=page, by=town.admin, why="x")
    for address in addresses:
        assert "École" not in said(admin.get(address)), address
