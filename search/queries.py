"""The front door: `search(query, viewer)` → what that person may see of the answer, grouped, with facets.

Nothing of what is hidden shows: rights are part of the query, corrections are checked, the score is the rank.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from wagtail.models import Page, Revision

from kb.access.models import Grant
from kb.documents.models import Document, DocumentVersion, VersionUse
from kb.pages.tree import Node
from kb.permissions import Viewer
from search import acts, asking, feeding, finding, rights, snippets, synonyms
from search.acts import Told
from search.asking import Ask
from search.engines import choosing, elasticsearch
from search.engines.contract import Audience, Counts, Engine, Scope, Unavailable
from search.engines.database import FACETS, counts_of_entries, tally, those
from search.models import Entry, Kind, Passage
from search.snippets import Snippet
from search.sorts import label_of

logger = logging.getLogger(__name__)
SHOWN = 20
SNIPPETS = 2  # a hit


@dataclass(frozen=True)
class Filters:
    """What the facets narrow to; empty: everything."""

    kinds: frozenset[str] = frozenset()  # pages, files
    services: frozenset[int] = frozenset()
    mine: bool = False  # what the person wrote or deposited
    newest_first: bool = False
    sorts: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    states: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Extract:
    """A stretch that answers, and where it stands."""

    snippet: Snippet
    heading: str
    file_page: int | None


@dataclass
class Hit:
    """A page, a file or an act that answers. `score` tells the rank and nothing else."""

    kind: str
    rank: int
    title: str
    title_marked: Snippet
    sort: str
    state: str
    dated: datetime | None
    address: str
    page_id: int | None
    path: tuple[str, ...]  # titles above, those that the person may know
    document_id: int | None = None
    version: int | None = None
    words: tuple[str, ...] = ()  # where an act stands
    author: str = ""  # who wrote what is published, who deposited a version; an act has none
    extracts: list[Extract] = field(default_factory=list)

    @property
    def score(self) -> float:
        """1, 1/2, 1/3…"""
        return round(1 / self.rank, 4)

    @property
    def sort_label(self) -> str:
        """In French."""
        return label_of(self.sort)


@dataclass
class Group:
    """A page, which may itself answer or not, and the files under it that answer; or an act, alone."""

    page_id: int | None
    title: str
    address: str
    hit: Hit | None = None
    files: list[Hit] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """What a person gets."""

    ask: Ask
    groups: list[Group]
    total: int
    facets: dict[str, list[tuple[str, int]]]
    did_you_mean: str = ""
    notices: tuple[str, ...] = ()

    @property
    def hits(self) -> list[Hit]:
        """All hits, by rank."""
        found = [hit for group in self.groups for hit in (*([group.hit] if group.hit else []), *group.files)]
        return sorted(found, key=lambda hit: hit.rank)


def search(
    written: str,
    viewer: Any,
    *,
    filters: Filters | None = None,
    offset: int = 0,
    limit: int = SHOWN,
    with_facets: bool = True,
    engine: Engine | None = None,
) -> Answer:
    """The answer to `written` for `viewer` (a person, AnonymousUser or a Viewer). No string makes an error."""
    viewer = Viewer.of(viewer)
    engine = engine or choosing.engine()
    filters = filters or Filters()
    ask = synonyms.widened(asking.understood(written))
    scope = scope_for(viewer, ask, filters)
    if ask.is_empty:
        return Answer(ask, [], 0, {}, notices=ask.notices)
    notices = list(ask.notices)
    wanted = finding.MOST if filters.newest_first else offset + limit
    try:
        refuse_if_behind(engine)
        found = finding.find(written, scope, engine, ask=ask, wanted=wanted)
    except Unavailable as why:
        logger.warning("%s", why, exc_info=why.__cause__)
        notices.append(str(why))
        engine = choosing.database_engine()
        found = finding.find(written, scope, engine, ask=ask, wanted=wanted)
    if filters.newest_first:
        found = _newest_first(found)
    counts = _counted(found, scope, engine, FACETS if with_facets else ())
    around = _around(found, scope, viewer) if with_facets else {}
    return Answer(
        found.ask,
        _grouped(_hits(found, offset, limit, viewer), viewer),
        counts.total,
        counts.facets | around,
        did_you_mean=finding.corrected(found),
        notices=tuple(notices),
    )


def scope_for(viewer: Viewer, ask: Ask, filters: Filters) -> Scope:
    """The entries that the viewer may know of, narrowed to what the ask and the facets say."""
    seen = _of_use()
    sorts = (ask.sorts & filters.sorts) if ask.sorts and filters.sorts else ask.sorts | filters.sorts
    if ask.sorts or filters.sorts:
        seen &= Q(sort__in=sorted(sorts))
    if ask.since:
        seen &= Q(dated__date__gte=ask.since)
    if filters.kinds:
        seen &= Q(kind__in=sorted(filters.kinds))
    if filters.services:
        inside = (_inside(viewer, service) for service in sorted(filters.services))
        seen &= reduce(or_, (condition for condition in inside if condition), Q(pk__in=[]))
    if filters.mine:
        seen &= _mine(viewer)
    if filters.years:
        seen &= Q(dated__year__in=sorted(filters.years))
    if filters.states:
        seen &= Q(state__in=sorted(filters.states))
    return Scope(seen, rights=rights.condition(viewer), audience=_audience(viewer, sorts, ask))


def _of_use() -> Q:
    """Pages, acts, and the versions that a page names or that are the newest: who edits is not shown every old one."""
    named = VersionUse.objects.filter(version=OuterRef("version"))
    newest = Document.objects.filter(current_version=OuterRef("version"))
    return Q(kind__in=(Kind.PAGE, Kind.ACT)) | Q(Exists(named)) | Q(Exists(newest))


def _audience(viewer: Viewer, sorts: frozenset[str], ask: Ask) -> Audience:
    sources = None
    if not viewer.passes:
        held = Grant.objects.in_force().of(viewer.user).order_by().values_list("page", flat=True)
        sources = frozenset(held.distinct())
    return Audience(sources, viewer.user.pk if viewer.signed_in else None, sorts, ask.since)


def refuse_if_behind(engine: Engine) -> None:
    """Raises Unavailable where what the engine has is too old to answer from."""
    if engine.name == elasticsearch.ElasticsearchEngine.name:
        feeding.refuse_if_late()


def _inside(viewer: Viewer, service: int) -> Q | None:
    """The entries of a service that the viewer knows: its pages, and the files of those that he may read."""
    node = viewer.tree.nodes.get(service)
    if node is None or node.model != "servicepage" or not viewer.can_view(node):
        return None
    below = Page.objects.filter(path__startswith=node.path)
    uses = VersionUse.objects.filter(version=OuterRef("version"))
    live = uses.filter(in_live=True, page__in=below.filter(Q(live=True) & viewer.read()))
    draft = uses.filter(in_draft=True, page__in=below.filter(viewer.editable()))
    return Q(Exists(below.filter(pk=OuterRef("page")))) | Q(Exists(live)) | Q(Exists(draft))


def _mine(viewer: Viewer) -> Q:
    """What the viewer wrote last or is the author of, and the versions that he deposited."""
    if not viewer.signed_in:
        return Q(pk__in=[])
    pages = Page.objects.filter(Q(owner=viewer.user.pk) | Q(latest_revision__user=viewer.user.pk), pk=OuterRef("page"))
    versions = DocumentVersion.objects.filter(deposited_by=viewer.user.pk, pk=OuterRef("version"))
    return Q(Exists(pages)) | Q(Exists(versions))


def _around(found: finding.Found, scope: Scope, viewer: Viewer) -> dict[str, list[tuple[str, int]]]:
    """The facets that depend on the person: the services he knows, and what is his. One query."""
    services = [node.id for node in viewer.tree.nodes.values() if node.model == "servicepage" and viewer.can_view(node)]
    conditions = {str(pk): condition for pk in services if (condition := _inside(viewer, pk))}
    database = choosing.database_engine()
    if found.complete:
        rows = database.found(found.ask, scope, found.known_clauses)
    else:
        rows = those(one.entry for one in found.ranked)
    numbers = tally(*rows, conditions | {"mine": _mine(viewer)}, using=scope.using)
    mine = numbers.pop("mine")
    known = sorted(((pk, number) for pk, number in numbers.items() if number), key=lambda pair: (-pair[1], pair[0]))
    return {"service": known} | ({"mine": [("1", mine)]} if mine else {})


def _newest_first(found: finding.Found) -> finding.Found:
    dates = dict(Entry.objects.filter(pk__in=[one.entry for one in found.ranked]).values_list("pk", "dated"))
    return replace(found, ranked=sorted(found.ranked, key=lambda one: _moment(dates.get(one.entry)), reverse=True))


def _moment(dated: datetime | None) -> float:
    return dated.timestamp() if dated else 0.0


def _counted(found: finding.Found, scope: Scope, engine: Engine, facets: Collection[str]) -> Counts:
    """Where enough entries have all that is asked, they are counted; else those that were found."""
    if found.complete:
        return engine.counted(found.ask, scope, found.known_clauses, facets)
    return counts_of_entries((one.entry for one in found.ranked), facets, using=scope.using)


def _hits(found: finding.Found, offset: int, limit: int, viewer: Viewer) -> list[Hit]:
    ranked = found.ranked[offset : offset + limit]
    rows = Entry.objects.select_related("version__document", "version__deposited_by").in_bulk(
        [one.entry for one in ranked]
    )
    passages = Passage.objects.in_bulk([pk for one in ranked for pk in one.passages[:SNIPPETS]])
    carriers = _carriers([row.version_id for row in rows.values() if row.version_id], viewer)
    told = acts.told(rows.values(), viewer)
    writers = _writers(rows.values(), viewer)
    hits = []
    for rank, one in enumerate(ranked, offset + 1):
        entry = rows.get(one.entry)
        if entry is None or (entry.kind == Kind.ACT and entry.pk not in told):
            continue
        page_id = entry.page_id or carriers.get(entry.version_id or 0)
        hit = _hit(entry, rank, page_id, viewer, found.ask, told.get(entry.pk))
        hit.author = writers.get(entry.page_id or 0) or _depositor(entry)
        chosen = [passages[pk] for pk in one.passages[:SNIPPETS] if pk in passages]
        hit.extracts = [
            Extract(snippets.snippet(row.text, found.ask.terms, bound=found.ask.bound), row.heading, row.file_page)
            for row in chosen
        ]
        if hit.kind == Kind.FILE and chosen and chosen[0].file_page and entry.sort == "pdf":
            hit.address += f"#page={chosen[0].file_page}"
        hits.append(hit)
    return hits


def _writers(rows: Iterable[Entry], viewer: Viewer) -> dict[int, str]:
    """Page → who wrote the revision that its readers have, as the page says. One query."""
    nodes = [viewer.tree.nodes[row.page_id] for row in rows if row.page_id in viewer.tree.nodes]
    pages = {node.live_revision: node.id for node in nodes if node.live_revision}
    revisions = Revision.objects.filter(pk__in=pages, user__isnull=False).select_related("user")
    return {pages[revision.pk]: str(revision.user) for revision in revisions}


def _depositor(entry: Entry) -> str:
    return str(entry.version.deposited_by or "") if entry.version else ""


def _hit(entry: Entry, rank: int, page_id: int | None, viewer: Viewer, ask: Ask, told: Told | None) -> Hit:
    node = viewer.tree.nodes.get(page_id or 0)
    version: DocumentVersion | None = entry.version
    title = entry.title
    address = version.get_absolute_url() if version else (viewer.address(node) if node else "")
    address = told.address if told else address
    return Hit(
        kind=entry.kind,
        rank=rank,
        title=title,
        title_marked=snippets.snippet(title, ask.terms, bound=ask.bound, length=len(title)),
        sort=entry.sort,
        state=entry.state,
        dated=entry.dated,
        address=address or (reverse("page", args=[page_id]) if page_id else ""),
        page_id=page_id,
        path=_above(node, viewer),
        document_id=version.document_id if version else None,
        version=version.number if version else None,
        words=told.words if told else (),
    )


def _above(node: Node | None, viewer: Viewer) -> tuple[str, ...]:
    if node is None:
        return ()
    return tuple(above.title for above in viewer.tree.ancestors(node) if viewer.can_view(above))


def _carriers(versions: list[int], viewer: Viewer) -> dict[int, int]:
    """Version → the page under which the viewer finds it: one that shows it, else one whose draft he edits."""
    if not versions:
        return {}
    uses = VersionUse.objects.filter(version__in=versions)
    live = uses.filter(in_live=True, page__in=Page.objects.filter(Q(live=True) & viewer.read()))
    draft = uses.filter(in_draft=True, page__in=Page.objects.filter(viewer.editable()))
    found: dict[int, int] = {}
    for rows in (draft, live):
        found |= dict(rows.order_by("-page__path").values_list("version", "page"))
    return found


def _grouped(hits: list[Hit], viewer: Viewer) -> list[Group]:
    """Groups in the order of their best hit."""
    groups: dict[Any, Group] = {}
    for hit in hits:
        key = hit.page_id or ("alone", hit.rank)
        group = groups.get(key)
        if group is None:
            node = viewer.tree.nodes.get(hit.page_id or 0)
            title = node.title if node else hit.title
            group = groups[key] = Group(hit.page_id, title, viewer.address(node) if node else hit.address)
        if hit.kind != Kind.FILE:
            group.hit, group.title = hit, hit.title
        else:
            group.files.append(hit)
    return list(groups.values())
