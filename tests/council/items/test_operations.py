"""Taking up an earlier délibération, duplicating a sitting, the yearly plan: they work, then each refusal."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from council.agenda import operations as agenda
from council.agenda.enums import Channel
from council.agenda.models import AgendaItemPage, SittingPage
from council.agenda.queries import meeting_day
from council.items import operations, queries
from council.items.checks import marks_left, taken_up
from council.items.figures import MARK
from council.items.models import AnnexToRenew, ItemSubject, Resumption, YearlyItem, YearlyUse
from council.items.starting import PLAN
from kb.access.models import Role
from kb.documents.models import Attachment
from kb.pages import operations as pages
from kb.pages.models import PageModel
from kb.permissions import Viewer
from kb.refusals import Refused
from kb.trash import operations as trash

pytestmark = pytest.mark.django_db
TEXT = "<p>Vu la loi n° 2015-991 du 7 août 2015 ;</p><p>Considérant 300 € versés en 2025 ;</p>"


@pytest.fixture
def past(way):
    """A sitting that took place, with one item that bore a file; the next one is in preparation."""
    sitting = way.council.sitting(4, "Conseil d’avant")
    item = way.town.page(
        "Subvention à la chorale",
        TEXT,
        model=AgendaItemPage,
        under=sitting,
        author=way.secretary,
        publish=False,
        note="En 2025, 300 €.",
        budget_year=2025,
        concerns_money=True,
        rapporteur=way.council.mandates[2],
    )
    draft = item.get_latest_revision_as_object()
    document = way.town.document(b"Bilan de la chorale", "bilan.txt", author=way.secretary)
    draft.attachments.add(Attachment(document=document, label="Bilan 2025"))
    pages.save_draft(page=draft, author=way.secretary)
    agenda.record_convocation(
        sitting=sitting, sent_on=timezone.localdate(), channel=Channel.MAIL, proof="", by=way.secretary
    )
    return AgendaItemPage.objects.get(pk=item.pk)


def resumed(way, source, sitting=None, by=None):
    return operations.resume(source=source, sitting=sitting or way.sitting, by=by or way.secretary)


def test_a_deliberation_is_taken_up_with_its_old_figures_marked(way, past):
    item = resumed(way, past).get_latest_revision_as_object()
    assert item.title == "Subvention à la chorale" and item.rapporteur == way.council.mandates[2]
    assert item.note == f"En 2025 {MARK}, 300 € {MARK}."
    (block,) = item.body
    assert block.value.source == (
        f"<p>Vu la loi n° 2015-991 du 7 août 2015 ;</p><p>Considérant 300 € {MARK} versés en 2025 {MARK} ;</p>"
    )
    assert item.budget_year == meeting_day(way.sitting).year and item.concerns_money
    assert item.attachments.count() == 0
    assert list(AnnexToRenew.objects.values_list("title", "settled_at")) == [("Bilan 2025", None)]
    assert Resumption.objects.get(item=item.pk).source == past
    assert marks_left(item) == 4
    titles = [advice.title.replace("\u00a0", " ") for advice in taken_up(item, way.secretary)]
    assert titles == ["4 chiffres repris d’une année passée : à vérifier.", "1 annexe à renouveler."]


def test_what_was_looked_at_is_told_no_more(way, past):
    item = resumed(way, past)
    annex = AnnexToRenew.objects.get()
    with pytest.raises(PermissionDenied):
        operations.settle_annex(annex=annex, by=way.head)
    operations.settle_annex(annex=annex, by=way.secretary)
    draft = item.get_latest_revision_as_object()
    draft.note, draft.body = "Rien.", draft.body.stream_block.to_python([])
    pages.save_draft(page=draft, author=way.secretary)
    item.refresh_from_db()
    assert list(taken_up(item.get_latest_revision_as_object(), way.secretary)) == []


def test_a_subject_that_one_may_not_read_is_not_carried_over(way):
    sitting = way.council.sitting(4, "Conseil d’avant")
    source = way.town.page("École", model=AgendaItemPage, under=sitting, author=way.secretary, publish=False)
    draft = source.get_latest_revision_as_object()
    draft.subjects = [ItemSubject(subject=way.project)]
    pages.save_draft(page=draft, author=way.secretary)
    assert resumed(way, source).get_latest_revision_as_object().subjects.count() == 0
    way.town.give(Role.READER, way.service, person=way.secretary)
    item = resumed(way, source, way.council.sitting(30, "Autre séance"))
    assert item.get_latest_revision_as_object().subjects.get().subject_id == way.project.pk


def test_what_is_not_taken_up(way, past):
    resumed(way, past)
    with pytest.raises(Refused, match="déjà reprise"):
        resumed(way, past)
    with pytest.raises(Refused, match="convoquée"):
        resumed(way, past, SittingPage.objects.get(title="Conseil d’avant"))
    with pytest.raises(Refused, match="plus ancienne"):
        resumed(way, past, way.council.sitting(2, "Plus tôt"))
    with pytest.raises(PermissionDenied):
        resumed(way, past, by=way.head)


def test_a_sitting_is_duplicated_without_its_decisions(way):
    standing = way.council.item(way.sitting, "Désignation du secrétaire", item_kind="appointment", comes_back=True)
    told = way.council.item(way.sitting, "Point d’étape", item_kind="information")
    way.council.item(way.sitting, "Tarifs")
    assert [item.pk for item in operations.repeatable(way.sitting)] == [standing.pk, told.pk]
    at = way.sitting.starts_at + timedelta(days=60)
    every = [item.pk for item in AgendaItemPage.objects.all()]
    made = operations.duplicate(
        sitting=way.sitting, starts_at=at, place="salle des fêtes", items=every, by=way.secretary
    )
    assert (made.starts_at, made.place, made.instance, made.live) == (
        at,
        "salle des fêtes",
        way.sitting.instance,
        False,
    )
    assert [item.title for item in AgendaItemPage.objects.child_of(made).order_by("path")] == [
        standing.title,
        told.title,
    ]


def test_a_sitting_is_not_duplicated_twice_at_one_hour_nor_in_the_past(way):
    def duplicated(at, by=None):
        operations.duplicate(sitting=way.sitting, starts_at=at, place="", items=[], by=by or way.secretary)

    with pytest.raises(Refused, match="jour à venir"):
        duplicated(timezone.now() - timedelta(days=1))
    with pytest.raises(Refused, match="déjà prévue"):
        duplicated(way.sitting.starts_at)
    with pytest.raises(PermissionDenied):
        duplicated(way.sitting.starts_at + timedelta(days=9), by=way.head)


def at_month(way, year, month, title="Séance"):
    sitting = way.council.sitting(20, f"{title} {year}-{month}")
    moment = timezone.make_aware(datetime(year, month, 12, 18, 30))
    draft = sitting.get_latest_revision_as_object()
    draft.starts_at = moment
    pages.save_draft(page=draft, author=way.secretary)
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=moment)
    return SittingPage.objects.get(pk=sitting.pk)


def test_a_town_starts_with_the_plan_and_the_model_of_its_deliberations(way):
    assert YearlyItem.objects.count() == len([row for row in PLAN if not row.from_inhabitants])
    assert PageModel.objects.get(page_type="agendaitempage").name == "Délibération"


def test_the_plan_proposes_what_is_due_since_the_sitting_before(way):
    SittingPage.objects.filter(pk=way.sitting.pk).delete()
    june, september = at_month(way, 2030, 6), at_month(way, 2030, 9)
    assert queries.planned_for(june) == []
    rapports = list(YearlyItem.objects.filter(month=9))
    assert queries.planned_for(september) == rapports
    ended = rapports[0]
    ended.until = timezone.localdate()
    operations.keep_planned(planned=ended, by=way.town.admin)
    assert queries.planned_for(september) == rapports[1:]


def test_the_plan_starts_from_the_model_then_from_the_year_before(way):
    first, second = at_month(way, 2030, 4), at_month(way, 2031, 4)
    planned = YearlyItem.objects.get(title="Subventions aux associations")
    item = operations.put_planned(planned=planned, sitting=first, by=way.secretary)
    draft = item.get_latest_revision_as_object()
    assert (draft.matter, draft.budget_year, draft.concerns_money) == ("7.5", 2030, True)
    assert "Après en avoir délibéré" in str(draft.body)
    assert planned not in queries.planned_for(first)
    with pytest.raises(Refused, match="déjà inscrit pour 2030"):
        operations.put_planned(planned=planned, sitting=first, by=way.secretary)
    again = operations.put_planned(planned=planned, sitting=second, by=way.secretary)
    assert Resumption.objects.get(item=again).source == item


def test_an_item_of_the_plan_that_went_away_is_proposed_again(way):
    sitting = at_month(way, 2030, 4)
    planned = YearlyItem.objects.get(title="Subventions aux associations")
    item = operations.put_planned(planned=planned, sitting=sitting, by=way.secretary)
    trash.delete_page(page=item, by=way.secretary, why="Erreur")
    assert planned in queries.planned_for(sitting)
    again = operations.put_planned(planned=planned, sitting=sitting, by=way.secretary)
    assert YearlyUse.objects.get(planned=planned).item_id == again.pk


def test_the_plan_is_kept_by_the_responsables_of_the_town(way):
    row = YearlyItem(instance=way.council.instance, month=13, title="Repas des aînés")
    with pytest.raises(PermissionDenied):
        operations.keep_planned(planned=row, by=way.secretary)
    with pytest.raises(ValidationError):
        operations.keep_planned(planned=row, by=way.town.admin)


def test_earlier_items_are_those_that_the_person_reads(way, past):
    seen = queries.earlier_items(Viewer(way.secretary), way.sitting)
    assert [row["title"] for row in seen] == ["Subvention à la chorale"]
    assert queries.earlier_items(Viewer(way.secretary), way.sitting, "budget") == []
    assert queries.earlier_items(Viewer(way.town.person("Un", "Inconnu")), way.sitting) == []
