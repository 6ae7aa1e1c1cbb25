"""The circuit of an item: who takes each step, what is passed over, and that nobody's absence blocks."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from council.convening import operations as convening
from council.convening import queries as convening_queries
from council.items.models import ItemAdvice
from council.members.models import Instance
from kb.access.models import Grant, Role
from kb.history.passages import passages
from kb.moderation import operations, queries
from kb.moderation.models import Absence
from kb.pages import operations as pages
from kb.permissions import Viewer

pytestmark = pytest.mark.django_db


def trace(state):
    rows = state.task_states.order_by("pk").select_related("task__reviewtask", "finished_by")
    return [(row.task.reviewtask.step, row.status, str(row.finished_by or "")) for row in rows]


def test_service_finances_secretariat_rapporteur_maire(way):
    item = way.item(concerns_money=True)
    state = way.submit(item)
    for stands, by in (
        ("about: Paul Chef", way.head),
        ("finances: Rose Comptes", way.treasurer),
        ("secretariat: Jeanne Secrète", way.secretary),
        ("rapporteur: Nadia Benkacem", way.rapporteur),
        ("maire: Hélène Marchetti", way.maire),
    ):
        assert way.stands(item) == stands
        way.approve(item, by)
    item.refresh_from_db()
    state.refresh_from_db()
    assert (state.status, item.live, way.stands(item)) == (WorkflowState.STATUS_APPROVED, False, "")


def test_without_money_nor_page_two_steps_are_passed_over(way):
    item = way.item(about=[])
    state = way.submit(item)
    assert way.stands(item) == "secretariat: Jeanne Secrète"
    assert trace(state) == [("about", "skipped", ""), ("finances", "skipped", ""), ("secretariat", "in_progress", "")]
    assert way.waiting(item).next_words == "le rapporteur"


def test_a_matter_of_finances_is_money(way):
    item = way.item(about=[], matter="7.5")
    way.submit(item)
    assert way.stands(item) == "finances: Rose Comptes"


def test_who_submits_has_given_his_own_step(way):
    item = way.item(about=[])
    state = way.submit(item, by=way.secretary)
    assert way.stands(item) == "rapporteur: Nadia Benkacem"
    assert trace(state)[2] == ("secretariat", "approved", "Jeanne Secrète")


def test_a_maire_who_reports_says_it_once(way):
    item = way.item(about=[], rapporteur=way.council.mandates[0])
    state = way.submit(item, by=way.secretary)
    way.approve(item, way.maire)
    state.refresh_from_db()
    assert state.status == WorkflowState.STATUS_APPROVED
    assert state.task_states.order_by("-pk").first().comment == queries.SAID_BEFORE


def test_who_takes_a_step_reads_the_item_while_it_waits_and_no_other(way):
    item, other = way.item(), way.item(title="Autre point")
    assert not Viewer(way.maire).can_view(item)
    way.submit(item)
    assert Viewer(way.maire).can_edit(item) and not Viewer(way.maire).can_view(other)
    given = Grant.objects.in_force().get(person=way.maire)
    assert (given.role, given.until, given.why) == (
        Role.MODERATOR,
        timezone.localdate() + timedelta(days=20),
        "Circuit du point.",
    )
    operations.take_back(page=item, by=way.clerk)
    assert not Viewer(way.maire).can_view(item)


def test_nobody_of_a_step_leaves_it_to_the_responsables(way):
    item = way.item(about=[], rapporteur=way.council.mandates[1])  # who has no account
    way.submit(item)
    way.approve(item, way.secretary)
    found = way.waiting(item)
    assert (found.step, found.takers.names, found.takers.fell) == ("rapporteur", "Inès Morel, Jeanne Secrète", True)
    assert found.takers.note.startswith("Le rapporteur ne peut prendre cette étape")
    way.approve(item, way.secretary)
    assert way.stands(item) == "maire: Hélène Marchetti"


def test_somebody_away_is_replaced_by_his_deputy(way):
    deputy = way.town.person("Bernard", "Aubanel")
    Absence.objects.create(person=way.rapporteur, deputy=deputy, until=timezone.localdate())
    item = way.item(about=[])
    way.submit(item, by=way.secretary)
    assert way.stands(item) == "rapporteur: Bernard Aubanel"


def test_the_secretary_passes_a_step_and_it_is_written(way):
    item = way.item()
    state = way.submit(item)
    with pytest.raises(operations.Refused, match="dites pourquoi"):
        way.approve(item, way.secretary)
    way.approve(item, way.secretary, "Paul est en congé.")
    first = state.task_states.order_by("pk").first()
    assert (first.finished_by, first.comment) == (way.secretary, "Passée à la place de Paul Chef : Paul est en congé.")
    with pytest.raises(PermissionDenied):
        way.approve(item, way.clerk, "Je passe.")


def test_money_added_on_the_way_brings_the_finances_back(way):
    item = way.item(about=[])
    way.submit(item)
    draft = item.get_latest_revision_as_object()
    draft.concerns_money = True
    pages.save_draft(page=draft, author=way.secretary)
    way.approve(item, way.secretary)
    assert way.stands(item) == "finances: Rose Comptes"


def test_changes_asked_send_it_back_with_the_words(way):
    item = way.item()
    way.submit(item)
    seen = queries.seen(item, item.get_latest_revision())
    operations.ask_for_changes(task_state=way.waiting(item).task_state, by=way.head, seen=seen, words="Datez.")
    assert queries.asked_changes(item.pk).comment == "Datez."
    again = way.submit(item)
    assert again.submission.came_back and TaskState.objects.filter(workflow_state=again).count() == 1


def test_who_signs_the_agenda_agrees_to_what_waits_for_him_alone(way):
    way.town.give(Role.EDITOR, way.council.shelf, person=way.maire)
    waiting, early = way.item(about=[], rapporteur=None), way.item(about=[], title="Encore au rapporteur")
    state = way.submit(waiting, by=way.secretary)
    way.submit(early, by=way.secretary)
    before = convening_queries.agenda_hash(way.sitting)
    signature = convening.sign(sitting=way.sitting, by=way.maire)
    state.refresh_from_db()
    assert state.status == WorkflowState.STATUS_APPROVED
    assert state.task_states.order_by("-pk").first().comment == "Ordre du jour signé."
    assert way.stands(early) == "rapporteur: Nadia Benkacem"
    assert signature.agenda_hash == before == convening_queries.agenda_hash(way.sitting)  # nothing was written over


def test_history_tells_the_advices_of_commissions(way):
    item = way.item()
    draft = item.get_latest_revision_as_object()
    commission = Instance.objects.create(name="Commission des écoles", body="commission")
    draft.advices = [ItemAdvice(commission=commission, given_on=date(2026, 11, 3), words="À l’unanimité.")]
    told = {passage.label: passage.rows for passage in passages(draft)}
    assert told["Avis des commissions"] == (
        ("Commission des écoles", "3\u00a0novembre\u00a02026", "Favorable", "À l’unanimité."),
    )
