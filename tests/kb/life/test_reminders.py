"""A page to check is in the digest of who checks it: when its date comes near, when it is past, and no more."""

from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from kb.life import operations as life
from kb.life.models import ReviewDate
from kb.life.reminders import to_check
from kb.notices import operations as notices
from kb.trash import operations as trash
from kb.work import operations as work

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def page(town):
    return town.page("Tarifs de la cantine")


def due_in(town, page, days, *, set_days_ago=90):
    """To be checked by Patrick, said long ago."""
    life.set_review(page=page, due=timezone.localdate() + timedelta(days=60), owner=town.technical, by=town.admin)
    ReviewDate.objects.update(
        due=timezone.localdate() + timedelta(days=days), set_at=timezone.now() - timedelta(days=set_days_ago)
    )


def said(town, *, since_days=1):
    morning = datetime.combine(timezone.localdate() - timedelta(days=since_days), time(0, 30))
    return [line.text.split("\u00a0")[0] for line in to_check(town.technical, timezone.make_aware(morning))]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (31, []),
        (30, ["À vérifier avant le "]),
        (28, []),  # told already
        (0, []),
        (-1, ["À vérifier depuis le "]),
        (-3, []),
    ],
)
def test_it_is_said_once_near_and_once_past(town, page, days, words):
    due_in(town, page, days)
    assert [line.rstrip("0123456789er") for line in said(town)] == words


def test_a_date_given_late_is_said_at_the_next_digest(town, page):
    due_in(town, page, 10, set_days_ago=0)
    assert len(said(town)) == 1
    due_in(town, page, 10, set_days_ago=2)
    assert said(town) == []


def test_it_is_in_the_mail_and_names_the_page(town, page):
    due_in(town, page, 30)
    today = timezone.localdate()
    day = today - timedelta(days=max(0, today.weekday() - 4))  # a working day: his digest is due
    notices.write_digest(person=town.technical, today=day)
    work.drain()
    (sent,) = mail.outbox
    assert "Tarifs de la cantine" in sent.body and "À vérifier avant le" in sent.body
    assert "Parce que vous vérifiez cette page." in sent.body


def test_nothing_of_what_was_deleted_or_is_somebody_elses(town, page):
    due_in(town, page, 30)
    morning = timezone.now() - DAY
    assert list(to_check(town.finance, morning)) == []
    trash.delete_page(page=page, by=town.admin, why="Double")
    assert said(town) == []
