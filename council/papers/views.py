"""The dossier of a sitting: asked for, followed while it is bound, taken away."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from council.agenda.models import SittingPage
from council.papers import operations
from council.papers.content import Papers
from council.papers.models import BoundDossier, Shape
from kb import typography
from kb.documents.file_types import safe_name
from kb.documents.storage import derived
from kb.documents.views import serve
from kb.exchange.exports import MIME
from kb.exchange.models import Format
from kb.pages.frame import frame_for
from kb.pages.views import node_for, signed_in
from kb.permissions import viewer_of

MIMES = {Shape.PDF: MIME[Format.PDF], Shape.LARGE: MIME[Format.PDF], Shape.ZIP: "application/zip"}


def _papers_for(request: HttpRequest, page_id: int, shape: str) -> Papers:
    """A sitting whose whole dossier the person may have. Raises Http404."""
    node_for(request, page_id)
    sitting = SittingPage.objects.select_related("instance").filter(pk=page_id).first()
    if shape not in Shape.values or sitting is None:
        raise Http404
    papers = Papers(sitting)
    if not papers.may_be_had_by(viewer_of(request)):
        raise Http404
    return papers


@require_http_methods(["GET", "POST"])
@signed_in
def dossier(request: HttpRequest, page_id: int, shape: str) -> HttpResponse:
    """Where the dossier is; a POST asks for it. The page asks again by itself while it is bound."""
    papers = _papers_for(request, page_id, shape)
    sitting = papers.sitting
    if request.method == "POST":
        operations.ask(sitting=sitting, shape=shape, by=viewer_of(request))
        return redirect("dossier", page_id=page_id, shape=shape)
    bound = operations.standing(papers, shape)
    lost = bound is not None and bound.is_lost
    there = bound if bound and bound.file and not lost else None
    context = {
        "frame": frame_for(request, f"Dossier, {sitting.title}"),
        "page": {"title": sitting.title, "url": f"/p/{sitting.pk}/"},
        "shape": Shape(shape).label,
        "asked": bound is not None and not bound.problem and not lost,
        "lost": lost,
        "problem": bound.problem if bound else "",
        "done": bound.parts_done if bound else 0,
        "total": bound.parts_total if bound else 0,
        "pages": typography.count(there.pages, "page") if there and there.pages else "",
        "size": typography.size(there.file.size) if there else "",
        "download_url": f"/p/{sitting.pk}/dossier/{shape}/fichier/" if there else "",
    }
    return render(request, "council/papers/dossier.html", context)


@require_GET
@signed_in
def dossier_file(request: HttpRequest, page_id: int, shape: str) -> HttpResponseBase:
    """The dossier as it stands; lost, its screen, where it is bound again."""
    papers = _papers_for(request, page_id, shape)
    sitting = papers.sitting
    bound = operations.standing(papers, shape)
    if bound is None or not bound.file:
        raise Http404
    if bound.is_lost:
        return redirect("dossier", page_id=page_id, shape=shape)
    return serve(
        request,
        derived(),
        str(bound.file.name),
        mime=MIMES[Shape(shape)],
        etag=f"dossier-{bound.pk}",
        attachment=shape == Shape.ZIP,
        file_name=_name(sitting, bound),
    )


def _name(sitting: SittingPage, bound: BoundDossier) -> str:
    extension = operations.EXTENSIONS[Shape(bound.shape)]
    return safe_name(f"{sitting.title}, dossier.{extension}")
