"""The yearly review: rights that nobody used, that end soon, whose holder has left."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from kb.access.models import Grant, Role
from kb.access.queries import members_of
from kb.people.models import User
from kb.permissions import Viewer

A_YEAR, SOON = timedelta(days=365), timedelta(days=31)


def managed_grants(viewer: Viewer) -> QuerySet[Grant]:
    """The rights given on the pages that the person is responsable of, ended ones too."""
    pages = Page.objects.filter(viewer.managed()).values("pk")
    return Grant.objects.filter(page__in=pages).select_related("page", "group", "person", "team__trashed", "given_by")


def ending(viewer: Viewer) -> list[Grant]:
    """The rights whose last day is within a month, the first to end first."""
    last = timezone.localdate() + SOON
    return list(managed_grants(viewer).in_force().filter(until__lte=last).order_by("until", "pk"))  # type: ignore[attr-defined]


def left_behind(viewer: Viewer) -> list[Grant]:
    """The rights of closed accounts, and of groups and teams where nobody is left."""
    grants = _in_force(viewer)
    members = members_of(grants)
    open_accounts = set(User.objects.filter(is_active=True).values_list("pk", flat=True))
    return [grant for grant in grants if not grant.public and not open_accounts & set(members[grant.pk])]


def unused(viewer: Viewer) -> list[Grant]:
    """The rights more than a year old that nobody has used for a year.

    A right to read is judged by whether its holders have signed in: what each one reads is his own business.
    A right to write, by what its holders have done at or below the page, as the audit log has it.
    """
    since = timezone.now() - A_YEAR
    old = [grant for grant in _in_force(viewer) if grant.given_at < since and not grant.public]
    members = members_of(old)
    signed_in = set(User.objects.filter(last_login__gte=since).values_list("pk", flat=True))
    deeds = _deeds_since(since, {person for people in members.values() for person in people})
    return [grant for grant in old if not _used(grant, members[grant.pk], signed_in, deeds)]


def _in_force(viewer: Viewer) -> list[Grant]:
    found: Any = managed_grants(viewer)
    return list(found.in_force().order_by("page__path", "-role", "pk"))


def _deeds_since(since: datetime, people: set[int]) -> dict[int, set[str]]:
    """Person's id → paths of the pages where he left a trace."""
    rows = PageLogEntry.objects.filter(timestamp__gte=since, user__in=people).values_list("user", "page__path")
    paths: dict[int, set[str]] = {}
    for person, path in rows.distinct():
        paths.setdefault(person, set()).add(path or "")
    return paths


def _used(grant: Grant, people: Iterable[int], signed_in: set[int], deeds: dict[int, set[str]]) -> bool:
    if grant.role < Role.MODERATOR:
        return bool(signed_in & set(people))
    return any(path.startswith(grant.page.path) for person in people for path in deeds.get(person, ()))
