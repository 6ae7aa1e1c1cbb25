"""Which paper a signed file is, from its name or from its first page."""

import pytest

from council.acts.matching import Found, Known, match
from council.acts.models import SignedPaper

ACTS = [Known(7, ("2026-05-01", "2026_05_01")), Known(8, ("2026-05-11", "2026_05_11"))]
FIRST, SECOND = Found(SignedPaper.DELIBERATION, 7), Found(SignedPaper.DELIBERATION, 8)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("2026-05-01.pdf", "", FIRST), ("Délibération 2026_05_11 signée.pdf", "", SECOND),
        ("scan 2026 05 01 cantine.pdf", "", FIRST), ("2026-05-012.pdf", "", None), ("12026-05-01.pdf", "", None),
        ("2026-05-01 et 2026-05-11.pdf", "", None), ("Feuille de présence.pdf", "", Found(SignedPaper.ATTENDANCE)),
        ("PV du 13 octobre.pdf", "", Found(SignedPaper.MINUTES)), ("scan0001.pdf", "", None),
        ("scan0001.pdf", "Registre des délibérations Délibération n° 2026-05-11 Tarifs, voir 2026-05-01", SECOND),
        ("scan0001.pdf", "Conseil municipal. Procès-verbal. Délibération n° 2026-05-01", Found(SignedPaper.MINUTES)),
        ("scan0001.pdf", "Registre. Feuillet de clôture. 2026-05-01 Tarifs", Found(SignedPaper.CLOSING)),
        ("2026-05-01.pdf", "Délibération n° 2026-05-11", FIRST),
    ],
)  # fmt: skip
def test_a_file_is_known_by_its_number_or_its_title(name, text, found):
    assert match(ACTS, file_name=name, text=text) == found
