"""From the roll call to the public, whole, after the journey of test_council: the secretary holds the sitting on her laptop, draws its
papers, has them signed, publishes; a browser without an account reads the acts, and nothing of what was said behind closed doors.
"""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from council.acts.models import Deliberation
from council.agenda import operations as agenda
from council.agenda.enums import Channel, ItemKind
from council.agenda.models import SittingPage
from council.agenda.queries import meeting_day
from council.floor.queries import ballots_of
from council.publication.models import Act
from kb.exchange import pdf
from tests.council.conftest import Council
from tests.council.floor.conftest import Floor
from tests.council.open_data import validata
from tests.council.open_data.test_scdl import SCDL

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(not pdf.is_available(), reason="Pango is not installed"),
]
TARIFFS, GRANT, ACCOUNTS, DELEGATE, SALE, PROTECTION, OTHER = map(str, range(1, 8))
NAMED = "Mme Jeanne Durand, demeurant 12 rue des Lilas, reçoit la subvention de son association."
PROTECTED = "Protection fonctionnelle d’un agent"
WHISPER = "Chuchotement du premier adjoint."  # said behind closed doors
ITEMS = (
    ("Tarifs de la cantine", ItemKind.DELIBERATION, "Les tarifs augmentent de 2 %.", "7.10"),
    ("Subvention au club de tarot", ItemKind.DELIBERATION, NAMED, "7.5"),
    ("Compte financier unique", ItemKind.ACCOUNTS, "Le compte est adopté.", "7.1"),
    ("Délégué au syndicat des eaux", ItemKind.APPOINTMENT, "Un délégué est désigné.", "5.3"),
    ("Cession du presbytère", ItemKind.DELIBERATION, "Le presbytère est cédé.", "3.2"),
    (PROTECTED, ItemKind.DELIBERATION, "La protection est accordée.", "4.1"),
    ("Questions diverses", ItemKind.OTHER_BUSINESS, "", ""),
)  # fmt: skip


