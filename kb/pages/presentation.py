"""What templates receive: a frame (the town, the person), a sheet (the page), and the page type's own facts.

A page is read from the database once a revision and kept; what depends on the reader (links, children,
backlinks, favourites) is added for each view. Templates do nothing but print.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from threading import Lock
from typing import Any

from django.db.models import Value
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, get_page_models

from kb import typography
from kb.documents.models import Attachment
from kb.documents.presentation import attachment_rows, with_kept_health
from kb.life.presentation import life_of
from kb.links.models import PageLink
from kb.notices.models import Follow
from kb.pages import facts, rendering
from kb.pages.knowledge import KnowledgePage
from kb.pages.models import Favourite, Reading
from kb.pages.tree import Node, Tree, known_title
from kb.permissions import Viewer, abilities
from kb.prepared import Prepared

KINDS = {
    "homepage": "Commune",
    "servicepage": "Service",
    "projectpage": "Projet",
    "articlepage": "Page",
    "folderpage": "Dossier",
}
FOLLOWED_WHOLE = frozenset({"homepage", "servicepage", "projectpage", "folderpage"})  # they are shelves
FORMATS = (("pdf", "PDF"), ("docx", "Word"), ("odt", "ODT"))  # what a page and those below leave as
KEPT_SHEETS = 2000  # about 20 MB of rendered bodies


@dataclass(frozen=True)
class Content:
    """A revision as every reader gets it, read from the database once."""

    page_id: int
    model: str
    kind_label: str
    title: str
    summary: str
    children_as: str
    body: rendering.Body
    attachments: tuple[dict[str, Any], ...]
    tags: tuple[dict[str, str], ...]
    updated_line: str
    version_line: str
    facts: dict[str, Any]
    status: dict[str, str] | None
    template: str = ""
    takes_children: bool = True
    published_apart: bool = False
    frozen: bool = False  # readers read a copy: nothing is written here any more


@dataclass
class Sheet:
    """A knowledge page as one person sees it."""

    id: int
    kind_label: str
    title: str
    summary: str
    status: dict[str, str] | None
    breadcrumbs: list[dict[str, str]]
    body_html: str
    contents: tuple[dict[str, str], ...]
    attachments: list[dict[str, Any]]
    children: list[dict[str, str]]
    children_as: str
    backlinks: list[dict[str, str]]
    tags: tuple[dict[str, str], ...]
    edit_url: str
    new_child_url: str
    history_url: str  # empty for the public: a history tells names
    deposit_url: str
    permalink: str
    updated_line: str
    version_line: str
    draft_line: str
    can_publish: bool
    favourite: bool
    favourite_url: str
    read_url: str
    access_url: str
    life: dict[str, Any]  # kb.life.presentation
    archived_children: list[dict[str, str]]
    draft_url: str = ""  # the draft's reading view, for who reads it
    draft_words: str = ""
    comment_url: str = ""  # the same view with a form at each place, or without
    comment_words: str = ""
    comments_html: str = ""  # what stands at the foot
    changed_line: str = ""  # « Modifiée depuis votre lecture du… », and where the difference is
    changed_url: str = ""
    follow_url: str = ""
    followed: str = ""  # in words, what of the page the person follows
    follows_branch: bool = False  # what is proposed first
    extra: dict[str, Any] = field(default_factory=dict)
    formats: tuple[tuple[str, str], ...] = FORMATS
    draft: dict[str, Any] = field(default_factory=dict)  # what stands above a draft that is being read


Copy = Callable[[Any, Content], Content]
_copies: dict[str, Copy] = {}
_contents: "OrderedDict[tuple[Any, ...], Content]" = OrderedDict()
_lock = Lock()


def reads_copy(model: str) -> Callable[[Copy], Copy]:
    """Registers, for a type of page of another floor, the copy that its readers read instead of the live page.

    The copy may change only with the live revision: it is kept as long as that one stands.
    """

    def register(copy: Copy) -> Copy:
        _copies[model] = copy
        return copy

    return register


def content_of(page: KnowledgePage, *, revision_id: int | None) -> Content:
    """What `page` says, as it stands in memory."""
    return Content(
        page_id=page.pk or 0,
        model=page._meta.model_name or "",
        kind_label=page.kind_label(),
        title=page.title,
        summary=page.summary,
        children_as=page.children_shown,
        body=rendering.render(page),
        attachments=tuple(attachment_rows(_attachments(page))),
        tags=tuple({"name": tag.name, "url": reverse("tag", args=[tag.slug])} for tag in page.tags.all()),
        facts=facts.of(page),
        status=facts.status_of(page),
        template=page.own_template,
        published_apart=bool(page.published_apart),
        frozen=False,
        takes_children=any(model.can_create_at(page) for model in type(page).allowed_subpage_models()),
        **_authorship(page, revision_id),
    )


def _attachments(page: KnowledgePage) -> list[Attachment]:
    rows = list(page.attachments.all())
    return [row for row in rows if row.version_id]


def _authorship(page: KnowledgePage, revision_id: int | None) -> dict[str, str]:
    if revision_id is None or not page.pk:
        return {"updated_line": "", "version_line": ""}
    published = page.revision_records.filter(published_at__isnull=False).order_by("published_at")
    last = published.select_related("revision__user").filter(revision=revision_id).first()
    if last is None:
        return {"updated_line": "", "version_line": ""}
    who = f" par {last.revision.user}" if last.revision.user else ""
    return {
        "updated_line": f"Modifiée le {typography.moment(last.published_at)}{who}.",
        "version_line": f"{typography.ordinal(published.count())} version publiée.",
    }


def published(node: Node, tree: Tree) -> Content:
    """The live content of a page, kept from one reader to the next."""
    key = (node.id, node.live_revision, node.published_at, tree.whole, today())
    with _lock:
        if key in _contents:
            _contents.move_to_end(key)
            return _contents[key]
    page = Page.objects.get(pk=node.id).specific
    found = content_of(page, revision_id=node.live_revision)
    if node.model in _copies:
        found = _copies[node.model](page, found)
    with _lock:
        _contents[key] = found
        while len(_contents) > KEPT_SHEETS:
            _contents.popitem(last=False)
    return found


def draft(node: Node) -> Content:
    """The content of a page's latest revision, read afresh."""
    page = Page.objects.get(pk=node.id).specific
    return content_of(page.get_latest_revision_as_object(), revision_id=None)


