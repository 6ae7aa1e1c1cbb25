"""A page's body as HTML: rendered once a revision, then fitted to each reader's rights."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from wagtail.rich_text import LinkHandler

from kb.documents.models import DocumentVersion
from kb.links import wiki
from kb.links.models import MissingLink
from kb.pages.tree import Tree
from kb.permissions import Viewer

_HEADING = re.compile(r"<h([2-4])(?: [^>]*)?>(.*?)</h\1>", re.S)
BLOCK_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BLOCK_END = re.compile(r"<!--b:([0-9a-f-]{36})-->")  # what a person wrote holds no HTML comment: it is sanitized
_PAGE_LINK = re.compile(r'<a data-page="(\d+)">(.*?)</a>', re.S)


class PageLinkHandler(LinkHandler):
    """A link to a page leaves no address in the cached HTML: it is resolved for each reader."""

    identifier = "page"

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, str]) -> str:
        """`<a data-page="12">`, which `fitted` resolves; unresolved it is no link and tells nothing."""
        page_id = attrs.get("id", "")
        return f'<a data-page="{page_id}">' if page_id.isdigit() else "<a>"


class DocumentLinkHandler(LinkHandler):
    """A link to a document names a version."""

    identifier = "document"

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """The addresses of the versions named, in one query."""
        wanted = [int(a["version"]) for a in attrs_list if a.get("version", "").isdigit()]
        versions = DocumentVersion.objects.in_bulk(wanted) if wanted else {}
        return [cls._anchor(a, versions) for a in attrs_list]

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, str]) -> str:
        """See expand_db_attributes_many."""
        return cls.expand_db_attributes_many([attrs])[0]

    @classmethod
    def _anchor(cls, attrs: dict[str, str], versions: dict[int, DocumentVersion]) -> str:
        named = attrs.get("version", "")
        version = versions.get(int(named)) if named.isdigit() else None
        if version:
            return f'<a class="document-link" href="{version.get_absolute_url()}">'
        pk = attrs.get("id", "")
        return f'<a class="document-link" href="{reverse("document", args=[pk])}">' if pk.isdigit() else "<a>"


@dataclass(frozen=True)
class Body:
    """A body rendered for everybody: page links and [[names]] are still to be fitted to the reader."""

    html: str
    contents: tuple[dict[str, str], ...]
    has_missing: bool
    blocks: tuple[str, ...] = ()  # the ids of its blocks, in order

    def block(self, name: str) -> str:
        """The HTML of one block, by its id; nothing where there is none."""
        _, _, after = self.html.partition(f'id="b-{name}">')
        return after.partition(f"<!--b:{name}-->")[0]


def render(page: Any) -> Body:
    """The body of `page` as it stands in memory."""
    html, blocks = _rendered_blocks(page.body)
    contents: list[dict[str, str]] = []
    taken: set[str] = set()

    def with_id(found: re.Match[str]) -> str:
        level, inner = found[1], found[2]
        words = strip_tags(inner).strip()
        if not words:
            return ""
        anchor = base = slugify(words)[:60] or "partie"
        number = 2
        while anchor in taken:
            anchor, number = f"{base}-{number}", number + 1
        taken.add(anchor)
        if level == "2":
            contents.append({"id": anchor, "title": words.replace("&amp;", "&")})
        return f'<h{level} id="{anchor}">{inner}</h{level}>'

    html = _HEADING.sub(with_id, html)
    return Body(html, tuple(contents), "[[" in html, blocks)


def _rendered_blocks(body: Any) -> tuple[str, tuple[str, ...]]:
    """The blocks one after the other, each in an element named after it, and their ids.

    The id comes with a form: what is not one is left out, so that it says nothing in the page.
    """
    written: list[str] = []
    blocks: list[str] = []
    for block in body or ():
        name, html = str(block.id or ""), str(block.render())
        if not BLOCK_ID.fullmatch(name) or name in blocks:
            written.append(f'<div class="block">{html}</div>')
            continue
        blocks.append(name)
        written.append(f'<div class="block" id="b-{name}">{html}<!--b:{name}--></div>')
    return "\n".join(written), tuple(blocks)


Beside = Callable[[str], str]


def nothing_beside(block: str) -> str:
    """No comment, no marker."""
    return ""


def fitted(
    body: Body, *, page_id: int, viewer: Viewer, tree: Tree, can_create: bool, beside: Beside = nothing_beside
) -> SafeString:
    """The body as `viewer` may see it: links he may follow, plain words for the rest.

    `beside(block id)` is the HTML that ends each block: comments, for who reads them.
    """

    def link(found: re.Match[str]) -> str:
        node = tree.nodes.get(int(found[1]))
        if node is None or not viewer.can_view(node):
            return found[2]
        return f'<a href="{viewer.address(node)}">{found[2]}</a>'

    html = _PAGE_LINK.sub(link, body.html)
    if body.has_missing:
        html = _with_missing(html, page_id, viewer, tree, can_create)
    html = _BLOCK_END.sub(lambda found: beside(found[1]), html)
    return mark_safe(html)  # noqa: S308 - rendered by Wagtail from sanitized content


def _with_missing(html: str, page_id: int, viewer: Viewer, tree: Tree, can_create: bool) -> str:
    targets = dict(MissingLink.objects.filter(page=page_id, target__isnull=False).values_list("key", "target"))

    def name(title: str, words: str) -> str:
        node = tree.nodes.get(targets.get(wiki.key_of(title), 0))
        if node is not None and viewer.can_view(node):
            return f'<a href="{viewer.address(node)}">{words}</a>'
        if not can_create:
            return words
        address = reverse("create_missing_page", args=[page_id])
        query = escape(urlencode({"titre": title}))
        return (
            f'<a class="missing" href="{address}?{query}">{words}</a><span class="missing-note"> (page à créer)</span>'
        )

    return wiki.replace_links(html, name)
