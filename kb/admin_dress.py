"""The admin's dress: the town's name, our colours, no inline script, and nothing that agents do not need."""

import json
from collections.abc import Callable
from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views import defaults
from wagtail import hooks
from wagtail.admin.menu import SubmenuMenuItem
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.admin.wagtail_hooks import SettingsMenuItem
from wagtail.admin.widgets.chooser import BaseChooser

from kb.permissions import Denied

HIDDEN_MAIN = frozenset({"help"})
HIDDEN_SETTINGS = frozenset({"collections", "sites", "locales", "redirects", "workflows", "workflow-tasks"})


class AdminStyles:
    """The policy under /admin/: Wagtail styles some elements in place; it frames its own previews, and no video."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_update = {"style-src": [UNSAFE_INLINE]}  # type: ignore[attr-defined]
            response._csp_replace = {"frame-src": [SELF]}  # type: ignore[attr-defined]
        return response


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: in the admin's dress for who was writing, in the site's for who was reading; with the reason where it is ours."""
    reason = str(exception) if isinstance(exception, Denied) else ""
    return render(request, _dressed(request, "403.html"), {"reason": reason}, status=403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: likewise."""
    return defaults.page_not_found(request, exception, template_name=_dressed(request, "404.html"))


def broken(request: HttpRequest) -> HttpResponse:
    """500: it leans on nothing that may be what is broken, but its way out is where the person was."""
    return defaults.server_error(request, template_name=_dressed(request, "500.html"))


def _dressed(request: HttpRequest, template: str) -> str:
    return f"wagtailadmin/{template}" if request.path.startswith("/admin/") else template


def render_chooser(self: Any, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
    """BaseChooser.render, started by js/admin/start.js instead of an inline script.

    Wagtail builds `new Constructor(id, options)` in Python, in no template: the method itself is replaced.
    """
    value_data = self.get_value_data(value)
    options = self.get_js_init_options(attrs["id"], name, value_data)
    return format_html(
        '{}<template data-controller="st-start" data-st-start-name-value="{}" '
        'data-st-start-arguments-value="{}"></template>',
        self.render_html(name, value_data, attrs),
        self.js_constructor,
        json.dumps([attrs["id"], options]),
    )


BaseChooser.render = render_chooser
# A portrait would be a file with no address: every screen that shows it would fail.
AvatarSettingsPanel.is_active = lambda panel: False


@hooks.register("insert_global_admin_js")
def our_scripts() -> SafeString:
    """Loaded on every admin page."""
    return format_html('<script src="{}"></script>', static("js/admin/start.js"))


@hooks.register("insert_editor_js")
def our_editor_scripts() -> SafeString:
    """Loaded after the widgets of an editor."""
    return format_html_join(
        "\n", '<script src="{}"></script>', [[static(f"js/admin/{name}.js")] for name in ("table", "paste")]
    )


@hooks.register("insert_global_admin_css")
def our_colours() -> SafeString:
    """Our palette, through Wagtail's own variables."""
    return format_html('<link rel="stylesheet" href="{}">', static("admin.css"))


@hooks.register("construct_main_menu")
def main_menu(request: HttpRequest, items: list[Any]) -> None:
    """Less what agents do not need, and the settings without the tool's version at their foot."""
    items[:] = [_quiet(item) for item in items if item.name not in HIDDEN_MAIN]


def _quiet(item: Any) -> Any:
    if not isinstance(item, SettingsMenuItem):
        return item
    return SubmenuMenuItem(item.label, item.menu, name=item.name, icon_name=item.icon_name, order=item.order)


@hooks.register("construct_settings_menu")
def settings_menu(request: HttpRequest, items: list[Any]) -> None:
    """Less what has one value for ever: one town, one site, one language, files that follow pages."""
    items[:] = [item for item in items if item.name not in HIDDEN_SETTINGS]


@hooks.register("construct_homepage_summary_items")
def no_counters(request: HttpRequest, items: list[Any]) -> None:
    """Counts of the whole town say nothing to an agent, and more than he may know."""
    items.clear()


@hooks.register("construct_wagtail_userbar")
def no_userbar(request: HttpRequest, items: list[Any], page: Any = None) -> None:
    """Our own pages carry their own actions."""
    items.clear()
