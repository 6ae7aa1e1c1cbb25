"""What the tests of search share: asking as somebody, of each engine."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from search import feeding, queries
from search.engines import elasticsearch
from search.queries import Answer
from tests.conftest import Town
from tests.search.elasticsearch import server


class Asking:
    """Searches as somebody. Elasticsearch is fed first, as its job does within the second."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def __call__(self, words: str, person: Any = None, **options: Any) -> Answer:
        if elasticsearch.is_configured():
            feeding.feed(lambda done, total: None)
        return queries.search(words, person or self.town.elu, **options)

    def titles(self, words: str, person: Any = None, **options: Any) -> list[str]:
        return [hit.title for hit in self(words, person, **options).hits]


@pytest.fixture(scope="session")
def elasticsearch_address() -> Iterator[str]:
    """A real server, for as long as the tests run."""
    with ExitStack() as stack:
        try:
            address = stack.enter_context(server.node())
        except server.NoServer as missing:
            pytest.skip(f"Elasticsearch: {missing}")
        yield address


@pytest.fixture
def in_elasticsearch(elasticsearch_address: str, settings: Any) -> Iterator[None]:
    """A town that has Elasticsearch, with an index of its own."""
    settings.ELASTICSEARCH_URL = elasticsearch_address
    settings.ELASTICSEARCH_PREFIX = f"test-{secrets.token_hex(6)}"
    yield
    client = elasticsearch.client()
    for name in client.indices.get(index=f"{settings.ELASTICSEARCH_PREFIX}-*"):
        client.indices.delete(index=name)


@pytest.fixture(params=["database", "elasticsearch"])
def ask(request: pytest.FixtureRequest) -> Asking:
    """`ask.titles("mots")` as the élue, of the database's own engine and of Elasticsearch."""
    if request.param == "elasticsearch":
        request.getfixturevalue("in_elasticsearch")
    return Asking(request.getfixturevalue("town"))
