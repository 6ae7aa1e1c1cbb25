"""Décisions du maire: taken with a number under a delegation, never changed, reported to the next sitting."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from council.decisions import operations, papers, queries
from council.decisions.models import Decision
from kb.refusals import Refused

pytestmark = pytest.mark.django_db


def test_decisions_are_numbered_by_the_year(desk):
    year = timezone.localdate().year
    taken = [operations.take(decision=desk.draft(), by=desk.secretary) for _ in range(2)]
    assert [one.number for one in taken] == [f"DEC_{year}_001", f"DEC_{year}_002"]
    assert [one.act.number for one in taken] == [one.number for one in taken]
    before = desk.draft(taken_on=timezone.localdate().replace(year=year - 1, month=1, day=2))
    with pytest.raises(Refused, match="ne couvre pas"):
        operations.take(decision=before, by=desk.secretary)


def test_a_decision_rests_on_a_delegation_of_its_matter(desk):
    without = desk.draft(delegation=None)
    with pytest.raises(Refused, match="notez-la sous « Délégations »"):
        operations.take(decision=without, by=desk.secretary)
    elsewhere = desk.draft(point=16)
    with pytest.raises(Refused, match="portez l’affaire au conseil"):
        operations.take(decision=elsewhere, by=desk.secretary)
    assert not Decision.objects.exclude(number=None).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=without.pk).update(number="DEC_1", numbered_at=timezone.now())


def test_a_decision_taken_never_changes(desk):
    taken = operations.take(decision=desk.draft(), by=desk.secretary)
    taken.text = "Autre chose"
    with pytest.raises(Refused, match="ne change plus"):
        operations.write(decision=taken, by=desk.secretary)
    with pytest.raises(Refused, match="déjà prise"):
        operations.take(decision=taken, by=desk.secretary)
    assert Decision.objects.get(pk=taken.pk).text != "Autre chose"


def test_the_register_follows_the_dates(desk):
    today = timezone.localdate()
    operations.take(decision=desk.draft(), by=desk.secretary)
    if today.timetuple().tm_yday > 1:
        with pytest.raises(Refused, match="le registre suit les dates"):
            operations.take(decision=desk.draft(taken_on=today - timedelta(days=1)), by=desk.secretary)
    with pytest.raises(Refused, match="n’est pas encore passé"):
        operations.take(decision=desk.draft(taken_on=today + timedelta(days=1)), by=desk.secretary)


def test_only_who_keeps_the_acts(desk):
    draft = desk.draft()
    for person in (desk.town.elu, desk.town.technical, desk.town.outsider):
        with pytest.raises(PermissionDenied):
            operations.take(decision=draft, by=person)
        with pytest.raises(PermissionDenied):
            operations.note_delegation(
                instance=desk.council.instance,
                deliberation="x",
                since=timezone.localdate(),
                points=[1],
                until=None,
                by=person,
            )


def test_the_report_holds_what_was_taken_since_the_sitting_before(desk):
    old = operations.take(decision=desk.draft(subject="Avant"), by=desk.secretary)
    before = desk.began - timedelta(days=2)
    Decision.objects.filter(pk=old.pk).update(numbered_at=before, taken_on=timezone.localdate(before))
    desk.run()
    since = operations.take(decision=desk.draft(subject="Depuis"), by=desk.secretary)
    assert [one.subject for one in queries.to_report(desk.sitting)] == ["Avant"]
    coming = desk.council.sitting(30)
    assert [one.pk for one in queries.to_report(coming)] == [since.pk]
    (row,) = papers.report_rows(coming, desk.secretary)
    assert row["number"] == since.number and "5° Louage de choses" in row["delegation"]
    from council.acts.registries import decisions_for

    assert [one.object for one in decisions_for(coming, desk.secretary)] == ["Depuis"]
