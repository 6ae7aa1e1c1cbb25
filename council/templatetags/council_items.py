"""What an item's page and a sitting's page show of items: facts, circuit, where each stands, what the year plans."""

from typing import Any

from django import template
from django.http import HttpRequest

from council.agenda.enums import SittingState
from council.agenda.models import AgendaItemPage
from council.agenda.queries import placed
from council.agenda.reading import read_sitting
from council.items import queries
from council.items.checks import marks_left
from council.items.models import Resumption
from kb.pages.tree import known_title
from kb.permissions import Viewer, viewer_of
from kb.typography import count, day

register = template.Library()
NOTHING: dict[str, Any] = {
    "matter": "", "year": "", "money": False, "subjects": [], "advices": [], "trail": [], "marks": "",
    "annexes": [], "source": None,
}  # fmt: skip


def _viewer(context: Any) -> Viewer:
    request: HttpRequest = context["request"]
    return viewer_of(request)


@register.filter
def of(rows: dict[int, Any], pk: int) -> Any:
    """One of the rows by its number, or nothing."""
    return rows.get(pk)


@register.simple_tag(takes_context=True)
def item_facts(context: Any, page_id: int) -> dict[str, Any]:
    """What an item carries besides its text, as its reader may know it; its circuit, for who edits it."""
    item = AgendaItemPage.objects.filter(pk=page_id).first()
    if item is None:
        return NOTHING
    viewer = _viewer(context)
    edits = not viewer.looker and viewer.can_edit(item)
    shown = item if item.live and not edits else item.get_latest_revision_as_object()
    return NOTHING | {
        "matter": shown.get_matter_display() if shown.matter else "",
        "year": str(shown.budget_year or ""),
        "money": shown.goes_by_finances and edits,
        "subjects": _subjects(viewer, shown),
        "advices": [
            {
                "commission": str(row.commission),
                "on": day(row.given_on),
                "sense": row.get_sense_display(),
                "words": row.words,
            }
            for row in shown.advices.all()
        ],
        "trail": queries.trail(viewer, item) if edits else [],
        **(_taken_up(viewer, item, shown) if edits else {}),
    }


def _taken_up(viewer: Viewer, item: AgendaItemPage, shown: Any) -> dict[str, Any]:
    """Where an item was taken from, and what of it is still to be looked at."""
    taken = Resumption.objects.select_related("source").filter(item=item.pk).first()
    if taken is None:
        return {}
    node, left = viewer.tree.nodes.get(taken.source_id), marks_left(shown)
    return {
        "marks": count(left, "chiffre à vérifier", "chiffres à vérifier") if left else "",
        "annexes": [
            {"id": row.pk, "title": row.title, "done": row.settled_at is not None} for row in taken.annexes.all()
        ],
        "source": {"title": known_title(node), "url": viewer.address(node)} if node and viewer.can_view(node) else None,
    }


def _subjects(viewer: Viewer, item: Any) -> list[dict[str, str]]:
    """The pages that it is about, among those that the person may read."""
    nodes = [viewer.tree.nodes.get(row.subject_id) for row in item.subjects.all()]
    return [
        {"title": known_title(node), "url": viewer.address(node)}
        for node in nodes
        if node is not None and viewer.can_view(node)
    ]


@register.simple_tag(takes_context=True)
def item_standings(context: Any, page_id: int) -> dict[int, Any]:
    """Item's id → where it stands, on a sitting in preparation, for who prepares it."""
    read = read_sitting(context["request"], page_id)
    if read is None or read.stage != SittingState.PREPARATION or not read.can["edit"]:
        return {}
    return queries.standings(read.viewer, [row.item for row in placed(read.sitting)])


@register.simple_tag(takes_context=True)
def sitting_helps(context: Any, page_id: int) -> dict[str, Any]:
    """What fills an agenda in preparation: the plan of its month, an earlier délibération; and another sitting like it."""
    read = read_sitting(context["request"], page_id)
    if read is None or read.viewer.looker or not read.can["edit"]:
        return {"planned": [], "resume_url": "", "duplicate_url": ""}
    sitting, prepares = read.sitting, read.prepares and read.can["create_below"]
    planned = queries.planned_for(sitting) if prepares else []
    return {
        "planned": [
            {"title": row.title, "article": row.article, "url": f"/p/{sitting.pk}/plan/{row.pk}/"} for row in planned
        ],
        "resume_url": f"/p/{sitting.pk}/reprise/" if prepares else "",
        "duplicate_url": f"/p/{sitting.pk}/dupliquer/",
    }
