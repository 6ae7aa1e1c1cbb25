"""« Supprimer », after what goes with it is shown; « Corbeille », from which it comes back in one click."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.models import Page

from kb import permissions, typography
from kb.documents.models import Document, Image
from kb.pages.frame import frame_for
from kb.pages.presentation import kind_of, line_of
from kb.pages.tree import known_title
from kb.pages.views import page_for, signed_in
from kb.permissions import Viewer, viewer_of
from kb.trash import emptying, operations, queries
from kb.trash.forms import DeleteForm, EmptyForm
from kb.trash.models import Deletion
from kb.trash.queries import Consequences, Line


@require_http_methods(["GET", "POST"])
@signed_in
def delete_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """What goes with the page, then the deed."""
    page, viewer = page_for(request, page_id, "delete"), viewer_of(request)
    form = DeleteForm(request.POST if request.method == "POST" else None, needs_reason=page.live)
    if request.method == "POST" and form.is_valid():
        up = _above(page, viewer)
        try:
            deletion = operations.delete_page(page=page, by=viewer.user, why=form.cleaned_data["why"])
        except operations.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _gone(deletion))
            return redirect(up)
    found = queries.consequences(page, viewer)
    context = {
        "frame": frame_for(request, f"Supprimer « {known_title(page)} »"),
        "page": {"title": known_title(page), "url": f"/p/{page.pk}/"},
        "refusal": "" if found.may else queries.NOT_ALL_YOURS,
        "found": _consequences(found, viewer),
        "form": form,
        "trash_url": reverse("trash"),
    }
    return render(request, "kb/trash/delete_page.html", context, status=422 if form.errors else 200)


def _above(page: Page, viewer: Viewer) -> str:
    """Where to go when the page is no more: what stands above it, where the person may know of it."""
    node = viewer.tree.nodes.get(page.pk)
    above = viewer.tree.ancestors(node)[-1:] if node else []
    return viewer.address(above[0]) if above and viewer.can_view(above[0]) else "/"


def _gone(deletion: Deletion) -> str:
    return f"« {deletion.title} » est à la corbeille. Rien n’est perdu : vous pouvez l’en sortir."


def _consequences(found: Consequences, viewer: Viewer) -> dict[str, Any]:
    """In words and lines."""
    return {
        "below": typography.count(found.below, "page placée au-dessous part", "pages placées au-dessous partent")
        if found.below
        else "",
        "files": typography.count(
            found.files, "fichier qu’aucune autre page ne porte part", "fichiers qu’aucune autre page ne porte partent"
        )
        if found.files
        else "",
        "links": [line_of(viewer, node) for node in found.links],
        "shared": [line_of(viewer, node) for node in found.shared],
        "losing": found.losing if found.live else [],
        "losing_title": typography.count(len(found.losing), "personne ne la verra", "personnes ne la verront"),
        "public": found.public,
        "writing": found.writing,
    }


@require_http_methods(["GET", "POST"])
@signed_in
def delete_document(request: HttpRequest, document_id: int) -> HttpResponse:
    """A document that no page carries."""
    document = get_object_or_404(permissions.editable_documents(viewer_of(request).user), pk=document_id)
    back = reverse("document_sheet", args=[document.pk])
    return _delete_file(request, document, back, lambda **said: operations.delete_document(document=document, **said))


@require_http_methods(["GET", "POST"])
@signed_in
def delete_image(request: HttpRequest, image_id: int) -> HttpResponse:
    """An image that no page shows."""
    image = get_object_or_404(permissions.editable_images(viewer_of(request).user), pk=image_id)
    back = reverse("wagtailimages:edit", args=[image.pk])
    return _delete_file(request, image, back, lambda **said: operations.delete_image(image=image, **said))


def _delete_file(
    request: HttpRequest, file: Document | Image, back: str, deed: Callable[..., Deletion]
) -> HttpResponse:
    viewer = viewer_of(request)
    form = DeleteForm(request.POST if request.method == "POST" else None, needs_reason=False)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _gone(deed(by=viewer.user, why=form.cleaned_data["why"])))
            return redirect("trash")
        except operations.Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "frame": frame_for(request, f"Supprimer « {file.title} »"),
        "file": {
            "title": file.title,
            "url": back,
            "noun": "ce document" if isinstance(file, Document) else "cette image",
        },
        "carried": queries.is_carried(file),
        "carriers": [line_of(viewer, node) for node in queries.carriers(file, viewer)],
        "models": queries.models_with(file),
        "form": form,
    }
    return render(request, "kb/trash/delete_file.html", context, status=422 if form.errors else 200)


@require_GET
@signed_in
def trash(request: HttpRequest) -> HttpResponse:
    """What the person could take out of the trash."""
    viewer = viewer_of(request)
    context = {
        "frame": frame_for(request, "Corbeille"),
        "rows": [_row(line, viewer) for line in queries.restorable(viewer)],
    }
    return render(request, "kb/trash/trash.html", context)


def _row(line: Line, viewer: Viewer) -> dict[str, Any]:
    deletion = line.deletion
    by = f", par {deletion.deleted_by}" if deletion.deleted_by else ""
    return {
        "title": deletion.title,
        "kind": _kind(line),
        "when": f"Le {typography.moment(deletion.deleted_at)}{by}",
        "why": deletion.why,
        "below": f"Avec {typography.count(line.below, 'page placée', 'pages placées')} au-dessous"
        if line.below
        else "",
        "where": _where(line, viewer),
        "kept": _kept(deletion),
        "restore_url": reverse("trash_restore", args=[deletion.pk]),
        "empty_url": reverse("trash_empty", args=[deletion.pk]) if viewer.passes and _is_old(deletion) else "",
    }


def _kind(line: Line) -> str:
    if line.node is None:
        return "Document" if line.deletion.document_id else "Image" if line.deletion.image_id else "Page"
    return kind_of(line.node) if line.node.live else f"{kind_of(line.node)}, brouillon"


def _where(line: Line, viewer: Viewer) -> str:
    """What it stands under, where the person may know of it."""
    parent = viewer.tree.by_path.get(line.node.path[: -Page.steplen]) if line.node else None
    return f"Sous « {known_title(parent)} »" if parent and viewer.can_view(parent) else ""


def _is_old(deletion: Deletion) -> bool:
    return bool(queries.emptied_from(deletion) <= timezone.now())


def _kept(deletion: Deletion) -> str:
    if _is_old(deletion):
        return "Un administrateur peut désormais la vider."
    return f"Gardée au moins jusqu’au {typography.day(queries.emptied_from(deletion))}."


@require_POST
@signed_in
def restore(request: HttpRequest, deletion_id: int) -> HttpResponse:
    """Takes it out. Back on the page itself, where one can be shown."""
    viewer = viewer_of(request)
    deletion = get_object_or_404(Deletion.objects.select_related("page", "document", "image"), pk=deletion_id)
    if not queries.may_restore(viewer, deletion):
        raise Http404
    try:
        operations.restore(deletion=deletion, by=viewer.user)
    except operations.Refused as refused:
        messages.error(request, str(refused))
        return redirect("trash")
    messages.success(request, f"« {deletion.title} » est de retour, à sa place et comme avant.")
    return redirect("page", page_id=deletion.page_id) if deletion.page_id else redirect("trash")


@require_http_methods(["GET", "POST"])
@signed_in
def empty(request: HttpRequest, deletion_id: int) -> HttpResponse:
    """For administrators: what would be lost for good, then the deed."""
    viewer = viewer_of(request)
    if not viewer.passes:
        raise Http404
    open_ones = Deletion.objects.open().select_related("page", "document", "image")
    deletion = get_object_or_404(open_ones, pk=deletion_id)
    form = EmptyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            emptying.empty(deletion=deletion, by=viewer.user)
        except operations.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"« {deletion.title} » est perdu pour de bon. Le journal en garde le nom.")
            return redirect("trash")
    context = {
        "frame": frame_for(request, f"Vider « {deletion.title} »"),
        "title": deletion.title,
        "trash_url": reverse("trash"),
        "too_early": "" if _is_old(deletion) else _kept(deletion),
        "lost": _lost(deletion),
        "form": form,
    }
    return render(request, "kb/trash/empty.html", context, status=422 if form.errors else 200)


def _lost(deletion: Deletion) -> dict[str, Any]:
    """In words, what is there to lose."""
    lost = emptying.losses(deletion)
    titles = [known_title(page) for page in lost.pages.order_by("path")]
    counts = (
        (lost.revisions.count(), "version de page", "versions de page"),
        (lost.documents.count(), "document", None),
        (lost.images.count(), "image", None),
        (lost.comments.count(), "commentaire", None),
    )
    return {"titles": titles, "lines": [typography.count(number, *words) for number, *words in counts if number]}
