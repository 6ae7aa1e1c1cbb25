"""The rules alone: no database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kb.notices.rules import (
    DAILY,
    MOST_LINES,
    NEVER,
    WEEKLY,
    Digest,
    Followed,
    Habits,
    Publication,
    Told,
    default_rhythm,
    digest_of,
    followers,
    is_due,
    leaves_at_once,
)

NOW = datetime(2026, 10, 9, 6, 30, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=300)
ELU, AGENT = Habits(WEEKLY, True, True), Habits(DAILY, True, False)


def follow(person: int, **what: object) -> Followed:
    return Followed(person, LONG_AGO, **what)  # type: ignore[arg-type]


def test_who_is_told_of_a_publication_and_the_nearest_reason():
    publication = Publication(page=5, path="000100020003", at=NOW, tags=frozenset({9}), actors=frozenset({7}))
    page, branch = follow(1, page=5, path="000100020003"), follow(1, page=2, path="00010002", below=True)
    only_above, tag = follow(2, page=2, path="00010002"), follow(3, tag=9)
    other_tag, author = follow(4, tag=8), follow(7, tag=9)
    beside = follow(6, page=8, path="0001000200", below=False)
    assert followers(publication, [branch, page, tag, only_above, other_tag, author, beside]) == {1: page, 3: tag}


def test_what_was_published_before_one_followed_is_not_news():
    publication = Publication(page=5, path="0001", at=LONG_AGO - timedelta(days=1))
    assert followers(publication, [follow(1, page=5, path="0001")]) == {}


@pytest.mark.parametrize(
    ("habits", "asks", "always", "sent", "sitting", "leaves"),
    [
        (ELU, True, False, 1, False, True),
        (ELU, True, False, 2, False, False),  # the third mail of the week is the digest
        (ELU, True, False, 9, True, True),
        (ELU, False, True, 9, False, True),  # a convocation
        (AGENT, True, False, 9, False, True),
        (AGENT, False, False, 0, False, False),
        (AGENT._replace(at_once=False), True, False, 0, False, False),
        (AGENT._replace(at_once=False), True, True, 0, False, True),
    ],
)
def test_what_leaves_at_once(habits, asks, always, sent, sitting, leaves):
    assert leaves is leaves_at_once(habits, asks=asks, always=always, sent_this_week=sent, sitting_this_week=sitting)


FRIDAY = date(2026, 10, 9)


@pytest.mark.parametrize(
    ("rhythm", "last", "today", "due"),
    [
        (DAILY, date(2026, 10, 8), FRIDAY, True),
        (DAILY, FRIDAY, FRIDAY, False),
        (DAILY, FRIDAY, date(2026, 10, 11), False),  # a Sunday
        (DAILY, date(2026, 10, 8), date(2026, 10, 10), True),  # Friday's, late
        (DAILY, None, date(2026, 10, 12), True),
        (WEEKLY, date(2026, 10, 2), date(2026, 10, 8), False),
        (WEEKLY, date(2026, 10, 2), FRIDAY, True),
        (WEEKLY, date(2026, 10, 2), date(2026, 10, 12), True),  # the site was stopped on Friday
        (WEEKLY, date(2026, 10, 12), date(2026, 10, 15), False),
        (WEEKLY, None, date(2026, 10, 8), False),
        (WEEKLY, None, FRIDAY, True),
        (NEVER, None, FRIDAY, False),
    ],
)
def test_when_a_digest_is_due(rhythm, last, today, due):
    assert is_due(rhythm, last, today) is due


def test_a_digest_is_one_line_a_page_what_asks_first_then_the_newest():
    hours = [NOW - timedelta(hours=hour) for hour in range(6)]
    told = [
        Told(1, hours[3], page=10),
        Told(2, hours[1], page=10),
        Told(3, hours[2], page=11),
        Told(4, hours[5], page=12, asks=True),
        Told(5, hours[0]),
        Told(6, hours[4]),
    ]
    assert digest_of(told, NOW) == Digest((4, 5, 2, 3, 6), 0)
    assert digest_of([], NOW) == Digest((), 0)
    assert digest_of([Told(1, NOW - timedelta(days=16), page=1)], NOW) == Digest((), 0)


def test_an_act_is_not_hidden_by_news_of_the_same_page():
    told = [Told(1, NOW - timedelta(hours=5), page=10, asks=True), Told(2, NOW, page=10)]
    assert digest_of(told, NOW) == Digest((1,), 0)


def test_seven_lines_at_most():
    told = [Told(number, NOW - timedelta(hours=number), page=number) for number in range(1, 11)]
    assert digest_of(told, NOW) == Digest(tuple(range(1, MOST_LINES + 1)), 3)


def test_what_suits_a_person_who_chose_nothing():
    assert default_rhythm(is_elu=True, is_agent=True) == WEEKLY
    assert default_rhythm(is_elu=False, is_agent=True) == DAILY
    assert default_rhythm(is_elu=False, is_agent=False) == WEEKLY
