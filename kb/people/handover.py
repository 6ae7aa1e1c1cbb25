"""Passation: what a leaving person holds goes to another; his account is closed, his history stays his."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page

from kb.access import operations as access
from kb.access.models import Grant, Role
from kb.pages import operations as pages
from kb.pages import tree
from kb.pages.models import ProjectPage, TeamMember
from kb.people.models import User
from kb.people.operations import close_account


@dataclass(frozen=True)
class Held:
    """What a person holds: pages in his name, projects where he has something to do, rights, groups."""

    pages: list[Page]
    projects: list[ProjectPage]
    grants: list[Grant]
    groups: list[Group]


def held_by(person: User) -> Held:
    """What is to be handed over. The drafts of projects are read too. What is in the trash stays as it is."""
    grants = Grant.objects.in_force().filter(person=person, page__trashed=None).select_related("page", "person")
    return Held(
        pages=list(Page.objects.filter(owner=person, depth__gt=2, trashed=None).order_by("path")),
        projects=[
            project
            for project in ProjectPage.objects.filter(trashed=None).order_by("path")
            if _concerns(project, person)
        ],
        grants=list(grants.order_by("page__path")),
        groups=list(person.groups.order_by("name")),
    )


def _concerns(project: ProjectPage, person: User) -> bool:
    versions = [project, project.get_latest_revision_as_object()] if project.has_unpublished_changes else [project]
    return any(_named(version, person) for version in versions)


def _named(version: Any, person: User) -> bool:
    steps = any(step.owner_id == person.pk and not step.done for step in version.next_steps.all())
    return steps or any(member.person_id == person.pk for member in version.team.all())


@transaction.atomic
def hand_over(*, leaver: User, to: User, by: User, groups: Iterable[Group] = (), until: date | None = None) -> Held:
    """Gives to `to` what `leaver` holds, the rights through `until` at most, then closes the account.

    What is done stays signed by who did it: only steps still to do change hands. `groups` are those of the
    leaver that the other joins. Raises PermissionDenied, ValidationError (the same person, a closed
    account, the last administrator).
    """
    if not by.is_superuser:
        raise PermissionDenied("Seul un administrateur fait une passation.")
    if to.pk == leaver.pk or not to.is_active:
        raise ValidationError("Choisissez une autre personne, dont le compte est ouvert.")
    tree.one_writer()
    held = held_by(leaver)
    why = f"Passation de {leaver} à {to}"
    for page in held.pages:
        Page.objects.filter(pk=page.pk).update(owner=to)
        log(page, "kb.page.owner", user=by, data={"before": str(leaver), "after": str(to)})
    for project in held.projects:
        pages.amend(page=project, change=lambda version: _replace(version, leaver, to), author=by, why=why)
    for grant in held.grants:
        _pass_on(grant, to, by, until, why)
    joined = [group for group in groups if group in held.groups]
    to.groups.add(*joined)
    leaver.groups.clear()
    log(leaver, "kb.account.handover", user=by, data={"to": str(to), "groups": [group.name for group in held.groups]})
    close_account(person=leaver, by=by)
    return held


def _replace(version: Any, leaver: User, to: User) -> None:
    """In one version of a project: the steps to do, and the place in the team."""
    steps = list(version.next_steps.all())
    for step in steps:
        if step.owner_id == leaver.pk and not step.done:
            step.owner = to
    version.next_steps.set(steps)
    team = list(version.team.all())
    known = any(member.person_id == to.pk for member in team)
    kept: list[TeamMember] = []
    for member in team:
        if member.person_id == leaver.pk:
            if known:
                continue
            member.person = to
        kept.append(member)
    version.team.set(kept)


def _pass_on(grant: Grant, to: User, by: User, until: date | None, why: str) -> None:
    """The same role, unless the other has more there; then the leaver's ends."""
    mine = Grant.objects.in_force().filter(page=grant.page_id, person=to)
    beside = grant.role == Role.MODERATOR
    known = (
        mine.filter(role=Role.MODERATOR) if beside else mine.exclude(role=Role.MODERATOR).filter(role__gte=grant.role)
    )
    if not known.exists():
        ends = min((day for day in (grant.until, until) if day), default=None)
        access.give(
            page=grant.page, grantee=access.Grantee(person=to), role=Role(grant.role), by=by, until=ends, why=why
        )
    access.end(grant=grant, by=by, why=why)
