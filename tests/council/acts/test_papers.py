"""Every paper of a sitting: what it says, and that its PDF is tagged, titled and in French."""

import io
import zipfile
from datetime import date

import pikepdf
import pypdfium2
import pytest
from django.utils import timezone

from council.acts import papers
from council.acts.content import Content
from council.acts.models import Discussion
from council.acts.papers import ActPaper, Paper
from council.acts.registries import Life
from kb.exchange import pdf
from kb.typography import day

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not pdf.is_available(), reason="Pango is not installed")]


def words(data):
    """The text of a PDF, its spaces made plain."""
    with pypdfium2.PdfDocument(data) as found:
        text = " ".join(page.get_textpage().get_text_range() for page in found)
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").replace("\ufffe", "").split())


def told(acts, paper, **more):
    return words(papers.made(papers.of_sitting(Content(acts.sitting), paper, **more), "pdf"))


@pytest.mark.parametrize("paper", list(Paper))
def test_each_paper_is_tagged_titled_and_in_french(acts, paper):
    acts.run()
    printed = papers.of_sitting(Content(acts.sitting), paper)
    with pikepdf.open(io.BytesIO(papers.made(printed, "pdf"))) as found:
        assert found.Root.MarkInfo.Marked and str(found.Root.Lang) == "fr"
        assert str(found.docinfo.Title) == printed.title and papers.TITLES[paper] in printed.title


def test_the_minutes_fill_every_compulsory_slot(acts):
    acts.run()
    names = [str(one) for one in acts.council.mandates]
    item = acts.items[0]
    Discussion.objects.create(sitting=acts.sitting, item=item, text="Michel s’étonne du prix.", by=acts.secretary)
    said = told(acts, Paper.MINUTES)
    for slot in (
        f"Séance du {day(timezone.localtime(acts.began))}".replace("\u00a0", " "),
        f"Présidence {names[0]}, Maire",
        f"{names[5]} (pouvoir à {names[1]})",
        f"Secrétaire de séance {names[2]}",
        "5 présents sur 7 membres en exercice : le quorum, 4, est atteint",
        "1. Tarifs de la cantine",
        "4. Questions diverses",
        f"{names[3]} ne prend pas part au vote (art. L2131-11)",
        f"{names[6]} arrive",
        "Michel s’étonne du prix.",
        "Une note.",
        "4 pour, 1 contre, 0 abstention",
        f"Présidence de {names[1]}.",
        f"Le conseil élit : {names[1]}.",
        "Projet, à arrêter",
    ):
        assert slot in said, slot
    assert "Contre :" not in said  # an ordinary ballot prints counts only (L2121-21)


def test_the_minutes_say_who_was_named_secretary_at_which_item(acts):
    acts.open(5)
    acts.tell("item", 2, item="3")
    acts.tell("appoint_secretary", 3, members=[acts.key(2)])
    acts.close()
    said = told(acts, Paper.MINUTES)
    assert (
        f"Secrétaire de séance : {acts.council.mandates[2]}."
        in said[said.index("3. Délégué au syndicat des eaux Nomination") :]
    )


def test_a_public_ballot_prints_names(acts):
    acts.open(5, secretaries=[acts.council.mandates[2]])
    acts.tell("item", 2, item="1")
    acts.tell("ballot_requested", 3, members=[acts.key(3), acts.key(4)], ballot="public")
    acts.tell("ballot", 6, ballot="public", votes={acts.key(4): "against"}, others="for")
    acts.close()
    said = told(acts, Paper.MINUTES)
    names = [str(one) for one in acts.council.mandates]
    assert f"Contre : {names[4]}" in said and f"Scrutin public demandé par {names[3]}, {names[4]}." in said


def test_what_was_said_in_huis_clos_is_not_in_the_public_version(acts):
    acts.open(5)
    acts.tell("item", 2, item="1")
    acts.tell("decide", 3, what="huis_clos", unanimous=True)
    acts.tell("ballot", 6, unanimous=True)
    acts.close()
    Discussion.objects.create(sitting=acts.sitting, item=acts.items[0], text="Propos tenus.", by=acts.secretary)
    assert "Propos tenus." in told(acts, Paper.MINUTES)
    public = told(acts, Paper.MINUTES, public=True)
    assert "Propos tenus." not in public and "Les débats se sont tenus à huis clos." in public
    assert "La délibération est adoptée" in public


