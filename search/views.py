"""« Recherche »: the results, what is proposed while one types, and the searches that a person keeps."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kb.pages.frame import frame_for
from kb.pages.views import open_door, signed_in
from kb.permissions import Viewer, viewer_of
from search import best_bets, operations, past, presentation, queries
from search import health as index
from search import suggestions as proposals
from search.addresses import Asked
from search.asking import LONGEST_QUERY


@require_GET
@open_door
def results(request: HttpRequest) -> HttpResponse:
    """What answers `?q=`, with its facets; the whole search stands in the address."""
    viewer = viewer_of(request)
    asked = Asked.of(request.GET)
    context: dict[str, Any] = {
        "frame": frame_for(request, f"Recherche : {asked.words}" if asked.words else "Recherche")
    }
    if asked.words:
        answer = queries.search(asked.words, viewer, filters=asked.filters, offset=asked.offset)
        context |= presentation.results(answer, asked, viewer)
        context["chosen"] = [] if asked.offset else best_bets.chosen(asked.words, viewer)
        if not asked.offset:
            _remember(viewer, asked, answer.total)
    context |= {"asked": asked, "past": _past(viewer) if not asked.words else []}
    return render(request, "search/results.html", context)


def _remember(viewer: Viewer, asked: Asked, found: int) -> None:
    if viewer.signed_in and not viewer.looker:
        past.remember(person=viewer.user, words=asked.words, address=asked.address(), found=found)


def _past(viewer: Viewer) -> list[dict[str, Any]]:
    if not viewer.signed_in or viewer.looker:
        return []
    return [{"words": row.words, "url": row.address, "kept": row.is_kept} for row in past.of(viewer.user, most=12)]


@require_GET
@signed_in
def suggestions(request: HttpRequest) -> JsonResponse:
    """What is proposed for `?q=`, as JSON."""
    lines = proposals.suggested(request.GET.get("q", "")[:100], viewer_of(request))
    return JsonResponse({"lines": lines})


@require_POST
@signed_in
def keep(request: HttpRequest) -> HttpResponse:
    """Keeps the search of the address, or lets it go."""
    asked = Asked.of(request.POST)
    words = asked.words[:LONGEST_QUERY].strip()
    if not words:
        return redirect("search")
    if past.keep(person=viewer_of(request).user, words=words, address=asked.address()):
        messages.success(request, "La recherche est gardée : vous la retrouverez ici, et en tapant ses premiers mots.")
    else:
        messages.success(request, "La recherche n’est plus gardée.")
    return redirect(asked.address())


@require_http_methods(["GET", "POST"])
@signed_in
def health(request: HttpRequest) -> HttpResponse:
    """The health of the index; a POST asks for it to be made again. For administrators."""
    viewer = viewer_of(request)
    if not viewer.passes:
        raise Http404
    if request.method == "POST":
        operations.ask_for_rebuilding(by=viewer.user)
        messages.success(request, "La reconstruction est demandée.")
        return redirect("search_health")
    return render(
        request, "search/health.html", {"frame": frame_for(request, "Santé de la recherche"), **index.facts()}
    )
