"""Background work of search."""

from typing import Any

from kb.work import operations as work
from kb.work.models import Queue
from kb.work.registry import handles, nightly
from search import feeding, operations


@handles(operations.JOB)
def reindex(payload: dict[str, Any], *, progress: Any) -> None:
    """Writes again what is old or missing."""
    operations.rebuild(progress)


@handles(feeding.JOB)
def feed(payload: dict[str, Any], *, progress: Any) -> None:
    """Feeds Elasticsearch with what changed."""
    feeding.feed(progress)


@handles(feeding.REBUILD)
def rebuild_elsewhere(payload: dict[str, Any], *, progress: Any) -> None:
    """Writes Elasticsearch's index anew."""
    feeding.rebuild(progress)


@nightly(hour=3, minute=20)
def ask_for_missing_entries() -> None:
    """What has no entry, or an old one, is written: after an upgrade, an import by hand, a restored backup."""
    work.enqueue(kind=operations.JOB, queue=Queue.SLOW, key=operations.JOB)


@handles(operations.TEXTS)
def index_texts(payload: dict[str, Any], **kwargs: Any) -> None:
    """Writes again the entries of the files whose text was read."""
    operations.write_texts(payload["sha256"])
