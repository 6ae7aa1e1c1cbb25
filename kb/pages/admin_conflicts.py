"""Two people on one page: the dialog offers to compare first; to pass over the other's work is a second choice."""

import re
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.ui.editing_sessions import EditingSessionsModule

_BUTTONS = re.compile(r'<div class="w-editing-sessions-dialog-buttons">.*?</div>', re.DOTALL)


class ConflictFirstCompared(EditingSessionsModule):
    """Wagtail's, whose first button was « Publier », over what somebody else has just saved."""

    def render_html(self, parent_context: Any = None) -> SafeString:
        """Its HTML, with our buttons in the dialog."""
        context = {"page_id": self.current_session.object_id, "revision_id": self.revision_id}
        buttons = render_to_string("kb/admin/conflict_buttons.html", context)
        html = _BUTTONS.sub(lambda _: buttons, super().render_html(parent_context))
        return mark_safe(html)  # noqa: S308 - two templates, each escaped
