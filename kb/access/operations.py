"""Deeds on the matrix. Each asks the right, changes, logs and tells, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from kb import permissions
from kb.access import audience
from kb.access.models import Boundary, Grant, Role
from kb.pages import tree
from kb.pages.models import ProjectPage
from kb.people.account import User
from kb.refusals import Refused


@dataclass(frozen=True)
class Grantee:
    """Who is given a right: exactly one of the four."""

    group: Group | None = None
    person: Any = None
    team: ProjectPage | None = None
    public: bool = False

    @property
    def label(self) -> str:
        """In words."""
        return Grant(group=self.group, person=self.person, team=self.team, public=self.public).grantee_label


@transaction.atomic
def give(
    *, page: Page, grantee: Grantee, role: Role, by: User | None, until: date | None = None, why: str = ""
) -> Grant:
    """`grantee` has `role` on `page` and below, through `until`; it takes the place of the role he had there.

    `by` None is the system. Raises PermissionDenied, Refused.
    """
    page = _alone_on(page, by)
    _refuse_nonsense(grantee, role, until)
    held = _held(page, grantee, role)
    if held and (held.role, held.until, held.why) == (role, until, why):
        return held
    if held:
        _close(held, by)
    grant = Grant.objects.create(
        page_id=page.pk,
        group=grantee.group,
        person=grantee.person,
        team=grantee.team,
        public=grantee.public,
        role=role,
        until=until,
        why=why,
        given_by=by,
    )
    _require_a_responsable(page, by, was=held)
    _log(page, "kb.access.give", by, why, grantee=grantee.label, before=_words(held), after=_words(grant))
    return grant


@transaction.atomic
def end(*, grant: Grant, by: User | None, why: str = "") -> None:
    """The right stops now; its row stays, with who stopped it. Raises PermissionDenied, Refused."""
    page = _alone_on(grant.page, by)
    fresh = Grant.objects.select_related("group", "person", "team").get(pk=grant.pk)
    if fresh.ended_at:
        return
    _close(fresh, by)
    _require_a_responsable(page, by, was=fresh)
    _log(page, "kb.access.end", by, why, grantee=fresh.grantee_label, before=_words(fresh), after="aucun")


@transaction.atomic
def reserve(*, page: Page, by: User | None, why: str = "") -> Boundary:
    """Nothing given above `page` counts on it any more. Who reserves stays its responsable.

    Raises PermissionDenied, Refused (the town's own page).
    """
    page = _alone_on(page, by)
    if page.depth <= 2:
        raise Refused("L’accueil de la commune ne se réserve pas : réservez une page au-dessous.")
    boundary, new = Boundary.objects.get_or_create(page_id=page.pk, defaults={"reserved_by": by, "why": why})
    if not new:
        return boundary
    if by is not None and not permissions.Viewer(by).granted(page).manages and not by.is_superuser:
        give(page=page, grantee=Grantee(person=by), role=Role.MANAGER, by=None, why="A réservé l’accès à cette page.")
    _log(page, "kb.access.reserve", by, why, before="ouvert à l’héritage", after="réservé")
    return boundary


@transaction.atomic
def reopen(*, page: Page, by: User, why: str = "") -> None:
    """What is given above `page` counts on it again. Raises PermissionDenied."""
    page = _alone_on(page, by)
    boundary = Boundary.objects.filter(page_id=page.pk).first()
    if boundary is None:
        return
    boundary.delete()
    _log(page, "kb.access.reopen", by, why, before="réservé", after="ouvert à l’héritage")


def foreseen(page: Page, deed: Callable[[], Any]) -> audience.Change:
    """Who would gain and lose access to `page` if `deed` were done. Nothing is changed. Raises as the deed."""
    with transaction.atomic():
        before = audience.audience_on(page)
        deed()
        change = audience.change_between(before, audience.audience_on(Page.objects.get(pk=page.pk)))
        transaction.set_rollback(True)
    return change


def _alone_on(page: Page, by: User | None) -> Page:
    """The page as it stands now, its rights changed by nobody else until the end. Raises PermissionDenied.

    The right is asked once alone: it may just have been taken away by another responsable.
    """
    tree.one_writer()
    fresh = Page.objects.get(pk=page.pk)
    if by is not None and not permissions.abilities(by, fresh)["manage_access"]:
        raise PermissionDenied(f"Vous ne gérez pas les accès de « {page.title} ».")
    return fresh


def _refuse_nonsense(grantee: Grantee, role: Role, until: date | None) -> None:
    if until is not None and until < timezone.localdate():
        raise Refused(f"Le {until:%d/%m/%Y} est passé : donnez une date à venir.")
    if grantee.public and role != Role.READER:
        raise Refused("Le public ne peut être que lecteur.")
    if grantee.person is not None and not grantee.person.is_active:
        raise Refused(f"Le compte de {grantee.person} est fermé : il ne peut rien recevoir.")


def _held(page: Page, grantee: Grantee, role: Role) -> Grant | None:
    """The grant that the new one takes the place of: a moderator's right stands beside a role."""
    mine = Grant.objects.filter(
        page=page.pk,
        ended_at=None,
        group=grantee.group,
        person=grantee.person,
        team=grantee.team,
        public=grantee.public,
    )
    if role == Role.MODERATOR:
        return mine.filter(role=Role.MODERATOR).first()
    return mine.exclude(role=Role.MODERATOR).first()


def _close(grant: Grant, by: User | None) -> None:
    grant.ended_at, grant.ended_by = timezone.now(), by
    grant.save(update_fields=["ended_at", "ended_by"])


def _require_a_responsable(page: Page, by: User | None, *, was: Grant | None) -> None:
    """The last responsable of a page does not take himself away; an administrator may."""
    if by is None or by.is_superuser or was is None or was.role != Role.MANAGER:
        return
    if not any(held.standing.manages for held in audience.people_on(page).values()):
        raise Refused(f"« {page.title} » n’aurait plus de responsable. Donnez d’abord ce rôle à quelqu’un d’autre.")


def _words(grant: Grant | None) -> str:
    if grant is None:
        return "aucun"
    return grant.get_role_display() + (f" jusqu’au {grant.until:%d/%m/%Y}" if grant.until else "")


def _log(page: Page, action: str, by: User | None, why: str, **data: str) -> None:
    log(page, action, user=by, data={**data, "why": why})
