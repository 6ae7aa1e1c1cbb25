"""What follows a convocation, and a mandate that ends."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from council.agenda.enums import SittingState
from council.agenda.models import SittingRecord
from council.members.models import Mandate
from council.pouvoirs import operations


@receiver(post_save, sender=SittingRecord)
def sitting_convened(sender: Any, instance: SittingRecord, **kwargs: Any) -> None:
    """The pouvoirs of the sitting before may serve this one too."""
    if instance.state == SittingState.CONVENED:
        operations.carry_over(sitting=instance.page)


@receiver(post_save, sender=Mandate)
def mandate_ended(sender: Any, instance: Mandate, **kwargs: Any) -> None:
    """Today or before; one that ends later is seen to each night."""
    if instance.until:
        operations.end_of_past_mandates()
