"""Each night: the sittings convened before papers were copied are copied, from the revisions that were kept."""

from council.agenda.models import AgendaPlace, SittingPage
from council.frozen import copying
from council.frozen.models import FrozenPaper
from kb.work.registry import nightly


@nightly(hour=0, minute=20)
def copy_what_was_convened_before() -> None:
    """The day of the copy stays beside it: it is not the convocation's. Doing it twice changes nothing."""
    copied = FrozenPaper.objects.filter(kind=FrozenPaper.Kind.ITEM).values("place")
    missing = AgendaPlace.objects.exclude(convened_revision=None).exclude(pk__in=copied)
    for sitting in SittingPage.objects.filter(pk__in=missing.values("sitting")).select_related("record", "instance"):
        copying.freeze(sitting, missing.filter(sitting=sitting).select_related("convened_revision", "sitting"), by=None)
