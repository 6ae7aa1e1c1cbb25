"""The numbers of acts: the town's pattern, its refusals, and who gets which number."""

from datetime import date

import pytest

from council.acts import numbering
from council.acts.numbering import as_transmitted, problem_of, written
from council.agenda.enums import SittingState
from council.agenda.models import SittingRecord

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("AAAA-SS-NN", "2026-05-03"),
        ("AAAA-NNN", "2026-041"),
        ("AAAAMMJJ_NN", "20261013_03"),
        ("D-AAAA-NNN", "D-2026-041"),
    ],
)
def test_a_pattern_gives_a_number(pattern, number):
    assert problem_of(pattern) == ""
    assert written(pattern, date(2026, 10, 13), sitting=5, act=3, in_year=41) == number
    assert as_transmitted(number) == number.replace("-", "_")


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("", "majuscules"),
        ("n° AAAA-NNN", "majuscules"),
        ("SS-NN", "AAAA"),
        ("AAAA-SS", "NN"),
        ("AAAA-NN", "chaque séance"),
        ("CONSEIL-AAAA-NNN", "16 signes"),
    ],
)
def test_a_pattern_that_gives_no_sure_number_is_refused(pattern, word):
    assert word in problem_of(pattern)


def test_another_sitting_of_the_year_goes_on(acts):
    sitting = acts.run()
    year = sitting.starts_at.year
    assert [one.written for one in acts.deliberations] == [f"{year}-01-01", f"{year}-01-02", f"{year}-01-03"]
    # A sitting held before it, typed after it, has the same rank: the next free one is taken.
    earlier = acts.council.sitting(-3, title="Conseil tenu sur papier")
    assert numbering.numbers(earlier, 2) == [f"{year}-02-01", f"{year}-02-02"]
    # Its own numbers keep their rank, though it is now the second of the year.
    SittingRecord.objects.create(page=earlier, state=SittingState.HELD, sent_on=sitting.starts_at.date())
    assert numbering.numbers(sitting, 1) == [f"{year}-01-04"]
