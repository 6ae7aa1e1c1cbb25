"""History, one revision, the difference of two, and taking one back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from kb import typography
from kb.history import queries
from kb.history.difference import compare
from kb.pages import operations, presentation
from kb.pages.draft_views import import_report
from kb.pages.frame import frame_for
from kb.pages.views import page_for, signed_in
from kb.permissions import abilities, viewer_of


def _head(page: Any) -> dict[str, Any]:
    return {"title": page.title, "url": f"/p/{page.pk}/", "history_url": f"/p/{page.pk}/historique/"}


@require_GET
@signed_in
def history(request: HttpRequest, page_id: int) -> HttpResponse:
    """Who changed the page, when and why. `?avant=&apres=` goes to the difference of the two chosen.

    `apres=derniere` is the newest.
    """
    page = page_for(request, page_id)
    chosen = [request.GET.get(name, "") for name in ("avant", "apres")]
    if chosen[1] == "derniere":
        chosen[1] = str(queries.revisions_for(page, viewer_of(request)).values_list("pk", flat=True).first() or "")
    if all(pk.isdecimal() for pk in chosen):
        old, new = sorted(int(pk) for pk in chosen)
        return redirect("difference", page_id=page_id, old=old, new=new)
    context = {
        "frame": frame_for(request, f"Historique de « {page.title} »"),
        "page": _head(page),
        "rows": queries.history_rows(page, viewer_of(request)),
        "changed_by_import": import_report(page) if abilities(viewer_of(request), page)["edit"] else [],
        "can_restore": abilities(viewer_of(request), page)["restore"],
    }
    return render(request, "kb/history/history.html", context)


@require_GET
@signed_in
def revision(request: HttpRequest, page_id: int, revision_id: int) -> HttpResponse:
    """The page as it was."""
    page = page_for(request, page_id)
    found = get_object_or_404(queries.revisions_for(page, viewer_of(request)), pk=revision_id)
    old, viewer = found.as_object(), viewer_of(request)
    tree = viewer.tree
    content = presentation.content_of(old, revision_id=None)
    node = tree.nodes[page.pk]
    shown = presentation.sheet(content, node, viewer=viewer, tree=tree, as_it_was=True)
    context = {
        "frame": frame_for(request, f"« {old.title} », version du {typography.day(found.created_at)}", tree=tree),
        "sheet": shown,
        "page": _head(page),
        "old_line": f"Version du {typography.moment(found.created_at)}, par {found.user or 'le système'}.",
        "restore_url": f"/p/{page.pk}/historique/{found.pk}/reprendre/" if abilities(viewer, page)["restore"] else "",
    }
    return render(request, "kb/history/revision.html", context)


@require_GET
@signed_in
def difference(request: HttpRequest, page_id: int, old: int, new: int) -> HttpResponse:
    """Two revisions, side by side or inline (`?vue=suite`)."""
    page = page_for(request, page_id)
    known = queries.revisions_for(page, viewer_of(request))
    before, after = get_object_or_404(known, pk=old), get_object_or_404(known, pk=new)
    changes = compare(before.as_object(), after.as_object())
    context = {
        "frame": frame_for(request, f"Ce qui a changé dans « {page.title} »"),
        "page": _head(page),
        "before": _side(before),
        "after": _side(after),
        "changes": changes,
        "added": sum(change.added for change in changes),
        "removed": sum(change.removed for change in changes),
        "inline": request.GET.get("vue") == "suite",
    }
    return render(request, "kb/history/difference.html", context)


def _side(found: Any) -> dict[str, str]:
    record = getattr(found, "record", None)
    return {
        "when": typography.moment(found.created_at),
        "who": str(found.user or "Le système"),
        "why": record.why if record else "",
    }


@require_POST
@signed_in
def restore(request: HttpRequest, page_id: int, revision_id: int) -> HttpResponse:
    """An old revision becomes the newest draft."""
    page = page_for(request, page_id, "restore")
    found = get_object_or_404(queries.revisions_for(page, viewer_of(request)), pk=revision_id)
    try:
        operations.restore_revision(page=page, revision=found, author=viewer_of(request).user)
    except operations.Refused as refused:
        messages.error(request, str(refused))
        return redirect("history", page_id)
    messages.success(
        request,
        f"La version du {typography.moment(found.created_at)} est reprise dans le brouillon. "
        "Relisez-la, puis publiez-la.",
    )
    return redirect("wagtailadmin_pages:edit", page_id)
