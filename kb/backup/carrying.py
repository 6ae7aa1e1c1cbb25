"""A site that leaves SQLite: the rows of its copy, put in the PostgreSQL database that the settings name.

Tables are copied as they stand, column by column, by Django's own converters: no model is saved, so nothing is
signalled, numbered or dated again. All of it is one transaction.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from kb.backup.databases import DatabaseFailed

COPY = "carried"  # the name of the copy's connection
ROWS = 500  # at a time


def carry(copy: Path) -> None:
    """Puts every row of the SQLite file `copy` in the database of the settings, whose rows go.

    Done again it changes nothing. Raises DatabaseFailed, and the database is as it was: a copy that an older
    version of the product made, a row that PostgreSQL does not take.
    """
    with _opened(copy) as source:
        _refuse_an_older_one(source)
        call_command("migrate", verbosity=0, interactive=False)
        tables = _tables()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                names = [model._meta.db_table for model in tables]
                for statement in connection.ops.sql_flush(no_style(), names, allow_cascade=True):
                    cursor.execute(statement)
                for model in tables:
                    _copy_table(model, source, cursor)
                for statement in connection.ops.sequence_reset_sql(no_style(), tables):
                    cursor.execute(statement)
        except DatabaseError as refused:
            raise DatabaseFailed(f"PostgreSQL refuse une ligne de la sauvegarde ({refused}).") from refused


@contextmanager
def _opened(copy: Path) -> Iterator[BaseDatabaseWrapper]:
    connections.databases[COPY] = {
        **connections["default"].settings_dict,
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(copy),
        "OPTIONS": {},
        "CONN_MAX_AGE": 0,
    }
    try:
        yield connections[COPY]
    finally:
        connections[COPY].close()
        del connections[COPY]
        del connections.databases[COPY]


def _refuse_an_older_one(source: BaseDatabaseWrapper) -> None:
    executor = MigrationExecutor(source)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise DatabaseFailed(
            "Cette sauvegarde vient d’une version plus ancienne de Séance tenante. Restaurez-la d’abord sans "
            "DATABASE_URL, lancez « make run », puis faites une nouvelle sauvegarde : c’est elle qui passera à PostgreSQL."
        )


def _tables() -> list[type[models.Model]]:
    """Every model that has a table, those of many-to-many relations too."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def _copy_table(model: type[models.Model], source: BaseDatabaseWrapper, cursor: Any) -> None:
    """Foreign keys wait for the end of the transaction: the order of tables does not matter."""
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(str(field.column)) for field in fields)
    readers = [_reader(field, source) for field in fields]
    marks = ", ".join(["%s"] * len(fields))
    with source.cursor() as rows:
        rows.execute(f"SELECT {columns} FROM {table}")  # noqa: S608 - names of our own models
        for some in iter(lambda: rows.fetchmany(ROWS), []):
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608
                [[read(value) for read, value in zip(readers, row, strict=True)] for row in some],
            )


def _reader(field: Any, source: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    """What SQLite keeps of a field → what it means; a JSON text stays the text that it is."""
    expression = field.get_col(field.model._meta.db_table)
    converters = source.ops.get_db_converters(expression)

    def read(value: Any) -> Any:
        for convert in converters:
            value = convert(value, expression, source)
        return value

    return read
