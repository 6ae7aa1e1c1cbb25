"""Wagtail's editor and circuits: « Soumettre » leads to our screen, a draft that waits is locked, deciding is the desk's."""

import pytest
from django.core import mail
from wagtail.models import WorkflowState

from kb.pages.models import ArticlePage, RevisionRecord
from tests.kb.pages.test_creating import ADD, actions, filled

pytestmark = pytest.mark.django_db


def editor(page):
    return f"/admin/pages/{page.pk}/edit/"


def test_submitting_a_new_page_saves_it_and_leads_to_its_submission(circuit):
    client = circuit.town.signed_in(circuit.agent)
    address = ADD.format(circuit.service.pk)
    assert actions(client.get(address)) == ["action-submit", "action-save-draft"]
    answer = client.post(
        address, filled("Salage") | {"action-submit": "1", "announce": "on", "why": "Première version"}
    )
    page = ArticlePage.objects.get(title="Salage")
    assert answer.url == f"/p/{page.pk}/soumettre/"
    assert not WorkflowState.objects.exists()  # nothing is submitted yet
    record = RevisionRecord.objects.get(revision=page.latest_revision)
    assert (record.why, record.announce) == ("Première version", True)
    assert "Première version" in client.get(answer.url).content.decode()


def test_submitting_from_the_editor(circuit):
    page, client = circuit.draft(), circuit.town.signed_in(circuit.agent)
    answer = client.post(editor(page), filled("Salage") | {"action-submit": "1"})
    assert answer.url == f"/p/{page.pk}/soumettre/"
    page.refresh_from_db()
    assert page.draft_title == "Salage"


def test_a_draft_that_waits_is_locked_for_its_author(circuit):
    page, client = circuit.draft(), circuit.town.signed_in(circuit.agent)
    circuit.submit(page)
    screen = client.get(editor(page))
    assert "ce qui sera approuvé est exactement ce qui a été soumis" in screen.content.decode()
    assert actions(screen) == ["action-page-locked"]
    for action in ("", "action-submit", "action-cancel-workflow", "action-restart-workflow", "action-publish"):
        client.post(editor(page), filled("Autre") | ({action: "1"} if action else {}))
    page.refresh_from_db()
    assert page.draft_title == "Déneigement" and circuit.takers(page) == [circuit.head]


def test_a_responsable_is_told_what_his_change_would_do(circuit):
    page = circuit.draft()
    circuit.submit(page)
    screen = circuit.town.signed_in(circuit.secretary).get(editor(page))
    assert "il se relira alors depuis le début" in screen.content.decode()
    assert actions(screen) == ["action-save-draft", "action-publish"]
    assert "il se relira" not in circuit.town.signed_in(circuit.head).get(editor(page)).content.decode()


def test_who_takes_the_step_corrects_and_goes_on_to_decide(short):
    page, client = short.draft(), short.town.signed_in(short.officer)
    short.submit(page)
    assert actions(client.get(editor(page))) == ["action-submit", "action-save-draft"]
    answer = client.post(editor(page), filled("Déneigement d’hiver") | {"action-submit": "1"})
    assert answer.url == f"/a-valider/{short.waiting(page).id}/"
    assert "Déneigement d’hiver" in client.get(answer.url).content.decode()


def test_wagtail_s_own_ways_to_decide_are_closed(short):
    page, client = short.draft(), short.town.signed_in(short.officer)
    state = short.submit(page)
    task = state.current_task_state
    doors = (
        f"/admin/pages/{page.pk}/workflow/action/approve/{task.pk}/",
        f"/admin/pages/workflow/collect_action_data/{page.pk}/approve/{task.pk}/",
        f"/admin/pages/{page.pk}/workflow/confirm_cancellation/",
        f"/admin/pages/workflow/preview/{page.pk}/{task.pk}/",
    )
    for door in doors:
        answer = client.post(door, follow=True)
        assert answer.status_code in {404, 405} or "se font sur le site" in answer.content.decode(), door
    client.post(
        editor(page), filled("Déneigement") | {"action-workflow-action": "1", "workflow-action-name": "approve"}
    )
    page.refresh_from_db()
    state.refresh_from_db()
    assert (page.live, state.status) == (False, "in_progress")
    assert mail.outbox == []  # Wagtail's own mails are silenced; ours wait for the worker


def test_the_first_screen_of_the_admin_says_what_waits_and_where(short):
    page = short.draft()
    short.submit(page)
    author = short.town.signed_in(short.agent).get("/admin/").content.decode()
    assert "Chez la communication (Inès Morel)" in author
    officer = short.town.signed_in(short.officer).get("/admin/").content.decode()
    assert (
        f'href="/a-valider/{short.waiting(page).id}/"' in officer
        and "Patrick Brun, depuis aujourd’hui" in officer.replace("\u00a0", " ")
    )


def test_an_urgent_correction_from_the_editor(circuit):
    """A responsable takes the live version up and publishes it corrected: the draft that waited comes back on top."""
    page = circuit.live()
    circuit.change(page, "<p>On salera à 4 h.</p>")
    circuit.submit(page)
    client = circuit.town.signed_in(circuit.secretary)
    address = f"/admin/pages/{page.pk}/revisions/{page.live_revision_id}/revert/"
    assert client.get(address).status_code == 200
    client.post(address, filled("Déneigement corrigé") | {"action-publish": "1"})
    page = ArticlePage.objects.get(pk=page.pk)
    draft = page.get_latest_revision_as_object()
    assert (page.title, draft.title) == ("Déneigement corrigé", "Déneigement")
    assert "On salera à 4 h" in draft.body.render_as_block() and page.has_unpublished_changes
    assert circuit.takers(page) == [circuit.head]
