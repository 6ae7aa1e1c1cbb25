"""Each night: the buttons of mandates that ended."""

from council.convening import operations
from kb.work.registry import nightly


@nightly(hour=0, minute=10)
def end_buttons() -> None:
    """A mandate may end on a day that was written long before."""
    operations.end_buttons_of_past_mandates()
