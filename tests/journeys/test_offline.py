"""An élue on her tablet: she keeps a sitting, reads it without a network, writes a note; what she loses leaves the tablet."""

import pytest
from playwright.sync_api import expect
from wagtail.models import Page

from council.agenda.models import SittingPage
from council.agenda.operations import Refused
from council.convening import operations as convening
from council.offline import operations
from council.offline.models import PrivateNote
from council.papers import operations as papers
from council.papers.models import Shape
from kb.access.models import Boundary, Grant, Role
from kb.buttons import operations as buttons
from kb.exchange import pdf
from kb.pages import tree
from kb.work import operations as work
from tests.council.conftest import Council
from tests.council.convening.conftest import Convening

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
NOTE = "Demander le coût par repas"


class Tablet:
    """A convened sitting with an annex, and the élue's tablet."""

    def __init__(self, town, visitor) -> None:
        council = Convening(Council(town))
        self.town, self.council, self.elue = town, council, council.elue
        town.give(Role.READER, council.council.shelf, person=self.elue)
        self.sitting = council.sitting(20, signed=False)
        self.item = council.item
        self.paper = town.document(b"Le detail des tarifs", "tarifs.txt")
        town.attach(self.item, self.paper, publish=False)
        convening.sign(sitting=self.sitting, by=council.maire)
        convening.send(sitting=self.sitting, by=council.secretary)
        self.client = town.signed_in(self.elue)
        self.visitor = visitor(width=820).sign_in(self.client)
        self.screen = self.visitor.page

    def keep(self):
        self.screen.goto(f"/p/{self.sitting.pk}/")
        self.screen.get_by_role("button", name="Garder sur cet appareil").click()
        self.screen.get_by_text("Gardée le").wait_for()

    def network(self, there):
        self.visitor.context.set_offline(not there)

    def quiet(self):
        """The server has answered all: SQLite in memory serves the test and the site by one connection."""
        self.screen.wait_for_timeout(1_000)  # a worker's requests are no page's: nothing tells when they end

    def caches(self):
        return self.screen.evaluate("caches.keys()")

    def rows(self, store):
        return self.screen.evaluate(
            """(store) => new Promise((done) => { const asked = indexedDB.open('hors-ligne'); asked.onsuccess = () => {
            const rows = asked.result.transaction(store).objectStore(store).getAll();
            rows.onsuccess = () => done(rows.result.map((row) => row.id || row.client_id)); }; })""",
            store,
        )

    def write(self, words):
        self.screen.get_by_label("Une note pour moi").fill(words)
        self.screen.get_by_role("button", name="Garder la note").click()

    def contact(self):
        """What a page does as it opens."""
        self.screen.evaluate("offline.sync()")


@pytest.fixture
def tablet(town, visitor):
    made = Tablet(town, visitor)
    yield made
    made.quiet()


def test_kept_read_without_a_network_and_annotated(tablet):
    tablet.keep()
    screen = tablet.screen
    tablet.network(False)
    screen.goto(f"/p/{tablet.sitting.pk}/")
    expect(screen.get_by_role("heading", name="Ordre du jour")).to_be_visible()
    screen.get_by_role("link", name="Tarifs de la cantine").first.click()
    screen.wait_for_url("**/tarifs-de-la-cantine/")
    expect(screen.get_by_text("Une page.")).to_be_visible()
    assert screen.evaluate("document.styleSheets.length") > 3
    file = f"/documents/{tablet.paper.pk}/v1/"
    assert screen.evaluate("url => fetch(url).then(one => one.text())", file) == "Le detail des tarifs"
    tablet.write(NOTE)
    screen.get_by_text("elle partira avec le réseau").wait_for()
    expect(screen.locator("[data-words]")).to_have_text([NOTE], use_inner_text=True)
    assert not PrivateNote.objects.exists()
    screen.goto("/changements/")  # not kept
    expect(screen.get_by_text("Pas de réseau : voici ce que cet appareil garde.")).to_be_visible()
    expect(screen.get_by_text("Une note attend le réseau.")).to_be_visible()
    tablet.network(True)
    screen.goto(f"/p/{tablet.item.pk}/")
    screen.locator("[data-notes] li", has_not_text="attend le réseau").first.wait_for()
    tablet.quiet()
    note = PrivateNote.objects.get()
    assert (note.person, note.item_id) == (tablet.elue, tablet.item.pk)
    assert "repas" not in note.sealed
    expect(screen.locator("[data-words]")).to_have_text([NOTE], use_inner_text=True)
    tablet.contact()
    tablet.network(False)  # and the note, sent, is still read without a network
    screen.goto(f"/p/{tablet.item.pk}/")
    screen.locator("[data-words]").first.wait_for()
    expect(screen.locator("[data-words]")).to_have_text([NOTE], use_inner_text=True)
    tablet.network(True)
    assert tablet.visitor.troubles == []


