"""What ends a button: the minutes arrêtées, a mandate over."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from council.agenda.models import DoneStep
from council.convening import operations
from council.members.models import Mandate


@receiver(post_save, sender=DoneStep)
def minutes_approved(sender: Any, instance: DoneStep, **kwargs: Any) -> None:
    """« Arrêter le procès-verbal » was noted as done."""
    if instance.code == "minutes_approved":
        operations.end_buttons_of_sitting(sitting=instance.sitting, by=instance.noted_by)


@receiver(post_save, sender=Mandate)
def mandate_ended(sender: Any, instance: Mandate, **kwargs: Any) -> None:
    """Today or before; one that ends later is seen to each night."""
    if instance.until:
        operations.end_buttons_of_past_mandates()
