"""The dossier of a sitting in one PDF: agenda with true page numbers, items, annexes, and pages that say what is missing."""

import io
import shutil
import zipfile

import pikepdf
import pypdfium2
import pytest
from pikepdf import Pdf
from PIL import Image

from council.papers.dossier import Annex, Dossier, Item, pdf_of, zip_of
from kb.documents.file_types import Kind
from kb.exchange import pdf as paper
from tests.council.papers.test_binding import outline, pdf, texts
from tests.kb.documents.made_files import docx

pytestmark = pytest.mark.skipif(not paper.is_available(), reason="Pango is not installed")


def picture():
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "green").save(out, "PNG")
    return out.getvalue()


def annex(title, data, kind=Kind.PDF, name="annexe.pdf"):
    return Annex(title, name, kind, lambda: data, line="version 1")


@pytest.fixture
def dossier():
    return Dossier(
        town="Valmorin-sur-Drise",
        title="Conseil municipal",
        when="mardi 13 octobre 2026 à 18 h 30",
        place="Salle du conseil",
        made_on="6 octobre 2026",
        items=(
            Item(
                "1",
                "Subventions aux associations",
                "Délibération",
                "Marc Bonnet",
                body="<p>Le conseil municipal, <b>décide</b> :</p>",
                annexes=(annex("Tableau", pdf(3)),),
            ),
            Item(
                "2",
                "Réfection de l’école",
                "Délibération",
                note="<p>Pourquoi ce projet.</p>",
                annexes=(annex("Plan", pdf(2)), annex("Photographie", picture(), Kind.PNG, "photo.png")),
            ),
            Item("2 bis", "Question retirée", withdrawn="L’avis des domaines n’est pas rendu."),
        ),
    )


def test_the_pages_are_the_sum_of_its_parts_and_the_agenda_says_where_each_starts(dossier):
    whole = pdf_of(dossier)
    said = [" ".join(text.split()) for text in texts(whole.pdf)]
    assert whole.pages == len(said) == 2 + (1 + 3) + (1 + 2 + 1) + 1
    assert [whole.starts[key] for key in ("item-1", "item-1-annex-1", "item-2", "item-2-annex-2", "item-2-bis")] == [
        3,
        4,
        7,
        10,
        11,
    ]
    assert [said[page - 1].split()[-3] for page in (3, 7, 11)] == ["3", "7", "11"]  # what is stamped at the foot
    for page, title in ((3, "Subventions aux associations"), (7, "Réfection de l’école"), (11, "Question retirée")):
        assert title in said[page - 1] and title in said[1]
    assert [line for line in ("3", "4", "7", "8", "10", "11") if line not in said[1].split()] == []


def test_the_bookmarks_hold_the_annexes_under_their_item(dossier):
    with Pdf.open(io.BytesIO(pdf_of(dossier).pdf)) as read, read.open_outline() as marks:
        assert outline(marks.root) == [
            ("Ordre du jour", []),
            ("1. Subventions aux associations", [("Tableau", [])]),
            ("2. Réfection de l’école", [("Plan", []), ("Photographie", [])]),
            ("2 bis. Question retirée", []),
        ]


def test_the_lines_of_the_agenda_are_links(dossier):
    whole = pdf_of(dossier)
    with Pdf.open(io.BytesIO(whole.pdf)) as read:
        links = [note for note in read.pages[1].obj.Annots if "/Dest" in note]
        targets = {read.pages.index(pikepdf.Page(note.Dest[0])) + 1 for note in links}
    assert targets == set(whole.starts.values()) - {1}


def test_what_cannot_be_bound_keeps_its_place_and_says_why(dossier):
    broken = Item(
        "3",
        "Budget",
        annexes=(
            annex("Chiffré", pdf(password="x")),
            annex("Abîmé", b"rien"),
            annex("Son", b"x", Kind.AUDIO, "seance.mp3"),
            annex("Photo abîmée", b"rien", Kind.JPEG, "photo.jpg"),
        ),
    )
    said = texts(pdf_of(Dossier(**{**vars(dossier), "items": (broken,)})).pdf)
    assert len(said) == 2 + 1 + 4
    for page, sentence in (
        (3, "protégé par un mot de passe"),
        (4, "est abîmé"),
        (5, "ne s’imprime pas ici"),
        (6, "Cette image est abîmée"),
    ):
        assert sentence in said[page].replace("\r\n", " ")


def test_an_office_file_is_printed_or_says_that_libreoffice_is_missing(dossier, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    item = Item("1", "Budget", annexes=(annex("Note", docx(), Kind.DOCX, "note.docx"),))
    said = texts(pdf_of(Dossier(**{**vars(dossier), "items": (item,)})).pdf)
    assert "LibreOffice n’est pas installé" in said[3].replace("\r\n", " ")


def test_the_large_print_is_longer_and_holds_the_same(dossier):
    small, large = pdf_of(dossier), pdf_of(dossier, large=True)
    assert large.pages >= small.pages
    heights = []
    for whole in (small, large):
        with pypdfium2.PdfDocument(whole.pdf) as document:
            page = document[whole.starts["item-1"] - 1].get_textpage()
            _, low, _, high = page.get_rect(page.count_rects() - 3)
            heights.append(high - low)
    assert heights[1] > 1.3 * heights[0]


def test_the_zip_holds_the_originals_by_item(dossier):
    packed = zipfile.ZipFile(io.BytesIO(zip_of(dossier, pdf_of(dossier))))
    assert packed.namelist() == [
        "Dossier de séance.pdf",
        "1 Subventions aux associations/01 annexe.pdf",
        "2 Réfection de l’école/01 annexe.pdf",
        "2 Réfection de l’école/02 photo.png",
    ]
    assert packed.read("2 Réfection de l’école/02 photo.png") == picture()


def test_progress_is_told(dossier):
    told = []
    pdf_of(dossier, step=lambda done, total: told.append((done, total)))
    assert told == [*((done, 6) for done in range(6)), (6, 6)]
