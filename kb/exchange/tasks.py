"""Background work: exports, and files brought in."""

from typing import Any

from kb.exchange import exports, receiving
from kb.work import operations as work
from kb.work.registry import handles, nightly


@handles("export")
def make_export(payload: dict[str, Any], *, progress: Any = None, **kwargs: Any) -> None:
    """Makes one Export; asked twice it is made once."""
    exports.make(payload["export"], progress=progress)


@handles(receiving.JOB)
def take_in(payload: dict[str, Any], **kwargs: Any) -> None:
    """Reads one file brought in; asked twice it is read once."""
    receiving.take_in(payload["record"], reuse=payload["reuse"])


@nightly(hour=4, minute=35)
def ask_for_tidying() -> None:
    """Asks the slow worker to let go of files that nobody answered for."""
    work.enqueue(kind="tidy_imports", queue="slow", key="tidy_imports")


@handles("tidy_imports")
def tidy(payload: dict[str, Any], **kwargs: Any) -> None:
    """Lets them go."""
    receiving.tidy()
