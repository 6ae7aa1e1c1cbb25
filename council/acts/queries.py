"""Reads of the acts of a sitting."""

from dataclasses import dataclass

from django.db.models import QuerySet

from council.acts.models import Deliberation, Discussion, SignedCopy, SignedPaper
from council.agenda.enums import SittingState
from council.agenda.models import SittingPage, stage_of
from council.convening.queries import own
from council.papers.content import Papers
from kb.permissions import Viewer, abilities


def deliberations_of(sitting: SittingPage) -> QuerySet[Deliberation]:
    """In the order of the agenda, whoever asks: the caller has asked who he is."""
    return Deliberation.objects.filter(sitting=sitting).order_by("position")


def discussions_of(sitting: SittingPage) -> dict[int, str]:
    """Item's id → the last text typed of what was said on it."""
    rows = Discussion.objects.filter(sitting=sitting).order_by("at", "pk").values_list("item", "text")
    last = dict(rows)
    return {item: text for item, text in last.items() if text.strip()}


def signed_copies(sitting: SittingPage) -> QuerySet[SignedCopy]:
    """All that came back, oldest first, but what was set aside."""
    return SignedCopy.objects.filter(sitting=sitting, set_aside_at=None).select_related("deliberation", "by")


def signed_act(deliberation: Deliberation) -> SignedCopy | None:
    """The signed copy of a délibération that counts: the newest."""
    found = SignedCopy.objects.filter(paper=SignedPaper.DELIBERATION, deliberation=deliberation, set_aside_at=None)
    return found.order_by("-at", "-pk").first()


# Who has which papers.


@dataclass(frozen=True)
class Access:
    """What a person has of the papers of a sitting."""

    manages: bool = False  # all of them, and their deeds
    sits: bool = False  # what was decided, and the procès-verbal once it is sent

    def __bool__(self) -> bool:
        return self.manages or self.sits


def access(viewer: Viewer, sitting: SittingPage) -> Access:
    """Papers tell of every item: they are for who reads them all. Nothing before the sitting, nothing for the public."""
    stage = stage_of(sitting)
    if not viewer.signed_in or stage == SittingState.PREPARATION or not Papers(sitting).may_be_had_by(viewer):
        return Access()
    manages = abilities(viewer, sitting)["publish"]
    sits = stage == SittingState.CLOSED and own(sitting, viewer.user) is not None
    return Access(manages, sits)
