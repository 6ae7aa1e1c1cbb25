"""A sitting as one request shows it: its page has a dozen parts, and what they share is asked once."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from council.agenda import queries
from council.agenda.enums import SittingState
from council.agenda.models import SittingPage, stage_of
from kb.permissions import Viewer, abilities, viewer_of


class SittingRead:
    """What a person reads of a sitting. To show it; a deed asks again, what stands may have moved meanwhile."""

    def __init__(self, viewer: Viewer, sitting: SittingPage) -> None:
        self.viewer, self.sitting = viewer, sitting

    @cached_property
    def stage(self) -> SittingState:
        """Where it stands."""
        return stage_of(self.sitting)

    @cached_property
    def can(self) -> dict[str, bool]:
        """What the person may do with it, by its name in kb/permissions.py."""
        return abilities(self.viewer, self.sitting)

    @property
    def manages(self) -> bool:
        """Whether he answers for it, as himself."""
        return self.can["publish"] and not self.viewer.looker

    @property
    def prepares(self) -> bool:
        """Whether he writes its agenda, as himself, while nothing has left."""
        return self.can["edit"] and not self.viewer.looker and self.stage == SittingState.PREPARATION

    @cached_property
    def clock(self) -> list[dict[str, Any]]:
        """The legal clock today. Raises clock.CannotTell."""
        return queries.clock_rows(self.sitting, timezone.localdate())

    @cached_property
    def agenda(self) -> list[dict[str, Any]]:
        """The items that he may know of (council.agenda.queries.agenda)."""
        return queries.agenda(self.viewer, self.sitting)


def read_sitting(request: HttpRequest, page_id: int) -> SittingRead | None:
    """The sitting of that page for who asks; None where it is not written yet. One query a request."""
    kept: dict[int, SittingRead | None] = vars(request).setdefault("sittings_read", {})
    if page_id not in kept:
        sitting = SittingPage.objects.select_related("instance").filter(pk=page_id).first()
        kept[page_id] = SittingRead(viewer_of(request), sitting) if sitting else None
    return kept[page_id]
