"""Before a sitting, whole: a project is proposed, its item goes through its circuit and the agenda, the convocation leaves by a real
mail server; an élu answers on his phone, gives his pouvoir, reads the dossier, asks, reads it without a network; a piece is replaced,
and he sees what changed.
"""

import re
from email.utils import parseaddr
from typing import Any

import pytest
from playwright.sync_api import expect

from council.agenda.models import AgendaItemPage, Proposal
from council.frozen.models import FrozenPaper
from council.pouvoirs.models import Pouvoir
from council.questions.models import Question
from kb.access.models import Role
from kb.pages import operations as pages
from kb.work import operations as work
from tests.council.conftest import Council
from tests.council.items.conftest import Way
from tests.journeys.test_elu import WIDTH, answer_from_home, enter
from tests.journeys.test_moderation import Inbox
from tests.journeys.test_moderation import inbox as inbox

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
TITLE, ANNEX, CORRECTED = "Attribution du lot 2", b"Menuiseries : 86 400 euros.", b"Menuiseries : 84 600 euros."


class Town:
    """The people of an item's circuit, and the élu who has nothing but his phone."""

    def __init__(self, town: Any, visitor: Any, inbox: Inbox) -> None:
        self.way, self.visitor, self.inbox = Way(Council(town)), visitor, inbox
        self.town, self.sitting, self.elu = town, self.way.sitting, town.elu
        seat = self.way.council.mandates[1]
        seat.account = self.elu
        seat.save()
        town.give(Role.READER, self.way.service, person=self.way.secretary)
        town.give(Role.EDITOR, self.way.council.shelf, person=self.way.maire)
        town.give(Role.READER, self.way.council.shelf, person=self.way.rapporteur)
        self.seen: list[Any] = []

    def screen(self, person: Any) -> Any:
        """A desktop where this person has signed in."""
        self.seen.append(self.visitor().sign_in(self.town.signed_in(person)))
        return self.seen[-1].page

    def newest(self, person: Any) -> str:
        """The words of the last mail that the server received for him, once the worker has sent what waits."""
        work.drain()
        text = self.inbox.last_to(person.email).get_body(("plain",))
        assert text is not None
        return text.get_content().replace("=\n", "")


@pytest.fixture
def story(town: Any, visitor: Any, inbox: Inbox) -> Town:
    return Town(town, visitor, inbox)


def propose_and_accept(story: Town) -> AgendaItemPage:
    """« Proposer au conseil » from the project's page; the secretariat puts it on the agenda."""
    screen = story.screen(story.way.head)
    screen.goto(f"/p/{story.way.project.pk}/")
    screen.get_by_role("link", name="Proposer au conseil").click()
    screen.get_by_label("Titre du point").fill(TITLE)
    screen.get_by_label("Pourquoi maintenant").fill("Les travaux commencent en été.")
    screen.locator("main form button.button").click()
    screen = story.screen(story.way.secretary)
    screen.goto(f"/p/{story.sitting.pk}/propositions/{Proposal.objects.get().pk}/")
    screen.locator("button[value=accept]").click()
    screen.get_by_role("link", name=TITLE).first.wait_for()
    item = AgendaItemPage.objects.get(draft_title=TITLE)
    assert list(item.get_latest_revision_as_object().subjects.values_list("subject", flat=True)) == [
        story.way.project.pk
    ]
    return item


def write(story: Town, item: AgendaItemPage) -> None:
    """The secretary writes what the proposal does not say, and joins the annex."""
    draft = item.get_latest_revision_as_object()
    draft.rapporteur, draft.concerns_money = story.way.council.mandates[2], True
    draft.note, draft.summary = "Trois offres sont complètes.", "Le lot 2."
    pages.save_draft(page=draft, author=story.way.secretary)
    annex = story.town.document(ANNEX, "offres.txt", author=story.way.secretary)
    pages.attach_document(page=AgendaItemPage.objects.get(pk=item.pk), document=annex, author=story.way.secretary)


def go_through_the_circuit(story: Town, item: AgendaItemPage) -> None:
    """Service, finances, rapporteur, each on his desk; the secretary has submitted, the maire will sign."""
    screen = story.screen(story.way.secretary)
    screen.goto(f"/p/{item.pk}/soumettre/")
    screen.get_by_role("button", name="Soumettre ce brouillon").click()
    for person in (story.way.head, story.way.treasurer, story.way.rapporteur):
        screen = story.screen(person)
        screen.goto("/a-valider/")
        screen.get_by_role("link", name=TITLE).first.click()
        screen.locator("button[value=approve]").click()
        screen.wait_for_load_state()
    assert story.way.stands(item).startswith("maire: Hélène Marchetti")


