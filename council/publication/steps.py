"""What the legal clock of a sitting learns from its acts: the day they were all received, the day they were all public."""

from datetime import date

from django.db.models import Min, QuerySet
from django.utils import timezone

from council.agenda.models import DoneStep, SittingPage
from council.publication.models import Act, SendingWay
from kb.people.account import User


def note_received(sitting: SittingPage, *, by: User) -> None:
    """Once the préfet has the last of the acts that go to him. In the caller's transaction."""
    sent = [getattr(act, "transmission", None) for act in _acts(sitting).select_related("transmission")]
    if all(one and (one.received_on or one.way == SendingWay.NONE) for one in sent):
        _note(sitting, "transmission", [one.received_on for one in sent if one and one.received_on], by)


def note_published(sitting: SittingPage, *, by: User) -> None:
    """Once the public has the last of them. In the caller's transaction."""
    first = list(_acts(sitting).annotate(up=Min("publications__up_on")).values_list("up", flat=True))
    if all(first):
        _note(sitting, "publication", [on for on in first if on], by)


def _acts(sitting: SittingPage) -> QuerySet[Act]:
    return Act.objects.filter(deliberation__sitting=sitting).order_by()


def _note(sitting: SittingPage, code: str, days: list[date], by: User) -> None:
    """The last of these days; what somebody had ticked gives way to it."""
    if days:
        defaults = {"on": max(days), "noted_by": by, "noted_at": timezone.now()}
        DoneStep.objects.update_or_create(sitting=sitting, code=code, defaults=defaults)
