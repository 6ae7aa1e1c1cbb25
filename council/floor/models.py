"""The events of a sitting, as they were typed: rows are added, never changed but to say that one was undone."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from council.agenda.models import SittingPage


class SittingEvent(models.Model):
    """One thing that happened in the room; `type` and `data` are those of docs/events.md."""

    id = models.UUIDField(primary_key=True)  # made on the laptop: the same typed twice is one row
    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="events")
    order = models.PositiveIntegerField()  # as typed; two events of one minute follow each other in it
    at = models.DateTimeField()  # when it happened, to the minute
    type = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["at", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "order"], name="events_of_a_sitting_follow_each_other"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="an_undone_event_knows_who_undid_it",
            ),
        ]

    @property
    def stands(self) -> bool:
        """Whether it counts."""
        return self.undone_at is None
