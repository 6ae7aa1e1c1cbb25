"""What the council's first settlement brings with it; what a signature of the agenda says of its items."""

from contextlib import suppress
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from council.agenda.enums import PlaceState
from council.agenda.queries import placed
from council.convening.models import Signature
from council.items.circuit import MAIRE
from council.items.models import YearlyItem
from council.items.queries import to_be_signed, unchecked
from council.items.starting import MODEL, MODEL_BODY, PLAN
from council.members.models import Instance
from council.members.operations import instance_settled
from council.rules import COMMUNES
from kb.moderation import operations as moderation
from kb.moderation import queries as waiting
from kb.pages.models import PageModel
from kb.permissions import Viewer


@receiver(instance_settled)
def start(sender: Any, instance: Instance, **kwargs: Any) -> None:
    """A conseil municipal gets its model and its plan once; what a town changed or ended is left as it is."""
    if instance.body not in COMMUNES:
        return
    if not PageModel.objects.filter(page_type=MODEL["page_type"]).exists():
        body = [{"type": "paragraph", "value": html} for html in MODEL_BODY]
        PageModel.objects.get_or_create(name=MODEL["name"], defaults={**MODEL, "body": body, "position": 50})
    if instance.yearly_items.exists():
        return
    population = instance.population(timezone.localdate())
    inhabitants = population.inhabitants if population else 0
    YearlyItem.objects.bulk_create(
        YearlyItem(
            instance=instance,
            month=row.month,
            title=row.title,
            item_kind=row.item_kind,
            matter=row.matter,
            article=row.article,
            concerns_money=row.concerns_money,
            since=row.since,
        )
        for row in PLAN
        if inhabitants >= row.from_inhabitants
    )


@receiver(post_save, sender=Signature)
def agreed_by_signing(sender: Any, instance: Signature, created: bool, **kwargs: Any) -> None:
    """Who presides and signs the agenda on screen agrees to the items that wait for nobody but him; others still wait.

    What is signed before its circuit is over is written beside the signature: it is on the signer's responsibility.
    """
    if not created:
        return
    if instance.on_screen:
        _agree(instance)
    instance.unchecked = unchecked(to_be_signed(instance.sitting))
    instance.save(update_fields=["unchecked"])


def _agree(instance: Signature) -> None:
    for row in placed(instance.sitting):
        found = waiting.on_page(row.item, Viewer(instance.by)) if row.state == PlaceState.ON else None
        if found is None or found.step != MAIRE or instance.by_id not in found.takers.ids:
            continue
        seen = waiting.seen(row.item, row.item.get_latest_revision())
        with suppress(moderation.Refused):  # what is not fit to leave waits: the signature names it
            moderation.approve(task_state=found.task_state, by=instance.by, seen=seen, words="Ordre du jour signé.")
