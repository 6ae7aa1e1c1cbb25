"""The nightly backup."""

import time
from typing import Any

from kb.backup import operations
from kb.work import operations as work
from kb.work.registry import handles, nightly

SAID_EVERY = 10  # seconds: saying it for each of 20,000 files would be 20,000 writes


@nightly(hour=3, minute=10)
def ask_for_backup() -> None:
    """Asks the slow worker for tonight's backup."""
    work.enqueue(kind="backup", queue="slow", key="backup")


@handles("backup")
def back_up(payload: dict[str, Any], *, progress: Any = None, **kwargs: Any) -> None:
    """Makes it."""
    said = time.monotonic()

    def say(done: int) -> None:
        nonlocal said
        if progress and time.monotonic() - said > SAID_EVERY:
            said = time.monotonic()
            progress(done)

    operations.make_backup(progress=say)
