"""What every engine does: name its best passages for an ask, among those that a scope lets be seen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db.models import Q, QuerySet

from search.asking import Ask, Clause
from search.models import Entry
from search.vocabulary import Statistics

CANDIDATES = 200


@dataclass(frozen=True)
class Audience:
    """Who asks, for an engine that cannot join: what it finds is judged again by the scope's own SQL.

    An entry may be seen by who was given something on one of its `sources` (the pages whose grants count on it), or by
    its depositor. `sources` is None for who passes everywhere.
    """

    sources: frozenset[int] | None
    person: int | None
    sorts: frozenset[str] = frozenset()
    since: date | None = None


@dataclass(frozen=True)
class Scope:
    """The entries that may be found at all: a filter on Entry without joins, and rights as SQL on search_entry."""

    seen: Q
    using: str = "default"
    rights: tuple[str, list[Any]] = ("1 = 1", [])
    audience: Audience | None = None  # None: everybody's, as in a throw-away index

    @cached_property
    def _sql(self) -> tuple[str, list[Any]]:
        sql, parameters = compiled(Entry.objects.using(self.using).filter(self.seen), self.using)
        rights, more = self.rights
        return f"({sql}) AND ({rights})", [*parameters, *more]

    def sql(self) -> tuple[str, list[Any]]:
        """As a condition of a WHERE on `search_entry`, with its parameters."""
        sql, parameters = self._sql
        return sql, list(parameters)


def compiled(rows: QuerySet[Entry], using: str) -> tuple[str, list[Any]]:
    """The WHERE of a queryset without joins, with its parameters."""
    compiler = rows.query.get_compiler(using=using)
    try:
        text, parameters = compiler.compile(rows.query.where)
    except EmptyResultSet:
        return "1 = 0", []
    except FullResultSet:
        return "1 = 1", []
    return str(text) or "1 = 1", list(parameters)


@dataclass(frozen=True)
class Counts:
    """The number of entries found, and for each facet its values with theirs, the most frequent first."""

    total: int
    facets: dict[str, list[tuple[str, int]]]


class Engine(Protocol):
    """An engine. Its methods only read; none may raise for what a person typed."""

    name: str

    def candidates(self, ask: Ask, scope: Scope, figures: Statistics, *, limit: int = CANDIDATES) -> list[int]:
        """Ids of the passages most likely to be ranked first, best first, required and refused clauses obeyed."""
        ...

    def counted(self, ask: Ask, scope: Scope, clauses: Sequence[Clause], facets: Collection[str]) -> Counts:
        """How many entries have each of these clauses (in any of their passages), in all and by facet."""
        ...


class Unavailable(Exception):
    """The engine cannot answer now; the message says why, in French, and the database answers instead."""
