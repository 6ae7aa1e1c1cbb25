"""The life of a page: its date of checking, « Vérifiée » in one click, its archiving; and what is to be checked."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.models import Page

from kb import permissions, typography
from kb.life import operations, queries
from kb.life.dates import months_after
from kb.life.forms import ArchiveForm, ReviewForm
from kb.life.models import ReviewDate
from kb.pages.frame import frame_for
from kb.pages.presentation import line_of
from kb.pages.queries import services
from kb.pages.tree import known_title
from kb.pages.views import node_for, page_for, signed_in
from kb.permissions import Viewer, viewer_of

AHEAD = 3  # months that the list shows


@require_http_methods(["GET", "POST"])
@signed_in
def review(request: HttpRequest, page_id: int) -> HttpResponse:
    """Before when a page is to be checked, and by whom."""
    page, viewer = page_for(request, page_id, "edit"), viewer_of(request)
    held = ReviewDate.objects.filter(page=page.pk).first()
    form = ReviewForm(
        request.POST if request.method == "POST" else None, page=page, viewer=viewer, initial=_initial(held, viewer)
    )
    if request.method == "POST" and request.POST.get("deed") == "end":
        operations.end_review(page=page, by=viewer.user)
        messages.success(request, "Cette page n’a plus de date de vérification.")
        return redirect("page", page_id=page.pk)
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_review(page=page, by=viewer.user, **form.cleaned_data)
        except operations.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"À vérifier avant le {typography.day(form.cleaned_data['due'])}.")
            return redirect("page", page_id=page.pk)
    context = {
        "frame": frame_for(request, f"Vérification de « {known_title(page)} »"),
        "page": _named(page),
        "form": form,
        "held": bool(held and held.due),
    }
    return render(request, "kb/life/review.html", context, status=422 if form.errors else 200)


def _initial(held: ReviewDate | None, viewer: Viewer) -> dict[str, Any]:
    if held is None:
        return {"due": months_after(timezone.localdate(), 12), "owner": viewer.user.pk, "every_months": "12"}
    return {
        "due": held.due or months_after(timezone.localdate(), 12),
        "owner": held.owner_id,
        "every_months": str(held.every_months or ""),
    }


def _named(page: Page) -> dict[str, str]:
    return {"title": known_title(page), "url": f"/p/{page.pk}/"}


@require_POST
@signed_in
def check(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Vérifiée », in one click: by who is asked to, or who edits the page."""
    page, viewer = page_for(request, page_id), viewer_of(request)
    held = ReviewDate.objects.filter(page=page.pk).first()
    if held is None or not may_check(held, page, viewer):
        raise Http404
    done = operations.check(page=page, by=viewer.user)
    following = f" Prochaine date : le {typography.day(done.due)}." if done.due else ""
    messages.success(request, f"« {known_title(page)} » est vérifiée.{following}")
    return redirect("reviews") if request.POST.get("back") == "list" else redirect("page", page_id=page.pk)


def may_check(held: ReviewDate, page: Any, viewer: Viewer) -> bool:
    """Whether the person says that a page is still true."""
    return held.owner_id == viewer.user.pk or permissions.abilities(viewer, page)["edit"]


@require_GET
@signed_in
def reviews(request: HttpRequest) -> HttpResponse:
    """What is to be checked: by me; or, `?sous=<id>`, in a branch that I edit."""
    viewer = viewer_of(request)
    until = months_after(timezone.localdate(), AHEAD)
    below = request.GET.get("sous", "")
    top = node_for(request, int(below)) if below.isdecimal() else None
    rows = queries.due_below(viewer, top, until) if top else queries.reviews_due(viewer, until)
    shelves = services(viewer, viewer.tree) if viewer.deposits else []
    context = {
        "frame": frame_for(request, "Pages à vérifier"),
        "rows": [_row(row, viewer, until) for row in rows],
        "below": {"title": known_title(top), "url": viewer.address(top)} if top else None,
        "services": [{"title": one["title"], "url": f"{reverse('reviews')}?sous={one['id']}"} for one in shelves],
    }
    return render(request, "kb/life/reviews.html", context)


def _row(row: queries.Due, viewer: Viewer, until: date) -> dict[str, Any]:
    return {
        **line_of(viewer, row.node),
        "due_label": f"{'À vérifier depuis' if row.late else 'Avant'} le {typography.day(row.due)}",
        "late": row.late,
        "owner": str(row.owner),
        "check_url": reverse("check_page", args=[row.node.id]),
    }


@require_http_methods(["GET", "POST"])
@signed_in
def archive(request: HttpRequest, page_id: int) -> HttpResponse:
    """The page and what is below it leave menus and lists, and stay findable."""
    page, viewer = page_for(request, page_id, "move"), viewer_of(request)
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.archive(page=page, by=viewer.user, why=form.cleaned_data["why"])
        except operations.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"« {known_title(page)} » est archivée : elle se trouve encore par la recherche.")
            return redirect("page", page_id=page.pk)
    below = permissions.visible_to(page.get_descendants(), viewer.user).count()
    context = {
        "frame": frame_for(request, f"Archiver « {known_title(page)} »"),
        "page": _named(page),
        "form": form,
        "below": typography.count(below, "page placée au-dessous l’est", "pages placées au-dessous le sont")
        if below
        else "",
    }
    return render(request, "kb/life/archive.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def unarchive(request: HttpRequest, page_id: int) -> HttpResponse:
    """Back among the others."""
    page = page_for(request, page_id, "move")
    try:
        operations.unarchive(page=page, by=viewer_of(request).user)
        messages.success(request, f"« {known_title(page)} » est de nouveau tenue à jour.")
    except operations.Refused as refused:
        messages.error(request, str(refused))
    return redirect("page", page_id=page.pk)
