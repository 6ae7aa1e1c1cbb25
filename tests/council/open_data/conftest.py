import pytest
from django.utils import timezone

from council.publication import operations, transmission
from tests.council.publication.world import Desk

SIRET = "21860194600013"


@pytest.fixture
def desk(council):
    return Desk(council)


@pytest.fixture
def published(desk):
    """The whole sitting's délibérations, online, with their matters."""
    operations.identify(instance=desk.council.instance, siret=SIRET, prefecture="PREF086", by=desk.secretary)
    acts = desk.sitting_acts()
    for act, matter in zip(acts, ("7.10", "7.1", "5.3"), strict=True):
        transmission.classify(act=act, matter=matter, by=desk.secretary)
        desk.sign(act, text=act.subject)
        operations.publish(act=act, up_on=timezone.localdate(), by=desk.secretary)
    return acts
