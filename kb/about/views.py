"""The three pages linked at the foot of every screen. They are public, and name nothing of the town but its name."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kb.pages.frame import frame_for
from kb.pages.views import open_door
from kb.people.models import Town


def _show(request: HttpRequest, name: str, title: str) -> HttpResponse:
    context = {
        "frame": frame_for(request, title),
        "town_phone": Town.current().phone,
        "backups_kept": settings.BACKUP_KEEP,
        "trash_days": settings.TRASH_DAYS,
        "session_days": settings.SESSION_COOKIE_AGE // (24 * 3600),
    }
    return render(request, f"kb/about/{name}.html", context)


@require_GET
@open_door
def help_page(request: HttpRequest) -> HttpResponse:
    """The gestures: reading, writing, filing."""
    return _show(request, "help", "Aide")


@require_GET
@open_door
def accessibility(request: HttpRequest) -> HttpResponse:
    """The declaration that article 47 of law no. 2005-102 asks for."""
    return _show(request, "accessibility", "Accessibilité")


@require_GET
@open_door
def personal_data(request: HttpRequest) -> HttpResponse:
    """What is kept of people, how long, who sees it (articles 13 and 14 of the GDPR)."""
    return _show(request, "personal_data", "Données personnelles")
