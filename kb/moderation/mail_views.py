"""The button of a mail: a page that shows the draft and acts, for who has no session at hand.

GET shows and changes nothing: mail scanners open links. The POST acts, and asks every right again.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kb.access.queries import boundary_on
from kb.moderation import queries
from kb.moderation.forms import DecisionForm
from kb.moderation.models import ReviewLink
from kb.moderation.views import decided, judged, page_of
from kb.pages.frame import frame_for
from kb.permissions import Viewer

OVER = "Ce bouton ne sert plus : le brouillon a changé, quelqu’un d’autre a décidé, ou le délai est passé."


@never_cache
@require_http_methods(["GET", "POST"])
def by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """One draft, judged from a mail by the person to whom it was sent."""
    link = ReviewLink.of_token(token)
    found = _open(link)
    if link is None or found is None:
        return render(
            request,
            "kb/moderation/by_mail_over.html",
            {"frame": frame_for(request, "À valider"), "over": OVER},
            status=404,
        )
    waiting, page, viewer = found
    error = ""
    if request.method == "POST":
        form = DecisionForm({**request.POST.dict(), "seen": link.seen})
        error = decided(request, waiting, form, link.person)
        if not error:
            ReviewLink.objects.filter(pk=link.pk).update(used_at=timezone.now())
            return render(request, "kb/moderation/by_mail_done.html", {"frame": frame_for(request, "C’est fait")})
    context: dict[str, Any] = {
        "frame": frame_for(request, f"Relire « {waiting.title} »"),
        **judged(waiting, page, viewer, on_desk=False),
        "person": str(link.person),
        "passes": False,
        "error": error,
        "words": request.POST.get("words", ""),
        "action": request.path,
    }
    return render(request, "kb/moderation/by_mail.html", context, status=422 if error else 200)


def _open(link: ReviewLink | None) -> tuple[queries.Waiting, Any, Viewer] | None:
    """What the link opens now: nothing once used, revoked or expired, on another draft, or for who lost the step."""
    if link is None or not ReviewLink.objects.open().filter(pk=link.pk).exists() or not link.person.is_active:
        return None
    viewer = Viewer(link.person)
    waiting = queries.waiting_one(link.task_state_id, viewer)
    if waiting is None or link.person_id not in waiting.takers.ids:
        return None
    page = page_of(waiting)
    if boundary_on(page) is not None or link.seen != queries.seen(page, page.get_latest_revision()):
        return None
    return waiting, page, viewer
