"""Handlers that exist for one test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kb.work import registry

Handler = Callable[..., Any]


@pytest.fixture
def handler() -> Iterator[Callable[[Handler], Handler]]:
    """Registers handlers by their own name, and forgets them afterwards."""
    before = dict(registry._handlers)
    yield lambda function: registry.handles(function.__name__)(function)
    registry._handlers.clear()
    registry._handlers.update(before)