@pytest.mark.skipif(not pdf.is_available(), reason="Pango is not installed")
def test_the_bound_dossier_is_read_without_a_network_and_goes_with_the_right(tablet):
    papers.ask(sitting=SittingPage.objects.get(pk=tablet.sitting.pk), shape=Shape.PDF, by=None)
    work.drain()
    tablet.keep()
    tablet.network(False)
    tablet.screen.goto(f"/p/{tablet.sitting.pk}/")
    tablet.screen.goto(f"/p/{tablet.sitting.pk}/dossier/pdf/")
    expect(tablet.screen.get_by_text("Le dossier est prêt")).to_be_visible()
    file = f"/p/{tablet.sitting.pk}/dossier/pdf/fichier/"
    head = "url => fetch(url).then(one => one.text()).then(words => words.slice(0, 5))"
    assert tablet.screen.evaluate(head, file) == "%PDF-"
    tablet.network(True)
    tablet.screen.goto(f"/p/{tablet.sitting.pk}/")
    Boundary.objects.create(page_id=tablet.item.pk)
    tree.forget()
    tablet.contact()
    has = "url => caches.match(url, {ignoreVary: true}).then(Boolean)"
    assert [tablet.screen.evaluate(has, url) for url in (f"/p/{tablet.sitting.pk}/", file)] == [True, False]


def test_what_is_lost_by_right_leaves_the_tablet(tablet):
    tablet.keep()
    assert tablet.caches() == [f"seance-{tablet.sitting.pk}"]
    Grant.objects.all().delete()
    tablet.contact()
    assert (tablet.caches(), tablet.rows("sittings")) == ([], [])
    tablet.network(False)
    with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        tablet.screen.goto(f"/p/{tablet.item.pk}/")
    tablet.network(True)


def test_one_point_less_is_one_page_less(tablet):
    tablet.keep()
    has = "url => caches.match(url, {ignoreVary: true}).then(Boolean)"
    assert tablet.screen.evaluate(has, f"/p/{tablet.item.pk}/")
    Page.objects.filter(pk=tablet.item.pk).update(live=False)
    tree.forget()
    tablet.contact()
    assert tablet.screen.evaluate(has, f"/p/{tablet.sitting.pk}/")
    gone = [f"/p/{tablet.item.pk}/", f"/documents/{tablet.paper.pk}/v1/"]
    assert [tablet.screen.evaluate(has, url) for url in gone] == [False, False]


def test_signing_out_empties_it_once_the_notes_have_left(tablet):
    tablet.keep()
    tablet.network(False)
    tablet.screen.goto(f"/p/{tablet.item.pk}/")
    tablet.write(NOTE)
    tablet.screen.get_by_text("elle partira avec le réseau").wait_for()
    tablet.network(True)
    tablet.quiet()
    tablet.screen.locator("details.menu summary").click()
    tablet.screen.get_by_role("button", name="Se déconnecter").click()
    tablet.screen.wait_for_url("**/connexion/**")
    assert (tablet.caches(), *(tablet.rows(one) for one in ("sittings", "queue", "keys"))) == ([], [], [], [])
    assert PrivateNote.objects.count() == 1


