"""A draft's way to its readers in a browser: submitted, compared, corrected, approved, read; refused, taken back, planned;
approved on a phone by the button of a mail that a server on loopback received.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from kb.moderation import operations
from kb.moderation.models import Preset
from kb.pages import tree as trees
from kb.work import operations as work
from kb.work.publishing import ask_for_planned
from tests.journeys.test_accessibility import OPTIONS
from tests.kb.moderation.conftest import Circuit
from tests.kb.moderation.test_operations import come_the_hour

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
WIDTH = 390
DRAFTAIL = 600  # ms: it writes what was typed a little later


class Inbox:
    """What a mail server received."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def last_to(self, address: str) -> EmailMessage:
        return [letter for letter in self.letters if address in letter["To"]][-1]


@pytest.fixture
def inbox(settings: Any, live_server: Any) -> Iterator[Inbox]:
    """A mail server on loopback, to which the town's mails go."""
    received = Inbox()
    server = Controller(received, hostname="127.0.0.1", port=0)
    server.port = 18025
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.BASE_URL = "127.0.0.1", 18025, live_server.url
    yield received
    server.stop()


@pytest.fixture
def circuit(town: Any) -> Circuit:
    """The cast of a real town, where communication alone validates."""
    made = Circuit(town)
    made.choose(Preset.COMMUNICATION)
    trees.forget()
    return made


def signed(visitor: Any, circuit: Circuit, person: Any, **kwargs: Any) -> Any:
    return visitor(**kwargs).sign_in(circuit.town.signed_in(person))


def no_trouble(screen: Any, width: int = 1280) -> None:
    report = Axe().run(screen, options=OPTIONS)
    serious = [one for one in report.response["violations"] if one["impact"] in {"serious", "critical"}]
    assert serious == []
    assert screen.evaluate("document.documentElement.scrollWidth") <= width


def test_from_the_agent_to_the_elu(circuit: Circuit, visitor: Any, inbox: Inbox) -> None:
    """The agent drafts and submits; communication compares, corrects a comma, approves; the élue reads."""
    page = circuit.live("Déneigement", "<p>On sale à 5 h.</p>")
    agent = signed(visitor, circuit, circuit.agent)
    screen = agent.page
    screen.goto(f"/admin/pages/{page.pk}/edit/")
    text = screen.locator("[data-contentpath=body] [contenteditable=true]").first
    text.wait_for()
    text.click()
    text.press("End")
    text.type(" Les trottoirs aussi")
    screen.wait_for_timeout(DRAFTAIL)
    with screen.expect_navigation():
        screen.get_by_role("button", name="Soumettre à la relecture").first.click()
    assert screen.url.endswith(f"/p/{page.pk}/soumettre/")
    assert "La page n’a pas de résumé" in screen.locator("main").inner_text()
    no_trouble(screen)
    screen.get_by_label("Ce qui change").fill("Les trottoirs")
    screen.get_by_role("button", name="Soumettre ce brouillon").click()
    band = screen.locator(".draft").inner_text().replace("\u00a0", " ")
    assert "Chez la communication (Inès Morel) depuis aujourd’hui" in band and "prochaine étape : publication" in band

    work.drain()

    officer = signed(visitor, circuit, circuit.officer)
    screen = officer.page
    screen.goto("/a-valider/")
    no_trouble(screen)
    screen.get_by_role("link", name="Déneigement").click()
    assert screen.locator(".difference ins").inner_text().strip().endswith("Les trottoirs aussi")
    no_trouble(screen)
    screen.get_by_role("link", name="Corriger, puis approuver").click()
    text = screen.locator("[data-contentpath=body] [contenteditable=true]").first
    text.wait_for()
    text.click()
    text.press("End")
    text.type(".")
    screen.wait_for_timeout(DRAFTAIL)
    with screen.expect_navigation():
        screen.get_by_role("button", name="Enregistrer et décider").first.click()
    assert screen.locator(".difference ins").inner_text().strip().endswith("Les trottoirs aussi.")
    button = screen.get_by_role("button", name="Approuver et publier")
    button.focus()
    screen.keyboard.press("Enter")  # no mouse is needed
    screen.locator(".message-success").wait_for()

    elue = signed(visitor, circuit, circuit.elu, width=WIDTH)
    elue.page.goto(f"/p/{page.pk}/")
    assert "On sale à 5 h. Les trottoirs aussi." in elue.page.locator(".body").inner_text()
    work.drain()
    told = inbox.last_to("patrick@valmorin.example")
    assert told["Subject"] == "Publié : «\u00a0Déneigement\u00a0»"
    assert sorted(letter["To"] for letter in inbox.letters) == [
        "Inès Morel <ines@valmorin.example>",
        "Patrick Brun <patrick@valmorin.example>",
    ]
    for person in (agent, officer, elue):
        assert not person.troubles


