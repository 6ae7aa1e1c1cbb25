"""What the pages of a convened sitting and of its items show of what changed since, and how to change more."""

from typing import Any

from django import template

from council.agenda.enums import PlaceState, SittingState
from council.agenda.models import AgendaItemPage, SittingPage
from council.agenda.reading import read_sitting
from council.convening.queries import signs_for
from council.frozen import following, queries
from council.frozen.models import PaperChange
from kb.permissions import Viewer, abilities, viewer_of

register = template.Library()


def _line(change: PaperChange, *, manages: bool) -> dict[str, Any]:
    """One change, as its readers see it; where its sending stands, for who manages."""
    sitting = f"/p/{change.sitting_id}/"
    own = f"/p/{change.place.item_id}/changements/{change.pk}/" if change.place else ""
    return {
        "said": queries.said_of(change),
        "number": change.place.number if change.place else "",
        "reason": change.reason,
        "url": own,
        "follow_url": f"{sitting}changements/{change.pk}/envois/" if manages else "",
        "alarms": ", ".join(following.alarms(change)) if manages else "",
    }


@register.simple_tag(takes_context=True)
def changes_of_sitting(context: Any, page_id: int) -> dict[str, Any]:
    """What changed since the convocation, among the items that the person reads; and the way to add an item."""
    read = read_sitting(context["request"], page_id)
    if read is None or read.stage == SittingState.PREPARATION:
        return {"rows": [], "add_url": "", "open": False}
    viewer, sitting, manages = read.viewer, read.sitting, read.manages
    seen = {row["id"] for row in read.agenda} if sitting.changes.exists() else set()
    shown = [one for one in queries.sent_changes(sitting) if one.place is None or one.place.item_id in seen]
    opened = queries.open_addition(sitting) is not None
    takes_part = manages or (opened and _signs(viewer, sitting))
    return {
        "rows": [_line(one, manages=manages) for one in reversed(shown)],
        "add_url": f"/p/{sitting.pk}/complement/" if takes_part and queries.is_to_come(sitting) else "",
        "open": opened,
    }


def _signs(viewer: Viewer, sitting: SittingPage) -> bool:
    """Whether the person presides, and reads the drafts that he would sign."""
    if not viewer.signed_in or viewer.looker or not abilities(viewer, sitting)["read_draft"]:
        return False
    return signs_for(sitting, viewer.user) is not None


@register.simple_tag(takes_context=True)
def changes_of_item(context: Any, page_id: int) -> dict[str, Any]:
    """What changed in an item since it was sent; for who manages its sitting, what may be replaced or corrected."""
    item = AgendaItemPage.objects.filter(pk=page_id).first()
    frozen = queries.of_item(item) if item else None
    if item is None or frozen is None:
        return {"rows": [], "pieces": [], "correct_url": "", "correcting": False}
    viewer: Viewer = viewer_of(context["request"])
    sitting = frozen.place.sitting
    manages = viewer.signed_in and not viewer.looker and abilities(viewer, sitting)["publish"]
    changes = queries.sent_changes(frozen.place) if viewer.signed_in else []
    open_now = manages and queries.is_to_come(sitting) and frozen.place.state == PlaceState.ON
    return {
        "rows": [_line(one, manages=manages) for one in reversed(changes)],
        "pieces": [
            {"title": row.content["title"], "url": f"/p/{item.pk}/pieces/{row.pk}/remplacer/"}
            for row in frozen.annexes
            if open_now and row.pk
        ],
        "correct_url": f"/p/{item.pk}/correction/" if open_now else "",
        "correcting": open_now and queries.open_correction(frozen.place) is not None,
    }