def test_a_note_that_the_site_could_not_take_outlives_the_sign_out_sealed(tablet, monkeypatch):
    def broken(**_):
        raise Refused("En panne.")

    tablet.keep()
    tablet.network(False)
    tablet.screen.goto(f"/p/{tablet.item.pk}/")
    tablet.write(NOTE)
    tablet.screen.get_by_text("elle partira avec le réseau").wait_for()
    with monkeypatch.context() as patched:
        patched.setattr(operations, "keep_note", broken)
        tablet.network(True)
        tablet.screen.locator("details.menu summary").click()
        tablet.screen.get_by_role("button", name="Se déconnecter").click()
        tablet.screen.wait_for_url("**/connexion/**")
    assert (tablet.caches(), tablet.rows("sittings"), tablet.rows("keys")) == ([], [], [])
    assert (len(tablet.rows("queue")), PrivateNote.objects.count()) == (1, 0)
    tablet.visitor.sign_in(tablet.town.signed_in(tablet.elue))
    tablet.screen.goto(f"/p/{tablet.item.pk}/")
    tablet.screen.locator("[data-notes] li", has_not_text="attend le réseau").first.wait_for()
    assert (tablet.rows("queue"), PrivateNote.objects.count()) == ([], 1)


def test_a_session_that_ended_empties_it(tablet):
    tablet.keep()
    tablet.visitor.context.clear_cookies()
    tablet.screen.goto("/plan/")
    tablet.screen.wait_for_function("() => caches.keys().then((names) => names.length === 0)")
    assert tablet.rows("sittings") == []


def test_an_ended_button_empties_it(tablet):
    button = buttons.give(person=tablet.elue, opens="la séance", path="/", by=None)
    session = tablet.client.session
    session["button"] = button.pk
    session.save()
    tablet.keep()
    buttons.end(button=button, by=None, because="Le procès-verbal de la séance est arrêté.")
    tablet.contact()
    assert (tablet.caches(), tablet.rows("sittings")) == ([], [])


def test_taken_off_the_tablet_by_hand(tablet):
    tablet.keep()
    tablet.screen.goto("/hors-ligne/")
    expect(tablet.screen.get_by_role("link", name="Conseil d’octobre")).to_be_visible()
    tablet.screen.get_by_role("button", name="Retirer de cet appareil").click()
    tablet.screen.get_by_text("Rien n’est gardé ici.").wait_for()
    assert (tablet.caches(), tablet.rows("sittings")) == ([], [])


def test_another_device_opens_the_notes_with_their_code(tablet, visitor):
    screen = tablet.screen
    screen.goto(f"/p/{tablet.item.pk}/")
    tablet.write(NOTE)
    screen.get_by_text("Note gardée.").wait_for()
    screen.get_by_text("Mon code de notes").click()
    code = screen.locator("[data-letters]").inner_text()
    other = visitor(width=390).sign_in(tablet.client)
    other.page.goto(f"/p/{tablet.item.pk}/")
    other.page.get_by_text("Note chiffrée avec un autre code.").wait_for()
    other.page.get_by_label("Votre code de notes").fill("0000-0000-0000-0000-0000")
    other.page.get_by_role("button", name="Ouvrir mes notes").click()
    other.page.get_by_text("Ce code n’ouvre aucune de vos notes").wait_for()
    other.page.get_by_label("Votre code de notes").fill(code.lower())
    other.page.get_by_role("button", name="Ouvrir mes notes").click()
    other.page.get_by_text("Vos notes sont ouvertes sur cet appareil.").wait_for()
    expect(other.page.locator("[data-words]")).to_have_text([NOTE], use_inner_text=True)
    other.page.get_by_role("button", name="Retirer").click()
    other.page.get_by_text("Note retirée.").wait_for()
    assert PrivateNote.objects.get().sealed == ""
    assert other.troubles == []


def test_two_people_on_one_tablet_do_not_meet(tablet):
    tablet.keep()
    tablet.visitor.sign_in(tablet.town.signed_in(tablet.council.maire))
    tablet.screen.goto(f"/p/{tablet.item.pk}/")
    tablet.screen.wait_for_function("() => caches.keys().then((names) => names.length === 0)")
    assert tablet.rows("sittings") == []
