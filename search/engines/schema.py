"""What a database's own full text needs beside Django's tables: made by the migration, and for a throw-away index.

On SQLite, Django remakes a table to alter it, and its triggers die: a later migration that alters `search_passage` must
drop and create this around it.
"""

from typing import Any

from search.engines import embedded, postgresql

_SQL = {"sqlite": embedded, "postgresql": postgresql}


class NoFullText(Exception):
    """This database has no full text that search knows."""


def create(connection: Any) -> None:
    """Makes the full text of `search_passage`. Raises NoFullText."""
    _run(connection, "CREATE")


def drop(connection: Any) -> None:
    """Takes it away; `search_passage` stays."""
    _run(connection, "DROP")


def _run(connection: Any, deed: str) -> None:
    if connection.vendor not in _SQL:
        raise NoFullText(f"Search knows SQLite and PostgreSQL, not {connection.vendor}.")
    with connection.cursor() as cursor:
        for statement in getattr(_SQL[connection.vendor], deed):
            cursor.execute(statement)
