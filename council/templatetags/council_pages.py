"""What pages show of the council: kb's templates ask here, kb's code knows nothing of it."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils import timezone

from council.agenda.enums import BEFORE_STATES, PlaceState
from council.agenda.models import AgendaItemPage, AgendaPlace, stage_of
from council.convening import queries as convening
from council.decisions.queries import doors_of
from council.follow_up import queries as follow_up
from council.frozen.queries import of_item
from council.items import queries as items
from council.members.models import Instance
from council.publication.sitting_papers import online
from council.questions import queries as questions
from council.withdrawals import queries as withdrawals
from council.withdrawals.models import Ground
from kb import typography
from kb.permissions import Viewer, abilities, viewer_of

register = template.Library()


def _viewer(context: Any) -> Viewer:
    request: HttpRequest = context["request"]
    return viewer_of(request)


@register.simple_tag(takes_context=True)
def item_of(context: Any, page_id: int) -> dict[str, Any]:
    """What stands above an item: its kind, its rapporteur, its note, and why it left the agenda."""
    item = AgendaItemPage.objects.select_related("rapporteur").filter(pk=page_id).first()
    if item is None:
        return {"kind": "", "rapporteur": "", "note": "", "closed": False, "left": "", "leave_url": ""}
    viewer = _viewer(context)
    frozen = of_item(item)
    shown = item if frozen or item.live else item.get_latest_revision_as_object()
    place = AgendaPlace.objects.filter(item=item.pk).exclude(state=PlaceState.ON).order_by("-pk").first()
    here = place is not None and place.sitting_id == item.get_parent().pk
    orders = not viewer.looker and abilities(viewer, item.get_parent())["edit"]
    return {
        "kind": frozen.kind if frozen else str(shown.get_item_kind_display()),
        "rapporteur": frozen.rapporteur if frozen else str(shown.rapporteur or ""),
        "note": frozen.note if frozen else shown.note,
        "closed": shown.behind_closed_doors,
        "left": f"{PlaceState(place.state).label} : {place.reason}" if place and here else "",
        "leave_url": f"/p/{item.pk}/quitter/"
        if orders and not here and stage_of(item.get_parent()) in BEFORE_STATES
        else "",
    }


NO_SIDE: dict[str, Any] = {
    "questions": [],
    "ask_url": "",
    "withdrawal": "",
    "declare_url": "",
    "back_url": "",
    "apart": [],
}


@register.simple_tag(takes_context=True)
def members_side_of(context: Any, page_id: int) -> dict[str, Any]:
    """Below an item: the questions that the person reads, and what he may ask or say; who takes no part, for who manages."""
    viewer = _viewer(context)
    item = AgendaItemPage.objects.select_related("rapporteur").filter(pk=page_id).first()
    sitting = questions.sitting_of(item) if item and viewer.signed_in and not viewer.looker else None
    if item is None or sitting is None:
        return NO_SIDE
    mandate = convening.own(sitting, viewer.user)
    found = {"questions": questions.lines(viewer, item, sitting)}
    if abilities(viewer, sitting)["publish"]:
        found["apart"] = withdrawals.lines(sitting, item)
    if mandate is None:
        return NO_SIDE | found
    own, to_come = withdrawals.of_member(item, mandate), sitting.starts_at > timezone.now()
    return (
        NO_SIDE
        | found
        | {
            "ask_url": f"/p/{item.pk}/questions/" if to_come else "",
            "withdrawal": str(Ground(own.ground).label).lower() if own else "",
            "declare_url": f"/p/{item.pk}/sans-moi/" if to_come and own is None else "",
            "back_url": f"/p/{item.pk}/sans-moi/fin/" if to_come and own else "",
        }
    )


@register.simple_tag(takes_context=True)
def council_about(context: Any, page_id: int) -> dict[str, Any]:
    """On a project's page: what the council has of it, and the way to propose."""
    viewer = _viewer(context)
    node = viewer.tree.nodes.get(page_id)
    if node is None or not viewer.signed_in or not viewer.can_view(node):
        return {"rows": [], "propose_url": "", "acts": []}
    may_propose = not viewer.looker and viewer.can_edit(node) and Instance.objects.filter(outside=False).exists()
    return {
        "rows": items.about(viewer, page_id),
        "propose_url": f"/p/{page_id}/proposer/" if may_propose else "",
        "acts": follow_up.about_page(viewer, page_id),
    }


@register.simple_tag
def public_paper_of(page_id: int, paper: str) -> dict[str, str]:
    """Since when a paper of a sitting is online, and where; asked by its own screens, for who makes it."""
    found = online().filter(sitting=page_id, paper=paper).first()
    return (
        {"on": typography.day(timezone.localtime(found.at)), "url": found.address} if found else {"on": "", "url": ""}
    )


@register.simple_tag(takes_context=True)
def council_doors(context: Any) -> dict[str, bool]:
    """What the council's own page leads to: the acts for who keeps some, the decisions for who keeps them or sits there."""
    viewer = _viewer(context)
    return doors_of(viewer)
