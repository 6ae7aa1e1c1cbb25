"""Feeding Elasticsearch from the database's rows: what changed, by a job that follows each change; or all of it anew."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils import timezone
from elasticsearch import Elasticsearch, helpers
from wagtail.models import Page

from kb.access.models import Inheritance
from kb.documents.models import VersionUse
from kb.work import operations as work
from kb.work.models import Queue
from search.engines import elasticsearch as engine
from search.engines.contract import Unavailable
from search.models import Entry, Passage, Unfed

JOB = "feed_search"
REBUILD = "rebuild_elasticsearch"
BATCH = 200  # entries
LATE_AFTER = 60  # seconds: beyond, what Elasticsearch has is not what the town has
LATE = "Le serveur de recherche est en retard : ces résultats viennent de la base de données."


def changed(entries: Iterable[int]) -> None:
    """Remembers, in the caller's transaction, that these entries are to be fed, and asks for it."""
    if not engine.is_configured():
        return
    rows = [Unfed(entry_id=pk) for pk in entries]
    if rows:
        Unfed.objects.bulk_create(rows, update_conflicts=True, unique_fields=["entry_id"], update_fields=["since"])
        work.enqueue(kind=JOB, queue=Queue.QUICK, key=JOB)


def files_changed(pages: Iterable[int]) -> None:
    """The files that these pages carry, or carried, have other readers."""
    if engine.is_configured():
        versions = VersionUse.objects.filter(page__in=pages).values("version__document__versions")
        changed(Entry.objects.filter(version__in=versions).values_list("pk", flat=True))


def branch_changed(path: str) -> None:
    """Pages from this tree path down, and their files, have other readers."""
    if engine.is_configured():
        pages = Page.objects.filter(path__startswith=path).values_list("pk", flat=True)
        changed(Entry.objects.filter(page__in=pages).values_list("pk", flat=True))
        files_changed(pages)


def refuse_if_late() -> None:
    """Raises Unavailable when what Elasticsearch has is too old to answer from."""
    oldest = Unfed.objects.order_by("since").values_list("since", flat=True).first()
    if oldest and (timezone.now() - oldest).total_seconds() > LATE_AFTER:
        raise Unavailable(LATE)


def feed(progress: Any) -> int:
    """Feeds what changed, oldest first; the number of entries. Raises Unavailable: the job is tried again later."""
    client = engine.client()
    alias = settings.ELASTICSEARCH_PREFIX
    with engine.answering():
        if not client.indices.exists_alias(name=alias):
            return rebuild(progress)
    done = 0
    while rows := list(Unfed.objects.order_by("since", "pk")[:BATCH]):
        with engine.answering():
            _replace(client, alias, [row.entry_id for row in rows])
        for row in rows:  # one that changed again meanwhile is fed again
            Unfed.objects.filter(pk=row.pk, since=row.since).delete()
        done += len(rows)
        progress(done, done + Unfed.objects.count())
    return done


def rebuild(progress: Any, *, alias: str = "", using: str = "default") -> int:
    """A new index from all rows, which takes the alias at once when it is complete; the number of passages.

    The old one answers meanwhile. What changes during the writing is fed after it. Raises Unavailable.
    """
    alias = alias or settings.ELASTICSEARCH_PREFIX
    client = engine.client().options(request_timeout=60)
    name = f"{alias}-{timezone.now():%Y%m%d%H%M%S}-{secrets.token_hex(3)}"
    with engine.answering():
        client.indices.create(index=name, mappings=engine.MAPPING, settings=engine.SETTINGS)
        done = 0
        total = Passage.objects.using(using).count()
        for batch in _batches(using):
            helpers.bulk(client, _documents(name, batch, using))
            done += Passage.objects.using(using).filter(entry__in=batch).count()
            progress(done, total)
        client.indices.refresh(index=name)
        _take_alias(client, alias, name)
    return done


