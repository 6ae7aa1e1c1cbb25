"""The days of the council's sittings, for the rules that spare an élu's mailbox the rest of the time."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from council.agenda.enums import SittingState
from council.agenda.models import SittingPage
from kb.notices.registries import knows_sittings

COUNCILS = ("commune", "commune_nouvelle")


@knows_sittings
def days(first: date, last: date) -> Iterator[date]:
    """Between two days, those on which the council sits, as its published pages say; a commission concerns a few."""
    found = SittingPage.objects.filter(live=True, instance__body__in=COUNCILS, starts_at__date__range=(first, last))
    found = found.exclude(record__state=SittingState.CANCELLED)
    yield from (timezone.localdate(moment) for moment in found.values_list("starts_at", flat=True))
