"""Bringing Word files in, and taking pages out."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kb import typography
from kb.documents.file_types import safe_name
from kb.documents.storage import derived
from kb.documents.views import serve
from kb.exchange import exports, imports, receiving
from kb.exchange.models import Export, Format, Import
from kb.pages.frame import frame_for
from kb.pages.views import node_for, page_for, signed_in
from kb.permissions import viewer_of


@require_GET
@signed_in
def export_page(request: HttpRequest, page_id: int, target: str) -> HttpResponse:
    """One page, at once, as PDF, Word or ODT."""
    node = node_for(request, page_id)
    if target not in Format.values:
        raise Http404
    try:
        body = exports.bytes_of([node], viewer_of(request), target)
    except exports.CannotExport as refused:
        messages.error(request, str(refused))
        return redirect("page", page_id=page_id)
    name = safe_name(f"{node.title}.{target}")
    response = HttpResponse(body, content_type=exports.MIME[Format(target)])
    response.headers["Content-Disposition"] = _attachment(name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _attachment(name: str) -> str:
    return content_disposition_header(True, name) or "attachment"


@require_POST
@signed_in
def export_branch(request: HttpRequest, page_id: int) -> HttpResponse:
    """A page and all below it, made by the worker."""
    node = node_for(request, page_id)
    target = request.POST.get("format", "pdf")
    if target not in Format.values:
        raise Http404
    export = exports.ask(node=node, viewer=viewer_of(request), target=target, with_below=True)
    return redirect("export", export_id=export.pk)


@require_GET
@signed_in
def export_status(request: HttpRequest, export_id: int) -> HttpResponse:
    """How far an export is; the page asks again by itself until it is made."""
    export = _export_for(request, export_id)
    context = {
        "frame": frame_for(request, "Export en cours"),
        "page": {"title": export.page.title, "url": f"/p/{export.page_id}/"},
        "done": export.pages_done,
        "total": export.pages_total,
        "problem": export.problem,
        "download_url": f"/exports/{export.pk}/fichier/" if export.file else "",
        "format_label": Format(export.format).label,
    }
    return render(request, "kb/exchange/export.html", context)


@require_GET
@signed_in
def export_file(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """The file made."""
    export = _export_for(request, export_id)
    if not export.file:
        raise Http404
    return serve(
        request,
        derived(),
        str(export.file.name),
        mime=exports.MIME[Format(export.format)],
        etag=f"export-{export.pk}",
        attachment=True,
        file_name=safe_name(f"{export.page.title}.{export.format}"),
    )


def _export_for(request: HttpRequest, export_id: int) -> Export:
    export = get_object_or_404(Export.objects.select_related("page"), pk=export_id)
    if not exports.may_fetch(export, viewer_of(request).user):
        raise Http404
    return export


@require_http_methods(["GET", "POST"])
@signed_in
def import_files(request: HttpRequest, page_id: int) -> HttpResponse:
    """Word, ODT or mail files become draft pages below this one: kept here, read by the worker."""
    page = page_for(request, page_id, "create_below")
    uploads: list[Any] = request.FILES.getlist("file") if request.method == "POST" else []
    if uploads:
        together = receiving.receive(parent=page, uploads=uploads, author=viewer_of(request).user)
        return redirect("import_status", import_id=together.pk)
    if request.method == "POST":
        messages.error(request, "Aucun fichier n’a été choisi. Choisissez-en un, puis importez.")
    context = {
        "frame": frame_for(request, f"Importer sous « {page.title} »", tree=viewer_of(request).tree),
        "page": {"title": page.title, "url": f"/p/{page.pk}/"},
        "limit_label": f"{settings.MAX_UPLOAD_MB}{typography.NBSP}Mo",
    }
    return render(request, "kb/exchange/import.html", context)


@require_GET
@signed_in
def import_status(request: HttpRequest, import_id: int) -> HttpResponse:
    """What each file has become; the page asks again by itself until all are read."""
    together = _import_for(request, import_id)
    rows = imports.rows_of(together)
    context = {
        "frame": frame_for(request, "Fichiers importés"),
        "page": {"title": together.parent.title, "url": f"/p/{together.parent_id}/"},
        "rows": rows,
        "done": sum(row["tone"] != "waiting" for row in rows),
        "again_url": reverse("import_files", args=[together.parent_id]),
    }
    return render(request, "kb/exchange/imported.html", context)


@require_POST
@signed_in
def answer_import(request: HttpRequest, import_id: int, record_id: int) -> HttpResponse:
    """What to do with a file that is there already."""
    record = get_object_or_404(_import_for(request, import_id).records, pk=record_id)
    choice = request.POST.get("deja_la")
    if choice not in {"reprendre", "deux"}:
        raise Http404
    receiving.answer(record=record, reuse=choice == "reprendre")
    return redirect("import_status", import_id=import_id)


def _import_for(request: HttpRequest, import_id: int) -> Import:
    """An import is its person's own, while he may know of the page where it goes."""
    mine = Import.objects.select_related("parent").filter(person=viewer_of(request).user)
    together = get_object_or_404(mine, pk=import_id)
    node_for(request, together.parent_id)
    return together
