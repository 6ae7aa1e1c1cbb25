"""Which figures are marked, and which are not."""

import pytest

from council.items.figures import MARK, marked, marked_html, remaining


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Budget 2026", f"Budget 2026 {MARK}"),
        ("une subvention de 1 200,50 € à l’école", f"une subvention de 1 200,50 € {MARK} à l’école"),
        ("au taux de 38,5 % pour 2025.", f"au taux de 38,5 % {MARK} pour 2025 {MARK}."),
        ("la délibération n° 2025-12", f"la délibération n° 2025-12 {MARK}"),
        (
            "Vu la loi n° 2015-991 du 7 août 2015 ; vu le budget 2025",
            f"Vu la loi n° 2015-991 du 7 août 2015 ; vu le budget 2025 {MARK}",
        ),
        ("Vu l’article L. 2121-29 du code", "Vu l’article L. 2121-29 du code"),
        ("le 3 avril, 12 élus présents", "le 3 avril, 12 élus présents"),
        (f"Budget 2026 {MARK}", f"Budget 2026 {MARK}"),
    ],
)
def test_years_and_amounts_but_not_those_of_a_law(before, after):
    assert marked(before) == after


def test_tags_keep_their_attributes():
    assert marked_html('<p><a id="2026" linktype="page">Budget 2026</a></p>') == (
        f'<p><a id="2026" linktype="page">Budget 2026 {MARK}</a></p>'
    )
    assert remaining(marked("2025, 2026 et 3 €")) == 3
