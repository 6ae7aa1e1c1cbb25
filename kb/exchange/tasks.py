"""Background work: exports."""

from typing import Any

from kb.exchange import exports
from kb.work.registry import handles


@handles("export")
def make_export(payload: dict[str, Any], *, progress: Any = None, **kwargs: Any) -> None:
    """Makes one Export; asked twice it is made once."""
    exports.make(payload["export"], progress=progress)
