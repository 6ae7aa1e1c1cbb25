"""The main job, whole, in a browser: an agent writes from a model, communication publishes, an élue reads on a phone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from kb.documents.models import Attachment
from kb.pages.models import ArticlePage, PageModel
from kb.people.starting_models import STARTING_MODELS
from tests.journeys.conftest import save_draft
from tests.pictures import png

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

BODY = '[data-contentpath="body"] [contenteditable="true"]'


def write(town: Any, person: Any) -> ArticlePage:
    """The agent starts from a model, names another page and a page to come, and saves."""
    screen = person.page
    screen.goto(f"/p/{town.technical_service.pk}/")
    screen.get_by_role("link", name="Nouvelle page ici").click()
    screen.get_by_role("link", name="Compte rendu de réunion").click()
    title = screen.locator("#id_title")
    title.wait_for()
    title.fill("Réunion de chantier du 3 mars")
    screen.locator(BODY).first.click()
    screen.keyboard.press("Control+End")
    screen.keyboard.type(" Suite de [[École des Tilleuls]], voir aussi [[Marché de voirie]].")
    screen.wait_for_timeout(1200)  # Draftail writes its field a moment after the last change
    save_draft(screen)
    return ArticlePage.objects.get(title="Réunion de chantier du 3 mars")


def drop(page: ArticlePage, person: Any) -> None:
    """Two files at once, one of them a program under a PDF's name: it is refused, and the other stays."""
    person.page.goto(f"/p/{page.pk}/")
    person.page.get_by_role("link", name="Déposer des fichiers").click()
    person.page.locator("input[type=file]").set_input_files(
        [
            {"name": "Relevé des réserves.png", "mimeType": "image/png", "buffer": png()},
            {"name": "facture.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00" + bytes(200)},
        ]
    )
    person.page.get_by_role("button", name="Déposer", exact=True).click()
    rows = person.page.locator(".drop-rows li")
    rows.nth(1).locator("p.error").wait_for()
    assert rows.nth(0).locator("p").inner_text().startswith("«\u00a0Relevé des réserves.png\u00a0»")
    assert person.page.locator(".drop-count").inner_text() == (
        "2 sur 2. Un fichier n’a pas été pris\u00a0: la raison est sous son nom."
    )
    assert "wrong" not in (rows.nth(0).get_attribute("class") or "")
    assert "wrong" in rows.nth(1).get_attribute("class") and "facture.pdf" in rows.nth(1).inner_text()


def test_from_a_model_to_an_elue_on_a_phone(town: Any, agent: Any, publisher: Any, reader: Any, visitor: Any) -> None:
    for model in STARTING_MODELS:
        PageModel.objects.get_or_create(name=model["name"], defaults={k: v for k, v in model.items() if k != "name"})
    town.technical_service = town.service("Services techniques")
    town.page("École des Tilleuls", under=town.technical_service)

    writer = visitor().sign_in(agent)
    page = write(town, writer)
    assert page.slug and not page.live
    drop(page, writer)
    assert Attachment.objects.count() == 0  # in the draft alone, until it is published

    phone = visitor(width=390).sign_in(reader)
    answer = phone.page.goto(f"/p/{page.pk}/")
    assert answer.status == 404 and "Réunion de chantier" not in phone.page.content()

    officer = visitor().sign_in(publisher)
    officer.page.goto(f"/p/{page.pk}/")
    officer.page.get_by_role("link", name="Modifier la page").click()
    officer.page.locator("#id_title").wait_for()
    officer.page.get_by_role("button", name="Plus d'actions").or_(
        officer.page.locator("footer [data-w-dropdown-target=toggle]")
    ).first.click()
    with officer.page.expect_navigation():
        officer.page.get_by_role("button", name="Publier", exact=False).first.click()

    phone.page.goto(f"/p/{page.pk}/")
    body = phone.page.locator(".body")
    assert phone.page.get_by_role("heading", level=1).inner_text() == "Réunion de chantier du 3 mars"
    assert "[[" not in body.inner_text() and "Marché de voirie" in body.inner_text()
    expect(body.get_by_role("link", name="École des Tilleuls")).to_have_count(1)
    expect(body.get_by_role("link", name="Marché de voirie")).to_have_count(0)
    assert "facture" not in phone.page.content()
    with phone.page.expect_download() as download:
        phone.page.get_by_role("link", name="Télécharger Relevé des réserves").click()
    assert download.value.suggested_filename == "Relevé des réserves.png"
    phone.page.get_by_role("link", name="Relevé des réserves", exact=True).click()
    expect(phone.page.locator("img.picture")).to_have_count(1)
    phone.page.go_back()
    phone.page.get_by_role("link", name="Voir l’historique").click()
    assert "Inès Morel" in phone.page.locator("main").inner_text()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    body_link = phone.page.goto(f"/p/{page.pk}/")
    assert body_link.status == 200
    body.get_by_role("link", name="École des Tilleuls").click()
    assert phone.page.get_by_role("link", name="Réunion de chantier du 3 mars").count() >= 1  # it cites this one
    for person in (writer, officer, phone):
        assert not person.troubles