def sign_and_send(story: Town) -> None:
    """Nothing leaves before the maire has signed."""
    maire = story.screen(story.way.maire)
    maire.goto(f"/p/{story.sitting.pk}/signature/")
    maire.get_by_role("button", name="Arrêter l’ordre du jour et signer").click()
    secretary = story.screen(story.way.secretary)
    secretary.goto(f"/p/{story.sitting.pk}/envoi/")
    secretary.get_by_role("button", name="Envoyer la convocation").click()
    secretary.wait_for_load_state()
    work.drain()
    received = [letter for letter in story.inbox.letters if letter["Subject"].startswith("Convocation")]
    members = (story.way.maire, story.elu, story.way.rapporteur)
    assert sorted(parseaddr(letter["To"])[1] for letter in received) == sorted(person.email for person in members)
    for letter in received:
        assert {part.get_content_type() for part in letter.iter_attachments()} == {"application/pdf", "text/calendar"}
        assert TITLE in letter.get_body(("plain",)).get_content()


def give_pouvoir(story: Town, screen: Any) -> None:
    screen.locator(".segments").get_by_role("link", name="Pouvoir").click()
    screen.get_by_role("button", name="Choisir Nadia Benkacem").click()
    digits = re.search(r"\d{3}\s\d{3}", story.newest(story.elu))
    assert digits is not None
    screen.get_by_label("Les six chiffres").fill(digits.group())
    screen.get_by_role("button", name="Donner pouvoir").click()
    screen.get_by_text("Nadia Benkacem votera en votre nom", exact=False).wait_for()
    assert Pouvoir.objects.get().holder == story.way.council.mandates[2]


def read_the_dossier(story: Town, screen: Any) -> None:
    """One PDF of the whole, made by the worker."""
    screen.goto(f"/p/{story.sitting.pk}/dossier/pdf/")
    if screen.get_by_role("button", name="Préparer le dossier").is_visible():
        screen.get_by_role("button", name="Préparer le dossier").click()
    work.drain()
    screen.goto(f"/p/{story.sitting.pk}/dossier/pdf/")
    url = screen.get_by_role("link", name="Ouvrir le dossier").get_attribute("href")
    start = screen.evaluate("async url => (await (await fetch(url)).text()).slice(0, 5)", url)
    assert start == "%PDF-"


def ask(screen: Any, item: AgendaItemPage) -> None:
    screen.goto(f"/p/{item.pk}/")
    screen.get_by_role("link", name="Poser une question").click()
    screen.get_by_label("Votre question").fill("Quel délai pour les fenêtres ?")
    screen.get_by_role("button", name="Envoyer la question").click()
    screen.wait_for_load_state()
    assert Question.objects.get().item_id == item.pk


def read_without_a_network(story: Town, phone: Any, item: AgendaItemPage) -> None:
    screen = phone.page
    screen.goto(f"/p/{story.sitting.pk}/")
    screen.get_by_role("button", name="Garder sur cet appareil").click()
    screen.get_by_text("Gardée le").wait_for()
    phone.context.set_offline(True)
    screen.goto(f"/p/{item.pk}/")
    expect(screen.get_by_text("Trois offres sont complètes.")).to_be_visible()
    phone.context.set_offline(False)
    screen.wait_for_timeout(1_000)  # the worker's requests are no page's


def replace_a_piece(story: Town) -> None:
    (paper,) = FrozenPaper.objects.filter(sitting=story.sitting, kind=FrozenPaper.Kind.ANNEX)
    screen = story.screen(story.way.secretary)
    screen.goto(f"/p/{paper.place.item_id}/pieces/{paper.pk}/remplacer/")
    screen.get_by_label("Nouveau fichier").set_input_files(
        {"name": "offres-corrigees.txt", "mimeType": "text/plain", "buffer": CORRECTED}
    )
    screen.get_by_label("Raison").fill("Deux chiffres étaient inversés.")
    screen.get_by_role("button", name="Remplacer et avertir les membres").click()
    screen.wait_for_load_state()


def see_what_changed(story: Town, screen: Any) -> None:
    body = story.newest(story.elu)
    assert "Deux chiffres étaient inversés." in body
    screen.goto(f"/p/{story.sitting.pk}/")
    screen.get_by_text("Pièce remplacée le", exact=False).first.wait_for()
    screen.get_by_role("link", name="Voir ce qui a changé").first.click()
    screen.wait_for_load_state()
    assert {"86", "84"} <= set(re.findall(r"\d+", screen.locator("main").inner_text()))
    assert screen.evaluate("document.documentElement.scrollWidth") <= WIDTH


def test_from_a_project_to_what_changed_since_the_convocation(story: Town) -> None:
    item = propose_and_accept(story)
    write(story, item)
    go_through_the_circuit(story, item)
    sign_and_send(story)
    phone = story.visitor(width=WIDTH)
    enter(phone.page, story.newest(story.elu))
    answer_from_home(phone.page)
    give_pouvoir(story, phone.page)
    read_the_dossier(story, phone.page)
    ask(phone.page, item)
    read_without_a_network(story, phone, item)
    replace_a_piece(story)
    see_what_changed(story, phone.page)
    assert [trouble for one in (phone, *story.seen) for trouble in one.troubles] == []