def test_a_huis_clos_ended_within_its_item_closes_what_was_said_and_nothing_else(acts):
    acts.open(5)
    acts.tell("item", 2, item="1")
    acts.tell("ballot", 3, unanimous=True)
    acts.tell("item", 4, item="4")
    acts.tell("decide", 5, what="huis_clos", unanimous=True)
    acts.tell("decide", 9, what="huis_clos", end=True)
    acts.close()
    for place, words in ((0, "Propos publics."), (3, "Propos fermés.")):
        Discussion.objects.create(sitting=acts.sitting, item=acts.items[place], text=words, by=acts.secretary)
    public = told(acts, Paper.MINUTES, public=True)
    assert "La séance se poursuit à huis clos" in public
    assert "Propos publics." in public and "Propos fermés." not in public


def test_the_list_says_object_and_decision(acts):
    acts.run()
    said = told(acts, Paper.LIST)
    number = acts.deliberations[0].written
    assert f"{number} " in said and "Tarifs de la cantine Approuvée" in said
    assert f"Élection acquise : {acts.council.mandates[1]}" in said


def test_the_register_ends_with_the_closing_sheet(acts):
    acts.run()
    said = told(acts, Paper.REGISTER)
    assert said.index("Feuillet de clôture") > said.index(f"Délibération n° {acts.deliberations[2].written}")
    assert said.index("Membres présents") > said.index("Feuillet de clôture")


def test_an_extract_is_certified_from_real_dates_alone(acts):
    acts.run()
    content = Content(acts.sitting)
    said = words(papers.made(papers.of_act(content, acts.deliberations[0], ActPaper.EXTRACT), "pdf"))
    assert "Pour extrait conforme" in said
    assert "il manque la date de transmission au préfet et la date de publication" in said
    sent, shown = date(2026, 10, 15), date(2026, 10, 16)
    assert "il manque la date de publication (art.\u00a0L2131-1)" in papers.enforceable(Life(sent))[0]
    assert papers.enforceable(Life(sent, "AR-12", shown, "en ligne"))[0].replace("\u00a0", " ") == (
        "Certifié exécutoire : délibération transmise au préfet le 15 octobre 2026, accusé de réception n° AR-12 ; publiée le "
        "16 octobre 2026 (en ligne)."
    )


@pytest.mark.parametrize("target", ["docx", "odt"])
def test_a_paper_is_editable(acts, target):
    acts.run()
    data = papers.made(papers.of_act(Content(acts.sitting), acts.deliberations[0], ActPaper.WHOLE), target)
    assert data.startswith(b"PK")


PARTS = {
    "docx": ("word/styles.xml", "</w:styles>", '<w:style w:type="paragraph" w:styleId="Blason"><w:name w:val="Blason"/></w:style>'),
    "odt": ("styles.xml", "</office:styles>", '<style:style style:name="Blason" style:family="paragraph"/>'),
}  # fmt: skip


def part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


@pytest.mark.parametrize("target", ["docx", "odt"])
def test_the_town_s_own_model_dresses_its_papers_in_its_format(acts, target):
    acts.run()
    other = "odt" if target == "docx" else "docx"
    name, end, style = PARTS[target]
    plain, out = (
        papers.made(papers.of_act(Content(acts.sitting), acts.deliberations[0], ActPaper.WHOLE), target),
        io.BytesIO(),
    )
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(out, "w") as model:
        for item in source.infolist():
            body = source.read(item)
            model.writestr(
                item, body.replace(end.encode(), f"{style}{end}".encode()) if item.filename == name else body
            )
    instance = acts.council.instance
    instance.letterhead = acts.town.document(out.getvalue(), f"modele.{target}")
    instance.save()
    secretary = acts.town.signed_in(acts.secretary)
    address = f"/p/{acts.sitting.pk}/deliberations/{acts.deliberations[0].pk}/deliberation"
    assert "Blason" in part(secretary.get(f"{address}.{target}").content, name)
    assert "Blason" not in part(secretary.get(f"{address}.{other}").content, PARTS[other][0])
