"""A sitting without a network: the worker, what may be kept, what is kept on this device, and private notes."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from council.offline import operations, queries
from council.offline.models import PrivateNote
from kb.pages.frame import frame_for, town_facts
from kb.pages.views import signed_in
from kb.permissions import viewer_of
from kb.refusals import Refused

WORKER = ("js/offline/store.js", "js/offline/worker.js")
MOST = 50  # sittings of one question


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it serves every page. It tells nothing of the town."""
    source = "\n".join(Path(str(finders.find(name))).read_text(encoding="utf-8") for name in WORKER)
    response = HttpResponse(source, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What a device needs to put the site among its applications. The town's name is public at the sign-in page."""
    town = town_facts()["town_name"]
    icons = [
        {"src": static(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
        for size in (192, 512)
    ]
    told = {
        "name": f"{town}, Séance tenante",
        "short_name": town[:30],
        "lang": "fr",
        "start_url": "/",
        "scope": "/",
        "id": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#17493b",
        "icons": icons,
    }
    response = JsonResponse(told, content_type="application/manifest+json")
    response["Cache-Control"] = "private, no-cache"
    return response


@never_cache
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """Whose device this is, and of the sittings that it keeps (`?seances=12,15`) what it still may.

    401 tells it to empty itself; 403 (somebody looks with another's eyes) to do nothing.
    """
    viewer = viewer_of(request)
    if not viewer.signed_in:
        return JsonResponse({"erreur": "Vous n’êtes pas connecté."}, status=401)
    if viewer.looker:
        return JsonResponse({"erreur": "Rien ne se garde en voyant comme une autre personne."}, status=403)
    asked = [int(one) for one in request.GET.get("seances", "").split(",") if one.isdecimal() and len(one) < 19][:MOST]
    told = {
        "person": queries.name_on_devices(viewer.user),
        "csrf": get_token(request),
        "key": queries.key_in_use(viewer.user),
        "sittings": queries.kept(viewer, asked) if queries.is_offered() else {},
    }
    return JsonResponse(told)


@never_cache
@require_GET
@signed_in
def kept(request: HttpRequest) -> HttpResponse:
    """« Gardé sur cet appareil » : the device itself fills the list."""
    context = {
        "frame": frame_for(request, "Gardé sur cet appareil"),
        "offered": queries.is_offered(),
        "not_here": queries.NOT_HERE,
    }
    return render(request, "council/offline/kept.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def notes(request: HttpRequest, page_id: int) -> HttpResponse:
    """One's own notes on an item, encrypted; a POST brings one, or takes one back."""
    viewer = viewer_of(request)
    item = queries.item_with_notes(viewer, page_id)
    if item is None:
        raise Http404
    if request.method == "GET":
        rows = [_row(note) for note in queries.notes_of(viewer.user, item.pk)]
        return JsonResponse({"person": queries.name_on_devices(viewer.user), "notes": rows})
    try:
        told = _told(request)
        if told.get("removed"):
            operations.take_back_note(item=item, client_id=UUID(told["client_id"]), by=viewer.user)
            return JsonResponse({"client_id": told["client_id"]})
        written_at = parse_datetime(str(told["written_at"]))
        if written_at is None or written_at.tzinfo is None:
            return _unreadable()
        note = operations.keep_note(
            item=item,
            client_id=UUID(told["client_id"]),
            key_id=str(told["key_id"]),
            sealed=str(told["sealed"]),
            written_at=written_at,
            by=viewer.user,
        )
    except Refused as refused:
        return JsonResponse({"erreur": str(refused)}, status=422)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        return _unreadable()
    return JsonResponse({"client_id": str(note.client_id)}, status=201)


def _unreadable() -> HttpResponse:
    return JsonResponse({"erreur": "Cette note n’a pas pu être lue : rouvrez la page, puis gardez-la."}, status=400)


def _told(request: HttpRequest) -> dict[str, Any]:
    told = json.loads(request.body)
    if not isinstance(told, dict):
        raise TypeError
    return told


def _row(note: PrivateNote) -> dict[str, str]:
    return {
        "client_id": str(note.client_id),
        "key_id": note.key_id,
        "sealed": note.sealed,
        "written_at": note.written_at.isoformat(),
    }