@contextmanager
def throwaway_index(alias: str, *, using: str) -> Iterator[None]:
    """An index of the rows of a throw-away database, that ends with the block. Raises Unavailable."""
    rebuild(lambda done, total: None, alias=alias, using=using)
    try:
        yield
    finally:
        client = engine.client()
        with engine.answering():
            for name in list(client.indices.get_alias(name=alias)):
                client.indices.delete(index=name)


def _take_alias(client: Elasticsearch, alias: str, name: str) -> None:
    """Points the alias to the new index in one step, then forgets the others, and what a killed rebuilding left."""
    old = [index for index in client.indices.get(index=f"{alias}-*", expand_wildcards="all") if index != name]
    holders = list(client.indices.get_alias(name=alias)) if client.indices.exists_alias(name=alias) else []
    actions: list[dict[str, Any]] = [{"remove": {"index": index, "alias": alias}} for index in holders]
    client.indices.update_aliases(actions=[*actions, {"add": {"index": name, "alias": alias}}])
    for index in old:
        client.indices.delete(index=index, ignore_unavailable=True)


def _batches(using: str) -> Iterator[list[int]]:
    after = 0
    entries = Entry.objects.using(using).order_by("pk").values_list("pk", flat=True)
    while batch := list(entries.filter(pk__gt=after)[:BATCH]):
        yield batch
        after = batch[-1]


def _replace(client: Elasticsearch, alias: str, entries: list[int]) -> None:
    """Their passages there become those of the database."""
    index = next(iter(client.indices.get_alias(name=alias)))
    client.indices.refresh(index=index)
    query = {"query": {"terms": {"entry": entries}}, "_source": False}
    old = {int(hit["_id"]) for hit in helpers.scan(client, index=index, query=query)}
    documents = list(_documents(index, entries, "default"))
    gone = old - {int(document["_id"]) for document in documents}
    helpers.bulk(client, [*documents, *({"_op_type": "delete", "_index": index, "_id": str(pk)} for pk in gone)])
    client.indices.refresh(index=index)


def _documents(index: str, entries: list[int], using: str) -> Iterator[dict[str, Any]]:
    """The passages of these entries, as Elasticsearch takes them."""
    rows = Entry.objects.using(using).filter(pk__in=entries)
    known: dict[int, dict[str, Any]] = {
        row["pk"]: dict(row) for row in rows.values("pk", "page", "version", "sort", "dated")
    }
    sources, depositors = ({}, {}) if using != "default" else (_sources(known), _depositors(known))
    for passage in Passage.objects.using(using).filter(entry__in=entries).iterator(chunk_size=500):
        row = known[passage.entry_id]
        yield {
            "_index": index,
            "_id": str(passage.pk),
            "title": passage.title_tokens,
            "heading": passage.heading_tokens,
            "body": passage.body_tokens,
            "entry": passage.entry_id,
            "sources": sorted(sources.get(passage.entry_id, ())) if row["page"] or row["version"] else [engine.ANYBODY],
            "depositor": depositors.get(passage.entry_id),
            "sort": row["sort"],
            "dated": row["dated"],
        }


def _sources(entries: dict[int, dict[str, Any]]) -> dict[int, set[int]]:
    """Entry → the pages whose grants count on it: those of its page, or of the pages that carry the file."""
    pages: dict[int, list[int]] = defaultdict(list)  # page → entries
    versions = {row["version"]: pk for pk, row in entries.items() if row["version"]}
    for pk, row in entries.items():
        if row["page"]:
            pages[row["page"]].append(pk)
    carried = VersionUse.objects.filter(version__document__versions__in=versions)
    for version, page in carried.values_list("version__document__versions", "page").distinct():
        if version in versions:
            pages[page].append(versions[version])
    found: dict[int, set[int]] = defaultdict(set)
    for page, source in Inheritance.objects.filter(page__in=pages).values_list("page", "source"):
        for entry in pages[page]:
            found[entry].add(source)
    return found


def _depositors(entries: dict[int, dict[str, Any]]) -> dict[int, int | None]:
    rows = Entry.objects.filter(pk__in=entries, version__isnull=False)
    return dict(rows.values_list("pk", "version__document__uploaded_by_user"))
