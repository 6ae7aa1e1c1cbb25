"""Each night: who has something to do is reminded."""

from council.follow_up import operations
from kb.work.registry import nightly


@nightly(hour=5, minute=20)
def remind() -> None:
    """The week before, and once the day has passed."""
    operations.remind()
