"""The frame around every screen: the town, the menus, the person."""

from dataclasses import dataclass, field
from functools import cache as cache_for_ever
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kb.backup import queries
from kb.pages.homes import TOWN, home_of
from kb.pages.tree import Node, Tree
from kb.people.models import FACTS, Town
from kb.permissions import Viewer, may_deposit, viewer_of

TOWN_KEPT_FOR = 60  # seconds


@cache_for_ever
def head() -> SafeString:
    """The links to style sheets and scripts; static addresses are the same for the life of a process."""
    sheets = "".join(
        format_html('<link rel="stylesheet" href="{}">\n', static(name))
        for name in ("tokens.css", "base.css", "components.css", "comments.css", "search.css", "moderation.css")
    )
    icon = format_html('<link rel="icon" href="{}" type="image/svg+xml">\n', static("emblem.svg"))
    scripts = "".join(
        format_html('<script src="{}" defer></script>', static(name))
        for name in ("js/site.js", "js/comments.js", "js/search.js")
    )
    return mark_safe(icon + sheets + scripts)  # noqa: S308 - each part is escaped above


@cache_for_ever
def icons() -> str:
    """The address of the sprite."""
    return static("icons.svg")


@dataclass
class Frame:
    """What templates/base.html prints."""

    town_name: str
    page_title: str
    person_name: str = ""
    account_url: str = ""
    admin_url: str = ""
    rights_url: str = ""  # « Qui voit quoi », for responsables
    sign_out_url: str = ""
    emblem_url: str = ""
    demo_band: bool = False
    administers: bool = False
    seen_as: str = ""  # whose eyes an administrator looks with
    backup_line: str = ""
    backup_alarm: str = ""
    nav: list[dict[str, Any]] = field(default_factory=list)
    head: SafeString = field(default_factory=head)
    header: str = ""
    icons: str = field(default_factory=icons)


def town_facts() -> dict[str, Any]:
    """Name and demo mark of the town, and the line about its backups, kept for a minute."""
    facts: dict[str, Any] | None = cache.get(FACTS)
    if facts is None:
        town = Town.current()
        facts = {
            "town_name": town.name,
            "emblem_url": town.emblem_url,
            "demo_band": town.is_demo,
            "backup_line": queries.last_line(),
            "backup_alarm": queries.alarm() or "",
        }
        cache.set(FACTS, facts, TOWN_KEPT_FOR)
    return facts


def frame_for(request: HttpRequest, page_title: str, *, tree: Tree | None = None, node: Node | None = None) -> Frame:
    """The frame of one answer. `node` is the page shown, if any."""
    frame = Frame(page_title=page_title, **town_facts())
    viewer = viewer_of(request)
    if not viewer.signed_in:
        frame.header = header(frame)
        return frame
    frame.person_name = str(viewer.user)
    frame.seen_as = frame.person_name if viewer.looker else ""
    frame.administers = viewer.passes
    frame.account_url = "/compte/"
    frame.sign_out_url = "/deconnexion/"
    frame.admin_url = "/admin/" if enters_admin(viewer) else ""
    frame.rights_url = "/acces/" if viewer.manages_some and not viewer.looker else ""
    frame.nav = nav(tree or viewer.tree, viewer, node, path=request.path)
    frame.header = header(frame)
    return frame


_headers: dict[tuple[Any, ...], str] = {}
KEPT_HEADERS = 500


def header(frame: Frame) -> str:
    """The header, kept for all who have the same: it says nothing that its key does not hold."""
    shelves = tuple((item["url"], item["title"], item["current"]) for item in frame.nav)
    key = (
        frame.town_name,
        frame.emblem_url,
        frame.demo_band,
        frame.person_name,
        frame.admin_url,
        frame.rights_url,
        shelves,
    )
    kept = _headers.get(key)
    if kept is None:
        if len(_headers) >= KEPT_HEADERS:
            _headers.clear()
        kept = _headers[key] = render_to_string("components/header.html", {"frame": frame})
    return kept


def enters_admin(viewer: Viewer) -> bool:
    """Whether the person edits anything at all."""
    return viewer.user.is_superuser or may_deposit(viewer)


def nav(tree: Tree, viewer: Viewer, node: Node | None, *, path: str = "") -> list[dict[str, Any]]:
    """The person's home, the town's first shelves, and the one where the page shown stands."""
    home = tree.home
    if home is None:
        return []
    here, own = node.path if node else "", home_of(viewer)
    tops = [n for n in tree.below(home) if n.in_menus and n.live and not n.archived_here and viewer.can_view(n)]
    current = here == home.path if own == TOWN else path == own
    return [{"title": "Accueil", "url": own, "current": current}] + [
        {"title": n.title, "url": viewer.address(n), "current": here.startswith(n.path)} for n in tops
    ]
