"""The admin's own searches: explorer, search page, choosers."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from kb.documents.models import Document
from kb.pages import operations as pages
from kb.pages.models import ArticlePage, ProjectPage
from tests.conftest import Town


def titles(found: object) -> list[str]:
    return [row.title for row in found]  # type: ignore[attr-defined]


@pytest.fixture
def written(town: Town) -> Town:
    town.page("Délibération sur la voirie", "<p>Les peupliers du chemin.</p>")
    town.page("Voirie communale", "<p>Une délibération fixe les tarifs.</p>")
    town.project("Projet de voirie", summary="Les délibérations suivront.")
    town.page("Brouillon de voirie", publish=False)
    return town


def test_pages_are_found_in_french_the_best_first(written: Town) -> None:
    found = Page.objects.search("deliberations voirie")
    assert titles(found)[0] == "Délibération sur la voirie"
    assert set(titles(found)) == {"Délibération sur la voirie", "Voirie communale", "Projet de voirie"}
    assert found.count() == 3
    assert titles(found[1:2]) == titles(found)[1:2]
    assert titles(ProjectPage.objects.search("délibération")) == ["Projet de voirie"]
    assert titles(ArticlePage.objects.search("peuplier")) == ["Délibération sur la voirie"]
    assert titles(Page.objects.filter(live=False).search("voirie")) == ["Brouillon de voirie"]
    assert titles(Page.objects.order_by("title").search("délibération", order_by_relevance=False)) == [
        "Délibération sur la voirie",
        "Projet de voirie",
        "Voirie communale",
    ]


def test_an_unfinished_word_is_completed(written: Town) -> None:
    for beginning in ("délib", "DELIBERAT", "pe", "peupliers du chem"):
        assert "Délibération sur la voirie" in titles(Page.objects.autocomplete(beginning)), beginning
    assert titles(Page.objects.autocomplete("tarifs peup")) == []


def test_the_new_title_of_a_live_page_is_its_editors_alone(written: Town) -> None:
    page = Page.objects.get(title="Voirie communale").specific
    page.title = "Chemins ruraux"
    pages.save_draft(page=page, author=written.admin)
    assert titles(Page.objects.autocomplete("ruraux")) == []
    assert Page.objects.get(pk=page.pk).get_admin_display_title() == "Voirie communale"


def test_documents_and_other_models(written: Town) -> None:
    document = written.document(b"Un", "Budget primitif.txt")
    assert list(Document.objects.search("budgets")) == [document]
    assert list(Document.objects.autocomplete("primit")) == [document]
    assert list(get_image_model().objects.search("quai")) == []
    assert list(get_search_backend().search("", Page)) == []


@pytest.mark.parametrize("typed", ['"', '"a', "' '", " ", "100 %", "le", "?", "\\", "a AND (", "-", "-voirie", "*"])
def test_nothing_typed_in_the_admin_is_an_error(written: Town, typed: str) -> None:
    client: Client = written.signed_in(written.technical)
    for address in (
        "/admin/pages/search/",
        f"/admin/pages/{written.home.pk}/",
        "/admin/choose-page/search/",
        "/admin/documents/",
    ):
        assert client.get(address, {"q": typed}, follow=True).status_code == 200


def test_its_queries_do_not_follow_the_number_of_pages(written: Town) -> None:
    counts = []
    for number in range(4):
        written.page(f"Voirie {number}")
        if number in (0, 3):
            with CaptureQueriesContext(connection) as captured:
                list(Page.objects.search("voirie"))
            counts.append(len(captured))
    assert counts[0] == counts[1]
