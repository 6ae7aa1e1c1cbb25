"""Feeds that a calendar reads without signing in, and the screen where a person has his own."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from council.agenda.calendar import COUNCILS
from council.calendars import events, operations, queries
from council.calendars.writing import Meeting, calendar
from council.members.models import Instance
from kb import typography
from kb.pages.frame import frame_for, town_facts
from kb.pages.views import signed_in, small_number
from kb.permissions import Denied, Viewer, viewer_of

ALL = "toutes"  # what the form calls the calendar of all of one's instances


def _feed(request: HttpRequest, meetings: Iterable[Meeting], name: str, *, keep: str) -> HttpResponse:
    """The calendar, or 304 where the reader has it already."""
    body = calendar(meetings, name=name)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    same = request.headers.get("If-None-Match") in {tag, "*"}
    response = HttpResponse(
        b"" if same else body, status=304 if same else 200, content_type="text/calendar; charset=utf-8"
    )
    response["ETag"], response["Cache-Control"] = tag, keep
    response["Content-Disposition"] = 'inline; filename="seances.ics"'
    return response


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A person's calendar, for who has its address. Rights are asked at each reading; nothing left is a 404."""
    address = queries.address_of(token)
    if address is None:
        raise Http404
    viewer = Viewer(address.person)
    instances = queries.followed_by(viewer)
    if address.instance_id:
        instances = instances.filter(pk=address.instance_id)
    if not instances.exists():
        raise Http404
    name = str(address.instance) if address.instance else f"Séances, {town_facts()['town_name']}"
    return _feed(request, queries.events_of(viewer, instances), name, keep="private, no-cache")


@require_safe
def public_feed(request: HttpRequest, instance_id: int) -> HttpResponse:
    """The sittings of a council, public by law once posted: day, hour and place, nothing of the dossier."""
    instance = get_object_or_404(Instance, pk=instance_id, body__in=COUNCILS, outside=False)
    meetings = map(events.of_sitting, queries.posted_of(instance).order_by("starts_at", "pk"))
    return _feed(request, meetings, instance.name, keep="public, max-age=900")


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """« Mon calendrier » : what is to come, and the addresses to give to one's own calendar. Each is shown once."""
    viewer = viewer_of(request)
    if viewer.looker:
        raise Denied("Un calendrier est personnel : seule la personne voit le sien.")
    followed, fresh = queries.followed_by(viewer), ""
    if request.method == "POST":
        instance = _asked(request, followed)
        if request.POST.get("geste") == "arreter":
            operations.end_address(by=viewer.user, instance=instance)
            messages.success(request, "Cette adresse ne donne plus rien : retirez-la aussi de votre agenda.")
            return redirect("calendar")
        fresh = operations.make_address(by=viewer.user, instance=instance)
    context = {
        "frame": frame_for(request, "Mon calendrier"),
        "coming": [_line(row) for row in queries.coming(viewer.user)],
        "feeds": _feeds(viewer, list(followed)),
        "fresh": _whole("calendar_feed", fresh) if fresh else "",
        "public": [{"name": one.name, "url": _whole("public_calendar", one.pk)} for one in followed if _is_public(one)],
    }
    return render(request, "council/calendars/mine.html", context)


def _is_public(instance: Instance) -> bool:
    return instance.body in COUNCILS and not instance.outside


def _asked(request: HttpRequest, followed: Any) -> Instance | None:
    """The instance that the form names, among the person's; None for all of them."""
    asked = request.POST.get("instance", "")
    if asked == ALL:
        return None
    return get_object_or_404(followed, pk=small_number(asked))


def _whole(name: str, part: Any) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=[part])}"


def _feeds(viewer: Viewer, followed: list[Instance]) -> list[dict[str, str]]:
    """All of one's instances together, then each by itself; with the day of the address that serves, if any."""
    if not followed:
        return []
    made = {one.instance_id: typography.day(one.made_at) for one in queries.addresses_of(viewer.user)}
    whole = {"value": ALL, "name": "Toutes mes séances", "made": made.get(None, "")}
    apart = [{"value": str(one.pk), "name": one.name, "made": made.get(one.pk, "")} for one in followed]
    return [whole, *apart] if len(apart) > 1 else [whole]


def _line(row: queries.Coming) -> dict[str, Any]:
    return {**row, "when": typography.moment(row["date"])}
