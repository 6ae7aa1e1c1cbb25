"""Two operators at two laptops, at the same second, by real connections: one closing, one vote, nothing doubled."""

from uuid import uuid4

import pytest

from council.acts.models import Deliberation
from council.agenda.operations import Refused
from council.floor import operations
from council.floor.models import SittingEvent
from council.floor.operations import Entry
from tests.conftest import Town
from tests.council.conftest import Council
from tests.council.floor.conftest import Floor
from tests.races import overlapping

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.mark.parametrize("deed", ["close", "ballot"])
def test_only_one_of_two_operators_is_heard(deed):
    floor, refused = Floor(Council(Town())), []
    floor.open(5)
    floor.tell("item", 1, item="1")
    if deed == "close":
        floor.tell("ballot", 2, item="1", unanimous=True)

    def tell():
        try:
            if deed == "close":
                operations.close(sitting=floor.sitting, entry=Entry(uuid4(), "close"), by=floor.secretary)
            else:
                floor.tell("ballot", 2, item="1", unanimous=True)
        except Refused as said:
            refused.append(str(said))

    assert overlapping(tell, tell) == ["done", "done", "waited"]
    assert len(refused) == 1 and SittingEvent.objects.filter(type=deed).count() == 1
    assert Deliberation.objects.count() == (deed == "close")
