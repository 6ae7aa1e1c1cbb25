"""What the tests of search share."""

from typing import Any

import pytest

from search import queries
from search.queries import Answer
from tests.conftest import Town


class Asking:
    """Searches as somebody."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def __call__(self, words: str, person: Any = None, **options: Any) -> Answer:
        return queries.search(words, person or self.town.elu, **options)

    def titles(self, words: str, person: Any = None, **options: Any) -> list[str]:
        return [hit.title for hit in self(words, person, **options).hits]


@pytest.fixture
def ask(town: Town) -> Asking:
    """`ask.titles("mots")` as the élue."""
    return Asking(town)
