"""A database for an index that nobody keeps: a file of its own on SQLite, a schema of its own on PostgreSQL."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, connections

from search.engines import schema
from search.models import Entry, Figures, Passage, Term, Word

MODELS = (Entry, Passage, Term, Word, Figures)


@dataclass(frozen=True)
class Throwaway:
    """Its alias among Django's databases."""

    alias: str

    def size(self) -> int:
        """Bytes taken, the index and what it is made from."""
        base = connections[self.alias]
        with base.cursor() as cursor:
            if base.vendor == "sqlite":
                cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
            else:
                cursor.execute(
                    "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' "
                    "AND relnamespace = current_schema()::regnamespace"
                )
            return int(cursor.fetchone()[0] or 0)


@contextmanager
def throwaway_database() -> Iterator[Throwaway]:
    """A base with the tables of search alone; it ends with the block. Nothing of the town's is touched."""
    alias = f"throwaway-{secrets.token_hex(4)}"
    with tempfile.TemporaryDirectory(prefix="seance-tenante-search-") as folder:
        connections.databases[alias] = _settings(alias, Path(folder))
        try:
            _make(alias)
            yield Throwaway(alias)
            _unmake(alias)
        finally:
            connections[alias].close()
            delattr(connections._connections, alias)  # type: ignore[attr-defined]
            del connections.databases[alias]


def _settings(alias: str, folder: Path) -> dict[str, Any]:
    settings = dict(connection.settings_dict)
    if connection.vendor == "sqlite":
        return settings | {"NAME": folder / "index.sqlite3", "CONN_MAX_AGE": None}
    options = settings.get("OPTIONS", {}) | {"options": f"-c search_path={_schema(alias)}"}
    return settings | {"OPTIONS": options}


def _schema(alias: str) -> str:
    return alias.replace("-", "_")


def _make(alias: str) -> None:
    base = connections[alias]
    if base.vendor == "postgresql":
        with base.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {_schema(alias)}")
    with base.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)
        # What entries of the town point to is not there, and sheets point to nothing.
        editor.deferred_sql = [sql for sql in editor.deferred_sql if "FOREIGN KEY" not in str(sql)]
    if base.vendor == "sqlite":
        with base.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
    schema.create(base)


def _unmake(alias: str) -> None:
    base = connections[alias]
    if base.vendor == "postgresql":
        with base.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {_schema(alias)} CASCADE")
