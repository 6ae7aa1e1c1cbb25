"""The planted town, made once for the whole crawl: each request, and each test, is undone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.conftest import Town
from tests.leaks.planted import Planted


@pytest.fixture(scope="package")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[Planted]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Planted(Town())
        transaction.set_rollback(True)
