"""Reading pages: one page, the tree, the lists, and what each person keeps of them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST
from taggit.models import Tag
from wagtail.models import Page

from kb import permissions, typography
from kb.access import passages
from kb.comments.presentation import Comments
from kb.comments.queries import drafts_to_read
from kb.life import queries as reviews
from kb.notices.models import Follow
from kb.pages import presentation, queries
from kb.pages.frame import frame_for
from kb.pages.knowledge import KnowledgePage
from kb.pages.models import Favourite, PageModel, Reading
from kb.pages.tree import Node, Tree, known_title
from kb.permissions import Viewer, viewer_of

View = Callable[..., HttpResponseBase]
REFUSED = {
    "manage_access": "ne gérez pas les accès de",
    "delete": "ne pouvez pas supprimer",
    "move": "n’êtes pas responsable de",
}


def signed_in(view: View) -> View:
    """Whoever has not signed in is sent to the sign-in page, whatever the address: it tells nothing."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not viewer_of(request).signed_in:
            return redirect_to_login(request.get_full_path())
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return checked


def open_door(view: View) -> View:
    """A door that whoever comes may knock at, signed in or not: rights alone decide, a refusal is a 404."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return checked


def node_for(request: HttpRequest, page_id: int, tree: Tree | None = None) -> Node:
    """The node of a page that the person may know of, or Http404."""
    node = (tree or viewer_of(request).tree).nodes.get(page_id)
    if node is None or not viewer_of(request).can_view(node):
        raise Http404
    passages.note(viewer_of(request), node, door=request.path)
    return node


def draft_node_for(request: HttpRequest, page_id: int) -> Node:
    """The node of a page whose draft the person reads: he edits it, or is invited. Raises Http404."""
    viewer = viewer_of(request)
    node = viewer.tree.nodes.get(page_id)
    if node is None or not viewer.reads_draft(node):
        raise Http404
    passages.note(viewer, node, door=request.path)
    return node


def small_number(text: str) -> int:
    """A number that an address or a form carries, of eighteen digits at most; 0 for anything else.

    Python refuses to read thousands of digits, and no base holds such a number.
    """
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def page_for(request: HttpRequest, page_id: int, ability: str = "view") -> KnowledgePage:
    """A page on which the person has the ability; Http404 where he may not even know of it."""
    page = get_object_or_404(Page, pk=page_id, depth__gt=1).specific
    rights = permissions.abilities(viewer_of(request), page)
    if not rights["view"]:
        raise Http404
    if not rights[ability]:
        refused = REFUSED.get(ability, "ne pouvez pas modifier")
        raise permissions.Denied(f"Vous {refused} « {page.title} ».")
    passages.note(viewer_of(request), page, door=request.path)
    return page


@require_GET
@open_door
def show_address(request: HttpRequest, address: str = "") -> HttpResponse:
    """The page at a readable address, where each page on the way is one that the person may know of."""
    viewer = viewer_of(request)
    tree = viewer.tree
    if not address:
        return _home(request, viewer)
    node = tree.at(address if address.endswith("/") else f"{address}/")
    if node is None or not viewer.can_view(node) or viewer.address(node) != tree.url(node):
        raise Http404
    passages.note(viewer, node, door=request.path)
    return _show(request, node, tree)


@require_GET
@open_door
def show_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """The page at its permanent address, which tells nothing."""
    tree = viewer_of(request).tree
    return _show(request, node_for(request, page_id, tree), tree)


def _home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The town's page; whoever has an account knows its name, and finds there what is open to him."""
    home = viewer.tree.home
    if home and (viewer.signed_in or viewer.can_view(home)):
        return _show(request, home, viewer.tree)
    return redirect_to_login("/")


def _show(request: HttpRequest, node: Node, tree: Tree) -> HttpResponse:
    viewer = viewer_of(request)
    content = presentation.published(node, tree) if node.live else presentation.draft(node)
    if viewer.can_view(node):
        return show_content(request, node, content, draft=not node.live)
    content = presentation.threshold(content)
    shown = presentation.sheet(content, node, viewer=viewer, tree=tree)
    if viewer.signed_in and not viewer.looker:
        presentation.add_person(shown, viewer, node)
    return render(request, *page_template(request, content, shown, node, viewer, tree))


def show_content(
    request: HttpRequest, node: Node, content: presentation.Content, *, draft: bool, band: dict[str, Any] | None = None
) -> HttpResponse:
    """A page that the person may read, live or as its draft is, with the comments that he may read.

    `band`: what stands above a draft (kb.pages.draft_views).
    """
    viewer, tree = viewer_of(request), viewer_of(request).tree
    comments = Comments(request, viewer, node, content, draft)
    shown = presentation.sheet(content, node, viewer=viewer, tree=tree, beside=comments.block)
    if viewer.signed_in and not viewer.looker:
        presentation.add_person(shown, viewer, node)
    comments.put_on(shown)
    shown.draft = band or {}
    return render(request, *page_template(request, content, shown, node, viewer, tree))


