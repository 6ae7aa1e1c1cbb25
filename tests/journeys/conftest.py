"""A real browser (Debian's Chromium), signed in as somebody of the cast."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

PATIENCE = 10_000  # ms: what a screen may take on a machine that does other things
expect.set_options(timeout=PATIENCE)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the test's thread


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: CHROMIUM, or the one on the path. The tests that need it fail without it."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "These tests need Chromium: apt install chromium, or CHROMIUM=/path"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Visitor:
    """One person in one browser; `troubles` gathers script errors and CSP violations."""

    def __init__(
        self, browser: Browser, address: str, *, width: int = 1280, scheme: str = "light", scripts: bool = True
    ) -> None:
        self.address = address
        self.context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale="fr-FR",
            java_script_enabled=scripts,
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._console)

    def _console(self, message: Any) -> None:
        if "Content Security Policy" in message.text or (
            message.type == "error" and "Failed to load resource" not in message.text
        ):
            self.troubles.append(f"{self.page.url}: {message.text}")

    def sign_in(self, client: Any) -> "Visitor":
        """Takes the session of a Django test client."""
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.address}])
        return self


def save_draft(screen: Page) -> None:
    """« Enregistrer le brouillon », which stands under « Soumettre à la relecture » for who may not publish."""
    button = screen.get_by_role("button", name="Enregistrer le brouillon").first
    if not button.is_visible():
        screen.locator("footer [data-w-dropdown-target=toggle]").first.click()
    with screen.expect_navigation():
        button.click()


@pytest.fixture
def visitor(browser: Browser, live_server: Any) -> Iterator[Any]:
    """Makes visitors; each is closed at the end."""
    made: list[Visitor] = []

    def make(**kwargs: Any) -> Visitor:
        made.append(Visitor(browser, live_server.url, **kwargs))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
