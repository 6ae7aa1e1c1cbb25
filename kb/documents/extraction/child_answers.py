"""How the children that read texts answer: one line of JSON. Never imported by the server."""

import json
import sys
from collections.abc import Callable, Iterable

from kb.documents import containers
from kb.documents.extraction.word_cleaning import Refused


def answered(read: Callable[[bytes], tuple[Iterable[str], bool]]) -> bytes:
    """What `read` makes of standard input: its pages, and whether it holds pictures; or why it cannot.

    {"pages": [text, …], "pictures": bool} or {"refused": one of states.Reason}.
    """
    try:
        pages, pictures = read(sys.stdin.buffer.read())
        return json.dumps({"pages": list(pages), "pictures": pictures}).encode()
    except Refused as refused:
        reason = refused.reason
    except containers.Damaged:
        reason = "damaged"
    except containers.Bomb:
        reason = "unpacks"
    except RecursionError:
        reason = "too_deep"
    return json.dumps({"refused": reason}).encode()
