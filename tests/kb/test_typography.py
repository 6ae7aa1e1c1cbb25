"""No abbreviation ends a line without what it announces."""

import pytest

from kb.typography import NBSP, signs, typeset


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("choix (art. L2121-10)", "choix (art.~L2121-10)"),
        ("les articles L. 1 et 2", "les articles~L. 1 et 2"),
        ("l’article 47 de la loi", "l’article~47 de la loi"),
        ("l’acte n° 12", "l’acte n°~12"),
        ("M. Bressac", "M.~Bressac"),
        ("à Mme Élise Roux et MM. Combe", "à Mme~Élise Roux et MM.~Combe"),
        ("un art. de vivre", "un art. de vivre"),
        ("Chaque article est lu", "Chaque article est lu"),
        ("n° à choisir", "n° à choisir"),
        ("ORM. Point", "ORM. Point"),
    ],
)
def test_what_an_abbreviation_announces_is_on_its_line(written, printed):
    assert typeset(written) == typeset(typeset(written)) == printed.replace("~", NBSP)


def test_what_a_signature_covers_keeps_its_spaces():
    assert signs("moins 2 au titre de l’article L1111-6 : 5") == f"moins 2 au titre de l’article L1111-6{NBSP}: 5"
