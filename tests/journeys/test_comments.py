"""A comment's whole life in a browser: a phone, the editor's rail, a publication, and the foot of the page."""

from typing import Any

import pytest
from playwright.sync_api import expect

from kb.access.models import Role
from kb.comments.models import CommentAnswer, CommentState, PageComment
from tests.journeys.conftest import save_draft

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
WIDTH = 390


def write_on_a_phone(page: Any, phone: Any) -> None:
    """The commentateur asks to comment, opens the second paragraph's place, leaves, comes back, and sends."""
    screen = phone.page
    screen.goto(f"/p/{page.pk}/")
    screen.get_by_role("link", name="Commenter", exact=True).click()
    places = screen.locator(".body .comments > summary")
    assert [place.inner_text().strip() for place in places.all()] == ["Commenter ce passage"] * 2
    places.nth(1).click()
    box = screen.locator(".body .comments[open] textarea")
    box.fill("La cantine sera-t-elle ouverte en août ?")
    screen.reload()  # what was typed is still there
    expect(box).to_have_value("La cantine sera-t-elle ouverte en août ?")
    target = places.nth(1).bounding_box()
    assert target["height"] >= 44 and target["x"] >= 0
    screen.get_by_role("button", name="Envoyer le commentaire").first.click()
    screen.locator(".message-success").wait_for()
    assert screen.locator(".block .thread .words").inner_text() == "La cantine sera-t-elle ouverte en août ?"
    assert screen.locator(".block .has-comments > summary").inner_text().strip().startswith("1 commentaire")
    assert screen.evaluate("document.documentElement.scrollWidth") <= WIDTH


def answer_in_the_rail(page: Any, author: Any) -> None:
    """The author finds it beside the block, answers there, and saves."""
    screen = author.page
    screen.goto(f"/admin/pages/{page.pk}/edit/")
    screen.locator("[data-contentpath=body] [contenteditable=true]").first.wait_for()
    screen.locator('[data-side-panel-toggle="comments"]').click()
    # Wagtail lets go of the comment in hand 200 ms after a press outside of the rail: a timer set later ends later.
    screen.evaluate("new Promise(done => setTimeout(done, 200))")
    comment = screen.locator("#comments .comment")
    # … and it moves its comments while the page scrolls: a real press may begin on one and end beside it.
    comment.get_by_text("La cantine sera-t-elle ouverte en août ?").dispatch_event("click")
    comment.locator("textarea").fill("Oui, tout le mois.")
    comment.get_by_role("button", name="Répondre").click()
    save_draft(screen)


def publish(page: Any, officer: Any) -> None:
    """Communication publishes the draft from the editor."""
    screen = officer.page
    screen.goto(f"/admin/pages/{page.pk}/edit/")
    screen.locator("#id_title").wait_for()
    screen.locator("footer [data-w-dropdown-target=toggle]").first.click()
    with screen.expect_navigation():
        screen.get_by_role("button", name="Publier", exact=False).first.click()


def test_from_a_phone_to_the_rail_and_past_a_publication(
    town: Any, agent: Any, publisher: Any, reader: Any, visitor: Any
) -> None:
    page = town.page("Travaux d’été", author=town.technical, publish=False)
    page.body = [("paragraph", "<p>Juin : les fenêtres.</p>"), ("paragraph", "<p>Août : les sols.</p>")]
    page.save_revision(user=town.technical).publish(user=town.admin, skip_permission_checks=True)
    commenter = town.person("Cyril", "Commente")
    town.give(Role.COMMENTER, page, person=commenter)

    phone = visitor(width=WIDTH).sign_in(town.signed_in(commenter))
    write_on_a_phone(page, phone)
    author = visitor().sign_in(agent)
    answer_in_the_rail(page, author)
    assert CommentAnswer.objects.get().author == town.technical

    phone.page.goto(f"/p/{page.pk}/")
    phone.page.locator(".has-comments > summary").click()
    assert phone.page.locator(".answers .words").inner_text() == "Oui, tout le mois."
    phone.page.get_by_role("button", name="Résolu").click()
    phone.page.locator(".message-success").wait_for()
    assert PageComment.objects.get().state == CommentState.RESOLVED

    officer = visitor().sign_in(publisher)
    publish(page, officer)
    phone.page.goto(f"/p/{page.pk}/")
    expect(phone.page.locator(".has-comments")).to_have_count(0)
    phone.page.get_by_text("Résolus (1)").click()
    thread = phone.page.locator("#resolus .thread")
    assert [said.inner_text() for said in thread.locator(".words").all()] == [
        "La cantine sera-t-elle ouverte en août ?",
        "Oui, tout le mois.",
    ]
    elue = visitor(width=WIDTH).sign_in(reader)
    elue.page.goto(f"/p/{page.pk}/")
    assert "cantine" not in elue.page.content() and elue.page.locator(".comments, .comments-foot").count() == 0
    for person in (phone, author, officer, elue):
        assert not person.troubles


def test_without_javascript(town: Any, browser: Any, live_server: Any, visitor: Any) -> None:
    page = town.page("Note", "<p>Un passage.</p>")
    plain = visitor(width=WIDTH).sign_in(town.signed_in(town.technical))
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="fr-FR")
    context.add_cookies(plain.context.cookies())
    screen = context.new_page()
    screen.goto(f"/p/{page.pk}/?commenter=1")
    screen.locator(".body .comments > summary").click()
    screen.locator(".body textarea").fill("Sans script.")
    screen.get_by_role("button", name="Envoyer le commentaire").first.click()
    assert screen.locator(".thread:target .words").inner_text() == "Sans script."  # unfolded by the server
    screen.get_by_text("Répondre").click()
    screen.locator(".thread textarea").fill("Ni ici.")
    screen.get_by_role("button", name="Envoyer la réponse").click()
    assert screen.locator(".answers .words").inner_text() == "Ni ici."
    context.close()
