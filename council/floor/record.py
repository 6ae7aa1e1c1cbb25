"""From the standing events of a sitting to what the engine says of them. Reads and computes; writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from council.floor.models import SittingEvent
from council.participation import Event, Sitting, replay

Row = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """A sitting as its events tell it. `events` are all of them, undone ones too, in order of time."""

    events: tuple[SittingEvent, ...] = ()
    sitting: Sitting | None = None  # None before the opening
    made: Mapping[str, tuple[Row, ...]] = field(
        default_factory=dict
    )  # event's id → its rows, as they were just after it

    @property
    def rows(self) -> list[Row]:
        """What `docs/events.md` says of each ballot."""
        return self.sitting.rows if self.sitting else []

    @property
    def standing(self) -> list[SittingEvent]:
        """The events that count."""
        return [event for event in self.events if event.stands]


def as_engine_reads(event: SittingEvent) -> dict[str, Any]:
    """An event as docs/events.md writes it."""
    return {**event.data, "id": str(event.pk), "at": timezone.localtime(event.at).isoformat(), "type": event.type}


def told_by(events: Iterable[SittingEvent]) -> Record:
    """The record of these events. Raises council.participation.Refused."""
    found = tuple(sorted(events, key=lambda event: (event.at, event.order)))
    standing = [as_engine_reads(event) for event in found if event.stands]
    if not standing:
        return Record(found)
    made: dict[str, tuple[Row, ...]] = {}
    before: list[Row] = []

    def note(event: Event, sitting: Sitting) -> None:
        nonlocal before
        made[event.key] = tuple(
            dict(row) for place, row in enumerate(sitting.rows) if place >= len(before) or row is not before[place]
        )
        before = list(sitting.rows)

    return Record(found, replay(standing, note), made)
