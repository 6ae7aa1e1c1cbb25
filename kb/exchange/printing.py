"""Pages as one HTML document for paper, with the rights of the person it is made for."""

import base64
import re
from dataclasses import dataclass
from html import escape
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.models import Page

from kb import permissions, typography
from kb.documents.models import Rendition
from kb.pages import presentation
from kb.pages.tree import Node, Tree
from kb.people.models import Town
from kb.permissions import Viewer

MAX_PAGES = 300
DEEPEST = 4  # levels told apart in the list of contents
NO_FACTS = {"budget_label": "", "phase_title": "", "next_step_title": ""}
_IMAGE = re.compile(r'src="/images/(\d+)/"')
_THUMBNAIL = re.compile(r'src="/documents/(\d+)/v(\d+)/vignette/"')
_LOCAL_LINK = re.compile(r'href="(/[^"]*)"')
_LAZY = re.compile(r' (?:loading|decoding)="[^"]*"')


@dataclass(frozen=True)
class Printed:
    """An HTML document: its title, its language is French, images inside as data."""

    title: str
    html: str


def nodes_of(node: Node, tree: Tree, viewer: Viewer, *, with_below: bool) -> list[Node]:
    """The pages that go in: the one asked for, then all live ones below it that the person may read."""
    if not with_below:
        return [node]
    found: list[Node] = []

    def take(here: Node) -> None:
        if viewer.can_view(here) and (here.live or here is node):
            found.append(here)
            for child in tree.below(here):
                take(child)

    take(node)
    return found[:MAX_PAGES]


def document(
    nodes: list[Node], tree: Tree, viewer: Viewer, *, base_url: str, paper: bool = True, step: Any = None
) -> Printed:
    """The HTML of the pages, in order, for paper or for an office format. `step(n)` is told after each page."""
    sections: list[dict[str, Any]] = []
    for number, node in enumerate(nodes, 1):
        content = presentation.published(node, tree) if node.live else presentation.draft(node)
        # Read by others than who makes it: nothing to create, no address that only an editor may follow.
        shown = presentation.sheet(content, node, viewer=viewer, tree=tree, as_it_was=True)
        sections.append({"sheet": shown, "facts": {**NO_FACTS, **content.facts}, "model": content.model})
        if step:
            step(number)
    context = {
        "town": Town.current(),
        "title": sections[0]["sheet"].title,
        "sections": sections,
        "contents": _contents(nodes, sections),
        "made_on": typography.day(timezone.localdate()),
        "permalink": f"{base_url}/p/{nodes[0].id}/",
        "paper": paper,
    }
    html: str = render_to_string("kb/exchange/print.html", context)
    html = _LAZY.sub("", with_images(html, viewer))
    html = _LOCAL_LINK.sub(lambda found: f'href="{base_url}{found[1]}"', html)
    return Printed(str(context["title"]), html)


def _contents(nodes: list[Node], sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The list of a document of several pages, each line as deep as its page; nothing for one page."""
    if len(nodes) < 2:
        return []
    top = len(nodes[0].path)
    return [
        {
            "title": section["sheet"].title,
            "anchor": f"page-{node.id}",
            "level": min((len(node.path) - top) // Page.steplen + 1, DEEPEST),
        }
        for node, section in zip(nodes, sections, strict=True)
    ]


def with_images(html: str, viewer: Viewer) -> str:
    """Images inside the document as `data:`, those that the person may see; the rest lose their source."""
    wanted = {int(pk) for pk in _IMAGE.findall(html)}
    allowed = permissions.readable_images(viewer.user)
    found = {row.pk: row for row in Rendition.objects.filter(pk__in=wanted, image__in=allowed)}

    def data(match: re.Match[str]) -> str:
        row = found.get(int(match[1]))
        return f'src="{_data_uri(row.file)}"' if row else 'src=""'

    return _with_thumbnails(_IMAGE.sub(data, html), viewer)


def _with_thumbnails(html: str, viewer: Viewer) -> str:
    """Likewise for the first pages of attached files."""
    wanted = Q()
    for document, number in _THUMBNAIL.findall(html):
        wanted |= Q(document=int(document), number=int(number))
    if not wanted:
        return html
    found = {
        (row.document_id, row.number): row
        for row in permissions.readable_versions(viewer.user).filter(wanted).exclude(thumbnail="")
    }

    def data(match: re.Match[str]) -> str:
        row = found.get((int(match[1]), int(match[2])))
        return f'src="{_data_uri(row.thumbnail)}"' if row else 'src=""'

    return _THUMBNAIL.sub(data, html)


def _data_uri(file: Any) -> str:
    with file.storage.open(file.name, "rb") as source:
        body = base64.b64encode(source.read()).decode("ascii")
    kind = file.name.rsplit(".", 1)[-1].replace("jpg", "jpeg")
    return f"data:image/{escape(kind)};base64,{body}"
