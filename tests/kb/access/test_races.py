"""No change of rights is lost or doubled when two people act at once, by real connections, on both databases."""

import json

import pytest

from tests import races
from tests.conftest import Town
from tests.processes import Installation


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("scenario", races.EXPECTED, ids=lambda scenario: scenario.__name__)
def test_on_postgresql(scenario):
    Town()
    assert json.loads(json.dumps(scenario())) == races.EXPECTED[scenario]


def test_on_sqlite(tmp_path):
    town = Installation(tmp_path).found()
    assert json.loads(town.python("from tests import races; print(races.all_in_json())")) == {
        scenario.__name__: expected for scenario, expected in races.EXPECTED.items()
    }
