"""What a member asks the rapporteur of an item, and what he is answered. Nothing said here is ever erased."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from council.agenda.models import AgendaItemPage, SittingPage
from council.members.models import Mandate

LONGEST = 2000


class Question(models.Model):
    """One question and its answer, seen by all the members or by those two alone."""

    wagtail_reference_index_ignore = True  # Wagtail's « usages » of a page would tell of it
    item = models.ForeignKey(AgendaItemPage, models.PROTECT, related_name="questions")
    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="questions")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="questions")  # who asks
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(max_length=LONGEST)
    to_all = models.BooleanField()
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(max_length=LONGEST, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="an_answer_has_its_words_and_its_hour",
            ),
        ]
