"""Reads: where each item stands in its circuit, what a page knows of the council, the plan of the month."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from council.agenda.enums import DECIDED, PlaceState, SittingState
from council.agenda.models import AgendaItemPage, AgendaPlace, Proposal, SittingPage
from council.agenda.queries import drafts_of, meeting_day, placed
from council.items import circuit
from council.items.models import ItemSubject, YearlyItem, YearlyUse
from kb import typography
from kb.moderation import queries as moderation
from kb.pages.models import PageModel
from kb.permissions import Viewer, visible_to
from kb.typography import day

Row = dict[str, Any]
READY = "Prêt pour la convocation"
# How each state is told: words, tone, icon.
TOLD = {
    "ready": (READY, "done", "check"),
    "changed": ("Changé depuis l’accord du circuit, à soumettre de nouveau", "watch", "warning"),
    "returned": ("Changements demandés", "watch", "undo"),
    "draft": ("Brouillon, pas encore soumis", "neutral", "edit"),
}


def _rounds(items: Iterable[AgendaItemPage]) -> dict[int, WorkflowState]:
    """Item's id → its last way through the circuit. One query."""
    rows = WorkflowState.objects.filter(
        object_id__in=[str(item.pk) for item in items],
        base_content_type__model="page",
        workflow__circuit__preset=circuit.CIRCUIT.code,
    )
    return {int(row.object_id): row for row in rows.select_related("current_task_state").order_by("pk")}


def _asked(items: Iterable[AgendaItemPage]) -> set[int]:
    """The items that are asked to go through the circuit: what decides something, and does not come back each time."""
    drafts = drafts_of(items)
    return {pk for pk, draft in drafts.items() if draft.item_kind in DECIDED and not draft.comes_back}


def _said(item: AgendaItemPage, last: WorkflowState | None) -> str:
    if last is None or last.status == WorkflowState.STATUS_CANCELLED:
        return "draft"
    if last.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return "returned"
    if last.status == WorkflowState.STATUS_IN_PROGRESS:
        return "waiting"
    judged = last.current_task_state.revision_id if last.current_task_state else None
    return "ready" if judged == item.latest_revision_id else "changed"


def standings(viewer: Viewer, items: Collection[AgendaItemPage]) -> dict[int, Row]:
    """Item's id → where it stands in its circuit: words, tone, icon. For who prepares the sitting."""
    rounds, asked = _rounds(items), _asked(items)
    said = {item.pk: _said(item, rounds.get(item.pk)) for item in items if item.pk in asked or item.pk in rounds}
    waiting = [pk for pk, one in said.items() if one == "waiting"]
    where = moderation.standings(viewer, waiting) if waiting else {}
    return {
        pk: {"words": where.get(pk, "En relecture"), "tone": "info", "icon": "clock"}
        if one == "waiting"
        else dict(zip(("words", "tone", "icon"), TOLD[one], strict=True))
        for pk, one in said.items()
    }


def not_through(viewer: Viewer, sitting: SittingPage) -> list[Row]:
    """`unchecked` for the items that are to be signed, among those that the person reads."""
    return unchecked([item for item in to_be_signed(sitting) if viewer.can_view(item)])


def to_be_signed(sitting: SittingPage) -> list[AgendaItemPage]:
    """What no convocation has announced yet: the whole agenda; after it, the items that are being added."""
    return [row.item for row in placed(sitting) if row.state == PlaceState.ON and not row.convened_revision_id]


def unchecked(items: Iterable[AgendaItemPage]) -> list[Row]:
    """Of these items, those that lack steps of their circuit before the maire's, who agrees by signing: `item` (id),
    `title`, and `missing`, the steps in their order.
    """
    items = list(items)
    asked, rounds = _asked(items), _rounds(items)
    said = {item.pk: _said(item, rounds.get(item.pk)) for item in items if item.pk in asked}
    late = [item for item in items if said.get(item.pk, "ready") != "ready"]
    concerned = circuit.people([item.pk for item in late]) if late else {}
    given = _steps_given(rounds[item.pk] for item in late if said[item.pk] == "waiting")
    rows = [
        {
            "item": item.pk,
            "title": item.draft_title or item.title,
            "missing": [
                step.label
                for step in circuit.CIRCUIT.steps
                if step.code != circuit.MAIRE
                and concerned[item.pk][step.code] is not None
                and step.code not in given.get(item.pk, ())
            ],
        }
        for item in late
    ]
    return [row for row in rows if row["missing"]]


def _steps_given(rounds: Iterable[WorkflowState]) -> dict[int, set[str]]:
    """Item's id → the steps that are over in its round. One query."""
    items = {one.pk: int(one.object_id) for one in rounds}
    states = TaskState.objects.filter(
        workflow_state__in=items, status__in=(TaskState.STATUS_APPROVED, TaskState.STATUS_SKIPPED)
    )
    given: dict[int, set[str]] = {}
    for state, step in states.values_list("workflow_state", "task__reviewtask__step"):
        given.setdefault(items[state], set()).add(step)
    return given


def trail(viewer: Viewer, item: AgendaItemPage) -> list[Row]:
    """The steps of the item's last round, in order, each with who said what. For who edits the item."""
    last = _rounds([item]).get(item.pk)
    if last is None or last.status == WorkflowState.STATUS_CANCELLED:
        return []
    rows = last.task_states.select_related("task__reviewtask", "finished_by").order_by("pk")
    now = moderation.on_page(item, viewer)
    return [_step(row, now) for row in rows if row.status not in (TaskState.STATUS_CANCELLED, TaskState.STATUS_SKIPPED)]


