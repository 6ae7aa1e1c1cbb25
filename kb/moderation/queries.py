"""What waits, for whom, since when; where a draft stands, in words. All filtered for the person who asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision, TaskState, WorkflowPage, WorkflowState

from kb import typography
from kb.documents.widening import widened_by_publishing
from kb.moderation import registry
from kb.moderation.models import Absence, Preset, Submission, stamp
from kb.moderation.reviewers import Reviewers, Takers
from kb.pages.models import RevisionRecord
from kb.pages.tree import Node, known_title
from kb.people.models import User
from kb.permissions import Viewer, paths_down_to


@dataclass
class Waiting:
    """A draft at a step: where, whose, since when, and who takes it."""

    task_state: TaskState
    node: Node
    step: str
    takers: Takers
    submission: Submission | None
    stamp: str = ""  # of the newest revision
    after: tuple[str, ...] = ()  # the steps that come next

    @property
    def id(self) -> int:
        """The number in its address on the desk."""
        return int(self.task_state.pk)

    @property
    def title(self) -> str:
        """The draft's title."""
        return self.node.draft_title or self.node.title

    @property
    def author(self) -> User | None:
        """Who submitted it."""
        return self.task_state.workflow_state.requested_by

    @property
    def since(self) -> datetime:
        """Since when it is at this step."""
        return self.task_state.started_at

    @property
    def why(self) -> str:
        """« Ce qui change », as its author said it."""
        return getattr(self.task_state, "why", None) or ""

    @cached_property
    def next_words(self) -> str:
        """What comes after this step: « la communication », « publication »."""
        if self.after:
            return registry.WHOM[self.after[0]]
        return registry.end_of(_circuit_of(self.task_state.workflow_state))

    @property
    def is_last(self) -> bool:
        """Whether approving it publishes it."""
        return self.next_words == "publication"

    @property
    def apart(self) -> bool:
        """Whether the last approval publishes nothing: the deed of another floor will."""
        return registry.own_step(self.step) is not None

    @property
    def stands(self) -> str:
        """« Chez la communication (Inès Morel) depuis 2 jours ; prochaine étape : publication. »"""
        where = self.takers.where
        return f"{where[0].upper()}{where[1:]} {since_words(self.since)} ; prochaine étape : {self.next_words}."


def since_words(moment: datetime) -> str:
    """« depuis 2 jours », « depuis ce matin à 9 h 12 »."""
    days = (timezone.localdate() - timezone.localtime(moment).date()).days
    if days <= 0:
        return f"depuis aujourd’hui, {typography.hour(moment)}"
    return f"depuis {'hier' if days == 1 else typography.count(days, 'jour')}"


def _circuit_of(state: WorkflowState) -> str:
    circuit = getattr(state.workflow, "circuit", None)
    return circuit.preset if circuit else ""


def _after(step: str, row: TaskState, page: int, reviewers: Reviewers) -> tuple[str, ...]:
    code = _circuit_of(row.workflow_state)
    steps = registry.steps_of(code) if code else ()
    later = steps[steps.index(step) + 1 :] if step in steps else ()
    return tuple(one for one in later if reviewers.concerns(page, one))


def _in_progress() -> Any:
    """Drafts at a step of ours. Their revisions' contents are not read."""
    rows = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task__reviewtask__isnull=False)
    rows = rows.filter(workflow_state__status=WorkflowState.STATUS_IN_PROGRESS)
    related = (
        "workflow_state__requested_by",
        "workflow_state__workflow__circuit",
        "workflow_state__submission",
        "task__reviewtask",
    )
    said = RevisionRecord.objects.filter(revision=OuterRef("revision")).values("why")
    return rows.select_related(*related).annotate(why=Subquery(said)).order_by("started_at", "pk")


def _described(rows: Any, viewer: Viewer, reviewers: Reviewers) -> list[Waiting]:
    found, rows = [], list(rows)
    newest = Page.objects.filter(pk__in=[row.workflow_state.object_id for row in rows])
    stamps = {
        pk: stamp(*last) for pk, *last in newest.values_list("pk", "latest_revision", "latest_revision__created_at")
    }
    _foresee(rows, reviewers)
    for row in rows:
        state = row.workflow_state
        node = viewer.tree.nodes.get(int(state.object_id))
        if node is None:
            continue
        step = row.task.reviewtask.step
        takers = reviewers.of(node.path, step, state.requested_by_id, node.id)
        submission = getattr(state, "submission", None)
        after = _after(step, row, node.id, reviewers)
        found.append(Waiting(row, node, step, takers, submission, stamps.get(node.id, ""), after))
    return found


def _foresee(rows: list[TaskState], reviewers: Reviewers) -> None:
    pages: dict[str, list[int]] = {}
    for row in rows:
        pages.setdefault(_circuit_of(row.workflow_state), []).append(int(row.workflow_state.object_id))
    for code, ids in pages.items():
        reviewers.foresee(code, ids)


