"""A session that a button opened lasts as long as the button, and never enters the admin."""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kb.buttons import queries
from kb.buttons.models import PersonalButton

BUTTON = "button"  # the key of the session
COOKIE = "appareil"
REMEMBERED_FOR = 400 * 24 * 3600  # seconds: what browsers allow at most
STAYS_FOR = 30 * 24 * 3600
BACKEND = "kb.people.backends.SignInNameOrEmail"
ENDED = "Votre bouton a été retiré : demandez-en un nouveau à la mairie."
NOT_THE_ADMIN = "L’espace de rédaction demande votre mot de passe : le bouton d’un courriel n’y suffit pas."


class ButtonSessions:
    """Ends the session when its button is ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        """Before the view is called."""
        button = request.session.get(BUTTON)
        if button is None:
            return None
        if not queries.still_opens(button, request.user.pk or 0):
            logout(request)
            messages.error(request, ENDED)
            return redirect("enter")
        if request.path.startswith("/admin/"):
            messages.error(request, NOT_THE_ADMIN)
            return redirect("/")
        return None


def device_key(request: HttpRequest) -> str:
    """What this browser is known by; a new one where it has none yet."""
    return request.COOKIES.get(COOKIE) or secrets.token_urlsafe(32)


def enter(request: HttpRequest, button: PersonalButton, *, stays: bool) -> None:
    """Signs the person in for the life of the browser's session, or thirty days where he asks for it."""
    login(request, button.person, backend=BACKEND)
    request.session[BUTTON] = button.pk
    request.session.set_expiry(STAYS_FOR if stays else 0)


def remember(response: HttpResponse, key: str) -> None:
    """The browser keeps its key; no script reads it."""
    response.set_cookie(
        COOKIE,
        key,
        max_age=REMEMBERED_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
