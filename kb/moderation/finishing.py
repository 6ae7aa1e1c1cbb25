"""The end of a circuit. Wagtail imports it while its own models load: nothing may be imported above."""

from typing import Any


def publish_approved(state: Any, user: Any = None) -> None:
    """What was approved is exactly what is published, whatever was written since: WAGTAIL_FINISH_WORKFLOW_ACTION."""
    if getattr(state.content_object.specific, "published_apart", ""):
        return  # it is ready, and waits for the deed of its own floor
    approved = state.task_states.filter(status="approved").order_by("-finished_at", "-pk").first()
    approved.revision.publish(user=user, skip_permission_checks=True)
