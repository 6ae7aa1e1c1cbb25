"""The tree of pages, kept in each process's memory and caught up with the database at each request.

20,000 pages take about 15 MB. Each change of the tree is a TreeChange row written with it, so one small
query says whether the memory is true and what to read again. Inside a transaction the tree is read afresh
and not kept: a rolled back change must not stay in memory.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Page, get_page_models

from kb.access.models import Boundary, Grant, Role
from kb.pages.models import TreeChange
from kb.prepared import Prepared

# Fields of Page that a node shows: a save that touches none of them leaves the tree as it is.
SHOWN = frozenset({
    "title", "slug", "live", "live_revision", "url_path", "path", "last_published_at", "has_unpublished_changes", "show_in_menus", "draft_title",
})  # fmt: skip
DRAFT = ("draft_title", "has_unpublished_changes")  # those that saving a draft writes
_ONE_AT_A_TIME = 7_410_001  # our number among PostgreSQL's advisory locks
FULL_READING_EVERY = 24 * 3600  # seconds; TreeChange rows are kept longer than this
_FIELDS = (
    "pk", "path", "title", "draft_title", "url_path", "live", "live_revision_id", "content_type_id",
    "last_published_at", "show_in_menus", "has_unpublished_changes", "owner_id", "archived__pk", "review__pk",
    "trashed__deletion",
)  # fmt: skip


@dataclass(slots=True)
class Node:
    """A page as the tree knows it. `model` is its lower-case class name, `url_path` Wagtail's."""

    id: int
    path: str
    title: str
    draft_title: str
    url_path: str
    live: bool
    live_revision: int | None
    model: str
    published_at: Any
    in_menus: bool
    has_draft: bool
    owner_id: int | None = None
    archived_here: bool = False  # see Tree.is_archived
    has_review: bool = False  # a date before which it is to be checked: kb.life

    @property
    def pk(self) -> int:
        """As a page's."""
        return self.id

    @property
    def last_published_at(self) -> Any:
        """As a page's."""
        return self.published_at


def known_title(page: Page | Node) -> str:
    """The title that whoever may see the page may know: a new one is its editors' until it is published."""
    return str(page.title if page.live else page.draft_title or page.title)


class Given(NamedTuple):
    """A grant as the tree knows it. `grantee` is ("person" | "group" | "team", id), or None for the public."""

    role: int
    until: date | None
    grantee: tuple[str, int] | None
    public: bool


