"""Whatever screen or command saves or publishes: what is typed hides nothing, and what was convened does not change."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models.signals import pre_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published

from council.agenda.models import OPENED_TOGETHER, AgendaItemPage, AgendaPlace, SittingPage, SittingRecord
from kb import direction_marks
from kb.pages.revising import revision_written


@receiver(pre_save)
def typed(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """No line that a person types hides how it reads; pages are cleared by kb."""
    if not raw and sender._meta.app_label == "council" and not isinstance(instance, Page):
        direction_marks.clear(instance)


@receiver(revision_written)
def as_its_draft_says(sender: Any, page: Any, **kwargs: Any) -> None:
    """A sitting that nobody has received yet is when and where its newest draft says: its clock is read from the page."""
    if isinstance(page, SittingPage):
        said = {name: getattr(page, name) for name in ("starts_at", "place", "sitting_kind", "instance_id")}
        SittingPage.objects.filter(pk=page.pk, live=False).update(**said)


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
