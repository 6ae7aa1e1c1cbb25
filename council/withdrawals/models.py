"""Who takes no part in an item, and on what ground."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from council.agenda.models import AgendaItemPage, SittingPage
from council.members.models import Mandate
from council.participation.room import GROUNDS


class Ground(models.TextChoices):
    """Why a member is concerned: the engine's grounds, in French."""

    PERSONAL = "personal", "Intérêt personnel"  # L2131-11
    REPRESENTATIVE = "representative", "Représentant de la commune"  # L1111-6 II


assert set(Ground.values) == set(GROUNDS)


class Withdrawal(models.Model):
    """One member's, about one item; taken back, the row stays."""

    wagtail_reference_index_ignore = True  # Wagtail's « usages » of a page would tell of it
    item = models.ForeignKey(AgendaItemPage, models.PROTECT, related_name="withdrawals")
    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="withdrawals")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="withdrawals")
    ground = models.CharField(max_length=14, choices=Ground)
    why = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["mandate__position", "mandate__list_rank", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "mandate"], condition=Q(ended_at=None), name="one_withdrawal_per_item_and_member"
            ),
        ]
