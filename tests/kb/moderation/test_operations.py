"""A draft's way through its circuit: submitted, taken back, approved, sent back, published as it was approved."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import PageLogEntry, WorkflowState

from kb.access import operations as access
from kb.access.models import Role
from kb.documents import operations as documents
from kb.moderation import operations
from kb.moderation.models import Preset, ReviewLink, Submission
from kb.moderation.operations import CHANGED, Refused
from kb.notices.models import Mail
from kb.pages import operations as pages
from kb.pages.models import RevisionRecord
from kb.work import operations as work

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def come_the_hour(page):
    """The hour of a planned publication has come: two days would be long to wait."""
    planned, now = page.scheduled_revision, timezone.now() - timedelta(minutes=1)
    planned.content["go_live_at"], planned.approved_go_live_at = now.isoformat(), now
    planned.save(update_fields=["content", "approved_go_live_at"])


def told(kind, to=None):
    """The letters of a kind, to whom they go."""
    rows = Mail.objects.filter(kind=kind, **({"to": to} if to else {})).order_by("pk")
    return [(str(row.to), row.data.get("outcome", "")) for row in rows]


def test_from_the_service_to_communication_to_the_readers(circuit):
    page = circuit.draft()
    state = circuit.submit(page, why="Première version", announce=True)
    assert circuit.takers(page) == [circuit.head]
    assert told("review_asked") == [("Paul Chef", "")]
    circuit.approve(page, circuit.head)
    assert circuit.takers(page) == [circuit.officer]
    assert told("review_asked") == [("Paul Chef", ""), ("Inès Morel", "")]
    page.refresh_from_db()
    assert not page.live
    circuit.approve(page, circuit.officer, words="Très clair.")
    page.refresh_from_db()
    state.refresh_from_db()
    assert (page.live, state.status) == (True, "approved")
    record = RevisionRecord.objects.get(revision=page.live_revision)
    assert (record.why, record.announce, record.published_by) == ("Première version", True, circuit.officer)
    assert told("review_outcome") == [("Patrick Brun", "approved")]  # once, at the end
    assert not PageLogEntry.objects.filter(page=page.pk, action="kb.moderation.direct").exists()


def test_what_is_asked_must_be_ones_own(circuit):
    page = circuit.draft()
    circuit.submit(page)
    for stranger in (circuit.officer, circuit.agent, circuit.secretary, circuit.elu):
        with pytest.raises(PermissionDenied):
            circuit.approve(page, stranger)
        with pytest.raises(PermissionDenied):
            circuit.refuse(page, stranger)
    page.refresh_from_db()
    assert not page.live


def test_a_reader_submits_nothing(circuit):
    page = circuit.live()
    circuit.change(page, "<p>On sale à 4 h.</p>")
    with pytest.raises(PermissionDenied):
        circuit.submit(page, circuit.elu)


def test_nothing_new_is_not_submitted(circuit):
    with pytest.raises(Refused, match="rien à relire"):
        circuit.submit(circuit.live())


def test_submitted_twice_it_waits_once(circuit):
    page = circuit.draft()
    circuit.submit(page)
    with pytest.raises(Refused, match="déjà"):
        circuit.submit(page)
    assert WorkflowState.objects.count() == 1


def test_something_missing_is_not_submitted(circuit):
    page = circuit.draft()
    fresh = page.get_latest_revision_as_object()
    fresh.title = ""
    fresh.save_revision(user=circuit.agent, clean=False)
    with pytest.raises(Refused, match="n’est pas complète"):
        circuit.submit(page)


def test_sent_back_it_comes_back_and_starts_again(circuit):
    page = circuit.draft()
    circuit.submit(page)
    circuit.approve(page, circuit.head)
    with pytest.raises(Refused, match="Dites à l’auteur"):
        circuit.refuse(page, circuit.officer, words="  ")
    circuit.refuse(page, circuit.officer)
    assert told("review_outcome") == [("Patrick Brun", "changes")]
    assert circuit.waiting(page) is None
    circuit.change(page, "<p>On sale à 5 h 30.</p>")
    circuit.submit(page)
    assert circuit.takers(page) == [circuit.head]
    assert Submission.objects.latest("pk").came_back


def test_taken_back_nothing_is_approved(circuit):
    page = circuit.draft()
    circuit.submit(page)
    waiting, seen = circuit.waiting(page), circuit.seen(page)
    with pytest.raises(PermissionDenied):
        operations.take_back(page=page, by=circuit.officer)
    operations.take_back(page=page, by=circuit.agent)
    with pytest.raises(Refused, match="n’attend plus"):
        operations.approve(task_state=waiting.task_state, by=circuit.head, seen=seen)
    with pytest.raises(Refused, match="n’attend plus"):
        operations.take_back(page=page, by=circuit.agent)
    page.refresh_from_db()
    assert not page.live


def test_a_correction_by_who_takes_the_step_is_what_is_published(short):
    page = short.draft()
    short.submit(page, why="Première version", announce=True)
    old = short.seen(page)
    short.change(page, "<p>On sale à 5 h précises.</p>", by=short.officer)
    with pytest.raises(Refused) as refused:
        short.approve(page, short.officer, seen=old)
    assert str(refused.value) == CHANGED
    short.approve(page, short.officer)
    page.refresh_from_db()
    assert "5 h précises" in page.specific.body.render_as_block()
    assert page.live_revision.user == short.officer
    record = RevisionRecord.objects.get(revision=page.live_revision)
    assert (record.why, record.announce) == ("Première version", True)  # still what its author said


def test_anybody_else_s_change_sends_it_back_to_the_start(circuit):
    page = circuit.draft()
    circuit.submit(page, why="Première version")
    circuit.approve(page, circuit.head)
    assert circuit.takers(page) == [circuit.officer]
    circuit.change(page, "<p>On sale à midi.</p>", by=circuit.agent)  # a dropped file does the same
    assert circuit.takers(page) == [circuit.head]
    assert "Patrick Brun a changé ce brouillon" in circuit.waiting(page).submission.restarted_because
    assert RevisionRecord.objects.get(revision=page.latest_revision).why == "Première version"
    assert WorkflowState.objects.filter(status="in_progress").count() == 1


def test_published_at_an_hour_by_the_worker(short):
    from kb.work.publishing import ask_for_planned

    page, at = short.draft(), timezone.now().replace(microsecond=0) + timedelta(days=2)
    short.submit(page)
    with pytest.raises(Refused, match="passée"):
        short.approve(page, short.officer, at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="quitterait ses lecteurs"):
        short.approve(page, short.officer, at=at, until=at - timedelta(hours=1))
    short.approve(page, short.officer, at=at, until=at + timedelta(days=30))
    page.refresh_from_db()
    assert not page.live and page.scheduled_revision.approved_go_live_at == at
    assert told("review_outcome") == [("Patrick Brun", "approved")]
    come_the_hour(page)
    ask_for_planned()
    work.drain()
    ask_for_planned()
    work.drain()
    page.refresh_from_db()
    assert page.live and page.expire_at == at + timedelta(days=30)
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish.scheduled").count() == 1
    assert told("review_outcome") == [("Patrick Brun", "approved")]


def test_the_hour_that_its_author_wrote_is_kept_or_set_aside(short):
    at = timezone.now() + timedelta(days=3)
    kept, aside = short.draft("Gardée", go_live_at=at), short.draft("Avancée", go_live_at=at)
    for page in (kept, aside):
        short.submit(page)
    short.approve(kept, short.officer, as_planned=True)
    short.approve(aside, short.officer)
    kept.refresh_from_db()
    aside.refresh_from_db()
    assert (kept.live, kept.scheduled_revision is not None) == (False, True)
    assert (aside.live, aside.scheduled_revision) == (True, None)


def test_a_planned_publication_is_called_off(short):
    page = short.draft()
    short.submit(page)
    short.approve(page, short.officer, at=timezone.now() + timedelta(days=2))
    with pytest.raises(PermissionDenied):
        operations.cancel_planned(page=page, by=short.agent)
    operations.cancel_planned(page=page, by=short.secretary)
    page.refresh_from_db()
    assert page.scheduled_revision is None
    assert told("review_outcome") == [("Patrick Brun", "approved"), ("Patrick Brun", "unplanned")]
    with pytest.raises(Refused, match="Rien n’est prévu"):
        operations.cancel_planned(page=page, by=short.secretary)


def test_a_responsable_publishes_without_waiting_and_leaves_a_trace(circuit):
    page = circuit.draft()
    circuit.submit(page, why="Première version")
    page.refresh_from_db()
    pages.publish_draft(page=page, revision=page.latest_revision, author=circuit.secretary)
    assert circuit.waiting(page) is None
    trace = PageLogEntry.objects.get(page=page.pk, action="kb.moderation.direct")
    assert (trace.user, trace.data["why"]) == (circuit.secretary, "Première version")
    assert told("review_outcome") == [("Patrick Brun", "direct")]


def test_an_urgent_correction_leaves_the_draft_waiting(circuit):
    """The responsable takes the live version up, corrects it and publishes: the pending draft comes back on top."""
    page = circuit.live(body="<p>On sale à 5 h. Téléphone : 04 00.</p>")
    circuit.change(page, "<p>On salera à 4 h. Téléphone : 04 00.</p>", why="Horaires d’hiver")
    circuit.submit(page, why="Horaires d’hiver")
    live = page.live_revision
    fixed = live.as_object()
    fixed.taken_from, fixed.why = live, "Le bon téléphone"
    fixed.summary = "04 65 71 20 18"
    revision = fixed.save_revision(user=circuit.secretary)
    pages.publish_revision(page=page, revision=revision, author=circuit.secretary)
    page.refresh_from_db()
    assert page.specific.summary == "04 65 71 20 18"
    draft = page.get_latest_revision_as_object()
    assert "On salera à 4 h" in draft.body.render_as_block() and page.has_unpublished_changes
    assert circuit.takers(page) == [circuit.head]
    record = RevisionRecord.objects.get(revision=page.latest_revision)
    assert record.why == "Horaires d’hiver"
    assert told("review_outcome") == [("Patrick Brun", "urgent")]
    trace = PageLogEntry.objects.filter(page=page.pk, action="kb.moderation.direct").latest("pk")
    assert trace.data["why"] == "Le bon téléphone"


def test_a_file_replaced_on_the_live_page_leaves_the_draft_waiting(circuit):
    import io

    page, document = circuit.live(), circuit.town.document()
    circuit.town.attach(page, document)
    circuit.change(page, "<p>On salera à 4 h.</p>")
    circuit.submit(page, why="Horaires d’hiver")
    documents.add_version(document=document, file=io.BytesIO(b"Autre"), file_name="note.txt", author=circuit.town.admin)
    pages.publish_newest_version(page=page, document=document, author=circuit.secretary, why="Nouveau fichier")
    page.refresh_from_db()
    assert "On salera" in page.get_latest_revision_as_object().body.render_as_block()
    assert circuit.takers(page) == [circuit.head]
    assert circuit.waiting(page).task_state.revision_id == page.latest_revision_id
    assert WorkflowState.objects.filter(status="in_progress").count() == 1


def test_a_circuit_by_branch(circuit):
    notes = circuit.town.page("Notes internes", under=circuit.service, author=circuit.secretary)
    circuit.choose(Preset.SERVICE, notes)
    page = circuit.town.page("Note", "<p>Texte</p>", under=notes, author=circuit.agent, publish=False)
    circuit.submit(page)
    circuit.approve(page, circuit.head)
    page.refresh_from_db()
    assert page.live
    circuit_log = PageLogEntry.objects.get(page=notes.pk, action="kb.moderation.circuit")
    assert circuit_log.data["after"] == Preset.SERVICE.label
    with pytest.raises(PermissionDenied):
        operations.set_circuit(page=notes, preset=Preset.FULL, by=circuit.agent)
    with pytest.raises(Refused, match="accueil"):
        operations.set_circuit(page=circuit.town.home, preset=None, by=circuit.town.admin)
    operations.set_circuit(page=notes, preset=None, by=circuit.secretary)
    other = circuit.town.page("Autre", "<p>Texte</p>", under=notes, author=circuit.agent, publish=False)
    circuit.submit(other)
    circuit.approve(other, circuit.head)
    assert circuit.takers(other) == [circuit.officer]


def test_a_confidential_branch_is_not_widened(circuit):
    page = circuit.draft()
    access.reserve(page=circuit.service, by=circuit.town.admin)
    circuit.town.give(Role.MANAGER, circuit.service, person=circuit.head)
    circuit.submit(page)
    assert circuit.takers(page) == [circuit.head]
    circuit.approve(page, circuit.head)
    assert circuit.takers(page) == [circuit.head]  # communication has no right there: it falls to the responsables
    assert "revient aux responsables" in circuit.waiting(page).takers.note
    work.drain()
    assert {message.to[0] for message in mail.outbox} == {"Paul Chef <paul@valmorin.example>"}
    text = "".join(message.message().as_string() for message in mail.outbox)
    assert "Déneigement" not in text and not ReviewLink.objects.exists()


def test_the_law_is_a_wall_where_everybody_reads(short):
    page = short.draft(body="<p>Virement sur FR76 3000 6000 0112 3456 7890 189.</p>")
    access.give(page=short.service, grantee=access.Grantee(public=True), role=Role.READER, by=None)
    with pytest.raises(Refused, match=r"L\. 312-1-2"):
        short.submit(page)
    assert not WorkflowState.objects.exists()
