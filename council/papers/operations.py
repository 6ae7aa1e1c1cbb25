"""Deeds on dossiers: ask for one, bind it. The one that stands is bound once, whoever asks."""

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction

from council.agenda.models import SittingPage
from council.papers import dossier
from council.papers.content import Papers
from council.papers.models import BoundDossier, Shape
from kb.exchange.pdf import PdfUnavailable
from kb.people.models import User
from kb.permissions import Viewer
from kb.work import operations as work
from kb.work.models import Queue

JOB = "dossier"
EXTENSIONS = {Shape.PDF: "pdf", Shape.LARGE: "pdf", Shape.ZIP: "zip"}


def standing(papers: Papers, shape: str) -> BoundDossier | None:
    """The dossier as it stands, bound or being bound; None when it is still to be asked for."""
    return BoundDossier.objects.filter(sitting=papers.sitting, shape=shape, mark=papers.mark).first()


@transaction.atomic
def ask(*, sitting: SittingPage, shape: str, by: User | Viewer | None) -> BoundDossier:
    """Asks the worker for the dossier as it stands. Raises PermissionDenied where `by` may not have it (None: the system)."""
    papers = Papers(sitting)
    if by is not None and not papers.may_be_had_by(Viewer.of(by)):
        raise PermissionDenied("Vous ne pouvez pas lire tout le dossier de cette séance.")
    asker = by.user if isinstance(by, Viewer) else by
    bound, _ = BoundDossier.objects.get_or_create(
        sitting=sitting, shape=Shape(shape), mark=papers.mark, defaults={"asked_by": asker}
    )
    if bound.problem:
        BoundDossier.objects.filter(pk=bound.pk).update(problem="", parts_done=0)
    if bound.is_lost:
        BoundDossier.objects.filter(pk=bound.pk, file=bound.file.name).update(file="", sha256="", pages=0, parts_done=0)
        bound.refresh_from_db()
    if not bound.file:
        work.enqueue(
            kind=JOB, payload={"dossier": bound.pk}, queue=Queue.SLOW, key=f"{JOB}-{bound.pk}", requested_by=asker
        )
    return bound


def bind(dossier_id: int, *, progress: Any = None) -> None:
    """Binds a dossier that is not yet; one that no longer stands so is let go, and asked for again as it stands."""
    bound = BoundDossier.objects.select_related("sitting__instance", "asked_by").filter(pk=dossier_id).first()
    if bound is None or bound.file:
        return
    papers = Papers(bound.sitting)
    if bound.mark != papers.mark:
        bound.delete()
        return

    def step(done: int, total: int) -> None:
        BoundDossier.objects.filter(pk=bound.pk).update(parts_done=done, parts_total=total)
        if progress:
            progress(done, total)

    try:
        _write(bound, papers, step)
    except PdfUnavailable as missing:
        BoundDossier.objects.filter(pk=bound.pk).update(problem=str(missing)[:300])


def _write(bound: BoundDossier, papers: Papers, step: dossier.Step) -> None:
    viewer = Viewer(bound.asked_by or _who_prepares(bound.sitting))
    inside = papers.dossier(viewer)
    whole = dossier.pdf_of(inside, large=bound.shape == Shape.LARGE, step=step)
    data = dossier.zip_of(inside, whole) if bound.shape == Shape.ZIP else whole.pdf
    bound.file.save(f"dossier.{EXTENSIONS[Shape(bound.shape)]}", ContentFile(data), save=False)
    BoundDossier.objects.filter(pk=bound.pk).update(
        file=bound.file.name, pages=whole.pages, sha256=hashlib.sha256(data).hexdigest()
    )
    _forget_older(bound)


def _who_prepares(sitting: SittingPage) -> Any:
    """Whose rights decide of the pictures when nobody asked: who convened, or who made the page."""
    record = getattr(sitting, "record", None)
    return (record and record.convened_by) or sitting.owner or User.objects.filter(is_superuser=True).first()


def _forget_older(bound: BoundDossier) -> None:
    """What no longer stands is not kept: it can be made again, and its bytes are swept at night."""
    BoundDossier.objects.filter(sitting=bound.sitting, shape=bound.shape).exclude(pk=bound.pk).delete()