def page_template(
    request: HttpRequest, content: Any, shown: Any, node: Node, viewer: Viewer, tree: Tree
) -> tuple[str, dict[str, Any]]:
    """Template and context of a page, by type."""
    context: dict[str, Any] = {
        "frame": frame_for(request, content.title, tree=tree, node=node),
        "sheet": shown,
    }
    name = content.model.removesuffix("page")
    if content.template:
        return content.template, context
    if name == "home":
        context["town"] = queries.town_board(viewer, tree)
    elif name == "service":
        context["service"] = {**content.facts, **queries.service_board(node, viewer, tree)}
    elif name == "project":
        context["project"] = content.facts
    else:
        name = name if name in {"article", "folder"} else "article"
    return f"kb/pages/{name}.html", context


def preview_page(request: HttpRequest, page: KnowledgePage) -> HttpResponse:
    """What the editor is writing, as its readers would see it."""
    viewer = viewer_of(request)
    tree = viewer.tree
    content = presentation.content_of(page, revision_id=None)
    node = tree.nodes.get(page.pk) or _new_node(page)
    shown = presentation.sheet(content, node, viewer=viewer, tree=tree)
    return render(request, *page_template(request, content, shown, node, viewer, tree))


def _new_node(page: KnowledgePage) -> Node:
    return Node(
        id=page.pk or 0,
        path=page.path or "",
        title=page.title,
        draft_title=page.title,
        url_path=page.url_path or "/",
        live=False,
        live_revision=None,
        model=page._meta.model_name or "",
        published_at=None,
        in_menus=False,
        has_draft=False,
    )


@require_GET
@signed_in
def tree_rows(request: HttpRequest) -> HttpResponse:
    """The children of a page (`?sous=<id>`), as rows of the tree; the page shown is `?ici=<id>`."""
    tree = viewer_of(request).tree
    here = tree.nodes.get(int(request.GET.get("ici", "0"))) if request.GET.get("ici", "0").isdecimal() else None
    rows = _rows_below(viewer_of(request), _asked_above(request), here)
    return render(request, "kb/pages/tree_rows.html", {"rows": rows})


@require_GET
@signed_in
def tree_page(request: HttpRequest) -> HttpResponse:
    """The tree one level at a time (`?sous=<id>`), for whoever opens it without a script."""
    viewer = viewer_of(request)
    above = _asked_above(request)
    context = {
        "frame": frame_for(request, "L’arbre des pages"),
        "above": {"title": known_title(above), "url": viewer.address(above)} if above else None,
        "rows": _rows_below(viewer, above, None),
    }
    return render(request, "kb/pages/tree.html", context)


def _asked_above(request: HttpRequest) -> Node | None:
    """The page `?sous=<id>`, which the person may know of; None where none is named."""
    below = request.GET.get("sous", "")
    return node_for(request, int(below)) if below.isdecimal() else None


def _rows_below(viewer: Viewer, above: Node | None, here: Node | None) -> list[dict[str, Any]]:
    """The pages that stand under `above`, or where the tree starts for this person."""
    tree = viewer.tree
    return [
        {
            "id": node.id,
            "title": known_title(node),
            "url": viewer.address(node),
            "archived": node.archived_here,
            "has_children": any(viewer.can_view(child) for child in tree.below(node)),
            "current": here is not None and here.id == node.id,
        }
        for node in sorted(
            tree.below(above) if above else _tops(viewer), key=lambda node: node.archived_here
        )  # the archived last, folded as all are
        if viewer.can_view(node)
    ]


def _tops(viewer: Viewer) -> list[Node]:
    """Where the tree starts for this person: under the town's page, or at each top of what he sees."""
    home = viewer.tree.home
    return list(viewer.tree.below(home)) if home and viewer.can_view(home) else viewer.tops


@require_POST
@signed_in
def mark_read(request: HttpRequest, page_id: int) -> HttpResponse:
    """The person has had the page before his eyes: sent by the page itself, never by a GET."""
    node = node_for(request, page_id)
    Reading.objects.update_or_create(
        person=viewer_of(request).user,
        page_id=node.id,
        defaults={"at": timezone.now(), "revision_id": node.live_revision},
    )
    return HttpResponse(status=204)


@require_POST
@signed_in
def toggle_favourite(request: HttpRequest, page_id: int) -> HttpResponse:
    """Keeps the page at hand, or lets it go; answers JSON to a script and the page to a form."""
    node = node_for(request, page_id)
    mine = Favourite.objects.filter(person=viewer_of(request).user.pk, page=node.id)
    kept = not mine.exists()
    if kept:
        Favourite.objects.create(person=viewer_of(request).user, page_id=node.id)
    else:
        mine.delete()
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"favourite": kept})
    return redirect("page", page_id=page_id)