def threshold(content: Content) -> Content:
    """The town's page for whoever may not read it: its name, and nothing of what it says."""
    nothing = rendering.Body("", (), False)
    return replace(
        content,
        summary="",
        body=nothing,
        attachments=(),
        tags=(),
        updated_line="",
        version_line="",
        facts={},
    )


def forget() -> None:
    """Drops what is kept (tests)."""
    with _lock:
        _contents.clear()


def kind_of(node: Node) -> str:
    """The kind of a page, from its node alone."""
    return KINDS.get(node.model) or _other_kinds().get(node.model, "Page")


@cache
def _other_kinds() -> dict[str, str]:
    """The kinds of pages of other floors, by their own names."""
    types = (model for model in get_page_models() if issubclass(model, KnowledgePage))
    return {str(model._meta.model_name): str(model._meta.verbose_name).capitalize() for model in types}


def line_of(viewer: Viewer, node: Node) -> dict[str, str]:
    """A page in a list, at the address that this person may know."""
    kind = kind_of(node) if node.live else f"{kind_of(node)}, brouillon"
    return {
        "title": known_title(node),
        "url": viewer.address(node),
        "kind_label": f"{kind}, archivée" if viewer.tree.is_archived(node) else kind,
        "summary": "",
        "updated_label": f"Modifiée le {typography.day(node.published_at)}" if node.published_at else "",
        "changed_url": difference_since_read(viewer, node),
    }


def difference_since_read(viewer: Viewer, node: Node) -> str:
    """Where the person sees what has changed since he read the page; "" where nothing has, or he never read it."""
    if not node.live or node.id not in viewer.outdated:
        return ""
    read, live = viewer.outdated[node.id], node.live_revision
    if read == live:  # published again as it was
        return ""
    history = f"/p/{node.id}/historique/"
    return f"{history}{read}/{live}/" if read and live else history


