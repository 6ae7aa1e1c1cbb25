"""The tree of pages at hand: opened from the header or the phone's menu, walked with the keyboard, and without a script."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def page(town):
    """A page two levels down."""
    service = town.service("Services techniques")
    return town.page("Déneigement", under=town.page("Voirie", under=service))


def focused(screen):
    return screen.locator(":focus")


@pytest.mark.parametrize("width", [390, 1280])
def test_opened_where_one_reads_and_walked_with_the_keyboard(town, reader, visitor, page, width):
    person = visitor(width=width).sign_in(reader)
    screen = person.page
    screen.goto(f"/p/{page.pk}/")
    asked = []
    screen.on("request", lambda request: asked.append(request.url) if "/arbre/" in request.url else None)
    expect(screen.locator(".tree-panel")).to_be_hidden()
    if width == 390:
        screen.locator(".menu summary").click()
    opener = screen.locator("[data-tree-open]:visible")
    opener.focus()
    assert asked == []  # nothing is loaded before it is asked for
    screen.keyboard.press("Enter")
    screen.locator(".tree a[aria-current=page]").wait_for()
    expect(focused(screen)).to_have_text("Déneigement")
    expect(screen.locator(".tree a:visible")).to_have_text(
        ["Services techniques", "Voirie", "Déneigement"], use_inner_text=True
    )
    screen.keyboard.press("ArrowUp")
    expect(focused(screen)).to_have_text("Voirie")
    screen.keyboard.press("ArrowLeft")
    expect(screen.locator(".tree a:visible")).to_have_text(["Services techniques", "Voirie"], use_inner_text=True)
    assert screen.evaluate("document.documentElement.scrollWidth") <= width
    screen.keyboard.press("Escape")
    expect(screen.locator(".tree-panel")).to_be_hidden()
    expect(focused(screen)).to_have_text(re.compile("^(L’arbre des pages|Menu)$"))
    assert person.troubles == []


def test_without_a_script(town, reader, browser, live_server, page):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="fr-FR")
    context.add_cookies([{"name": "sessionid", "value": reader.cookies["sessionid"].value, "url": live_server.url}])
    screen = context.new_page()
    screen.goto(f"/p/{page.pk}/")
    screen.get_by_role("link", name="L’arbre des pages").first.click()
    screen.get_by_role("link", name="Pages au-dessous de Services techniques").click()
    screen.get_by_role("link", name="Voirie", exact=True).click()
    assert screen.locator("h1").inner_text() == "Voirie"
    context.close()
