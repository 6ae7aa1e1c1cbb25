"""What a digest says of the pages to check: once when the date comes near, once when it is past."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from kb import typography
from kb.life.models import ReviewDate
from kb.life.queries import SOON, reviews_due
from kb.notices.registries import Line, contributes

A_DAY = timedelta(days=1)


@contributes
def to_check(person: Any, since: datetime) -> Iterator[Line]:
    """The pages that this person checks, and whose date came near, or was passed, since his last digest. Two queries."""
    now = timezone.now()
    found = reviews_due(person, timezone.localdate() + SOON)
    set_at = dict(ReviewDate.objects.filter(page__in=[due.node.id for due in found]).values_list("page", "set_at"))
    for due in found:
        near = max(_start_of(due.due - SOON), set_at[due.node.id])
        past = _start_of(due.due + A_DAY)
        if since < past <= now:
            words = f"À vérifier depuis le {typography.day(due.due)}"
        elif since < near <= now:
            words = f"À vérifier avant le {typography.day(due.due)}"
        else:
            continue
        yield Line(words, f"/p/{due.node.id}/", "vous vérifiez cette page", page=due.node.id, asks=True)


def _start_of(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
