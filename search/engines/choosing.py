"""Which engine answers."""

from django.db import connection

from search.engines.contract import Engine
from search.engines.database import DatabaseEngine
from search.engines.embedded import Embedded
from search.engines.postgresql import PostgreSQL


def database_engine() -> DatabaseEngine:
    """The engine of the database itself: always there."""
    return PostgreSQL() if connection.vendor == "postgresql" else Embedded()


NAMES = ("sqlite", "postgresql", "elasticsearch")


class NoSuchEngine(Exception):
    """The engine asked for is not there; the message says what to do."""


def engine_named(name: str | None) -> Engine:
    """The engine of that name, the database's own where none is named. Raises NoSuchEngine."""
    engine = database_engine()
    if name in (None, engine.name):
        return engine
    raise NoSuchEngine(f"Le moteur « {name} » n’est pas celui de cette base de données ({engine.name}).")
