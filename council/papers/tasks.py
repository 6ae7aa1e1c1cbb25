"""Background work: dossiers bound before they are asked for, and those that are."""

from typing import Any

from django.utils import timezone

from council.agenda.enums import SittingState
from council.agenda.models import SittingPage
from council.papers import operations
from council.papers.content import Papers
from council.papers.models import Shape
from kb.work.models import KINDS
from kb.work.registry import every, handles

KINDS[operations.JOB] = "Relier un dossier de séance"


@handles(operations.JOB)
def bind(payload: dict[str, Any], *, progress: Any = None, **kwargs: Any) -> None:
    """Binds one dossier; asked twice it is bound once."""
    operations.bind(payload["dossier"], progress=progress)


@every(minutes=10)
def keep_ready() -> None:
    """The PDF of a sitting convened and to come is ready before an élu presses a button."""
    coming = SittingPage.objects.filter(
        record__state=SittingState.CONVENED, starts_at__gt=timezone.now(), trashed=None
    ).select_related("instance")
    for sitting in coming:
        if operations.standing(Papers(sitting), Shape.PDF) is None:
            operations.ask(sitting=sitting, shape=Shape.PDF, by=None)
