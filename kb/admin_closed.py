"""Doors of Wagtail's admin that stay closed: its own deletion, which would lose what it takes and leads to our trash;
what shows no change of readers first; and settings that a town has once.

Wagtail asks the policies (kb.permission_policies) in some views and tests `is_superuser` in others. Here the
addresses themselves are closed, to everybody, whatever the method.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail import hooks

from kb.pages.admin_counts import WAGTAILS

PAGE = "Une page se supprime seule, de son menu : ce qui part avec elle est montré avant, et la corbeille la garde."
FILE = (
    "Un fichier se supprime seul, de sa fiche : les pages qui le portent sont montrées avant, et la corbeille le garde."
)
ACCOUNT = "Un compte ne se supprime pas : il signe l’historique. Fermez-le, en décochant « Actif » sur sa fiche."
ALIAS = "Deux pages qui changent ensemble sans le dire n’existent pas ici : copiez la page, ou liez-la."
PRIVACY = "Les droits se donnent par « Accès », sur la page elle-même : il n’y a qu’une vérité."
ONE_BY_ONE = "Une page se déplace ou se copie seule, de son menu : qui la lira alors est montré avant."
# No screen calls these: they would save and publish beside our deeds, and number the slug of a copy.
DEEDS = "Ce geste se fait dans l’éditeur de la page."
NO_REVIEW = "Les circuits de relecture se règlent sur le site, par « À valider », puis « Circuits »."
DECIDED = "Relire, approuver et renvoyer se font sur le site, par « À valider »."
ONCE = "Ce réglage n’existe pas ici : une commune, un site, une langue, et des fichiers qui suivent leurs pages."

CLOSED_VIEWS = {
    "wagtailadmin_pages:delete": PAGE,
    "wagtailadmin_pages:convert_alias": ALIAS,
    "wagtailadmin_pages:set_privacy": PRIVACY,
    "wagtailadmin_pages:workflow_action": DECIDED,
    "wagtailadmin_pages:collect_workflow_action_data": DECIDED,
    "wagtailadmin_pages:confirm_workflow_cancellation": DECIDED,
    "wagtailadmin_pages:workflow_preview": DECIDED,
    "wagtaildocs:delete": FILE,
    "wagtaildocs:delete_multiple": FILE,
    "wagtailimages:delete": FILE,
    "wagtailimages:delete_multiple": FILE,
    "wagtailusers_users:delete": ACCOUNT,
}
# Wagtail's confirmations of a deletion → our screen, and the parameter that names the thing.
OURS_INSTEAD = {
    "wagtailadmin_pages:delete": ("delete_page", "page_id"),
    "wagtaildocs:delete": ("delete_document", "document_id"),
    "wagtailimages:delete": ("delete_image", "image_id"),
}
CLOSED_ROOMS = {
    "wagtailadmin_collections": ONCE,
    "wagtailsites": ONCE,
    "wagtaillocales": ONCE,
    "wagtailadmin_workflows": NO_REVIEW,
}
CLOSED_BULK = frozenset({"delete", "move", "add_to_collection"})
BULK_SENTENCES = {"page": PAGE, "user": ACCOUNT}
CLOSED_API = {
    "delete": PAGE,
    "convert_alias": ALIAS,
    "create_alias": ALIAS,
    "copy_for_translation": ONCE,
    "copy": ONE_BY_ONE,
    "move": ONE_BY_ONE,
}


class ClosedDoors:
    """Answers in the place of a closed view: a French sentence, and the home page of the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        """Before the view is called, whoever asks."""
        sentence = why_closed(request.resolver_match, kwargs)
        if sentence is None:
            return None
        if wants_json(request):
            return JsonResponse({"success": False, "error_message": sentence, "message": sentence}, status=403)
        if ours := OURS_INSTEAD.get(request.resolver_match.view_name if request.resolver_match else ""):
            name, parameter = ours
            return redirect(reverse(name, args=[kwargs[parameter]]))
        messages.error(request, sentence)
        return redirect("wagtailadmin_home")


def why_closed(match: Any, kwargs: dict[str, Any]) -> str | None:
    """The sentence of a closed address; None for an open one."""
    if match is None:
        return None
    if match.url_name == "wagtail_bulk_action" and kwargs.get("action") in CLOSED_BULK:
        if kwargs["action"] == "move":
            return ONE_BY_ONE
        return BULK_SENTENCES.get(kwargs.get("model_name", ""), FILE)
    if match.namespaces[:1] == ["wagtailadmin_api"] and "action_name" in kwargs:
        return CLOSED_API.get(kwargs["action_name"], DEEDS)
    return CLOSED_VIEWS.get(match.view_name) or CLOSED_ROOMS.get(match.namespace)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asked, and would not follow a redirection."""
    by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    return by_script or request.path.startswith("/admin/api/")


def take_away(hook: str, keep: Callable[[Any], bool]) -> None:
    """Takes what others registered out of a hook: Wagtail has no way to unregister."""
    registered = hooks._hooks.get(hook, [])
    registered[:] = [entry for entry in registered if keep(entry[0])]


def close_registries() -> None:
    """No bulk deletion in the menus, and no rights by collection in the form of a group: ours ignore them."""
    hooks.search_for_hooks()
    take_away("register_bulk_action", lambda action: action.action_type not in CLOSED_BULK and action not in WAGTAILS)
    take_away("register_group_permission_panel", lambda panel: not panel.__module__.startswith("wagtail."))
