"""Which paper a signed file is, from its name, or from the titles of its pages."""

import pytest

from council.acts.matching import Found, Known, Part, by_name, by_pages
from council.acts.models import SignedPaper

ACTS = [Known(7, ("2026-05-01", "2026_05_01")), Known(8, ("2026-05-11", "2026_05_11"))]
FIRST, SECOND = Found(SignedPaper.DELIBERATION, 7), Found(SignedPaper.DELIBERATION, 8)
ATTENDANCE, CLOSING, MINUTES = (
    Found(SignedPaper.ATTENDANCE), Found(SignedPaper.CLOSING), Found(SignedPaper.MINUTES)
)  # fmt: skip
HEAD = "Valmorin-sur-Drise\nConseil municipal\n"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2026-05-01.pdf", FIRST),
        ("Délibération 2026_05_11 signée.pdf", SECOND),
        ("scan 2026 05 01 cantine.pdf", FIRST),
        ("2026-05-012.pdf", None),
        ("12026-05-01.pdf", None),
        ("2026-05-01 et 2026-05-11.pdf", None),
        ("Feuille de présence.pdf", ATTENDANCE),
        ("PV du 13 octobre.pdf", MINUTES),
        ("scan0001.pdf", None),
        ("PV, feuille de présence.pdf", None),
    ],
)
def test_a_name_says_one_thing_or_nothing(name, found):
    assert by_name(ACTS, name) == found


def page(title, rest="Séance du 13 octobre"):
    return f"{HEAD}{title}\n{rest}"


ACT_1 = page("Registre des délibérations\nDélibération n° 2026-05-01", "Tarifs, voir 2026-05-11")
ACT_2 = page("Registre des délibérations\nDélibération nº 2026-05-11")
SHEET = page("Feuille de présence", "13 octobre 2026 à 18 h 30")
CLOSED = page("Registre des délibérations\nFeuillet de clôture")
TOLD = page("Projet, à arrêter\nProcès-verbal")
CITING = "2. Tarifs\nDélibération 2026-05-01. Rapporteur"
COVER = page("Parapheur", "Feuille de présence chaque membre")


@pytest.mark.parametrize(
    ("pages", "parts"),
    [
        ([ACT_2], [Part(0, 1, SECOND)]),
        ([ACT_1, "suite", ACT_2], [Part(0, 2, FIRST), Part(2, 3, SECOND)]),
        ([COVER, SHEET, ACT_1, CLOSED], [Part(1, 2, ATTENDANCE), Part(2, 3, FIRST), Part(3, 4, CLOSING)]),
        ([TOLD, CITING], [Part(0, 2, MINUTES)]),
        (["Un courrier", ACT_1], []),
        ([COVER], []),
        (["", ""], []),
        ([], []),
    ],
)
def test_pages_are_parted_at_each_title(pages, parts):
    assert by_pages(ACTS, pages) == parts