@dataclass
class Tree:
    """All pages below the root, by id and by address, with children in their order, grants and boundaries.

    What is in the trash stands apart, by its path: for every door but the trash's own, it is not there.
    """

    nodes: dict[int, Node] = field(default_factory=dict)
    trash: dict[str, Node] = field(default_factory=dict)
    by_path: dict[str, Node] = field(default_factory=dict)
    by_url: dict[str, Node] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)
    grants: dict[int, tuple[Given, ...]] = field(default_factory=dict)  # page → what is given on it
    reserved: set[int] = field(default_factory=set)  # pages where inheritance stops
    # Who holds, somewhere, a role that writes → its last day.
    working_until: dict[tuple[str, int], date] = field(default_factory=dict)
    managing_until: dict[tuple[str, int], date] = field(default_factory=dict)  # the same, for responsables
    seen: int = 0  # the last TreeChange taken in
    whole: int = 0  # the same, when all of it was read: what is kept beside it from before is not to be trusted
    read_at: float = 0.0
    # Page → live pages that link to it, as asked; a link changes with a publication, so with the tree.
    sources: dict[int, list[int]] = field(default_factory=dict)

    @property
    def home(self) -> Node | None:
        """The town's page: the first below the root."""
        tops = self.children.get("0001", [])
        return self.by_path[tops[0]] if tops else None

    def url(self, node: Node) -> str:
        """The readable address of a page, `/projets/ecole/`."""
        home = self.home
        start = len(home.url_path) if home else 1
        return "/" + node.url_path[start:]

    def at(self, address: str) -> Node | None:
        """The page at a readable address, or None."""
        home = self.home
        return self.by_url.get(home.url_path + address.lstrip("/")) if home else None

    def ancestors(self, node: Node) -> list[Node]:
        """From the town down to the parent."""
        step = Page.steplen
        ends = range(2 * step, len(node.path), step)
        return [self.by_path[node.path[:end]] for end in ends if node.path[:end] in self.by_path]

    def is_archived(self, node: Node) -> bool:
        """Whether the page is archived, itself or with a page above it."""
        return node.archived_here or any(above.archived_here for above in self.ancestors(node))

    def below(self, node: Node) -> Iterator[Node]:
        """The children, in their order."""
        return (self.by_path[path] for path in self.children.get(node.path, ()))

    def put(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Takes in pages as read from the database."""
        types = _types()
        for *row, archived, review, deletion in rows:
            kind = types.get(row[7], "page")
            node = Node(*row[:7], kind, *row[8:], archived is not None, review is not None)  # type: ignore[call-arg]
            if deletion is not None:
                self.trash[node.path] = node
                continue
            old = self.nodes.get(node.id)
            if old:
                self._drop(old)
            self.nodes[node.id] = self.by_path[node.path] = node
            if node.url_path:
                self.by_url[node.url_path] = node
            self._join(node)

    def with_rights(self, pages: set[int] | None) -> "Tree":
        """The tree with the grants and boundaries of these pages, or (None) of all, read again. Two queries.

        A new tree: a thread that goes through the old one must not see a page half reserved.
        """
        grants, boundaries = Grant.objects.filter(ended_at=None), Boundary.objects.all()
        kept: dict[int, tuple[Given, ...]] = {}
        if pages is not None:
            grants, boundaries = grants.filter(page__in=pages), boundaries.filter(page__in=pages)
            kept = {page: given for page, given in self.grants.items() if page not in pages}
        columns = ("page", "role", "until", "person", "group", "team", "public")
        for page, role, until, person, group, team, public in grants.values_list(*columns):
            named = ((kind, pk) for kind, pk in (("person", person), ("group", group), ("team", team)) if pk)
            kept[page] = (*kept.get(page, ()), Given(role, until, next(named, None), public))
        reserved = (self.reserved - pages if pages is not None else set()) | set(
            boundaries.values_list("page", flat=True)
        )
        return replace(
            self,
            grants=kept,
            reserved=reserved,
            working_until=_last_days(kept, Role.MODERATOR),
            managing_until=_last_days(kept, Role.MANAGER),
        )

    def _join(self, node: Node) -> None:
        parent = node.path[: -Page.steplen]
        siblings = self.children.get(parent)
        if siblings is None:
            self.children[parent] = [node.path]
        elif siblings[-1] < node.path:
            siblings.append(node.path)
        else:  # a new list: another thread may be going through the old one
            self.children[parent] = sorted({*siblings, node.path})

    def _drop(self, node: Node) -> None:
        self.by_path.pop(node.path, None)
        self.by_url.pop(node.url_path, None)
        parent = node.path[: -Page.steplen]
        left = [path for path in self.children.get(parent, ()) if path != node.path]
        if left:
            self.children[parent] = left
        else:
            self.children.pop(parent, None)


_changes_since = Prepared(
    lambda seen: TreeChange.objects.filter(pk__gt=seen).order_by("pk").values_list("pk", "page_id"),
    slots=1,
)
_stored = Prepared(lambda page: Page.objects.filter(pk=page).order_by().values_list(*DRAFT), slots=1)
_kept = Tree()
_lock = Lock()


def one_writer() -> None:
    """From here to the end of the transaction, nobody else changes pages or rights: what is read now stays true.

    SQLite's one write lock does so already. On PostgreSQL, without it: two changes of one branch would each
    write an inheritance that knows nothing of the other; two pages would be made at one place; and a TreeChange
    written earlier but committed later would be passed over by who reads « after the last seen ». It is taken
    before any page's row, in every deed, so that two deeds wait for each other and never lock each other out.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def changed(page_id: int | None) -> None:
    """Tells every process that this page and its grants, or (None) the whole tree, are to be read again."""
    one_writer()
    TreeChange.objects.create(page_id=page_id)


def draft_as_stored(page_id: int) -> tuple[Any, ...] | None:
    """What a node shows of a page's draft (DRAFT), as the database has it; None for no such page. One query."""
    return next(iter(_stored(page_id)), None)


def current() -> Tree:
    """The tree as the database has it now. One query when nothing changed."""
    if connection.in_atomic_block:
        return _read()
    return _caught_up()


def forget() -> None:
    """Drops the tree kept in memory (tests, restores)."""
    global _kept
    with _lock:
        _kept = Tree()


def _caught_up() -> Tree:
    global _kept
    with _lock:
        if not _kept.nodes or time.monotonic() - _kept.read_at > FULL_READING_EVERY:
            _kept = _read()
            return _kept
        news = _changes_since(_kept.seen)
        if news:
            pages = {page_id for _, page_id in news}
            if None in pages or len(pages) > 500:
                _kept = _read()
            else:
                _kept.put(Page.objects.filter(pk__in=pages).values_list(*_FIELDS))
                _kept = _kept.with_rights(pages)
                _kept.seen = news[-1][0]
                _kept.sources = {}
        return _kept


def _read() -> Tree:
    # The mark is read first: a change that comes in between is simply taken in twice.
    last = TreeChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    tree = Tree(seen=last, whole=last, read_at=time.monotonic())
    tree.put(Page.objects.filter(depth__gt=1).order_by("path").values_list(*_FIELDS))
    return tree.with_rights(None)


def _last_days(grants: dict[int, tuple[Given, ...]], least: int) -> dict[tuple[str, int], date]:
    """Who holds, somewhere, at least this role → its last day."""
    last: dict[tuple[str, int], date] = {}
    for given in (given for page in grants.values() for given in page):
        if given.grantee and given.role >= least:
            last[given.grantee] = max(last.get(given.grantee, date.min), given.until or date.max)
    return last


def _types() -> dict[int, str]:
    types = ContentType.objects.get_for_models(*get_page_models())
    return {content_type.pk: model._meta.model_name or "" for model, content_type in types.items()}
