"""Whatever screen or command writes: what left with a convocation is neither written again nor thrown away."""

from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver

from council.agenda.locks import why_closed
from council.agenda.models import AgendaItemPage, SittingPage, SittingRecord
from kb.pages.revising import revision_written
from kb.permissions import Denied, paths_down_to
from kb.refusals import Refused
from kb.trash.models import Deletion


class Closed(Refused, Denied):
    """What left with a convocation: a refusal where a screen expects one, a right that nobody has everywhere else."""


@receiver(revision_written)
def nothing_written(sender: Any, page: Any, **kwargs: Any) -> None:
    """In the transaction of the writing, which is then undone. Raises Closed."""
    if isinstance(page, SittingPage | AgendaItemPage) and page.by_change is None and page.is_closed():
        raise Closed(why_closed(page))


@receiver(pre_save, sender=Deletion)
def nothing_thrown_away(sender: Any, instance: Deletion, **kwargs: Any) -> None:
    """Neither a convened sitting, nor its items, nor a branch that holds some. Raises Refused."""
    if not instance._state.adding or instance.page is None:
        return
    path = instance.page.path
    convened = SittingRecord.objects.exclude(convened_at=None).select_related("page")
    held = (
        convened.filter(page__path__startswith=path).first()
        or convened.filter(page__path__in=paths_down_to(path)).first()
    )
    if held is not None and _was_sent(held.page, instance):
        raise Refused(
            f"« {held.page.title} » est convoquée : ce qui est parti avec une convocation se garde. Retirez plutôt le "
            "point de l’ordre du jour, ou archivez la page après la séance."
        )


def _was_sent(sitting: SittingPage, deletion: Deletion) -> bool:
    """An item written for an ordre du jour complémentaire that was not sent may still go."""
    page = deletion.page
    assert page is not None
    below = page.path.startswith(sitting.path) and page.path != sitting.path
    return not below or sitting.places.filter(item=page.pk).exclude(convened_revision=None).exists()
