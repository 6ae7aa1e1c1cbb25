"""PDF page by page: what PDFium cannot read poppler does, and one bad page costs itself alone."""

import shutil

import pytest

from kb.documents.extraction import pdf, readers, sandbox
from kb.documents.extraction.pdf import is_scan
from kb.typography import NBSP
from tests.kb.documents import made_files
from tests.kb.documents.extraction import made


def texts(reading):
    return [page.text for page in reading.pages]


def test_page_by_page_with_words_joined_across_lines():
    data = made.pdf(made.written("La délibé-", "ration du 12 mars"), made.written("Séance levée à 22 h"))
    reading = readers.read(data, "pv.pdf")
    assert (reading.state, reading.page_count, reading.words) == ("ok", 2, f"texte trouvé (2{NBSP}pages)")
    assert texts(reading) == ["La délibération du 12 mars", "Séance levée à 22 h"]


def test_blank_pages_are_empty_and_not_scans():
    reading = readers.read(made_files.pdf(3), "blanc.pdf")
    assert (reading.state, reading.page_count, reading.sentence) == ("empty", 3, "Aucun texte.")


def test_a_scan_waits_and_says_so():
    reading = readers.read(made.scan(("Bonjour",)), "scan.pdf")
    assert (reading.state, reading.words) == ("waiting_for_ocr", "scan sans texte : lecture en attente")
    assert [page.waiting for page in reading.pages] == [True]


@pytest.mark.parametrize(
    ("text", "covered", "expected"),
    [
        ("", 0.0, False),
        ("", 0.3, True),
        ("12", 0.02, True),
        ("Envoyé en préfecture le 12/04/2026, reçu le 12/04/2026, ID : 025-212500", 1.0, True),
        ("Envoyé en préfecture le 12/04/2026, reçu le 12/04/2026, ID : 025-212500", 0.2, False),
        ("mot " * 100, 1.0, False),
    ],
)
def test_which_pages_are_scans(text, covered, expected):
    assert is_scan(text, covered) is expected


def heavy_among_others():
    heavy = b"BT /F1 8 Tf " + b"(AAAAAAAAAAAAAAAA) Tj " * 2_000_000 + b"ET"
    return made.pdf(made.written("Page numéro 1"), heavy, made.written("Page numéro 3"))


def test_a_page_that_kills_pdfium_is_read_by_poppler_and_the_others_by_pdfium():
    reading = readers.read(heavy_among_others(), "lourd.pdf")
    assert (reading.state, reading.readers[1]) == ("ok", "pdftotext")
    first, heavy, third = texts(reading)
    assert (first, set(heavy), third) == ("Page numéro 1", {"A"}, "Page numéro 3")


def test_where_both_readers_die_the_good_pages_are_kept(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    reading = readers.read(heavy_among_others(), "lourd.pdf")
    assert reading.words == f"texte trouvé (3{NBSP}pages) : quelques pages sont restées illisibles"
    assert texts(reading) == ["Page numéro 1", "", "Page numéro 3"]


def test_a_child_that_dies_before_it_says_anything_leaves_all_to_poppler(monkeypatch):
    def dies(*args, **kwargs):
        raise sandbox.TooMuchMemory

    monkeypatch.setattr(pdf.sandbox, "run_python", dies)
    data = made.pdf(*(made.written(f"La page numéro {number} du compte rendu") for number in range(1, 4)))
    reading = readers.read(data, "pv.pdf")
    assert (reading.state, reading.readers) == ("ok", ["pdftotext"])
    assert texts(reading) == [f"La page numéro {number} du compte rendu" for number in range(1, 4)]


def test_long_files_are_read_in_batches(monkeypatch):
    monkeypatch.setattr(pdf, "BATCH", 3)
    data = made.pdf(*(made.written(f"Page numéro {number}") for number in range(1, 8)))
    assert texts(readers.read(data, "long.pdf")) == [f"Page numéro {number}" for number in range(1, 8)]


@pytest.mark.parametrize(
    ("data", "state", "sentence"),
    [
        (
            made_files.pdf(encryption="locked"),
            "encrypted",
            "Protégé par mot de passe. Enregistrez-le sans mot de passe, puis remplacez-le.",
        ),
        (
            made_files.pdf(3)[:200],
            "failed",
            "Illisible : le fichier est incomplet ou abîmé. Vérifiez qu’il s’ouvre sur votre poste, puis remplacez-le.",
        ),
    ],
)
def test_what_cannot_be_read_says_why_and_the_way_out(data, state, sentence):
    reading = readers.read(data, "x.pdf")
    assert (reading.state, reading.sentence, reading.pages) == (state, sentence, [])


def test_an_empty_password_keeps_nobody_out():
    assert readers.read(made_files.pdf(2, encryption="open"), "x.pdf").state == "empty"
