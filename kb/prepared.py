"""Statements made once and run many times: what is left is the database's own time.

Django spends about ten times longer building a small query than SQLite answering it. A page view asks a few of them
(`Prepared`) and a save writes a few rows (`PreparedUpsert`), always the same but for their parameters.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

# Values that no id has, to find the parameters' places in the SQL: the last that PostgreSQL's smaller integers hold.
_FIRST_SLOT = 2_147_483_600


class Prepared:
    """`make(*slots)` gives a queryset of `values_list`; calling the object gives its rows for other values.

    Parameters must be whole numbers, each used as it is given (no lookup that changes its value).
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], slots: int) -> None:
        self.make, self.slots = make, slots
        self._compiled: dict[str, tuple[str, list[tuple[int | None, Any]]]] = {}

    def __call__(self, *values: int) -> list[tuple[Any, ...]]:
        """The rows. One query."""
        sql, places = self._for_vendor()
        parameters = [fixed if slot is None else values[slot] for slot, fixed in places]
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())

    def _for_vendor(self) -> tuple[str, list[tuple[int | None, Any]]]:
        known = self._compiled.get(connection.vendor)
        if known is None:
            marks = [_FIRST_SLOT + slot for slot in range(self.slots)]
            sql, parameters = self.make(*marks).query.sql_with_params()
            places: list[tuple[int | None, Any]] = [
                (marks.index(p), None) if p in marks else (None, p) for p in parameters
            ]
            found = {slot for slot, _ in places if slot is not None}
            assert found == set(range(self.slots)), "a parameter is lost in the compiled query"
            known = (sql, places)
            self._compiled[connection.vendor] = known
        return known


class PreparedUpsert:
    """Calling the object writes one small row, over the one of the same `key` where it is there.

    Values are whole numbers, words and yes or no, given by column; those not named must have a default in the database.
    """

    def __init__(self, model: type[Model], key: str) -> None:
        self.table, self.key = model._meta.db_table, key
        self._sql: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}

    def __call__(self, *, over: Collection[str], **values: Any) -> None:
        """Writes it; where the row is there, only the columns of `over` change. One query."""
        shape = (tuple(values), tuple(over))
        sql = self._sql.get(shape)
        if sql is None:
            sql = self._sql[shape] = self._made(*shape)
        with connection.cursor() as cursor:
            cursor.execute(sql, list(values.values()))

    def _made(self, columns: tuple[str, ...], over: tuple[str, ...]) -> str:
        quoted = connection.ops.quote_name
        changes = ", ".join(f"{quoted(name)} = EXCLUDED.{quoted(name)}" for name in over)
        return (
            f"INSERT INTO {quoted(self.table)} ({', '.join(map(quoted, columns))}) "  # noqa: S608 - names of our own models
            f"VALUES ({', '.join(['%s'] * len(columns))}) ON CONFLICT ({quoted(self.key)}) DO UPDATE SET {changes}"
        )
