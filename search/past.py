"""What a person searched: his alone, to be found again; and, without anybody's name, what the town finds nothing for."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from search.memory import Fruitless, PastSearch

KEPT_PAST = 30  # of one person, those he keeps apart
LONGEST = 300  # characters


@transaction.atomic
def remember(*, person: Any, words: str, address: str, found: int) -> None:
    """Writes a search of a person; the oldest go. What found nothing is counted for the town, without a name."""
    words = " ".join(words.split())[:LONGEST]
    PastSearch.objects.update_or_create(
        person=person, words=words, defaults={"address": address[:1000], "at": timezone.now()}
    )
    mine = PastSearch.objects.filter(person=person, is_kept=False).order_by("-at").values_list("pk", flat=True)
    PastSearch.objects.filter(pk__in=list(mine[KEPT_PAST:])).delete()
    if not found:
        Fruitless.objects.update_or_create(
            words=words.lower(),
            defaults={"times": F("times") + 1, "last_at": timezone.now()},
            create_defaults={"words": words.lower(), "times": 1, "last_at": timezone.now()},
        )


def keep(*, person: Any, words: str, address: str) -> bool:
    """Keeps a search, or lets it go; whether it is kept now."""
    row, _ = PastSearch.objects.get_or_create(
        person=person, words=" ".join(words.split())[:LONGEST], defaults={"address": address[:1000]}
    )
    row.is_kept = not row.is_kept
    row.address = address[:1000]
    row.save(update_fields=["is_kept", "address"])
    return row.is_kept


def of(person: Any, *, beginning: str = "", most: int = 8) -> list[PastSearch]:
    """The searches of a person, those he keeps first."""
    rows = PastSearch.objects.filter(person=person)
    if beginning:
        rows = rows.filter(words__icontains=beginning)
    return list(rows.order_by("-is_kept", "-at")[:most])