def _step(row: TaskState, now: moderation.Waiting | None) -> Row:
    done = {TaskState.STATUS_APPROVED: "Donné", TaskState.STATUS_REJECTED: "Changements demandés"}.get(row.status, "")
    waits = now is not None and now.task_state.pk == row.pk
    line = f"{done} par {row.finished_by} le {typography.moment(row.finished_at)}" if row.finished_by else done
    return {
        "label": row.task.reviewtask.task_ptr.name,
        "done": row.status == TaskState.STATUS_APPROVED,
        "line": _sentence(now.takers.where) if waits and now else line,
        "words": row.comment,
        "url": reverse("review", args=[row.pk]) if waits else "",
    }


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


# What the council decides of a page.


def about(viewer: Viewer, page_id: int) -> list[Row]:
    """The items about a page, or that came from it, among those that the person may read; and what waits."""
    proposals = list(Proposal.objects.filter(page=page_id).select_related("by"))
    named = ItemSubject.objects.filter(subject=page_id).values_list("page", flat=True)
    ids = {*named, *(one.item_id for one in proposals if one.item_id)}
    nodes = [viewer.tree.nodes.get(pk) for pk in ids]
    seen = {node.id: node for node in nodes if node is not None and viewer.can_view(node)}
    places = AgendaPlace.objects.filter(item__in=seen).select_related("sitting__record", "moved_to").order_by("-pk")
    rows = [_waits(one) for one in proposals if one.item_id is None]
    told: set[int] = set()
    found = []
    for place in places:
        if place.item_id in told:
            continue
        told.add(place.item_id)
        node = seen[place.item_id]
        title = node.title if node.live else node.draft_title or node.title
        found.append(
            (place.sitting.starts_at, {"title": title, "url": viewer.address(node), "line": _line(place), "answer": ""})
        )
    return rows + [row for _at, row in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _waits(proposal: Proposal) -> Row:
    state = str(proposal.get_state_display())
    return {"title": proposal.title, "url": "", "line": f"{state}, par {proposal.by}", "answer": proposal.answer}


def _line(place: AgendaPlace) -> str:
    """« Séance du 12 octobre 2026 : examiné »."""
    stage = getattr(place.sitting, "record", None)
    state = stage.state if stage else SittingState.PREPARATION
    when = f"Séance du {day(meeting_day(place.sitting))}"
    if place.state == PlaceState.WITHDRAWN:
        return f"{when} : retiré de l’ordre du jour"
    if place.state == PlaceState.POSTPONED:
        return f"{when} : renvoyé"
    return (
        when
        + {
            SittingState.PREPARATION: ", en préparation",
            SittingState.CONVENED: " : à l’ordre du jour",
            SittingState.CANCELLED: ", annulée",
            SittingState.OPEN: " : à l’ordre du jour",
            SittingState.HELD: " : examiné",
            SittingState.CLOSED: " : examiné",
        }[SittingState(state)]
    )


# What the plan proposes, and what may be taken up again.


def model_of_item() -> PageModel | None:
    """The town's model of délibération."""
    return PageModel.objects.filter(page_type="agendaitempage").first()


def last_of(planned: YearlyItem, viewer: Viewer, *, before: SittingPage) -> AgendaItemPage | None:
    """The item written from this row of the plan in the latest earlier sitting, if the person may read it."""
    uses = planned.uses.select_related("item").order_by("-year")
    for use in uses:
        sitting = SittingPage.objects.get(pk=use.item.get_parent().pk)
        if sitting.starts_at < before.starts_at and viewer.can_view(use.item):
            return use.item
    return None


def standing_uses(year: int) -> QuerySet[YearlyUse]:
    """What was written from the plan for that year, and still stands: neither deleted nor withdrawn."""
    uses = YearlyUse.objects.filter(year=year, item__trashed__isnull=True)
    return uses.exclude(item__places__state=PlaceState.WITHDRAWN)


def planned_for(sitting: SittingPage) -> list[YearlyItem]:
    """The rows of the plan due at this sitting and not written yet this year.

    Those of its month, and of the months since the sitting before it: a council that meets once a quarter misses none.
    """
    on = meeting_day(sitting)
    earlier = SittingPage.objects.filter(instance=sitting.instance_id, starts_at__lt=sitting.starts_at)
    before = earlier.order_by("-starts_at").first()
    first = _month_after(meeting_day(before), on) if before else on.month
    rows = YearlyItem.objects.filter(instance=sitting.instance_id, month__gte=first, month__lte=on.month)
    return [row for row in rows.exclude(pk__in=standing_uses(on.year).values("planned")) if row.holds(on)]


def _month_after(last: date, on: date) -> int:
    if last.year < on.year:
        return 1
    return min(last.month + 1, on.month)


def earlier_items(viewer: Viewer, sitting: SittingPage, words: str = "", most: int = 40) -> list[Row]:
    """What may be taken up again: the items of earlier sittings of the instance, that were convened and that the person
    reads, the newest first; those whose title has these words.
    """
    rows = AgendaPlace.objects.filter(
        sitting__instance=sitting.instance_id,
        sitting__starts_at__lt=sitting.starts_at,
        state=PlaceState.ON,
        convened_revision__isnull=False,
    )
    rows = rows.filter(
        item__in=visible_to(AgendaItemPage.objects.filter(item_kind__in=DECIDED, comes_back=False), viewer)
    )
    if words:
        rows = rows.filter(item__title__icontains=words)
    rows = rows.select_related("item", "sitting").order_by("-sitting__starts_at", "position")
    return [
        {"id": row.item_id, "title": row.item.title, "when": day(meeting_day(row.sitting)), "url": f"/p/{row.item_id}/"}
        for row in rows[:most]
    ]
