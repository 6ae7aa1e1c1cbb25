"""The weeks of a sitting, in which an élu's mails are not counted: those of the council's published sittings."""

from datetime import timedelta

import pytest
from django.utils import timezone

from council.agenda.models import SittingRecord
from council.members.models import Instance
from kb.notices.registries import sittings
from tests.council.agenda.test_operations import convene

pytestmark = pytest.mark.django_db


def test_published_sittings_of_the_council(council):
    today = timezone.localdate()
    sitting = council.sitting(days=20)
    council.sitting(days=27, title="En préparation")
    council.item(sitting)
    convene(council, sitting)
    day, later = today + timedelta(days=20), today + timedelta(days=60)
    # What the law makes the town send from the convocation on is counted with its sitting.
    SittingRecord.objects.update(sent_on=day - timedelta(days=12))
    assert sittings(today, later) == {day - timedelta(days=number) for number in range(13)}
    assert sittings(today, day - timedelta(days=11)) == {day - timedelta(days=12), day - timedelta(days=11)}
    assert sittings(today, day - timedelta(days=13)) == set()
    assert sittings(day + timedelta(days=1), day + timedelta(days=60)) == set()
    Instance.objects.update(body="commission")
    assert sittings(today, later) == set()
