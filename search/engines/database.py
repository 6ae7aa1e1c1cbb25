"""What the two databases' engines share: narrowing by the ask, and counting. Each gives its way to match a clause."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connections
from django.db.models import Q

from search.asking import Ask, Clause
from search.engines.contract import CANDIDATES, Counts, Scope
from search.vocabulary import Statistics

# The facets and their columns on search_entry, by database.
FACETS = {
    "kind": {"sqlite": "kind", "postgresql": "kind"},
    "sort": {"sqlite": "sort", "postgresql": "sort"},
    "year": {"sqlite": "strftime('%%Y', dated)", "postgresql": "to_char(dated, 'YYYY')"},
    "state": {"sqlite": "state", "postgresql": "state"},
}


class DatabaseEngine:
    """An engine that lives in the application's own database."""

    name = ""
    matched = ""  # SQL: the entries of the passages that match its one parameter

    def expression(self, clause: Clause) -> str:
        """The parameter of `matched` for a clause."""
        raise NotImplementedError

    def candidates(self, ask: Ask, scope: Scope, figures: Statistics, *, limit: int = CANDIDATES) -> list[int]:
        """See the contract."""
        raise NotImplementedError

    def narrowed(self, ask: Ask, scope: Scope) -> tuple[str, list[Any]]:
        """A condition on search_entry: the scope, and what the ask requires and refuses anywhere in the entry."""
        sql, parameters = scope.sql()
        conditions = [f"({sql})"]
        for clauses, verb in ((ask.required, "IN"), (ask.refused, "NOT IN")):
            for clause in clauses:
                conditions.append(f"search_entry.id {verb} ({self.matched})")
                parameters.append(self.expression(clause))
        return " AND ".join(conditions), parameters

    def counted(self, ask: Ask, scope: Scope, clauses: Sequence[Clause], facets: Collection[str]) -> Counts:
        """See the contract. One query."""
        return counts_of(*self.found(ask, scope, clauses), facets, using=scope.using)

    def found(self, ask: Ask, scope: Scope, clauses: Sequence[Clause]) -> tuple[str, list[Any]]:
        """SQL of the rows of search_entry that have each of these clauses, and its parameters."""
        seen, parameters = self.narrowed(ask, scope)
        having = "".join(f" AND search_entry.id IN ({self.matched})" for _ in clauses)
        sql = f"SELECT search_entry.* FROM search_entry WHERE {seen}{having}"
        return sql, [*parameters, *map(self.expression, clauses)]


def counts_of_entries(entries: Iterable[int], facets: Collection[str], *, using: str) -> Counts:
    """The counts of entries that are known, and few."""
    return counts_of(*those(entries), facets, using=using)


def those(entries: Iterable[int]) -> tuple[str, list[Any]]:
    """SQL of the rows of search_entry that are known, and few."""
    ids = ", ".join(str(int(pk)) for pk in entries) or "NULL"
    return f"SELECT * FROM search_entry WHERE id IN ({ids})", []


def tally(sql: str, parameters: list[Any], conditions: dict[str, Q], *, using: str) -> dict[str, int]:
    """How many of the rows of search_entry that `sql` selects meet each condition. One query."""
    if not conditions:
        return {}
    compiled = [Scope(condition, using).sql() for condition in conditions.values()]
    sums = ", ".join(f"coalesce(sum(CASE WHEN {condition} THEN 1 ELSE 0 END), 0)" for condition, _ in compiled)
    wanted = [parameter for _, given in compiled for parameter in given]
    with connections[using].cursor() as cursor:
        # The conditions are written for search_entry: what was found takes its name.
        cursor.execute(f"WITH found AS ({sql}) SELECT {sums} FROM found AS search_entry", [*parameters, *wanted])
        row = cursor.fetchone()
    return {name: int(number) for name, number in zip(conditions, row, strict=True)}


def counts_of(sql: str, parameters: list[Any], facets: Collection[str], *, using: str) -> Counts:
    """The counts of the rows of search_entry that `sql` selects."""
    base = connections[using]
    parts = ["SELECT '', '', count(*) FROM found"]
    parts += [f"SELECT '{name}', {FACETS[name][base.vendor]}, count(*) FROM found GROUP BY 2" for name in facets]
    with base.cursor() as cursor:
        cursor.execute(f"WITH found AS MATERIALIZED ({sql}) {' UNION ALL '.join(parts)}", parameters)
        rows = cursor.fetchall()
    values: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for name, value, number in rows:
        if name and value:
            values[name].append((str(value), number))
    ordered = {name: sorted(found, key=lambda pair: (-pair[1], pair[0])) for name, found in values.items()}
    return Counts(next(row[2] for row in rows if not row[0]), ordered)