@require_GET
@signed_in
def recent_changes(request: HttpRequest) -> HttpResponse:
    """What was published lately, for the whole town or below one page (`?sous=<id>`)."""
    viewer = viewer_of(request)
    tree = viewer.tree
    below = request.GET.get("sous", "")
    top = node_for(request, int(below), tree) if below.isdecimal() else None
    place = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    rows, more = queries.recent_changes(viewer, tree, below=top, page=place)
    query = f"sous={top.id}&" if top else ""
    context = {
        "frame": frame_for(request, "Changements récents", tree=tree),
        "rows": rows,
        "below": {"title": top.title, "url": viewer.address(top)} if top else None,
        "newer_url": f"?{query}page={place - 1}" if place > 1 else "",
        "older_url": f"?{query}page={place + 1}" if more else "",
        "services": queries.services(viewer, tree),
    }
    return render(request, "kb/pages/recent_changes.html", context)


@require_GET
@signed_in
def favourites(request: HttpRequest) -> HttpResponse:
    """The pages that the person keeps at hand, and those he read lately."""
    viewer = viewer_of(request)
    tree = viewer.tree
    context = {
        "frame": frame_for(request, "Mes pages", tree=tree),
        "to_check": [] if viewer.looker else _to_check(viewer),
        "favourites": queries.favourites(viewer, tree),
        "recently_read": queries.recently_read(viewer, tree, limit=30),
        "drafts": [
            {
                **presentation.line_of(viewer, node),
                "title": node.draft_title or node.title,
                "url": f"/p/{node.id}/brouillon/",
            }
            for node in drafts_to_read(viewer)
        ],
    }
    return render(request, "kb/pages/favourites.html", context)


def _to_check(viewer: Viewer) -> list[dict[str, str]]:
    """The pages that the person is to check within a month."""
    due = reviews.reviews_due(viewer, timezone.localdate() + reviews.SOON)
    return [
        {**presentation.line_of(viewer, one.node), "updated_label": f"Avant le {typography.day(one.due)}"}
        for one in due
    ]


@require_GET
@signed_in
def tagged(request: HttpRequest, slug: str) -> HttpResponse:
    """The live pages that carry a tag, among those the person may read."""
    viewer = viewer_of(request)
    tree = viewer.tree
    tag = get_object_or_404(Tag, slug=slug)
    rows = queries.tagged(tag, viewer, tree)
    if not rows:
        raise Http404  # a tag of pages one may not read does not exist either
    context = {
        "frame": frame_for(request, f"Mot-clé : {tag.name}", tree=tree),
        "tag": tag.name,
        "rows": rows,
        "follow_url": "" if viewer.looker else reverse("follow_tag", args=[slug]),
        "followed": not viewer.looker and Follow.objects.filter(person=viewer.user.pk, tag=tag).exists(),
    }
    return render(request, "kb/pages/tag.html", context)


@require_GET
@signed_in
def new_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Choosing what to start below a page: an empty page of some type, or a model of the town."""
    parent = page_for(request, page_id, "create_below")
    creatable = [model for model in parent.creatable_subpage_models() if model.can_create_at(parent)]
    types = {model._meta.model_name: model for model in creatable}
    if not types:
        raise Http404

    def address(name: str, **query: Any) -> str:
        label = types[name]._meta.app_label if name in types else "kb"
        base = reverse("wagtailadmin_pages:add", args=[label, name, parent.pk])
        return f"{base}?{urlencode(query)}" if query else base

    context = {
        "frame": frame_for(request, "Nouvelle page"),
        "parent": {"title": parent.title, "url": f"/p/{parent.pk}/"},
        "import_url": f"/p/{parent.pk}/importer/" if "articlepage" in types else "",
        "types": [{"title": model._meta.verbose_name, "url": address(name)} for name, model in types.items()],
        "models": [
            {"title": model.name, "description": model.description, "url": address(model.page_type, modele=model.pk)}
            for model in PageModel.objects.all()
            if model.page_type in types
        ],
    }
    return render(request, "kb/pages/new_page.html", context)


@require_GET
@signed_in
def create_missing_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Opens the editor on a page that [[a link]] names and nobody has written, beside the page that names it."""
    source = page_for(request, page_id, "edit")
    title = " ".join(request.GET.get("titre", "").split())[:255]
    parent = source if source.depth == 2 else source.get_parent().specific
    if not permissions.abilities(viewer_of(request), parent)["create_below"]:
        parent = source
    address = reverse("wagtailadmin_pages:add", args=["kb", "articlepage", parent.pk])
    return HttpResponseRedirect(f"{address}?{urlencode({'titre': title})}")
