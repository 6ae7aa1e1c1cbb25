"""The report of broken links, pages to create and orphan pages, for one person."""

from typing import Any

from django.db.models import Q

from kb.links.models import MissingLink, PageLink
from kb.pages.presentation import line_of
from kb.pages.tree import Tree
from kb.permissions import Viewer

Row = dict[str, Any]


def pages_to_create(viewer: Viewer, tree: Tree) -> list[Row]:
    """[[Names]] without a page, in pages the person edits, the most wanted first."""
    wanted: dict[str, Row] = {}
    for link in MissingLink.objects.filter(target=None).order_by("since", "pk"):
        node = tree.nodes.get(link.page_id)
        if node is None or not viewer.can_edit(node):
            continue
        row = wanted.setdefault(link.key, {"title": link.title, "sources": []})
        row["sources"].append({**line_of(viewer, node), "create_url": f"/p/{node.id}/creer/"})
    return sorted(wanted.values(), key=lambda row: (-len(row["sources"]), row["title"]))


def broken_links(viewer: Viewer, tree: Tree) -> list[Row]:
    """Links of live pages that the person edits to pages that are not published any more."""
    lost = Q(target__live=False) | Q(target__trashed__isnull=False)
    links = PageLink.objects.filter(lost, in_live=True).values_list("page", "target")
    rows = []
    for source, target in links:
        here, there = tree.nodes.get(source), tree.nodes.get(target)
        if here and viewer.can_edit(here):
            known = there is not None and viewer.can_view(there)
            title = there.draft_title if known and there else "une page que vous ne voyez pas"
            rows.append({**line_of(viewer, here), "edit_url": f"/admin/pages/{source}/edit/", "target": title})
    return rows


def orphans(viewer: Viewer, tree: Tree) -> list[Row]:
    """Live pages that no other live page links to, less shelves and the pages at the top of the tree."""
    links = PageLink.objects.filter(in_live=True, page__trashed=None).exclude(page__live=False)
    linked = set(links.values_list("target", flat=True))
    home = tree.home
    return [
        line_of(viewer, node)
        for node in sorted(tree.nodes.values(), key=lambda node: node.path)
        if node.live
        and node.model == "articlepage"
        and node.id not in linked
        and node is not home
        and viewer.can_edit(node)
    ]
