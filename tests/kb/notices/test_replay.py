"""The past told again: the same rules as the digests, nothing sent, nothing written."""

import io
import json
from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from kb.access import operations as access
from kb.notices import operations, registries
from kb.notices.models import Follow, Mail, MailHabits, Notice
from kb.notices.replay import Tally, replay
from kb.pages.models import RevisionRecord

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=364)


@pytest.fixture
def today():
    """A Sunday: the last week is whole."""
    day = timezone.localdate()
    return day - timedelta(days=(day.weekday() + 1) % 7)


def at(day, hour=10):
    return timezone.make_aware(datetime.combine(day, time(hour)))


def tally_of(person, today):
    return {tally.person: tally for tally in replay(first=today - YEAR, last=today)}[person.username]


@pytest.fixture
def busy_year(town, today):
    """Five publications, and four questions a week to the élue, who follows the whole town, and to an agent."""
    page = town.page("École des Tilleuls")
    Follow.objects.create(person=town.elu, page=town.home, below=True, since=at(today - YEAR - YEAR))
    Follow.objects.create(person=town.technical, page=page, since=at(today - YEAR - YEAR))
    days = [today - timedelta(days=number) for number in range(364)]
    for number in range(5):
        revision = page.save_revision(user=town.admin)
        RevisionRecord.objects.filter(revision=revision).update(announce=True, published_at=at(days[number * 7]))
    Notice.objects.bulk_create(
        Notice(person=person, kind="link", page=page, by=town.admin, asks=True, at=at(day))
        for day in days
        for person in (town.elu, town.technical)
        if day.weekday() < 4
    )
    return page


def test_an_elu_gets_three_mails_a_week_at_most(town, busy_year, today):
    assert tally_of(town.elu, today) == Tally("sylvie.roussillon", "élu", 156, 3, 3)
    assert tally_of(town.technical, today)[1:] == (
        "agent",
        212,
        5,
        5,
    )  # four questions a week, and four digests in the year


def test_in_the_week_of_a_sitting_what_asks_for_an_act_is_not_held_back(town, busy_year, today):
    before = list(registries._calendars)
    registries.knows_sittings(lambda first, last: [today - timedelta(days=12)])
    try:
        found = tally_of(town.elu, today)
    finally:
        registries._calendars[:] = before
    assert (found.max_per_week, found.max_per_week_outside_sittings) == (5, 3)


def test_publications_make_a_digest_a_week_and_none_of_what_one_may_not_read(town, today, busy_year):
    Notice.objects.all().delete()
    assert tally_of(town.elu, today)[2:] == (4, 1, 1)  # the fifth publication waits for Friday
    access.reserve(page=busy_year, by=town.admin, why="")
    assert tally_of(town.elu, today)[2:] == (0, 0, 0)


def test_the_digests_that_leave_are_those_that_were_foretold(town, today, publish):
    """The site itself, day after day, and the replay of the same days."""
    page = town.page("Voirie")
    for person in (town.elu, town.technical):
        operations.follow_page(page=page, person=person)
    Follow.objects.update(since=at(today - YEAR))
    for number in (3, 9, 10, 11, 20):
        publish(page, f"Il y a {number} jours")
        moment = at(today - timedelta(days=number))
        RevisionRecord.objects.filter(revision=page.live_revision_id).update(published_at=moment)
        Notice.objects.filter(revision=page.live_revision_id).update(at=moment)
    foretold = {tally.person: tally.mails for tally in replay(first=today - timedelta(days=27), last=today)}
    sent = dict.fromkeys(foretold, 0)
    for number in range(27, -1, -1):
        day = today - timedelta(days=number)
        with pytest.MonkeyPatch.context() as clock:
            clock.setattr(timezone, "now", lambda day=day: at(day, 6))
            for person in (town.elu, town.technical):
                later = Notice.objects.filter(at__gte=at(day, 6), mail=None)
                held = list(later.values_list("pk", flat=True))
                later.update(mail=Mail.objects.create(kind="digest", to=town.admin))  # not yet written that morning
                sent[person.username] += operations.write_digest(person=person, today=day) is not None
                Notice.objects.filter(pk__in=held).update(mail=None)
    assert {name: many for name, many in sent.items() if many} == {
        name: many for name, many in foretold.items() if many
    }


def test_the_command_says_it_and_changes_nothing(town, busy_year):
    before = (Mail.objects.count(), Notice.objects.count(), MailHabits.objects.count())
    out = io.StringIO()
    call_command("replay_notifications", "--json", stdout=out)
    rows = {row["person"]: row for row in json.loads(out.getvalue())}
    assert set(rows) == {
        "claire.valette",
        "hugo.perrin",
        "ines.morel",
        "patrick.brun",
        "sandrine.coste",
        "sylvie.roussillon",
    }
    assert rows["sylvie.roussillon"].keys() == {
        "person",
        "role",
        "mails",
        "max_per_week",
        "max_per_week_outside_sittings",
    }
    assert rows["sylvie.roussillon"]["max_per_week_outside_sittings"] <= 3
    out = io.StringIO()
    call_command("replay_notifications", stdout=out)
    assert "sylvie.roussillon (élu)" in out.getvalue()
    assert (Mail.objects.count(), Notice.objects.count(), MailHabits.objects.count()) == before
    assert mail.outbox == []
