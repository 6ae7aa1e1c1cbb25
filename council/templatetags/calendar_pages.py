"""What a page shows of calendars."""

from typing import Any

from django import template

from council.calendars.models import OutsideMeetingPage
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
        "instance": str(shown.instance), "when": typography.moment(shown.starts_at), "place": shown.place,
        "called_off": shown.called_off,
    }  # fmt: skip
