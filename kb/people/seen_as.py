"""« Voir comme »: an administrator reads the site with somebody's rights. Read-only, written down, never what is private."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from wagtail.log_actions import log

from kb.pages.frame import frame_for
from kb.pages.views import signed_in
from kb.people.models import User
from kb.permissions import Viewer, viewer_of

SESSION_KEY = "seen_as"
STILL_OPEN = frozenset({"see_as_stop", "sign_out"})  # the only doors where a POST is heard
PRIVATE = frozenset({"favourites", "account", "change_password", "journal", "following", "mail_habits"})


class SeenAs:
    """While it lasts, the request's viewer is the other person, and nothing can be changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        """Before the view is called."""
        person = _person(request)
        if person is None:
            return None
        match = request.resolver_match
        if match is not None and match.view_name in STILL_OPEN:
            return None
        if request.path.startswith("/admin/"):
            messages.error(request, f"Vous voyez le site comme {person} : revenez à vous pour écrire et administrer.")
            return redirect("/")
        request.viewer = Viewer(person, looker=request.user)  # type: ignore[attr-defined]
        if request.method not in {"GET", "HEAD"}:
            return _refused(request, "Vous voyez le site comme une autre personne : rien ne peut être changé.")
        if match is not None and match.view_name in PRIVATE:
            return _refused(request, f"Ceci ne regarde que {person}.")
        return None


def _person(request: HttpRequest) -> User | None:
    """Whose eyes are looked with; the session forgets somebody who may not be any more."""
    chosen = request.session.get(SESSION_KEY)
    if chosen is None:
        return None
    user = request.user
    person = User.objects.filter(pk=chosen, is_active=True, is_superuser=False).first()
    if person is None or not (user.is_active and user.is_superuser):
        del request.session[SESSION_KEY]
        return None
    return person


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    context = {"frame": frame_for(request, "Lecture seule"), "sentence": sentence}
    return render(request, "kb/people/seen_as.html", context, status=403)


@require_POST
@signed_in
def start(request: HttpRequest, person_id: int) -> HttpResponse:
    """From now on, with this person's eyes. For administrators, and not about another one."""
    if not viewer_of(request).passes:
        raise Http404
    person = get_object_or_404(User, pk=person_id, is_active=True, is_superuser=False)
    log(person, "kb.person.seen_as", user=viewer_of(request).user)
    request.session[SESSION_KEY] = person.pk
    return redirect("/")


@require_POST
@signed_in
def stop(request: HttpRequest) -> HttpResponse:
    """With one's own eyes again."""
    person = request.session.pop(SESSION_KEY, None)
    return redirect(f"{reverse('who_sees_what')}?personne={person}" if person else "/")
