"""Which engine answers."""

from django.db import connection

from search.engines import elasticsearch
from search.engines.contract import Engine
from search.engines.database import DatabaseEngine
from search.engines.embedded import Embedded
from search.engines.postgresql import PostgreSQL

NAMES = ("sqlite", "postgresql", "elasticsearch")


class NoSuchEngine(Exception):
    """The engine asked for is not there; the message says what to do."""


def database_engine() -> DatabaseEngine:
    """The engine of the database itself: always there."""
    return PostgreSQL() if connection.vendor == "postgresql" else Embedded()


def engine() -> Engine:
    """The engine of this town: Elasticsearch where ELASTICSEARCH_URL names one, else its database's."""
    database = database_engine()
    return elasticsearch.ElasticsearchEngine(database) if elasticsearch.is_configured() else database


def engine_named(name: str | None, *, alias: str = "") -> Engine:
    """The engine of that name, the database's own where none is named. Raises NoSuchEngine."""
    database = database_engine()
    if name in (None, database.name):
        return database
    if name == "elasticsearch":
        if not elasticsearch.is_configured():
            raise NoSuchEngine("Elasticsearch n’est pas réglé : donnez son adresse dans ELASTICSEARCH_URL.")
        return elasticsearch.ElasticsearchEngine(database, alias=alias)
    raise NoSuchEngine(f"Le moteur « {name} » n’est pas celui de cette base de données ({database.name}).")