def test_sent_back_then_taken_back(circuit: Circuit, visitor: Any) -> None:
    page = circuit.draft()
    circuit.submit(page)
    officer = signed(visitor, circuit, circuit.officer)
    officer.page.goto(f"/a-valider/{circuit.waiting(page).id}/")
    officer.page.get_by_role("button", name="Demander des changements").click()
    assert "une ligne suffit" in officer.page.locator("[role=alert]").inner_text()
    officer.page.get_by_label("Un mot à Patrick Brun").fill("Précisez l’heure.")
    officer.page.get_by_role("button", name="Demander des changements").click()
    officer.page.locator(".message-success").wait_for()
    agent = signed(visitor, circuit, circuit.agent, width=WIDTH)
    agent.page.goto("/a-valider/")
    no_trouble(agent.page, WIDTH)
    assert "Précisez l’heure." in agent.page.locator("main").inner_text()
    agent.page.get_by_role("link", name="Déneigement").click()
    agent.page.get_by_role("link", name="Soumettre à la relecture").click()
    no_trouble(agent.page, WIDTH)
    agent.page.get_by_role("button", name="Soumettre ce brouillon").click()
    agent.page.get_by_role("button", name="Reprendre mon brouillon").click()
    assert "Le brouillon est repris" in agent.page.locator(".message-success").inner_text()
    assert circuit.waiting(page) is None and not agent.troubles and not officer.troubles


def test_planned_and_published_by_the_worker(circuit: Circuit, visitor: Any) -> None:
    page = circuit.draft()
    circuit.submit(page)
    officer = signed(visitor, circuit, circuit.officer)
    screen = officer.page
    screen.goto(f"/a-valider/{circuit.waiting(page).id}/")
    screen.get_by_label("À une heure choisie").check()
    screen.get_by_label("Jour").fill((timezone.localdate() + timedelta(days=2)).isoformat())
    screen.get_by_role("button", name="Approuver et publier").click()
    assert "sera publiée le" in screen.locator(".message-success").inner_text()
    elue = signed(visitor, circuit, circuit.elu)
    assert elue.page.goto(f"/p/{page.pk}/").status == 404
    come_the_hour(type(page).objects.get(pk=page.pk))
    ask_for_planned()
    work.drain()
    assert elue.page.goto(f"/p/{page.pk}/").status == 200
    assert "On sale à 5 h." in elue.page.locator(".body").inner_text()
    assert not officer.troubles


def test_approved_on_a_phone_by_the_button_of_a_mail(circuit: Circuit, visitor: Any, inbox: Inbox) -> None:
    page = circuit.draft()
    circuit.submit(page, why="Le plan de l’hiver")
    work.drain()
    assert [letter["To"] for letter in inbox.letters] == ["Inès Morel <ines@valmorin.example>"]  # nobody else
    letter = inbox.letters[0]
    assert letter["Subject"] == "À valider : «\u00a0Déneigement\u00a0»"
    assert (letter["Auto-Submitted"], letter["Message-ID"].startswith("<seance-tenante-")) == ("auto-generated", True)
    text = letter.get_body(("plain",)).get_content()
    html = letter.get_body(("html",)).get_content()
    assert "Le plan de l’hiver" in text and "Lire et décider" in text and 'lang="fr"' in html
    links = set(re.findall(r"http://\S+?(?=[\"<\s])", html))
    stop, decide = sorted(links, key=lambda link: "/a-valider/" in link)
    assert "/courriels/arret/" in stop and decide in text

    phone = visitor(width=WIDTH)  # signed in to nothing
    screen = phone.page
    screen.goto(decide)
    no_trouble(screen, WIDTH)
    assert "On sale à 5 h." in screen.locator(".difference").inner_text()
    button = screen.get_by_role("button", name="Approuver et publier")
    assert button.bounding_box()["height"] >= 44
    button.click()
    screen.get_by_role("heading", name="C’est fait").wait_for()
    no_trouble(screen, WIDTH)
    page.refresh_from_db()
    assert page.live and page.live_revision_id
    assert screen.goto(f"/p/{page.pk}/brouillon/").url.split("?")[0].endswith("/connexion/")
    work.drain()
    assert inbox.last_to("patrick@valmorin.example")["Subject"].startswith("Publié")
    assert not phone.troubles


def test_each_other_screen(circuit: Circuit, visitor: Any) -> None:
    page = circuit.draft()
    circuit.submit(page)
    operations.take_back(page=page, by=circuit.agent)
    head = signed(visitor, circuit, circuit.head, width=WIDTH)
    for path in (
        "/a-valider/circuits/",
        f"/p/{circuit.service.pk}/circuit/",
        "/a-valider/absence/",
        "/a-valider/courriel/1:x/",
    ):
        head.page.goto(path)
        no_trouble(head.page, WIDTH)
    assert not head.troubles
