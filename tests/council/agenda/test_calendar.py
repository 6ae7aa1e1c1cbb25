"""The weeks of a sitting, in which an élu's mails are not counted: those of the council's published sittings."""

from datetime import timedelta

import pytest
from django.utils import timezone

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
    day = today + timedelta(days=20)
    assert sittings(today, today + timedelta(days=60)) == {day}
    assert sittings(day, day) == {day}
    assert sittings(day + timedelta(days=1), day + timedelta(days=60)) == set()
    Instance.objects.update(body="commission")
    assert sittings(today, today + timedelta(days=60)) == set()
