"""Background work: scans that bear no letters are read, to find which act each one signs."""

from typing import Any

from council.acts import signing
from kb.work.models import KINDS
from kb.work.registry import handles

KINDS[signing.JOB] = "Reconnaître un papier signé"


@handles(signing.JOB)
def recognise(payload: dict[str, Any], *, progress: Any = None, **kwargs: Any) -> None:
    """One scan; what it is not sure of is asked for on the screen."""
    signing.recognise(payload["copy"], progress=progress)
