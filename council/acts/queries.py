"""Reads of the acts of a sitting."""

from django.db.models import QuerySet

from council.acts.models import Deliberation
from council.agenda.models import SittingPage


def deliberations_of(sitting: SittingPage) -> QuerySet[Deliberation]:
    """In the order of the agenda, whoever asks: the caller has asked who he is."""
    return Deliberation.objects.filter(sitting=sitting).order_by("position")
