"""Lists of pages for one person: boards, recent changes, favourites, tags."""

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import Page

from kb import typography
from kb.notices.queries import unread
from kb.pages import facts
from kb.pages.models import Favourite, NextStep, PageTag, ProjectPage, Reading, RevisionRecord, TeamMember
from kb.pages.presentation import line_of
from kb.pages.tree import Node, Tree
from kb.permissions import Viewer, abilities

Row = dict[str, Any]
PAGE_SIZE = 40


def town_board(viewer: Viewer, tree: Tree) -> dict[str, list[Row]]:
    """What the home page shows: services, open projects, recent changes, one's own pages."""
    changes, _ = recent_changes(viewer, tree, size=8, latest_only=True)
    return {
        "first_steps": first_steps(viewer, tree),
        "services": services(viewer, tree),
        "tops": [] if viewer.tree.home in viewer.tops else [line_of(viewer, node) for node in viewer.tops],
        "projects": projects(viewer, tree, limit=8),
        "recent": changes,
        "to_read": [] if viewer.looker else to_read(viewer, tree, limit=5),
        "favourites": [] if viewer.looker else favourites(viewer, tree)[:8],
        "recently_read": [] if viewer.looker else recently_read(viewer, tree, limit=8),
    }


def to_read(viewer: Viewer, tree: Tree, *, limit: int) -> list[Row]:
    """The pages whose publication the person was told of and that he has not read since, one row each. One query."""
    rows: dict[int, Row] = {}
    for notice in unread(viewer)[: 4 * limit]:
        node = tree.nodes.get(notice.page_id or 0)
        if node is not None and node.live and node.id not in rows and viewer.can_view(node):
            rows[node.id] = {
                **line_of(viewer, node),
                "when": typography.moment(notice.at),
                "who": str(notice.by) if notice.by else "",
                "why": notice.words,
                "history_url": f"/p/{node.id}/historique/",
            }
    return list(rows.values())[:limit]


def naming(person: Any) -> set[int]:
    """Ids of the pages that name a person: in a team, or for a step to do."""
    rows = (TeamMember.objects.filter(person=person), NextStep.objects.filter(owner=person))
    return {page for found in rows for page in found.values_list("page", flat=True)}


def first_steps(viewer: Viewer, tree: Tree) -> list[Row]:
    """What to begin with, for who may, in a town that has no page yet."""
    home = tree.home
    if home is None or any(True for _ in tree.below(home)) or not abilities(viewer, home)["create_below"]:
        return []
    steps = [
        ("Créer un service", _add("servicepage", home), "Technique, secrétariat, école : ses pages viendront dessous."),
        ("Créer un projet", _add("projectpage", home), "Son budget, ses dates, qui fait quoi."),
        ("Importer un fichier Word", f"/p/{home.id}/importer/", "Il devient une page ; l’original y reste joint."),
    ]
    if viewer.passes:
        steps.append(("Ouvrir les comptes", reverse("wagtailusers_users:add"), "Un compte par agent et par élu."))
    return [{"title": title, "url": url, "line": line} for title, url, line in steps]


def _add(kind: str, parent: Node) -> str:
    return reverse("wagtailadmin_pages:add", args=["kb", kind, parent.id])


def service_board(node: Node, viewer: Viewer, tree: Tree) -> dict[str, list[Row]]:
    """What a service shows: its projects and its recent changes."""
    changes, _ = recent_changes(viewer, tree, below=node, size=8, latest_only=True)
    return {"projects": projects(viewer, tree, below=node), "recent": changes}


def services(viewer: Viewer, tree: Tree) -> list[Row]:
    """The services that the person may read, in the tree's order."""
    nodes = sorted((n for n in tree.nodes.values() if n.model == "servicepage"), key=lambda n: n.path)
    return [
        {**line_of(viewer, node), "id": node.id}
        for node in nodes
        if node.live and viewer.can_view(node) and not tree.is_archived(node)
    ]


def projects(viewer: Viewer, tree: Tree, *, below: Node | None = None, limit: int = 50) -> list[Row]:
    """Open projects with their state and next step. Four queries, whatever their number."""
    pages = ProjectPage.objects.live().filter(state__in=facts.OPEN_STATES)
    if below:
        pages = pages.filter(path__startswith=below.path)
    rows: list[Row] = []
    for page in pages.order_by("path").prefetch_related("phases", "next_steps__owner"):
        node = tree.nodes.get(page.pk)
        if node is None or not viewer.can_view(node) or len(rows) == limit or tree.is_archived(node):
            continue
        rows.append({**line_of(viewer, node), "summary": page.summary, **_standing(page)})
    return rows


def _standing(page: ProjectPage) -> Row:
    steps = sorted(
        (step for step in page.next_steps.all() if not step.done),
        key=lambda step: step.due or timezone.localdate().replace(year=9999),
    )
    line = ""
    if steps:
        line = steps[0].title
        if steps[0].due:
            line += f", avant le {typography.day(steps[0].due)}"
    return {"status": facts.status_of(page), "next_line": line}


def recent_changes(
    viewer: Viewer,
    tree: Tree,
    *,
    below: Node | None = None,
    size: int = PAGE_SIZE,
    page: int = 1,
    latest_only: bool = False,
) -> tuple[list[Row], bool]:
    """Publications, newest first, one row each, and whether there are older ones."""
    records = (
        RevisionRecord.objects.filter(published_at__isnull=False, page__live=True)
        .filter(page__in=_visible(viewer))
        .select_related("revision__user", "published_by")
        .order_by("-published_at", "-pk")
    )
    if below:
        records = records.filter(page__path__startswith=below.path)
    if latest_only:
        records = records.filter(page__live_revision=F("revision"))
    start = (page - 1) * size
    found = list(records[start : start + size + 1])
    return [_change(row, viewer, tree) for row in found[:size] if row.page_id in tree.nodes], len(found) > size


def _visible(viewer: Viewer) -> Any:
    return Page.objects.filter(viewer.visible()).values("pk")


def _change(record: RevisionRecord, viewer: Viewer, tree: Tree) -> Row:
    author = record.revision.user or record.published_by
    return {
        **line_of(viewer, tree.nodes[record.page_id]),
        "when": typography.moment(record.published_at) if record.published_at else "",
        "who": str(author) if author else "",
        "why": record.why,
        "history_url": f"/p/{record.page_id}/historique/",
    }


def favourites(viewer: Viewer, tree: Tree) -> list[Row]:
    """The pages that the person keeps at hand, the latest first."""
    kept = Favourite.objects.filter(person=viewer.user.pk).order_by("-since", "-pk")
    return _lines(kept.values_list("page", flat=True), viewer, tree)


def recently_read(viewer: Viewer, tree: Tree, *, limit: int) -> list[Row]:
    """The pages that the person read last."""
    read = Reading.objects.filter(person=viewer.user.pk).order_by("-at")[:limit]
    return _lines(read.values_list("page", flat=True), viewer, tree)


def tagged(tag: Tag, viewer: Viewer, tree: Tree) -> list[Row]:
    """The live pages that carry the tag, by title."""
    pages = PageTag.objects.filter(tag=tag).values_list("content_object", flat=True)
    return sorted(_lines(pages, viewer, tree, live=True), key=lambda row: row["title"])


def _lines(page_ids: Any, viewer: Viewer, tree: Tree, *, live: bool = False) -> list[Row]:
    nodes = [tree.nodes[pk] for pk in page_ids if pk in tree.nodes]
    return [line_of(viewer, node) for node in nodes if viewer.can_view(node) and (node.live or not live)]
