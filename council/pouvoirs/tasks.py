"""Each night: the pouvoirs of mandates that ended."""

from council.pouvoirs import operations
from kb.work.registry import nightly


@nightly(hour=0, minute=12)
def end_pouvoirs() -> None:
    """A mandate may end on a day that was written long before."""
    operations.end_of_past_mandates()
