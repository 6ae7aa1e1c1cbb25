"""Background work on the text of files."""

from typing import Any

from kb.documents.extraction import operations, taking_up
from kb.work.registry import every, handles


@handles(operations.READ)
def read_text(payload: dict[str, Any], *, progress: operations.Progress) -> None:
    """Reads a file."""
    operations.read_text(sha256=payload["sha256"], progress=progress)


@handles(operations.RECOGNISE)
def recognise(payload: dict[str, Any], *, progress: operations.Progress) -> None:
    """Reads the scans of a file."""
    operations.recognise(sha256=payload["sha256"], progress=progress)


@every(minutes=15)
def take_up_readings() -> None:
    """What was left unread."""
    taking_up.take_up()