@dataclass
class Desk:
    """What a person finds under « À valider »."""

    mine: list[Waiting]  # waits for him
    elsewhere: list[Waiting]  # on branches he is responsable of, with somebody else
    written: list[Waiting]  # his own drafts, with others
    returned: list[dict[str, Any]]  # his own, with changes asked
    planned: list[dict[str, Any]]  # approved, to be published at a time


def desk(viewer: Viewer) -> Desk:
    """Everything the person has to do with. Some twelve queries, whatever waits."""
    waiting = _described(_in_progress(), viewer, Reviewers())
    me = viewer.user.pk
    mine = [one for one in waiting if me in one.takers.ids and viewer.can_edit(one.node)]
    written = [one for one in waiting if one.author and one.author.pk == me and one not in mine]
    elsewhere = [one for one in waiting if viewer.can_manage(one.node) and one not in mine and one not in written]
    return Desk(mine, elsewhere, written, _returned(viewer), _planned(viewer))


def waiting_for(viewer: Viewer) -> list[Waiting]:
    """What waits for this person alone."""
    rows = list(_in_progress())
    if not rows:
        return []
    me = viewer.user.pk
    return [one for one in _described(rows, viewer, Reviewers()) if me in one.takers.ids and viewer.can_edit(one.node)]


def standings(viewer: Viewer, pages: list[int]) -> dict[int, str]:
    """Page's id → where its draft stands, in words, for those that wait. One query where none does."""
    rows = list(
        _in_progress().filter(
            workflow_state__object_id__in=map(str, pages), workflow_state__base_content_type__model="page"
        )
    )
    return {one.node.id: one.stands for one in _described(rows, viewer, Reviewers())} if rows else {}


def _returned(viewer: Viewer) -> list[dict[str, Any]]:
    """The person's drafts for which changes were asked, with the words."""
    rows = WorkflowState.objects.filter(status=WorkflowState.STATUS_NEEDS_CHANGES, requested_by=viewer.user.pk)
    rows = rows.filter(workflow__circuit__isnull=False).select_related("current_task_state__finished_by")
    found = []
    for row in rows.order_by("-pk"):
        node, task_state = viewer.tree.nodes.get(int(row.object_id)), row.current_task_state
        if node is None or task_state is None or not viewer.can_edit(node):
            continue
        found.append(
            {
                "id": node.id,
                "title": node.draft_title or node.title,
                "who": str(task_state.finished_by or ""),
                "when": typography.moment(task_state.finished_at) if task_state.finished_at else "",
                "words": task_state.comment,
            }
        )
    return found


def _planned(viewer: Viewer) -> list[dict[str, Any]]:
    """What will be published at a time, on pages that the person may edit. Two queries."""
    rows = Revision.page_revisions.filter(approved_go_live_at__isnull=False).defer("content").select_related("user")
    found = []
    for row in rows.order_by("approved_go_live_at", "pk"):
        node = viewer.tree.nodes.get(int(row.object_id))
        if node is None or not viewer.can_edit(node):
            continue
        found.append(
            {
                "id": node.id,
                "title": node.draft_title or node.title,
                "when": typography.moment(row.approved_go_live_at),
                "may_cancel": viewer.can_manage(node) or viewer.standing(node).moderates,
            }
        )
    return found


def waiting_one(pk: int, viewer: Viewer) -> Waiting | None:
    """The draft of this number on the desk, if it waits and the person may read it."""
    found = _described(_in_progress().filter(pk=pk), viewer, Reviewers())
    return found[0] if found and viewer.can_edit(found[0].node) else None


def beside_others(pk: int, viewer: Viewer) -> tuple[Waiting | None, list[Waiting]]:
    """As `waiting_one`, with all that waits for the person."""
    waiting = [one for one in _described(_in_progress(), viewer, Reviewers()) if viewer.can_edit(one.node)]
    found = next((one for one in waiting if one.id == pk), None)
    return found, [one for one in waiting if viewer.user.pk in one.takers.ids]


def on_page(node: Any, viewer: Viewer) -> Waiting | None:
    """The draft of this page, if it waits. One query where it does not."""
    rows = list(_in_progress().filter(_about(node.pk)))
    found = _described(rows, viewer, Reviewers()) if rows else []
    return found[0] if found else None


def _about(page_id: int) -> Q:
    return Q(workflow_state__object_id=str(page_id), workflow_state__base_content_type__model="page")


def takes_page(user: Any, page: Page) -> bool:
    """Whether the person takes the step at which this page's draft waits."""
    viewer = Viewer.of(user)
    found = on_page(page, viewer)
    return found is not None and viewer.user.pk in found.takers.ids


def states_taken_by(user: Any) -> Any:
    """The steps in progress that the person takes, as TaskState rows."""
    return TaskState.objects.filter(pk__in=[one.id for one in waiting_for(Viewer.of(user))])


