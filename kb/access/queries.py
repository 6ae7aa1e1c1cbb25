"""Who may what, and why: the matrix read page by page and person by person."""

from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page

from kb.access.models import Boundary, Grant, Role
from kb.pages.models import TeamMember
from kb.people.models import User
from kb.permissions import Viewer, paths_down_to


def boundary_on(page: Page) -> Boundary | None:
    """The nearest reserved page from `page` upwards, itself included."""
    above = Boundary.objects.filter(page__path__in=paths_down_to(page.path)).select_related("page", "reserved_by")
    return above.order_by("-page__path").first()


def grants_on(page: Page) -> list[Grant]:
    """The grants that count on `page`, the nearest first. Two queries."""
    boundary = boundary_on(page)
    above = paths_down_to(page.path)
    counted = [path for path in above if boundary is None or len(path) >= len(boundary.page.path)]
    found = Grant.objects.in_force().filter(page__path__in=counted)
    return list(found.select_related("page", "group", "person", "team__trashed").order_by("-page__path", "-role", "pk"))


def members_of(grants: list[Grant]) -> dict[int, list[int]]:
    """Grant's id → ids of the people who hold it (closed accounts too; the public has none). Two queries."""
    by_group: dict[int, list[int]] = {}
    groups = {grant.group_id for grant in grants if grant.group_id}
    for group, person in User.groups.through.objects.filter(group__in=groups).values_list("group", "user"):
        by_group.setdefault(group, []).append(person)
    by_team: dict[int, list[int]] = {}
    teams = {grant.team_id for grant in grants if grant.team_id}
    for page, person in TeamMember.objects.filter(page__in=teams).values_list("page", "person"):
        by_team.setdefault(page, []).append(person)
    return {
        grant.pk: [grant.person_id]
        if grant.person_id
        else by_group.get(grant.group_id or 0, []) + by_team.get(grant.team_id or 0, [])
        for grant in grants
    }


def decisive(person: Any, page: Page) -> Grant | None:
    """The grant that gives `person` his role on `page`; None for nothing and for an administrator's passage."""
    counted = {grant.pk: grant for grant in grants_on(page)}
    mine = Grant.objects.in_force().of(person).filter(pk__in=counted).order_by("-role").values_list("pk", "role")
    rows = list(mine)
    plain = [pk for pk, role in rows if role != Role.MODERATOR]
    chosen = plain[0] if plain else (rows[0][0] if rows else None)
    return counted[chosen] if chosen else None


def explained(person: Any, page: Page) -> dict[str, Any]:
    """The answer to « qui voit quoi et pourquoi » for one person and one page, in French."""
    viewer = Viewer(person)
    grant, boundary = decisive(person, page), boundary_on(page)
    standing = viewer.standing(page)
    return {
        "role": standing.label,
        "grant": in_words(grant) if grant else None,
        "boundary": boundary.page.url_path if boundary else None,
        "why": _reason(viewer, page, grant, boundary),
    }


def in_words(grant: Grant) -> str:
    """« lecteur : le groupe Finances, sur « Budget », jusqu’au 31/12/2026 »."""
    until = f", jusqu’au {grant.until:%d/%m/%Y}" if grant.until else ""
    return f"{grant.get_role_display()} : {grant.grantee_label}, sur « {grant.page.title} »{until}"


def _reason(viewer: Viewer, page: Page, grant: Grant | None, boundary: Boundary | None) -> str:
    if viewer.passes:
        passage = "Administrateur : il passe partout"
        return f"{passage}, et ses passages en accès réservé sont notés." if boundary and not grant else f"{passage}."
    if not viewer.signed_in and grant is None:
        return "Rien n’est donné au public sur cette page."
    if grant is None:
        if boundary:
            return f"L’accès à « {boundary.page.title} » est réservé, et rien ne lui est donné à partir de là."
        return "Aucun droit ne lui est donné sur cette page ni au-dessus."
    where = "sur cette page" if grant.page_id == page.pk else f"hérité de « {grant.page.title} »"
    why = f" Raison : {grant.why}" if grant.why else ""
    return f"{grant.get_role_display().capitalize()} ({grant.grantee_label}), {where}.{why}"


def known_people(viewer: Viewer) -> QuerySet[User]:
    """The people whose names `viewer` may learn from a list: who reads something that he reads too.

    The accounts with a right that counts on a page he sees, administrators, and himself.
    """
    everybody = User.objects.filter(is_active=True).order_by("last_name", "first_name", "pk")
    if viewer.passes:
        return everybody
    tree = viewer.tree
    sources = {pk for pk in tree.grants if pk in tree.nodes and viewer.can_view(tree.nodes[pk])}
    for top in viewer.tops:
        for node in reversed([*tree.ancestors(top), top]):
            sources.add(node.id)
            if node.id in tree.reserved:
                break
    grants = Grant.objects.in_force().filter(page__in=sources)
    teams = TeamMember.objects.filter(page__in=grants.values("team")).values("person")
    known = Q(pk__in=grants.values("person")) | Q(groups__in=grants.values("group")) | Q(pk__in=teams)
    return everybody.filter(known | Q(is_superuser=True) | Q(pk=viewer.user.pk)).distinct()
