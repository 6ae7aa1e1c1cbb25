"""What a page shows of calendars."""

from typing import Any

from django import template

from council.agenda.enums import SittingState
from council.agenda.reading import read_sitting
from council.calendars.models import OutsideMeetingPage
from council.convening import queries as convening
from council.convening.models import Cancellation
from kb import typography

register = template.Library()


@register.simple_tag
def outside_meeting(page_id: int) -> dict[str, Any]:
    """When and where an outside instance meets; its draft where it is not published yet."""
    page = OutsideMeetingPage.objects.select_related("instance").filter(pk=page_id).first()
    if page is None:
        return {"instance": "", "when": "", "place": "", "called_off": False}
    shown = page if page.live else page.get_latest_revision_as_object()
    return {
        "instance": str(shown.instance),
        "when": typography.moment(shown.starts_at),
        "place": shown.place or shown.instance.place,
        "called_off": shown.called_off,
    }


NOT_OFF: dict[str, Any] = {"reason": "", "line": "", "later": None, "to_warn": "", "may": False}


@register.simple_tag(takes_context=True)
def called_off_of(context: Any, page_id: int) -> dict[str, Any]:
    """Why a sitting does not take place and what takes its place, where the person may know; whether he may call it off."""
    read = read_sitting(context["request"], page_id)
    if read is None:
        return NOT_OFF
    viewer, sitting, manages = read.viewer, read.sitting, read.manages
    off = Cancellation.objects.select_related("by").filter(sitting=page_id).first()
    if off is None:
        return NOT_OFF | {"may": manages and read.stage == SittingState.CONVENED}
    node = viewer.tree.nodes.get(off.moved_to_id) if off.moved_to_id else None
    later = (
        {"title": node.title if node.live else node.draft_title, "url": viewer.address(node)}
        if node and viewer.can_view(node)
        else None
    )
    on_paper = [str(one) for one in convening.to_convene(sitting) if not convening.has_mail(one)] if manages else []
    line = f"Séance {'reportée' if off.moved_to_id else 'annulée'} le {typography.day(off.at)}"
    return NOT_OFF | {"reason": off.reason, "line": line, "later": later, "to_warn": ", ".join(on_paper)}
