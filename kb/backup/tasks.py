"""The nightly backup."""

from typing import Any

from kb.backup import operations
from kb.work import operations as work
from kb.work.registry import handles, nightly


@nightly(hour=3, minute=10)
def ask_for_backup() -> None:
    """Asks the slow worker for tonight's backup."""
    work.enqueue(kind="backup", queue="slow", key="backup")


@handles("backup")
def back_up(payload: dict[str, Any], **kwargs: Any) -> None:
    """Makes it."""
    operations.make_backup()
