"""What makes délibérations: the closing of a sitting, and what is corrected after it."""

from typing import Any

from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from council.acts import minutes, operations
from council.agenda.enums import SittingState
from council.agenda.models import DoneStep, SittingPage, SittingRecord, stage_of
from council.floor.models import SittingEvent


@receiver(post_save, sender=SittingRecord)
def sitting_closed(sender: Any, instance: SittingRecord, **kwargs: Any) -> None:
    """« Lever la séance », in its transaction: by who noted the closing."""
    if instance.state != SittingState.CLOSED:
        return
    closing = (
        SittingEvent.objects.filter(sitting=instance.page_id, type="close", undone_at=None).order_by("order").last()
    )
    if closing is not None:
        operations.number_all(sitting=_sitting(instance.page_id), by=closing.by)


@receiver(post_save, sender=SittingEvent)
def event_corrected(sender: Any, instance: SittingEvent, created: bool, **kwargs: Any) -> None:
    """A dated act on the events is one on the acts drawn from them."""
    if created and instance.type == "correct":
        reason = str(instance.data.get("reason", ""))
        operations.number_all(sitting=_sitting(instance.sitting_id), by=instance.by, reason=reason)


def _sitting(pk: int) -> SittingPage:
    return SittingPage.objects.select_related("instance").get(pk=pk)


@receiver(pre_save, sender=DoneStep)
def minutes_step(sender: Any, instance: DoneStep, raw: bool = False, **kwargs: Any) -> None:
    """Where the sitting was held here, its minutes are arrêtées and published by their own deeds. Raises Refused.

    A sitting whose papers were made by hand is ticked as before.
    """
    if raw or instance.code not in {"minutes_approved", "minutes_published"}:
        return
    if stage_of(instance.sitting) == SittingState.CLOSED:
        minutes.check_publishable(instance.sitting)
