"""The participation engine: from a list of events to who is there, the quorum and the result of each ballot.

Pure: no database, no clock, no file. `replay` is the front; the format of events and rows is `docs/events.md`, the
law's is `council.rules`. Replaying an event whose id has been seen changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from council.participation.reading import Event, Refused, from_json, read
from council.participation.sitting import Sitting, hold

__all__ = ["Event", "Refused", "Sitting", "from_json", "replay"]


def replay(events: Iterable[Mapping[str, Any]], told: Callable[[Event, Sitting], None] | None = None) -> Sitting:
    """The sitting after these events: `rows` has a dictionary per ballot. Raises Refused, a French sentence.

    `told` is called with each event and the sitting just after it.
    """
    return hold(read(events), told)
