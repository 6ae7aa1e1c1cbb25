"""Copying a page, and what is below it: only what the person may read, never a hole in a reserved branch."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import Page

from kb.access import operations as access
from kb.access.models import Boundary, Grant, Role
from kb.pages import tree
from kb.people.account import User
from kb.permissions import Viewer


@dataclass
class Copied:
    """The copy, and the titles of the reserved pages that were left where they are."""

    page: Page
    left_out: list[str]


@transaction.atomic
def copy_page(
    *, page: Page, to: Page, title: str, slug: str, author: User, with_below: bool = False, keep_live: bool = False
) -> Copied:
    """A copy of `page` below `to`, with, if asked, the pages below that `author` may read.

    Who edits a page copies its draft and its history; who only reads it, what is published. A reserved page
    is copied by its responsables alone, reserved again and with its rights. Raises PermissionDenied.
    """
    tree.one_writer()
    viewer = Viewer(author)
    if not viewer.can_view(page) or not viewer.standing(to).edits:
        raise PermissionDenied(f"Vous ne pouvez pas copier « {page.title} » ici.")
    if not _may_copy(viewer, page):
        raise PermissionDenied(f"« {page.title} » est en accès réservé : ses responsables seuls la copient.")
    copied = Copied(_one(page, to, viewer, keep_live, {"title": title, "slug": slug}), [])
    if with_below:
        _below(page, copied.page, viewer, keep_live, copied)
    return copied


def _may_copy(viewer: Viewer, page: Page) -> bool:
    return viewer.can_manage(page) or not Boundary.objects.filter(page=page.pk).exists()


def _below(page: Page, to: Page, viewer: Viewer, keep_live: bool, copied: Copied) -> None:
    for child in page.get_children().specific():
        if not viewer.can_view(child):
            continue
        if not _may_copy(viewer, child):
            copied.left_out.append(child.title)
            continue
        _below(child, _one(child, to, viewer, keep_live, {}), viewer, keep_live, copied)


def _one(page: Page, to: Page, viewer: Viewer, keep_live: bool, attributes: dict[str, str]) -> Page:
    """One page copied. What its reader may not read of it, its draft, is not in the copy."""
    to.refresh_from_db()  # treebeard keeps the number of children in the object
    edits = viewer.can_edit(page)
    if not edits:
        attributes = {**attributes, "draft_title": attributes.get("title", page.title)}
    action = CopyPageAction(
        page=page.specific,
        to=to,
        update_attrs=attributes,
        user=viewer.user,
        keep_live=keep_live and page.live,
        copy_revisions=edits,
    )
    copy: Page = action.execute(skip_permission_checks=True)
    if Boundary.objects.filter(page=page.pk).exists():
        _reserve_again(page, copy)
    return copy


def _reserve_again(page: Page, copy: Page) -> None:
    """The copy of a reserved page is reserved, with the rights given on the original, by the system's hand."""
    access.reserve(page=copy, by=None, why="Copie d’une page en accès réservé.")
    for grant in Grant.objects.in_force().filter(page=page.pk).select_related("group", "person", "team"):
        holder = access.Grantee(group=grant.group, person=grant.person, team=grant.team, public=grant.public)
        access.give(page=copy, grantee=holder, role=Role(grant.role), by=None, until=grant.until, why=grant.why)
