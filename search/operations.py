"""Deeds on the index."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.models import Page

from kb.documents.models import DocumentVersion
from kb.people.account import User
from kb.work import operations as work
from kb.work.models import Job, Queue
from search import acts, entries, feeding, french
from search.acts import Source
from search.models import Entry

JOB = "reindex"
TEXTS = "index_texts"
BATCH = 50


@transaction.atomic
def ask_for_rebuilding(*, by: User | None = None) -> Job:
    """Marks every entry as old and asks for the job that writes them again; meanwhile the old ones answer."""
    Entry.objects.update(analyzer_version=0, fingerprint="")
    return work.enqueue(kind=JOB, queue=Queue.SLOW, key=JOB, requested_by=by)


def ask_for_branch(path: str) -> Job:
    """Asks for the entries of the pages from this tree path down to be written again; the old ones answer meanwhile."""
    below = Page.objects.filter(path__startswith=path)
    Entry.objects.filter(page__in=below.values("pk")).update(analyzer_version=0, fingerprint="")
    return work.enqueue(kind=JOB, queue=Queue.SLOW, key=JOB)


def ask_for_feeding(*, by: User | None = None) -> Job:
    """Asks for Elasticsearch's index to be written anew; its old one answers meanwhile."""
    return work.enqueue(kind=feeding.REBUILD, queue=Queue.SLOW, key=feeding.REBUILD, requested_by=by)


def rebuild(progress: Any) -> int:
    """Writes again what an older analysis wrote, and what has no entry, batch by batch; their number.

    Killed, it goes on where it stood: what is done is no longer old. `progress(done, total)` is called at each batch.
    """
    total = missing()
    done = 0
    after = 0
    while batch := list(pages_to_write().filter(pk__gt=after).order_by("pk")[:BATCH]):
        with transaction.atomic():
            for page in batch:
                entries.write_page(page)
        after, done = batch[-1].pk, done + len(batch)
        progress(done, total)
    after = 0
    versions = versions_to_write().select_related("document")
    while found := list(versions.filter(pk__gt=after).order_by("pk")[:BATCH]):
        with transaction.atomic():
            for version in found:
                entries.write_version(version)
        after, done = found[-1].pk, done + len(found)
        progress(done, total)
    for source in acts.SOURCES:
        done = _rebuild_acts(source, done, lambda far: progress(far, total))
    return done


def _rebuild_acts(source: Source, done: int, progress: Callable[[int], None]) -> int:
    after = 0
    while found := list(acts_to_write(source).filter(pk__gt=after).order_by("pk")[:BATCH]):
        with transaction.atomic():
            for row in found:
                source.write(row)
        after, done = found[-1].pk, done + len(found)
        progress(done)
    return done


def _fresh(column: str) -> QuerySet[Entry]:
    return Entry.objects.filter(analyzer_version=french.ANALYZER_VERSION, **{f"{column}__isnull": False}).values(column)


def pages_to_write() -> QuerySet[Page]:
    """Pages whose entry is missing or old."""
    return Page.objects.filter(~Q(pk__in=_fresh("page")), depth__gt=1)


def versions_to_write() -> QuerySet[DocumentVersion]:
    """Versions whose entry is missing or old."""
    return DocumentVersion.objects.filter(~Q(pk__in=_fresh("version")))


def acts_to_write(source: Source) -> QuerySet[Any]:
    """Papers of one sort of the council whose entry is missing or old."""
    return source.rows().filter(~Q(pk__in=_fresh(source.column)))


def missing() -> int:
    """How many entries are missing or old."""
    acts_missing = sum(acts_to_write(source).count() for source in acts.SOURCES)
    return pages_to_write().count() + versions_to_write().count() + acts_missing


def is_to_be_rebuilt() -> bool:
    """Whether the index was written, in part, by another analysis than this code's."""
    return Entry.objects.exclude(analyzer_version=french.ANALYZER_VERSION).exists()


def write_texts(sha256: str) -> int:
    """Indexes again every version that has these bytes; their number."""
    versions = DocumentVersion.objects.filter(sha256=sha256).select_related("document")
    return len([entries.write_version(version) for version in versions])
