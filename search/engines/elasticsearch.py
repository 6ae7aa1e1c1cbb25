"""Elasticsearch, for a town whose search outgrows its database's machine.

It is fed from the database's rows (`search.feeding`) with the same tokens, in fields that it splits at spaces; it names
candidates, and the database judges them again: rights, filters, required and refused words. Counts and facets come from
the database, so that they are true. Only what every distribution of the server has is used: no language analyzers, no
scripts, no update by query. https://www.elastic.co/docs/reference/elasticsearch/
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from search.asking import Ask, Clause
from search.engines.contract import CANDIDATES, Audience, Counts, Scope, Unavailable
from search.engines.database import DatabaseEngine
from search.engines.pruning import telling_terms
from search.vocabulary import Statistics

T = TypeVar("T")
PATIENCE = 3  # seconds for an answer: beyond, the database is sooner
JUDGED = 5  # candidates asked for each one wanted: the database refuses some
FIELDS = ("title^4", "heading^2", "body")
# The source of what has rights of its own (acts): whoever asks may have it, and the database says whether he does.
ANYBODY = 0
_TEXT = {"type": "text", "analyzer": "whitespace", "index_options": "positions"}
MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "title": _TEXT,
        "heading": _TEXT,
        "body": _TEXT,
        "entry": {"type": "long"},
        "sources": {"type": "long"},
        "depositor": {"type": "long"},
        "sort": {"type": "keyword"},
        "dated": {"type": "date"},
    },
}
SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "1s"}
DOWN = "Le serveur de recherche ne répond pas : ces résultats viennent de la base de données."


def is_configured() -> bool:
    """Whether the town has an Elasticsearch."""
    return bool(settings.ELASTICSEARCH_URL)


def client() -> Elasticsearch:
    """A client of the town's server; nothing is asked of it yet."""
    options: dict[str, Any] = {}
    if settings.ELASTICSEARCH_CA:
        options["ca_certs"] = settings.ELASTICSEARCH_CA
    if settings.ELASTICSEARCH_API_KEY:
        options["api_key"] = settings.ELASTICSEARCH_API_KEY
    return Elasticsearch(settings.ELASTICSEARCH_URL, request_timeout=PATIENCE, max_retries=0, **options)


@contextmanager
def answering() -> Iterator[None]:
    """Whatever the server or the network does wrong becomes Unavailable."""
    try:
        yield
    except (TransportError, ApiError) as error:
        raise Unavailable(DOWN) from error


class ElasticsearchEngine:
    """Candidates from Elasticsearch; the rest from the database beside it."""

    name = "elasticsearch"

    def __init__(
        self, database: DatabaseEngine, *, alias: str = "", connect: Callable[[], Elasticsearch] = client
    ) -> None:
        self.database, self.alias, self.connect = database, alias or settings.ELASTICSEARCH_PREFIX, connect

    def candidates(self, ask: Ask, scope: Scope, figures: Statistics, *, limit: int = CANDIDATES) -> list[int]:
        """See the contract. Raises Unavailable."""
        terms = telling_terms(ask, figures)
        if not terms:
            return []
        size = min(limit if scope.audience is None else JUDGED * limit, 10_000)
        with answering():
            found = self.connect().search(
                index=self.alias,
                query=_query(ask, terms, scope.audience),
                size=size,
                source=False,
                track_total_hits=False,
                sort=["_score", {"entry": "asc"}],
            )
        ids = [int(hit["_id"]) for hit in found["hits"]["hits"]]
        return self._judged(ids, ask, scope)[:limit]

    def _judged(self, ids: list[int], ask: Ask, scope: Scope) -> list[int]:
        """Those that the database agrees to, in the same order."""
        if not ids:
            return []
        seen, parameters = self.database.narrowed(ask, scope)
        sql = (
            "SELECT search_passage.id FROM search_passage JOIN search_entry ON search_entry.id = search_passage.entry_id "
            f"WHERE search_passage.id IN ({', '.join(map(str, ids))}) AND {seen}"
        )
        with connections[scope.using].cursor() as cursor:
            cursor.execute(sql, parameters)
            kept = {row[0] for row in cursor.fetchall()}
        return [pk for pk in ids if pk in kept]

    def counted(self, ask: Ask, scope: Scope, clauses: Sequence[Clause], facets: Collection[str]) -> Counts:
        """See the contract."""
        return self.database.counted(ask, scope, clauses, facets)


def _query(ask: Ask, terms: list[str], audience: Audience | None) -> dict[str, Any]:
    """BM25 over the three fields taken as one; tokens hold no space, so nothing of them is understood as syntax."""
    words = {"combined_fields": {"query": " ".join(terms), "fields": list(FIELDS), "operator": "or"}}
    filters: list[dict[str, Any]] = _narrowing(audience) if audience else []
    if ask.required:
        filters.append({"bool": {"should": [_phrase(clause) for clause in ask.required]}})
    return {"bool": {"must": [words], "filter": filters}}


def _phrase(clause: Clause) -> dict[str, Any]:
    fields = ("title",) if clause.where else ("title", "heading", "body")
    runs = [{"match_phrase": {field: " ".join(run)}} for run in clause.alternatives for field in fields]
    return {"bool": {"should": runs}}


def _narrowing(audience: Audience) -> list[dict[str, Any]]:
    filters: list[dict[str, Any]] = []
    if audience.sources is not None:
        may: list[dict[str, Any]] = [{"terms": {"sources": [ANYBODY, *sorted(audience.sources)]}}]
        may += [{"term": {"depositor": audience.person}}] if audience.person else []
        filters.append({"bool": {"should": may}})
    if audience.sorts:
        filters.append({"terms": {"sort": sorted(audience.sorts)}})
    if audience.since:
        filters.append({"range": {"dated": {"gte": audience.since.isoformat()}}})
    return filters
