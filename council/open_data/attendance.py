"""Who was there, sitting by sitting: for the town's own use, never public."""

from typing import Any

from django.utils import timezone

from council.acts.evening import Evening, evening_of
from council.agenda.models import SittingPage
from kb.permissions import Viewer
from kb.typography import hour

COLUMNS = ("SEANCE", "DATE", "MEMBRE", "FONCTION", "PRESENCE", "POUVOIR_A", "ARRIVEES_DEPARTS")


def attendance(person: Any, year: int) -> list[dict[str, str]]:
    """A row for each member of each sitting held that year, of the sittings that the person keeps."""
    viewer = Viewer.of(person)
    held = SittingPage.objects.filter(viewer.managed(), starts_at__year=year, events__isnull=False).distinct()
    found: list[dict[str, str]] = []
    for sitting in held.order_by("starts_at"):
        told = evening_of(sitting)
        found += [_row(sitting, told, name) for name in told.members]
    return found


def _row(sitting: SittingPage, told: Evening, name: str) -> dict[str, str]:
    pouvoirs = dict(told.roll.represented)
    present = "Présent" if name in told.roll.present else "Arrivé en cours de séance" if name in told.been_in else ""
    return {
        "SEANCE": sitting.title,
        "DATE": timezone.localdate(sitting.starts_at).isoformat(),
        "MEMBRE": name,
        "FONCTION": told.offices.get(name, ""),
        "PRESENCE": present or ("Représenté" if name in pouvoirs else "Absent"),
        "POUVOIR_A": pouvoirs.get(name, ""),
        "ARRIVEES_DEPARTS": " ; ".join(f"{hour(one.at)} {one.words}" for one in told.comings if one.name == name),
    }
