"""Deeds: say until when a page is sure, check it, archive it. Each asks the right, changes, logs and tells."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from kb import permissions, typography
from kb.life.dates import months_after
from kb.life.models import Archived, ReviewDate
from kb.life.signals import branch_archived_or_not
from kb.pages import tree
from kb.people.account import User
from kb.permissions import Viewer, paths_down_to
from kb.refusals import Refused


@transaction.atomic
def set_review(*, page: Page, due: date, owner: Any, by: User, every_months: int | None = None) -> ReviewDate:
    """`owner` checks the page before `due`, then every so many months. Raises PermissionDenied, Refused."""
    fresh = _alone_on(page, by, "edit", "modifier")
    if due < timezone.localdate():
        raise Refused(f"Le {due:%d/%m/%Y} est passé : donnez une date à venir.")
    if not permissions.can_view(owner, fresh):
        raise Refused(f"{owner} ne lit pas cette page : choisissez une autre personne, ou donnez-lui d’abord l’accès.")
    review, _ = ReviewDate.objects.update_or_create(
        page_id=fresh.pk, defaults={"due": due, "owner": owner, "every_months": every_months, "set_by": by}
    )
    _tell(fresh, "kb.page.review", by, what=f"avant le {typography.day(due)}, par {owner}")
    return review


@transaction.atomic
def end_review(*, page: Page, by: User) -> None:
    """No date any more; who checked it last is kept. Raises PermissionDenied."""
    fresh = _alone_on(page, by, "edit", "modifier")
    if ReviewDate.objects.filter(page=fresh.pk).update(due=None, every_months=None):
        _tell(fresh, "kb.page.review", by, what="plus de date")


@transaction.atomic
def check(*, page: Page, by: User) -> ReviewDate:
    """What the page says is still true, says `by`: who is asked to check it, or who edits it.

    The next date follows, where the check comes back. Raises PermissionDenied, Refused (nothing to check).
    """
    fresh = _alone_on(page, by, "view", "vérifier")
    review = ReviewDate.objects.filter(page=fresh.pk).first()
    if review is None:
        raise Refused("Cette page n’a pas de date de vérification : donnez-lui-en une d’abord.")
    if review.owner_id != by.pk and not permissions.abilities(by, fresh)["edit"]:
        raise PermissionDenied(f"Vous ne pouvez pas vérifier « {page.title} ».")
    review.checked_at, review.checked_by = timezone.now(), by
    review.due = months_after(timezone.localdate(), review.every_months) if review.every_months else None
    review.save()
    _tell(fresh, "kb.page.checked", by)
    return review


@transaction.atomic
def archive(*, page: Page, by: User, why: str = "") -> Archived:
    """The page and what is below it only serve as a memory. Raises PermissionDenied, Refused (the town's page)."""
    fresh = _alone_on(page, by, "move", "archiver")
    if fresh.depth <= 2:
        raise Refused("L’accueil de la commune ne s’archive pas : archivez une page au-dessous.")
    if not why.strip():
        raise Refused("Dites en une ligne pourquoi cette page est archivée.")
    archived, new = Archived.objects.get_or_create(page_id=fresh.pk, defaults={"by": by, "why": why.strip()[:200]})
    if new:
        _tell(fresh, "kb.page.archive", by, why=archived.why)
        branch_archived_or_not.send(sender=Archived, path=fresh.path)
    return archived


@transaction.atomic
def unarchive(*, page: Page, by: User) -> None:
    """Back among the others. Raises PermissionDenied, Refused (it is archived with a page above it)."""
    fresh = _alone_on(page, by, "move", "désarchiver")
    if not Archived.objects.filter(page=fresh.pk).exists():
        if Archived.objects.filter(page__path__in=paths_down_to(fresh.path)).exists():
            raise Refused("Cette page est archivée avec une page au-dessus : c’est celle-là qu’il faut désarchiver.")
        return
    Archived.objects.filter(page=fresh.pk).delete()  # who archived it, when and why stays in the audit log
    _tell(fresh, "kb.page.unarchive", by)
    branch_archived_or_not.send(sender=Archived, path=fresh.path)


def _alone_on(page: Page, by: User, ability: str, verb: str) -> Page:
    """The page as it stands now, changed by nobody else until the end. Raises PermissionDenied."""
    tree.one_writer()
    fresh = Page.objects.get(pk=page.pk)
    if not Viewer(by).signed_in or not permissions.abilities(by, fresh)[ability]:
        raise PermissionDenied(f"Vous ne pouvez pas {verb} « {page.title} ».")
    return fresh


def _tell(page: Page, action: str, by: User, **data: str) -> None:
    tree.changed(page.pk)
    log(page, action, user=by, data=data)