class Evening:
    """The secretary's laptop that evening, and the days after. Each method is one gesture of hers, in the words of the trade."""

    def __init__(self, town: Any, visitor: Any) -> None:
        self.floor, self.visitor, self.town = Floor(Council(town)), visitor, town
        self.table = self.floor.council.mandates
        self.maire, self.first, self.second, self.catherine, self.michel, self.thierry, self.robert = self.table
        self.sitting = self._convened(timedelta(hours=1), "Conseil d’automne", ITEMS)
        self.desk = visitor().sign_in(town.signed_in(self.floor.secretary))
        self.screen = self.desk.page

    def _convened(self, ago: timedelta, title: str, items: Any) -> SittingPage:
        """As the journey before this one leaves it: sent in time, its hour come."""
        council = self.floor.council
        sitting = council.sitting(20, title)
        for name, kind, body, matter in items:
            council.item(sitting, name, item_kind=kind, body=body and f"<p>{body}</p>", matter=matter, note="Une note.")
        agenda.record_convocation(
            sitting=sitting,
            sent_on=timezone.localdate(),
            channel=Channel.MAIL,
            proof="accusés",
            by=self.floor.secretary,
        )
        began = (timezone.now() - ago).replace(second=0, microsecond=0)
        SittingPage.objects.filter(pk=sitting.pk).update(starts_at=began)
        return SittingPage.objects.get(pk=sitting.pk)

    # In the room.

    def roll_call(self) -> None:
        """All are there but Thierry, who gave his pouvoir to Michel, and Robert, who is late."""
        self.screen.goto(f"/p/{self.sitting.pk}/operateur/")
        self.screen.get_by_role("button", name="Tout le monde est là").click()
        self.screen.locator(f"[name='pouvoir:{self.thierry.pk}']").select_option(str(self.michel.pk))
        self.screen.locator(f"[name='etat:{self.robert.pk}'][value=absent]").check(force=True)
        self.screen.get_by_label("Secrétaire de séance").select_option(str(self.second.pk))
        self.screen.get_by_role("button", name="Ouvrir la séance").click()
        self.log("Séance ouverte par Hélène Marchetti, 5 présents.")

    def log(self, words: str) -> None:
        """Waits until the log of the sitting says so."""
        self.screen.locator(".register li", has_text=words).first.wait_for()

    def said(self, words: str) -> None:
        """Waits for the register's sentence of the item under discussion."""
        self.screen.locator(".said-by-law", has_text=words).last.wait_for()

    def call(self, number: str) -> None:
        self.screen.locator(f"#call-{number}").click()
        self.screen.locator("#floor-item", has_text=ITEMS[int(number) - 1][0]).wait_for()

    def unfold(self, name: str) -> Any:
        """What is folded under the item, open."""
        fold = self.screen.locator(f"#fold-{name}")
        if fold.get_attribute("open") is None:
            fold.locator("summary").first.click()
        return fold

    def moves(self, mandate: Any, words: str) -> None:
        """« Arrive », « Part », « Revient »."""
        self.screen.locator(f"#move-{mandate.pk}").click()
        self.log(f"{words} : {mandate}.")

    def vote_by_groups(self, **votes: str) -> None:
        """A word of the screen for each group; `Catherine` votes against hers."""
        for group, vote in votes.items():
            self.screen.locator(".vote-row", has_text=group).get_by_text(vote, exact=True).click()

    def tie_by_hands(self) -> None:
        """Three for with the maire, three against: her voice prevails."""
        self.call(TARIFFS)
        self.vote_by_groups(Ensemble="Pour", Autrement="Contre")
        self.screen.locator(".exceptions summary", has_text="Ensemble").click()
        self.screen.locator(f"[name='vote:{self.catherine.pk}']").select_option("against")
        self.screen.get_by_role("button", name="Enregistrer le vote").click()
        self.said("à égalité, la voix du président l’emporte")

    def withdrawal(self) -> None:
        """Michel takes no part: neither he nor the pouvoir that he holds votes."""
        self.call(GRANT)
        fold = self.unfold("withdraw")
        fold.get_by_label("Qui").select_option(str(self.michel.pk))
        fold.get_by_label("Il sort de la salle").check()
        fold.get_by_role("button", name="Noter qu’il ne prend pas part").click()
        self.log("Ne prend pas part au point 2 : Michel Bressac")
        self.screen.keyboard.press("F2")
        self.said("5 pour, 0 contre")

    def accounts(self) -> None:
        """The council elects another president; the maire leaves for the vote, and comes back."""
        self.call(ACCOUNTS)
        fold = self.unfold("preside")
        fold.get_by_label("Préside ce point").select_option(str(self.first.pk))
        fold.get_by_role("button", name="Changer de président").click()
        self.log("Bernard Aubanel préside le point 3.")
        self.moves(self.maire, "Départ")
        self.screen.keyboard.press("F2")
        self.said("6 pour, 0 contre")
        self.moves(self.maire, "Retour")

    def three_rounds(self) -> None:
        """Nobody has the absolute majority, twice; at the third round a tie, and the elder is elected."""
        self.call(DELEGATE)
        self.round({self.first: 3, self.catherine: 2, self.robert: 2})
        self.screen.locator(".round", has_text="2e tour").wait_for()
        self.round({self.first: 3, self.catherine: 3, self.robert: 0}, blanks=1)
        self.screen.locator(".round", has_text="3e tour").wait_for()
        self.round(
            {self.first: 3, self.catherine: 3, self.robert: 1},
            born={self.first: "1961-05-02", self.catherine: "1955-11-30"},
        )
        self.said("Le conseil élit : Catherine Delmas.")

    def round(self, votes: Any, *, blanks: int = 0, born: Any = None) -> None:
        form = self.screen.locator("#vote")
        for place, (mandate, number) in enumerate(votes.items()):
            form.locator(f"[name=candidate_{place}]").fill(str(mandate))
            form.locator(f"[name=candidate_{place}_votes]").fill(str(number))
            if born and mandate in born:
                form.locator(f"[name=candidate_{place}_born]").fill(born[mandate])
        form.locator("[name=blanks]").fill(str(blanks))
        form.get_by_role("button", name="Enregistrer le tour").click()

    def tie_in_secret(self) -> None:
        """Two of the six present, a third, ask for it; three for, three against, one blank: no voice prevails."""
        self.call(SALE)
        fold = self.unfold("request")
        fold.get_by_label("Secret, à la demande d’un tiers").check()
        for mandate in (self.michel, self.robert):
            fold.get_by_label(str(mandate)).check()
        fold.get_by_role("button", name="Noter la demande").click()
        self.screen.locator(".item-facts", has_text="Scrutin secret.").wait_for()
        for name, number in (("votes_for", 3), ("votes_against", 3), ("blanks", 1)):
            self.screen.locator(f"#vote [name={name}]").fill(str(number))
        self.screen.get_by_role("button", name="Enregistrer le vote").click()
        self.said("égalité au scrutin secret")

    def behind_closed_doors(self) -> None:
        """The maire asks, the council decides, votes, and opens the room again."""
        self.call(PROTECTION)
        fold = self.unfold("decide")
        fold.get_by_label("Le conseil décide").select_option("huis_clos")
        fold.get_by_role("button", name="Noter la décision").click()
        self.screen.locator(".item-facts", has_text="Huis clos").wait_for()
        self.screen.keyboard.press("F2")
        self.said("7 pour, 0 contre")
        self.unfold("decide").get_by_role("button", name="Lever le huis clos").click()
        self.log("Fin du huis clos.")

    def close(self) -> None:
        self.unfold("close").get_by_role("button", name="Lever la séance").click()
        self.screen.get_by_text("La séance est levée.").first.wait_for()

    # The days after.

    def type_debates(self) -> None:
        self.screen.goto(f"/p/{self.sitting.pk}/pv/")
        self.screen.get_by_label("1. Tarifs de la cantine").fill("Michel s’étonne du prix.")
        self.screen.get_by_label(f"6. {PROTECTED}").fill(WHISPER)
        self.screen.get_by_role("button", name="Enregistrer les débats").click()
        self.screen.get_by_text("Les débats sont enregistrés.").wait_for()

    def paper(self, address: str) -> "Paper":
        """A PDF as her browser receives it."""
        answer = self.screen.request.get(f"{self.desk.address}/p/{self.sitting.pk}/{address}")
        assert answer.ok, (address, answer.status)
        return Paper(answer.body())

    def bring_back_signed(self) -> None:
        """The signature folder is printed, signed, scanned in one go, and dropped."""
        folder = self.paper("papiers/parapheur.pdf")
        self.screen.goto(f"/p/{self.sitting.pk}/signes/")
        self.screen.get_by_label("Papiers signés").set_input_files(
            {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": folder.data}
        )
        self.screen.get_by_role("button", name="Déposer").click()
        self.screen.get_by_text("Les fichiers sont déposés").wait_for()

    def send_and_approve_minutes(self) -> None:
        """Sent to the members; then arrêté once the next sitting has made its roll call."""
        self.screen.goto(f"/p/{self.sitting.pk}/pv/")
        self.screen.get_by_role("button", name="Envoyer le projet aux membres").click()
        self.screen.get_by_text("est envoyé aux membres").wait_for()
        following = self._convened(timedelta(minutes=2), "Conseil suivant", [("Débat", ItemKind.DELIBERATION, "", "")])
        self.screen.goto(f"/p/{following.pk}/operateur/")
        self.screen.get_by_role("button", name="Tout le monde est là").click()
        self.screen.get_by_role("button", name="Ouvrir la séance").click()
        self.log("Séance ouverte par Hélène Marchetti, 7 présents.")
        self.screen.goto(f"/p/{self.sitting.pk}/pv/arreter/")
        self.screen.get_by_role("button", name="Arrêter le procès-verbal").click()
        self.screen.get_by_text("Le procès-verbal est arrêté").first.wait_for()

    def name_the_town(self) -> None:
        """The SIRET that open data wants."""
        self.screen.goto("/conseil/actes/reglages/")
        self.screen.get_by_label("SIRET").fill("21860194600013")
        self.screen.get_by_role("button", name="Noter le SIRET").click()
        self.screen.get_by_text("Le SIRET est noté.").wait_for()

    def publish_all(self) -> None:
        for act in Act.objects.order_by("deliberation__position"):
            self.screen.goto(f"/conseil/actes/{act.pk}/")
            self.screen.get_by_role("button", name="Examiner le texte").click()
            self.screen.get_by_text("Le texte est examiné.").wait_for()
            self.mask_who_is_named()
            self.screen.get_by_role("button", name="Publier l’acte").click()
            self.screen.get_by_text("L’acte est publié.").wait_for()

    def put_online(self, screen: str, name: str) -> None:
        """A paper of the whole sitting, from its own screen."""
        self.screen.goto(f"/p/{self.sitting.pk}/{screen}")
        self.screen.get_by_role("button", name=f"Mettre en ligne : {name}").click()
        self.screen.get_by_text("en ligne, à une adresse qui ne change pas.").wait_for()

    def mask_who_is_named(self) -> None:
        while self.screen.locator(".flags li").filter(has_not=self.screen.locator(".tag")).count():
            expect(self.screen.get_by_role("button", name="Publier l’acte")).to_have_count(0)
            first = self.screen.locator(".flags li").filter(has_not=self.screen.locator(".tag")).first
            first.get_by_label("Raison").fill("Particulière")
            with self.screen.expect_navigation():
                first.get_by_role("button", name="Masquer").click()
            self.screen.get_by_text("Le choix est noté.").wait_for()


class Paper:
    """A PDF: its words, and what makes it accessible."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        with pypdfium2.PdfDocument(data) as found:
            text = " ".join(page.get_textpage().get_text_range() for page in found)
        self.words = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").replace("\ufffe", "").split())

    def is_accessible(self, title: str) -> bool:
        """Tagged, in French, and titled so."""
        with pikepdf.open(io.BytesIO(self.data)) as found:
            said = str(found.docinfo.Title)
            return bool(found.Root.MarkInfo.Marked) and str(found.Root.Lang) == "fr" and said.startswith(title)


@pytest.fixture
def evening(town: Any, visitor: Any) -> Evening:
    return Evening(town, visitor)


def hold(evening: Evening) -> None:
    """The sitting, from its roll call to its closing."""
    evening.roll_call()
    evening.tie_by_hands()
    evening.moves(evening.robert, "Arrivée")
    evening.withdrawal()
    evening.accounts()
    evening.three_rounds()
    evening.tie_in_secret()
    evening.behind_closed_doors()
    evening.call(OTHER)
    expect(evening.screen.locator("#vote")).to_have_count(0)
    evening.close()


def check_votes(evening: Evening) -> None:
    """What the engine made of what was clicked, whole."""
    rows = [row for row in ballots_of(evening.sitting) if row["kind"] != "huis_clos"]
    counted = (
        "item",
        "ballot",
        "present_for_quorum",
        "represented",
        "voting",
        "votes_for",
        "votes_against",
        "result",
        "casting_vote_used",
    )
    assert [tuple(row[name] for name in counted) for row in rows] == [
        (TARIFFS, "ordinary", 5, 1, 6, 3, 3, "adopted", True),
        (GRANT, "ordinary", 5, 0, 5, 5, 0, "adopted", False),
        (ACCOUNTS, "ordinary", 5, 1, 6, 6, 0, "adopted", False),
        (DELEGATE, "secret", 6, 1, 7, None, None, "elected", False),
        (SALE, "secret", 6, 1, 7, 3, 3, "rejected", False),
        (PROTECTION, "ordinary", 6, 1, 7, 7, 0, "adopted", False),
    ]
    assert (rows[3]["rounds"], rows[3]["elected"]) == (3, [str(evening.catherine.pk)])


def check_papers(evening: Evening) -> None:
    """Each paper as it comes out of her browser."""
    acts = list(Deliberation.objects.order_by("position"))
    year = meeting_day(evening.sitting).year
    assert [one.written for one in acts] == [f"{year}-01-{place:02}" for place in range(1, 7)]
    minutes = evening.paper("papiers/proces-verbal.pdf")
    said = {
        "Procès-verbal": minutes,
        "Feuille de présence": evening.paper("papiers/presence.pdf"),
        "Liste des délibérations": evening.paper("papiers/liste.pdf"),
        **{f"Délibération {one.written}": evening.paper(f"deliberations/{one.pk}/deliberation.pdf") for one in acts},
    }
    assert [title for title, paper in said.items() if not paper.is_accessible(title)] == []
    for words in (
        "Robert Sauzet arrive",
        "Michel Bressac ne prend pas part au vote (art. L2131-11)",
        "Présidence de Bernard Aubanel",
        "Thierry Combe (pouvoir à Michel Bressac)",
        "tour : Bernard Aubanel 3 voix, Catherine Delmas 3 voix, Robert Sauzet 0 voix, 1 blanc",
        "Le conseil élit : Catherine Delmas",
        "Michel s’étonne du prix.",
        WHISPER,
    ):
        assert words in minutes.words, words
    assert f"{acts[4].written} {acts[4].object}".split()[0] in said["Liste des délibérations"].words
    assert "Refusée" in said["Liste des délibérations"].words
    assert f"Pouvoir à {evening.michel}" in said["Feuille de présence"].words
    for act in acts:
        assert act.object in said[f"Délibération {act.written}"].words
        assert WHISPER not in said[f"Délibération {act.written}"].words


def check_open_data(evening: Evening, file: Path) -> None:
    """The five that were adopted, as SCDL wants them."""
    call_command("export_scdl", year=str(meeting_day(evening.sitting).year), output=str(file))
    text = file.read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["DELIB_OBJET"] for row in rows] == [ITEMS[place][0] for place in (0, 1, 2, 3, 5)]
    assert [row["VOTE_REEL"] for row in rows] == ["6", "5", "6", "", "7"]


def searched(visitor: Any, words: str) -> str:
    """What the search answers to this person, as he reads it."""
    visitor.page.goto(f"/recherche/?q={words}")
    return str(visitor.page.locator("main").inner_text())


def check_the_public(evening: Evening) -> None:
    """A phone without an account: the act decided behind closed doors, and nothing of what was said there."""
    public = evening.visitor(width=390)
    public.page.goto("/actes/")
    public.page.get_by_role("link", name=PROTECTED).click()
    with public.page.expect_download() as got:
        public.page.get_by_role("link", name="Télécharger l’acte").click()
    act = Paper(Path(got.value.path()).read_bytes())
    assert "La protection est accordée." in act.words and WHISPER not in act.words
    told = {
        address: public.page.request.get(f"{public.address}{address}").text()
        for address in ("/actes/", "/actes/flux.atom", "/actes/liste.html")
    }
    for text in (*told.values(), public.page.content()):
        assert PROTECTED in text and "premier adjoint" not in text and "Durand" not in text
    seances = f"{public.address}/actes/seances/{evening.sitting.pk}"
    minutes = Paper(public.page.request.get(f"{seances}/proces-verbal.pdf").body())
    assert "Michel s’étonne du prix." in minutes.words and "[donnée masquée]" in minutes.words
    assert WHISPER not in minutes.words and "Durand" not in minutes.words
    assert PROTECTED in Paper(public.page.request.get(f"{seances}/liste.pdf").body()).words
    assert PROTECTED in searched(public, "protection fonctionnelle")
    agent = evening.visitor().sign_in(evening.town.signed_in(evening.town.technical))
    assert [one for one in (public, agent) if "premier adjoint" in searched(one, "chuchotement")] == []
    for address in ("", "pv/", "papiers/proces-verbal.pdf", "papiers/proces-verbal-public.pdf"):
        answer = public.page.request.get(f"{public.address}/p/{evening.sitting.pk}/{address}", max_redirects=0)
        assert answer.status in {302, 404} and "premier adjoint" not in answer.text()
    assert public.troubles == []


def test_an_evening_from_the_roll_call_to_the_public(evening: Evening, tmp_path: Path) -> None:
    hold(evening)
    check_votes(evening)
    evening.type_debates()
    check_papers(evening)
    evening.bring_back_signed()
    evening.send_and_approve_minutes()
    evening.name_the_town()
    evening.publish_all()
    evening.put_online("pv/", "le procès-verbal")
    evening.put_online("papiers/", "la liste des délibérations")
    check_open_data(evening, tmp_path / "deliberations.csv")
    check_the_public(evening)
    assert evening.desk.troubles == []
    if SCDL.is_dir():
        assert validata.errors(tmp_path / "deliberations.csv") == []
