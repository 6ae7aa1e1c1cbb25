"""The page editor and circuits: « Soumettre » saves and leads to the screen of submission; deciding is the desk's."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem, SubmitForModerationMenuItem

from kb.moderation import queries
from kb.permissions import viewer_of

Base: Any = object  # mixed into Wagtail's views, which are not typed
WAGTAILS = frozenset({"action-submit", "action-restart-workflow", "action-cancel-workflow", "approve", "reject"})


class Submits(Base):
    """Creating or editing: `action-submit` saves a whole draft, then goes to its submission, or back to the desk."""

    request: HttpRequest
    page: Any

    @cached_property
    def action_name_and_method(self) -> tuple[str, Any]:
        """Wagtail's, but submitting; what ends or restarts a circuit is done by our deeds alone."""
        if self.request.POST.get("action-submit"):
            return "submit", self.submit_action
        found: tuple[str, Any] = super().action_name_and_method
        return found if found[0] in {"save", "publish"} else ("save", self.save_action)

    def submit_action(self) -> HttpResponse:
        """Saves, then asks what changes and who is told, with advice."""
        response: HttpResponse = self.save_action()
        if response.status_code != 302 or self.page.pk is None:
            return response
        waiting = queries.on_page(self.page, viewer_of(self.request))
        if waiting is not None and self.request.user.pk in waiting.takers.ids:
            return redirect("review", waiting.id)
        return redirect("submit_draft", self.page.pk)


class EditsInCircuit(Submits):
    """Editing a page whose draft may wait."""

    is_cancelling_workflow = False  # « Reprendre mon brouillon », on the draft itself


class SubmitItem(SubmitForModerationMenuItem):
    """« Soumettre à la relecture »: for who edits, where a circuit waits for it."""

    label = "Soumettre à la relecture"
    icon_name = "resubmit"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Without the circuit's name, which is a sentence."""
        return ActionMenuItem.get_context_data(self, parent_context)


class DecideItem(SubmitItem):
    """« Relire et décider »: for who takes the step at which the draft waits, once his corrections are saved."""

    label = "Enregistrer et décider"
    icon_name = "success"

    def is_shown(self, context: Any) -> bool:
        """See above."""
        if context["view"] != "edit" or context["page"].current_workflow_state is None:
            return False
        return queries.takes_page(context["request"].user, context["page"])


@hooks.register("construct_page_action_menu", order=50)
def circuit_items(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Ours in the place of Wagtail's; the first button for who may not publish."""
    items[:] = [item for item in items if item.name not in WAGTAILS]
    decide, submit = DecideItem(order=5), SubmitItem(order=5)
    if decide.is_shown(context):
        items.insert(0, decide)
    elif submit.is_shown(context):
        publishes = any(item.name == "action-publish" for item in items)
        items.insert(len(items) if publishes else 0, submit)
