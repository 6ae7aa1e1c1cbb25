"""The legal clock: jours francs, advised days, what follows a sitting, and what it does not know."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.clock import (
    DELAYS,
    CannotTell,
    Kind,
    Sitting,
    clear_days_between,
    deadlines,
    earliest_meeting,
    easter,
    end_of_next_quarter,
    is_holiday,
    latest_sending,
    months_after,
    working_day_before,
)
from council.rules import Answer, Instance
from tests.council.law import needs_law, vectors

SMALL, LARGE = Instance(2380), Instance(3500)


def clock(instance=SMALL, meeting="2026-10-13", **more):
    days = {name: date.fromisoformat(value) for name, value in more.items() if name != "kind"}
    sitting = Sitting(date.fromisoformat(meeting) if meeting else None, kind=more.get("kind", Kind.ORDINARY), **days)
    return {one.code: one for one in deadlines(instance, sitting)}


def due(code, *args, **more):
    found = clock(*args, **more)[code].due
    return found and found.isoformat()


@pytest.mark.parametrize(
    ("instance", "meeting", "kind", "last_day"),
    [
        (SMALL, "2026-10-13", Kind.ORDINARY, "2026-10-09"),
        (LARGE, "2026-10-13", Kind.ORDINARY, "2026-10-07"),
        (SMALL, "2026-10-13", Kind.URGENT, "2026-10-11"),
        (LARGE, "2026-10-13", Kind.URGENT, "2026-10-11"),
        (LARGE, "2026-03-27", Kind.INSTALLATION, "2026-03-23"),
        (LARGE, "2026-10-13", Kind.SECOND, "2026-10-09"),
        (SMALL, "2026-03-31", Kind.ORDINARY, "2026-03-27"),  # across the change of hour
        (SMALL, "2026-10-27", Kind.ORDINARY, "2026-10-23"),
        (SMALL, "2028-03-02", Kind.ORDINARY, "2028-02-27"),  # across a leap day
        (SMALL, "2027-01-02", Kind.ORDINARY, "2026-12-29"),  # across a year's end
    ],
)
def test_latest_sending(instance, meeting, kind, last_day):
    sent = {"sent": "2026-10-09"} if kind == Kind.SECOND else {}
    assert due("convocation", instance, meeting, kind=kind, **sent) == last_day


ORDINARY, URGENT, SECOND = Kind.ORDINARY, Kind.URGENT, Kind.SECOND


@pytest.mark.parametrize(
    ("code", "inhabitants", "kind", "meeting", "last_day", "advised"),
    [
        # The threshold of L2121-12, at 11 November.
        ("convocation", 3499, ORDINARY, "2026-11-17", "2026-11-13", "2026-11-12"),
        ("convocation", 3500, ORDINARY, "2026-11-17", "2026-11-11", "2026-11-10"),
        ("convocation", 3501, ORDINARY, "2026-11-17", "2026-11-11", "2026-11-10"),
        ("note", 3500, ORDINARY, "2026-11-17", "2026-11-11", "2026-11-10"),
        ("note", 3500, URGENT, "2026-10-05", "2026-10-03", "2026-10-02"),
        # 29 February.
        ("convocation", 800, ORDINARY, "2028-02-29", "2028-02-25", "2028-02-24"),
        ("convocation", 800, ORDINARY, "2028-03-04", "2028-02-29", "2028-02-28"),
        ("convocation", 800, ORDINARY, "2027-03-04", "2027-02-28", "2027-02-26"),
        ("convocation", 4000, ORDINARY, "2028-03-06", "2028-02-29", "2028-02-28"),
        ("convocation", 800, URGENT, "2028-03-01", "2028-02-28", "2028-02-25"),
        ("list", 800, ORDINARY, "2028-02-29", "2028-03-07", "2028-03-06"),
        ("prefect_review_end", 800, ORDINARY, "2028-02-29", "2028-04-29", None),
        ("prefect_review_end", 800, ORDINARY, "2027-12-31", "2028-02-29", None),
        ("publication_end", 800, ORDINARY, "2026-12-31", "2027-02-28", None),
        # A year's end.
        ("convocation", 800, ORDINARY, "2027-01-01", "2026-12-28", "2026-12-24"),
        ("convocation", 3500, ORDINARY, "2027-01-07", "2027-01-01", "2026-12-31"),
        ("list", 800, ORDINARY, "2026-12-29", "2027-01-05", "2027-01-04"),
        ("quarterly_meeting", 800, ORDINARY, "2026-12-29", "2027-03-31", "2027-03-30"),
        ("minutes_published", 800, ORDINARY, "2026-12-29", "2027-04-07", "2027-04-06"),
        # Both changes of hour, on the day and across it.
        ("convocation", 800, ORDINARY, "2026-03-29", "2026-03-25", "2026-03-24"),
        ("convocation", 3500, ORDINARY, "2026-04-01", "2026-03-26", "2026-03-25"),
        ("convocation", 800, ORDINARY, "2026-10-25", "2026-10-21", "2026-10-20"),
        ("convocation", 3500, ORDINARY, "2026-10-29", "2026-10-23", "2026-10-22"),
        # Week-ends and holidays count for the law, and not for the advice.
        ("convocation", 800, ORDINARY, "2026-07-18", "2026-07-14", "2026-07-13"),
        ("convocation", 800, ORDINARY, "2026-05-05", "2026-05-01", "2026-04-30"),
        ("convocation", 800, ORDINARY, "2026-05-30", "2026-05-26", "2026-05-22"),
        ("convocation", 800, ORDINARY, "2026-10-07", "2026-10-03", "2026-10-02"),
        ("convocation", 800, ORDINARY, "2026-10-09", "2026-10-05", "2026-10-02"),
        # The second convocation, by the sending: its sitting is 3 jours francs later whatever the population.
        ("earliest_meeting", 800, SECOND, "2026-12-30", "2027-01-03", None),
        ("earliest_meeting", 5000, SECOND, "2026-12-30", "2027-01-03", None),
        ("earliest_meeting", 800, SECOND, "2028-02-26", "2028-03-01", None),
        ("earliest_meeting", 800, SECOND, "2026-10-24", "2026-10-28", None),
    ],
)
def test_days_worked_out_by_hand(code, inhabitants, kind, meeting, last_day, advised):
    asked = {"meeting": None, "sent": meeting} if kind == SECOND else {"meeting": meeting}
    found = clock(Instance(inhabitants), kind=kind, **asked)[code]
    assert (found.due.isoformat(), found.advised and found.advised.isoformat()) == (last_day, advised)


@pytest.mark.parametrize(
    ("meeting", "advised"),
    [
        ("2026-10-13", "2026-10-08"),
        ("2026-10-01", "2026-09-25"),  # due on a Sunday
        ("2026-05-18", "2026-05-13"),  # due on Ascension Day
        ("2026-12-29", "2026-12-24"),  # due on Christmas Day, a Friday
        ("2026-04-10", "2026-04-03"),  # due on Easter Monday: the Friday before
    ],
)
def test_advised_day_is_one_working_day_earlier(meeting, advised):
    assert clock(meeting=meeting)["convocation"].advised == date.fromisoformat(advised)


def test_good_friday_is_a_working_day_but_in_alsace():
    assert working_day_before(date(2026, 4, 6)) == date(2026, 4, 3)
    assert working_day_before(date(2026, 4, 6), "67") == date(2026, 4, 2)


def test_holidays():
    assert [easter(year) for year in (1818, 2000, 2024, 2026, 2038)] == [
        date(1818, 3, 22),
        date(2000, 4, 23),
        date(2024, 3, 31),
        date(2026, 4, 5),
        date(2038, 4, 25),
    ]
    days = [date(2026, 1, 1).fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(365)]
    assert [f"{one:%m-%d}" for one in days if is_holiday(one)] == [
        "01-01",
        "04-06",
        "05-01",
        "05-08",
        "05-14",
        "05-25",
        "07-14",
        "08-15",
        "11-01",
        "11-11",
        "12-25",
    ]
    assert is_holiday(date(2026, 12, 26), "57")
    assert is_holiday(date(2026, 12, 20), "974")


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(1, 9))
def test_the_last_sending_leaves_just_the_clear_days(meeting, clear_days):
    last = latest_sending(meeting, clear_days)
    assert clear_days_between(last, meeting) == clear_days
    assert earliest_meeting(last, clear_days) == meeting


def test_months_and_quarters():
    assert months_after(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert months_after(date(2027, 12, 29), 2) == date(2028, 2, 29)
    assert months_after(date(2026, 10, 13), 2) == date(2026, 12, 13)
    assert [end_of_next_quarter(date(2026, month, 1)) for month in (1, 3, 9, 12)] == [
        date(2026, 6, 30),
        date(2026, 6, 30),
        date(2026, 12, 31),
        date(2027, 3, 31),
    ]


def test_a_small_commune_from_convocation_to_minutes():
    found = clock(next_meeting="2026-12-08", received="2026-10-15", published="2026-10-16")
    assert {code: (one.due and one.due.isoformat(), one.article) for code, one in found.items()} == {
        "convocation": ("2026-10-09", "L2121-11"),
        "posting": ("2026-10-09", "L2121-10"),
        "list": ("2026-10-20", "L2121-25"),
        "transmission": (None, "L2131-1"),
        "prefect_review_end": ("2026-12-15", "L2131-6"),
        "publication_end": ("2026-12-16", "R2131-1"),
        "quarterly_meeting": ("2027-03-31", "L2121-7"),
        "minutes_approved": ("2026-12-08", "L2121-15"),
        "minutes_published": ("2026-12-15", "L2121-15"),
    }


def test_the_note_travels_with_the_convocation_from_3500():
    assert "note" not in clock(Instance(3499))
    assert due("note", LARGE) == due("convocation", LARGE)


def test_urgency_is_reported_at_the_opening():
    assert "urgency_report" not in clock()
    found = clock(LARGE, kind=Kind.URGENT)["urgency_report"]
    assert (found.due, found.article) == (date(2026, 10, 13), "L2121-12")


def test_installation():
    found = clock(Instance(1000), "2026-03-29", kind=Kind.INSTALLATION)
    assert found["internal_rules"].due == date(2026, 9, 29)
    assert "internal_rules" not in clock(Instance(999), "2026-03-29", kind=Kind.INSTALLATION)
    with pytest.raises(CannotTell, match="du vendredi au dimanche"):
        clock(meeting="2026-03-26", kind=Kind.INSTALLATION)


def test_second_convocation_without_a_day_says_the_first_one():
    found = clock(LARGE, None, kind=Kind.SECOND, sent="2026-10-05")
    assert list(found) == ["convocation", "earliest_meeting", "posting", "note"]
    assert found["convocation"].earliest_meeting == date(2026, 10, 9)
    assert found["convocation"].due == date(2026, 10, 5)
    assert not found["convocation"].late


@pytest.mark.parametrize(("meeting", "late"), [("2026-10-05", True), ("2026-10-08", True), ("2026-10-09", False)])
def test_second_convocation_too_early(meeting, late):
    found = clock(SMALL, meeting, kind=Kind.SECOND, sent="2026-10-05")
    assert (found["convocation"].late, found["earliest_meeting"].late) == (late, late)
    assert ("trop tôt" in found["earliest_meeting"].why) == late


@pytest.mark.parametrize("department", ["57", "67", "68"])
@pytest.mark.parametrize("inhabitants", [2380, 5000])
def test_alsace_moselle_is_asked(department, inhabitants):
    found = clock(Instance(inhabitants, department))
    asked = {code for code, one in found.items() if one.asked}
    assert asked == {"convocation", "posting", "minutes_approved", "minutes_published"}
    assert {found[code].due for code in asked} == {None}
    assert found["list"].due == date(2026, 10, 20)


def test_alsace_moselle_once_answered():
    told = Instance(2380, "67", answers={"clear_days": Answer(3, "L2541-2")})
    found = clock(told)["convocation"]
    assert (found.due, found.article, found.asked) == (date(2026, 10, 9), "L2541-2", "")


@pytest.mark.parametrize("kind", [Kind.ORDINARY, Kind.URGENT])
def test_overseas_is_asked_row_by_row(kind):
    """No row of the general law is left out in silence, and none is borrowed."""
    here, there = clock(LARGE, kind=kind), clock(Instance(3500, "987"), kind=kind)
    gone = {"prefect_review_end"}  # it counts from a transmission that is itself asked
    assert set(here) - set(there) == gone
    assert {code for code, one in there.items() if one.asked and not one.due} == set(there)
    told = Instance(3500, "987", answers={DELAYS[kind]: Answer(4, "art. 9")})
    assert due("convocation", told, kind=kind) == "2026-10-08"


def test_urgency_in_alsace_is_asked():
    assert clock(Instance(2380, "68"), kind=Kind.URGENT)["urgency_report"].asked


def test_before_the_reform_of_2022_the_publicity_is_not_known():
    assert clock(meeting="2022-06-30")["list"].asked
    assert clock(meeting="2022-07-01")["list"].due == date(2022, 7, 8)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"meeting": None}, "Sans le jour de la séance"),
        ({"meeting": "1850-01-01"}, "hors du calendrier"),
        ({"next_meeting": "2026-10-13"}, "vient après celle-ci"),
    ],
)
def test_refusals(given, said):
    with pytest.raises(CannotTell, match=said):
        clock(**given)


@needs_law
@pytest.mark.parametrize("example", vectors("latest_sending"), ids=lambda one: f"{one['meeting']}-{one['clear_days']}")
def test_sendings_of_the_law_file(example):
    meeting, clear_days = date.fromisoformat(example["meeting"]), example["clear_days"]
    assert latest_sending(meeting, clear_days).isoformat() == example["latest"]
    instance, kind = {3: (SMALL, Kind.ORDINARY), 5: (LARGE, Kind.ORDINARY), 1: (LARGE, Kind.URGENT)}[clear_days]
    assert due("convocation", instance, example["meeting"], kind=kind) == example["latest"]


@needs_law
@pytest.mark.parametrize("example", vectors("second_convocation"), ids=lambda one: one["sent"])
def test_second_convocations_of_the_law_file(example):
    found = clock(SMALL, None, kind=Kind.SECOND, sent=example["sent"])
    assert found["convocation"].earliest_meeting.isoformat() == example["earliest_meeting"]


@needs_law
def test_what_follows_in_the_law_file():
    published, minutes = vectors("after")
    assert due("list", SMALL, published["sitting"]) == published["due"]
    assert due("minutes_published", SMALL, "2026-10-01", next_meeting=minutes["arrete_on"]) == minutes["due"]