def sheet(
    content: Content,
    node: Node,
    *,
    viewer: Viewer,
    tree: Tree,
    as_it_was: bool = False,
    beside: rendering.Beside = rendering.nothing_beside,
) -> Sheet:
    """The page as this person may see it. Three queries: backlinks, favourite, and what the facts need;
    once a minute one more for the health of its attachments.

    `as_it_was`: an old version, which offers nothing to create. `beside`: see rendering.fitted.
    """
    can = abilities(viewer, node)
    can["publish"] = can["publish"] and not content.published_apart
    for right in ("edit", "attach", "read_draft", "delete") if content.frozen else ():
        can[right] = False
    pk = content.page_id
    below = [child for child in tree.below(node) if viewer.can_view(child)]
    return Sheet(
        id=pk,
        kind_label=content.kind_label,
        title=content.title,
        summary=content.summary,
        status=content.status,
        breadcrumbs=breadcrumbs(node, viewer, tree),
        body_html=rendering.fitted(
            content.body, page_id=pk, viewer=viewer, tree=tree, can_create=can["edit"] and not as_it_was, beside=beside
        ),
        contents=content.body.contents,
        attachments=with_kept_health(content.attachments),
        children=[line_of(viewer, child) for child in below if not child.archived_here],
        archived_children=[line_of(viewer, child) for child in below if child.archived_here],
        children_as=content.children_as,
        backlinks=backlinks(pk, viewer, tree),
        tags=content.tags,
        edit_url=f"/admin/pages/{pk}/edit/" if can["edit"] else "",
        new_child_url=f"/nouvelle/{pk}/" if can["create_below"] and content.takes_children else "",
        deposit_url=f"/p/{pk}/deposer/" if can["attach"] else "",
        history_url=f"/p/{pk}/historique/" if can["history"] else "",
        permalink=f"/p/{pk}/",
        updated_line=content.updated_line,
        version_line=content.version_line,
        access_url=f"/p/{pk}/acces/" if can["manage_access"] else "",
        life=life_of(node, viewer, can),
        can_publish=can["publish"],
        draft_line=draft_line(node) if can["read_draft"] else "",
        draft_url=f"/p/{pk}/brouillon/" if can["read_draft"] and draft_line(node) else "",
        draft_words="Relire et publier" if can["publish"] else "Lire le brouillon",
        favourite=False,
        favourite_url=f"/p/{pk}/favori/" if viewer.signed_in and not viewer.looker else "",
        follow_url=f"/p/{pk}/suivre/" if viewer.signed_in and can["view"] and not viewer.looker else "",
        follows_branch=content.model in FOLLOWED_WHOLE,
        read_url=f"/p/{pk}/lu/" if viewer.signed_in and can["view"] and not viewer.looker else "",
    )


def breadcrumbs(node: Node, viewer: Viewer, tree: Tree) -> list[dict[str, str]]:
    """From the town to the parent, less what the person may not know of; every account knows the town."""
    known = [
        above for above in tree.ancestors(node) if viewer.can_view(above) or (viewer.signed_in and above is tree.home)
    ]
    return [{"title": above.title, "url": viewer.address(above)} for above in known]


def backlinks(page_id: int, viewer: Viewer, tree: Tree) -> list[dict[str, str]]:
    """The live pages that link to this one and that the person may read. One query, until the tree changes."""
    sources = tree.sources.get(page_id)
    if sources is None:
        live = PageLink.objects.filter(target=page_id, in_live=True)
        sources = tree.sources[page_id] = list(live.values_list("page", flat=True))
    nodes = [tree.nodes[pk] for pk in sources if pk in tree.nodes and pk != page_id]
    seen = [node for node in nodes if node.live and viewer.can_view(node)]
    return [line_of(viewer, node) for node in sorted(seen, key=lambda node: node.title)]


_KEPT, _FOLLOWED, _FOLLOWED_BELOW = 1, 2, 3
_mine = Prepared(
    lambda person, page: (
        Favourite.objects.filter(person=person, page=page)
        .values_list(Value(_KEPT))
        .union(
            Follow.objects.filter(person=person, page=page, below=False).values_list(Value(_FOLLOWED)),
            Follow.objects.filter(person=person, page=page, below=True).values_list(Value(_FOLLOWED_BELOW)),
            all=True,
        )
    ),
    slots=2,
)
SCOPES = {_FOLLOWED: "cette page", _FOLLOWED_BELOW: "cette page et tout ce qui est dessous"}


def draft_line(node: Node) -> str:
    """What an editor is told of the draft."""
    if not node.live:
        return "Brouillon : cette page n’est pas publiée."
    return "Un brouillon plus récent attend d’être publié." if node.has_draft else ""


def add_person(shown: Sheet, viewer: Viewer, node: Node) -> None:
    """What the person alone has on this page: favourite, follow, what has changed since his last reading.

    Two queries, and one more where the page has changed.
    """
    person = viewer.user.pk or 0
    mine = {kind for (kind,) in _mine(person, node.id)}
    shown.favourite = _KEPT in mine
    shown.followed = next((words for kind, words in SCOPES.items() if kind in mine), "")
    shown.changed_url = difference_since_read(viewer, node)
    if not shown.changed_url:
        return
    last = Reading.objects.filter(person=person, page=node.id).values_list("at", flat=True).first()
    if last is None:
        return
    shown.changed_line = f"Modifiée depuis votre lecture du {typography.day(last)}."
    shown.attachments = [
        {**row, "changed_line": f"Modifié depuis votre lecture du {typography.day(last)}"}
        if row["deposited_at"] > last
        else row
        for row in shown.attachments
    ]


def today() -> date:
    """The town's day."""
    return timezone.localdate()
