"""The days on which a sitting keeps the council busy, for the rules that spare an élu's mailbox the rest of the time."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from council.agenda.enums import SittingState
from council.agenda.models import SittingPage
from kb.notices.registries import knows_sittings

COUNCILS = ("commune", "commune_nouvelle")


@knows_sittings
def days(first: date, last: date) -> Iterator[date]:
    """Between two days, those from a convocation to its sitting, that day alone where none has left yet.

    What the law makes the town send meanwhile (papers replaced, pouvoirs) is no reason to hold back anything else. As
    the published pages say, and of the council alone: a commission concerns a few.
    """
    found = SittingPage.objects.filter(live=True, instance__body__in=COUNCILS, starts_at__date__gte=first)
    found = found.exclude(record__state=SittingState.CANCELLED)
    for starts_at, sent_on in found.values_list("starts_at", "record__sent_on"):
        day = timezone.localdate(starts_at)
        start, end = max(first, min(sent_on or day, day)), min(last, day)
        yield from (start + timedelta(days=number) for number in range((end - start).days + 1))
