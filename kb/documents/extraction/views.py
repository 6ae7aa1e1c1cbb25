"""The screens about the text of files: what was read, and reading again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from kb import typography
from kb.documents.extraction import operations, queries
from kb.documents.extraction.reading import PageText
from kb.documents.presentation import version_row
from kb.documents.views import version_for
from kb.pages.frame import frame_for
from kb.pages.views import open_door, signed_in
from kb.permissions import viewer_of

REGISTER = "/admin/kb/extraction/"


@require_safe
@open_door
def text(request: HttpRequest, document_id: int, number: int) -> HttpResponse:
    """The text of a version, page by page, for who may read its bytes: on a phone, or by ear."""
    version = version_for(request, document_id, number)
    health = queries.health_of(version)
    pages = [page for page in queries.text_of(version.sha256) if page.text]
    if not pages:
        raise Http404
    context = {
        "frame": frame_for(request, version.document.title),
        "version": version_row(version, title=version.document.title),
        "health": health,
        "parts": [_part(page, health.part) for page in pages],
        "sheet_url": reverse("document_sheet", args=[document_id]) if viewer_of(request).signed_in else "",
    }
    return render(request, "kb/documents/text.html", context)


def _part(page: PageText, part: str) -> dict[str, Any]:
    return {
        "id": f"{part or 'partie'}-{page.number}",
        "title": f"{part.capitalize()} {page.number}" if part else "",
        "by_ocr": page.by_ocr,
        "text": page.text,
    }


@require_POST
@signed_in
def read_again(request: HttpRequest, document_id: int, number: int) -> HttpResponse:
    """The text of a version is asked for once more."""
    version = version_for(request, document_id, number)
    operations.read_again(version=version, author=viewer_of(request).user)
    messages.success(request, f"La lecture de la version {number} est relancée : elle se fait en arrière-plan.")
    return redirect(_way_back(request, reverse("document_sheet", args=[document_id])))


@require_POST
@signed_in
def read_all_again(request: HttpRequest) -> HttpResponse:
    """Every reading in a state, of a kind, for a reason: the register's filters."""
    try:
        asked = {name: request.POST.get(name, "") for name in ("state", "kind", "reason")}
        count = operations.read_all_again(author=viewer_of(request).user, **asked)
    except operations.ChooseFirst as unclear:
        messages.error(request, str(unclear))
    else:
        messages.success(request, f"{typography.count(count, 'lecture relancée', 'lectures relancées')}.")
    return redirect(_way_back(request, REGISTER))


def _way_back(request: HttpRequest, usual: str) -> str:
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else usual
