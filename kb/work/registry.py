"""Who does what kind of job, and what runs by the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
routines: dict[str, "Schedule"] = {}


class UnknownKind(Exception):
    """No room handles this kind of job."""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Registers `handler(payload, *, progress)` for a kind.

    It must be idempotent, and call `progress(done, total)` at least every four minutes: that keeps its lease.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def handler_of(kind: str) -> Handler:
    """The handler of a kind. Raises UnknownKind."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(f"Personne ne sait faire un travail « {kind} » dans cette version.") from None


@dataclass(frozen=True)
class Schedule:
    """When a routine is due: every so often, or once a night at an hour of the town.

    A nightly one only asks for jobs: it runs in the transaction that writes its row, so that a power cut
    between the two neither forgets nor doubles it.
    """

    run: Callable[[], Any]
    every: timedelta | None = None
    at: tuple[int, int] = (0, 0)

    @property
    def is_nightly(self) -> bool:
        """Whether it runs by the hour of the town."""
        return self.every is None

    def is_due(self, last: datetime | None, now: datetime) -> bool:
        """Whether it must run now, having last run at `last`."""
        if self.every is not None:
            return last is None or now - last >= self.every
        local = timezone.localtime(now)
        tonight = local.replace(hour=self.at[0], minute=self.at[1], second=0, microsecond=0)
        planned = tonight if local >= tonight else tonight - timedelta(days=1)
        return last is None or last < planned


def every(*, minutes: int) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Runs the function every so many minutes."""
    return _routine(lambda run: Schedule(run, every=timedelta(minutes=minutes)))


def nightly(*, hour: int, minute: int) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Runs the function once a night, late rather than never."""
    return _routine(lambda run: Schedule(run, at=(hour, minute)))


def _routine(make: Callable[[Callable[[], Any]], Schedule]) -> Any:
    def register(run: Callable[[], Any]) -> Callable[[], Any]:
        routines[f"{run.__module__}.{run.__name__}"] = make(run)
        return run

    return register
