"""What the clock does for rights."""

import logging

from kb.access import inheritance
from kb.work import operations as work
from kb.work.registry import handles, nightly

logger = logging.getLogger(__name__)


@nightly(hour=4, minute=40)
def ask_for_comparing() -> None:
    """Asks the slow worker to compare the closure table of rights with the tree and the boundaries."""
    work.enqueue(kind="inheritance", queue="slow", key="inheritance")


@handles("inheritance")
def compare_inheritance(payload: dict[str, object], **kwargs: object) -> None:
    """Rebuilds the table where it differs, and says so: it should never."""
    if wrong := inheritance.repair():
        logger.error("The table of inheritance had %d wrong or missing rows; it was rebuilt.", wrong)
