import pytest

from tests.council.publication.world import Desk


@pytest.fixture
def desk(council):
    return Desk(council)
