"""What the council's first settlement brings with it."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from council.items.models import YearlyItem
from council.items.starting import MODEL, MODEL_BODY, PLAN
from council.members.models import Instance
from council.members.operations import instance_settled
from council.rules import COMMUNES
from kb.pages.models import PageModel


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
            instance=instance, month=row.month, title=row.title, item_kind=row.item_kind, matter=row.matter,
            article=row.article, concerns_money=row.concerns_money, since=row.since,
        )
        for row in PLAN
        if inhabitants >= row.from_inhabitants
    )  # fmt: skip
