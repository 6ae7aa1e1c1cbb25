"""Whatever screen or command publishes, a sitting and its items open with the convocation and never change after it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published

from council.agenda.models import OPENED_TOGETHER, AgendaItemPage, AgendaPlace, SittingPage, SittingRecord


@receiver(page_published)
def opened_with_the_convocation(sender: Any, instance: Page, revision: Any = None, **kwargs: Any) -> None:
    """In the transaction of the publication, which is then undone. Raises PermissionDenied."""
    said: Any = None
    if isinstance(instance, SittingPage):
        said = SittingRecord.objects.filter(page=instance.pk)
    elif isinstance(instance, AgendaItemPage):
        said = AgendaPlace.objects.filter(item=instance.pk)
    if said is not None and not (revision and said.filter(convened_revision=revision.pk).exists()):
        raise PermissionDenied(OPENED_TOGETHER)