def takers_of(task_state: TaskState) -> Takers:
    """Who takes a step now, asked afresh."""
    row, reviewers = _in_progress().get(pk=task_state.pk), Reviewers()
    page = Page.objects.get(pk=row.workflow_state.object_id)
    _foresee([row], reviewers)
    return reviewers.of(page.path, row.task.reviewtask.step, row.workflow_state.requested_by_id, page.pk)


SAID_BY_SUBMITTING = "Donné en soumettant : l’étape est à qui a soumis."
NOT_CONCERNED = "Sans objet pour ce point."
SAID_BEFORE = "Donné à une étape précédente."


def settled(step: str, state: WorkflowState) -> tuple[str, str, Any] | None:
    """What becomes at once of a step of another floor: it does not concern the page; who submitted takes it; or who
    takes it approved another one of this round. (status, why, who); None where it waits for somebody.
    """
    code = _circuit_of(state)
    if registry.own(code) is None:
        return None
    reviewers, page = Reviewers(), int(state.object_id)
    reviewers.foresee(code, [page])
    if not reviewers.concerns(page, step):
        return TaskState.STATUS_SKIPPED, NOT_CONCERNED, None
    people = reviewers.own_people(page, step)
    if state.requested_by_id in people:
        return TaskState.STATUS_APPROVED, SAID_BY_SUBMITTING, state.requested_by
    said = state.task_states.filter(status=TaskState.STATUS_APPROVED, finished_by__in=people)
    before = said.select_related("finished_by").first()
    return (TaskState.STATUS_APPROVED, SAID_BEFORE, before.finished_by) if before else None


def seen(page: Page, revision: Revision, widened: list[Any] | None = None) -> str:
    """What somebody has before his eyes when he judges a draft: the revision, and the files that more would read.

    `widened`: what kb.documents.widening says of them, where it is known already.
    """
    known = widened_by_publishing(page) if widened is None else widened
    widened = sorted(document.pk for document, _ in known)
    return "-".join([stamp(revision.pk, revision.created_at), *map(str, widened)])


def last_decision(page_id: int) -> TaskState | None:
    """The last step that was taken of this page: approved, or changes asked."""
    decided = TaskState.objects.filter(
        _about(page_id), status__in=(TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED)
    )
    return decided.select_related("finished_by", "workflow_state").order_by("-finished_at", "-pk").first()


def asked_changes(page_id: int) -> TaskState | None:
    """The step that sent this page's draft back to its author, if that is where it stands."""
    state = WorkflowState.objects.filter(
        object_id=str(page_id), base_content_type__model="page", status=WorkflowState.STATUS_NEEDS_CHANGES
    )
    found = state.select_related("current_task_state__finished_by").first()
    return found.current_task_state if found else None


def circuit_of(page: Any) -> Preset | registry.OwnCircuit | None:
    """The circuit that the drafts of a page, in its own type, go through: its type's, its own or inherited."""
    if getattr(page, "published_apart", ""):
        return registry.own(page.own_circuit)
    nearest = WorkflowPage.objects.filter(page__path__in=paths_down_to(page.path), workflow__active=True)
    preset = nearest.order_by("-page__path").values_list("workflow__circuit__preset", flat=True).first()
    return Preset(preset) if preset else None


def circuits(viewer: Viewer) -> list[dict[str, Any]]:
    """The branches that have a circuit of their own, among those the person is responsable of."""
    rows = WorkflowPage.objects.filter(workflow__circuit__isnull=False).select_related("workflow__circuit")
    found = []
    for row in rows:
        node = viewer.tree.nodes.get(row.page_id)
        if node is not None and (viewer.can_view(node) or node is viewer.tree.home):
            found.append(
                (
                    node.path,
                    {
                        "id": node.id,
                        "title": known_title(node),
                        "url": viewer.address(node),
                        "preset": row.workflow.circuit.preset,
                        "label": Preset(row.workflow.circuit.preset).label,
                        "is_town": node is viewer.tree.home,
                        "may_change": viewer.can_manage(node),
                    },
                )
            )
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def absence_of(person: Any) -> Absence | None:
    """The person's open absence."""
    rows = Absence.objects.filter(person=person, ended_at=None, until__gte=timezone.localdate())
    return rows.select_related("deputy").first()


def direct_publications(viewer: Viewer, *, days: int = 30, most: int = 20) -> list[dict[str, Any]]:
    """What responsables published without the circuit lately, on pages the person answers for. Two queries."""
    since = timezone.now() - timedelta(days=days)
    rows = PageLogEntry.objects.filter(action="kb.moderation.direct", timestamp__gte=since).select_related("user")
    found: list[dict[str, Any]] = []
    for row in rows.order_by("-timestamp"):
        node = viewer.tree.nodes.get(row.page_id)
        if node is None or not (viewer.can_manage(node) or viewer.standing(node).moderates):
            continue
        found.append(
            {
                "title": known_title(node),
                "url": f"/p/{node.id}/",
                "who": str(row.user or ""),
                "why": row.data.get("why", ""),
                "when": typography.moment(row.timestamp),
                "difference_url": row.data.get("difference", ""),
            }
        )
        if len(found) == most:
            break
    return found
