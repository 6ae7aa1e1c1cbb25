"""Where a draft stands, in words, above the draft itself; and what its author may do about it."""

from typing import Any

from django.urls import reverse
from wagtail.models import Revision

from kb import typography
from kb.moderation import operations, queries
from kb.permissions import Viewer


def where_it_stands(page: Any, revision: Revision, viewer: Viewer) -> dict[str, Any]:
    """What the band above a draft says of its circuit: for who edits the page."""
    waiting = queries.on_page(page, viewer)
    band: dict[str, Any] = {
        "stands": "",
        "note": "",
        "asked": None,
        "submit_url": "",
        "take_back_url": "",
        "decide_url": "",
        "restarted": "",
        "locked": False,
    }
    planned = page.scheduled_revision
    if planned is not None:
        return band | {"stands": f"Sera publiée le {typography.moment(planned.approved_go_live_at)}.", "locked": True}
    if waiting is not None:
        takes = viewer.user.pk in waiting.takers.ids
        return band | {
            "stands": waiting.stands,
            "note": waiting.takers.note,
            "restarted": waiting.submission.restarted_because if waiting.submission else "",
            "decide_url": reverse("review", args=[waiting.id]) if takes else "",
            "locked": not takes and not viewer.can_publish(page),
            "take_back_url": reverse("take_back_draft", args=[page.pk])
            if operations.may_take_back(viewer, page, waiting)
            else "",
        }
    returned = queries.asked_changes(page.pk)
    if returned is not None:
        band["asked"] = {"who": str(returned.finished_by or "Qui relit"), "words": returned.comment}
    if (page.has_unpublished_changes or not page.live) and queries.circuit_of(page) is not None:
        band["submit_url"] = reverse("submit_draft", args=[page.pk])
    return band
