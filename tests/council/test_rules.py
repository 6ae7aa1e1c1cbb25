"""Thresholds as dated rows: our own examples, then those of the law file."""

from datetime import date

import pytest

from council.rules import RULES, Answer, Instance, department_number, thresholds_crossed
from tests.council.law import needs_law, vectors

TODAY = date(2026, 10, 1)


def figure(code: str, inhabitants: int, on: date = TODAY, **more):
    row = Instance(inhabitants, **more).rule(code, on)
    return row and (row.value, row.article)


@pytest.mark.parametrize(
    ("inhabitants", "delay"),
    [(1, (3, "L2121-11")), (3499, (3, "L2121-11")), (3500, (5, "L2121-12")), (80000, (5, "L2121-12"))],
)
def test_delay_by_population(inhabitants, delay):
    assert figure("clear_days", inhabitants) == delay


@pytest.mark.parametrize(
    ("inhabitants", "members"),
    [
        (99, 7),
        (100, 11),
        (499, 11),
        (500, 15),
        (1499, 15),
        (1500, 19),
        (2499, 19),
        (2500, 23),
        (3499, 23),
        (3500, 27),
        (4999, 27),
        (5000, 29),
        (9999, 29),
    ],
)
def test_size_of_the_council(inhabitants, members):
    assert figure("members", inhabitants) == (members, "L2121-2")


def test_size_is_not_known_beyond_the_table_nor_for_a_new_commune():
    assert figure("members", 10000) is None
    assert figure("members", 2000, body="commune_nouvelle") is None


def test_complete_below_1000_only():
    assert [figure("complete_from", n) for n in (99, 100, 999, 1000)] == [
        (5, "L2121-2-1"),
        (9, "L2121-2-1"),
        (13, "L2121-2-1"),
        None,
    ]


def test_internal_rules_followed_the_renewal_of_2020():
    assert figure("internal_rules_months", 1000, date(2020, 3, 14)) is None
    assert figure("internal_rules_months", 1000, date(2020, 3, 15)) == (6, "L2121-8")
    assert figure("internal_rules_months", 3500, date(2014, 4, 1)) == (6, "L2121-8")


def test_nothing_is_borrowed():
    assert figure("clear_days", 2000, body="epci") is None
    assert figure("clear_days", 2000, body="commission") is None
    assert figure("clear_days", 5000, body="ccas") == (3, "R123-16 CASF")
    assert figure("clear_days", 2000, department="67") is None
    assert figure("second_clear_days", 2000, department="67") == (3, "L2121-17")


@pytest.mark.parametrize("department", ["975", "977", "978", "986", "987", "988"])
def test_overseas_a_text_of_its_own_says_what_holds(department):
    codes = dict.fromkeys(row.code for row in RULES)
    assert [code for code in codes if figure(code, 5000, department=department)] == []


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1", "01"),
        ("01", "01"),
        ("001", "01"),
        ("067", "67"),
        (" 57 ", "57"),
        ("2a", "2A"),
        ("02B", "2B"),
        ("75", "75"),
        ("95", "95"),
        ("971", "971"),
        ("976", "976"),
        ("987", "987"),
        ("20", None),
        ("2C", None),
        ("96", None),
        ("979", None),
        ("984", None),
        ("0", None),
        ("", None),
        ("Bas-Rhin", None),
        ("6\uff17", None),
    ],
)
def test_numbers_of_departments(written, number):
    assert department_number(written) == number


def test_the_town_answers_what_is_not_known():
    told = {"clear_days": Answer(4, "statuts, art. 7")}
    assert figure("clear_days", 2000, department="57", answers=told) == (4, "statuts, art. 7")


def test_no_two_rows_answer_the_same_question():
    """One row at most for each body, population and day at the edges of all rows."""
    edges = sorted({row.from_inhabitants for row in RULES} | {row.below - 1 for row in RULES if row.below})
    days = sorted({row.since for row in RULES if row.since} | {date(1989, 12, 26), TODAY})
    for body in ("commune", "commune_nouvelle", "ccas", "commission", "epci"):
        for inhabitants in edges:
            for on in days:
                held = [row.code for row in RULES if row.holds(body=body, inhabitants=inhabitants, on=on)]
                assert sorted(held) == sorted(set(held))


def test_a_crossed_threshold_is_announced():
    changed = thresholds_crossed(Instance(3400), 3600, TODAY)
    assert {(code, now and now.value, then and then.value) for code, now, then in changed} == {
        ("clear_days", 3, 5),
        ("urgent_clear_days", 1, 1),  # another article
        ("members", 23, 27),
        ("note", None, 0),
        ("publication_choice", 1, None),  # from 3,500 inhabitants acts are published on the site, and nowhere else
    }
    assert thresholds_crossed(Instance(2380), 2400, TODAY) == []


@needs_law
@pytest.mark.parametrize("example", vectors("thresholds"), ids=lambda one: str(one["inhabitants"]))
def test_thresholds_of_the_law_file(example):
    inhabitants = example["inhabitants"]
    assert figure("clear_days", inhabitants)[0] == example["clear_days"]
    assert (figure("note", inhabitants) is not None) == example["note_required"]
    assert figure("members", inhabitants)[0] == example["members"]
    if "internal_rules_required" in example:
        assert (figure("internal_rules_months", inhabitants) is not None) == example["internal_rules_required"]
