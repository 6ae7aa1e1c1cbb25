"""What a sitting and an item show of reading without a network, and of private notes."""

from typing import Any

from django import template

from council.agenda.reading import read_sitting
from council.offline import queries
from kb.permissions import viewer_of

register = template.Library()


@register.simple_tag(takes_context=True)
def offline_of(context: Any, page_id: int) -> dict[str, Any]:
    """Whether the person may keep this sitting on his device, or why not from this address."""
    read = read_sitting(context["request"], page_id)
    if read is None or not queries.may_keep(read.viewer, read.sitting):
        return {"shown": False, "offered": False, "not_here": ""}
    offered = queries.is_offered()
    return {"shown": True, "offered": offered, "not_here": "" if offered else queries.NOT_HERE}


@register.simple_tag(takes_context=True)
def notes_of(context: Any, page_id: int) -> dict[str, Any]:
    """Where the person's notes on an item are; nothing where he writes none."""
    viewer = viewer_of(context["request"])
    if queries.item_with_notes(viewer, page_id) is None:
        return {"url": "", "person": "", "offered": False, "not_here": ""}
    offered = queries.is_offered()
    return {
        "url": f"/p/{page_id}/notes/",
        "person": queries.name_on_devices(viewer.user),
        "offered": offered,
        "not_here": "" if offered else queries.NOT_HERE,
    }
