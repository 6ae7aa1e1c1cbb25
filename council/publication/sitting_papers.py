"""The papers of a sitting that the law puts on the commune's site: the list of its délibérations, its procès-verbal."""

import hashlib

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from council.acts import minutes, papers
from council.acts.content import Content
from council.acts.operations import closed, require_manager
from council.acts.papers import Paper
from council.agenda.models import DoneStep, SittingPage
from council.publication.models import PublicPaper, SittingPaper
from council.publication.queries import NEVER_PUBLIC
from council.rules import COMMUNES
from kb.exchange.pdf import PdfUnavailable
from kb.people.account import User
from kb.refusals import Refused
from kb.typography import day

STEPS = {SittingPaper.LIST: "list", SittingPaper.MINUTES: "minutes_published"}


@transaction.atomic
def publish(*, sitting: SittingPage, paper: SittingPaper, by: User) -> PublicPaper:
    """The paper is online, with what is masked in its acts; what the public had of it before is kept. Noted in the clock.

    Raises PermissionDenied, Refused: before the closing, a procès-verbal before it is arrêté, a choice that waits, a CCAS.
    """
    require_manager(by, sitting)
    closed(sitting)
    if sitting.instance.body in NEVER_PUBLIC:
        raise Refused(f"Les papiers de « {sitting.instance} » ne sont jamais publics : rien n’est à mettre en ligne.")
    data = _made(sitting, paper)
    standing = PublicPaper.objects.filter(sitting=sitting, paper=paper, replaced_at=None)
    if not standing.update(replaced_at=timezone.now()):
        DoneStep.objects.update_or_create(
            sitting=sitting,
            code=STEPS[paper],
            defaults={"on": timezone.localdate(), "noted_by": by, "noted_at": timezone.now()},
        )
    row = PublicPaper.objects.create(
        sitting=sitting, paper=paper, data=data, sha256=hashlib.sha256(data).hexdigest(), by=by
    )
    log(sitting, "council.paper.publish", user=by, data={"paper": str(paper.label), "sha256": row.sha256})
    return row


def _made(sitting: SittingPage, paper: SittingPaper) -> bytes:
    if paper == SittingPaper.MINUTES:
        return minutes.public_file(sitting)
    try:
        return papers.made(papers.of_sitting(Content(sitting), Paper.LIST, public=True), "pdf")
    except PdfUnavailable as missing:
        raise Refused(str(missing)) from missing


def title_of(paper: PublicPaper) -> str:
    """« Procès-verbal de la séance du 13 octobre 2026 »."""
    return f"{paper.get_paper_display()} de la séance du {day(paper.sitting.starts_at)}"


def online() -> QuerySet[PublicPaper]:
    """What the public has, the newest sitting first."""
    found = PublicPaper.objects.filter(replaced_at=None, sitting__instance__body__in=COMMUNES | {"epci"})
    return found.select_related("sitting").defer("data").order_by("-sitting__starts_at", "paper")
