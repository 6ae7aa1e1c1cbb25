"""The front door of rights: every screen, list, file, mail and command asks here, and nowhere else.

The rule. A grant gives a role on a page and all below it. A person's role on a page is the highest found on
the page or on its ancestors, up to and including the nearest reserved page (« accès réservé »); a moderator's
right stands beside. Nothing found is no access: the page does not exist for that person. Files follow pages.
What is in the trash exists for nobody, administrators included; only kb.trash knows who could take it out.

Three shapes of the one rule: `can_view` (one page), `abilities` (every right on it), `visible_to` (a queryset,
in SQL). tests/kb/access/test_agreement.py proves that they agree. Rights on comments, built on them, are in
kb.comments.rights.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, Protocol, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page, Revision, WorkflowState

from kb.access.models import NO_ROLE, Boundary, Grant, Inheritance, Role
from kb.comments.models import DraftInvitation
from kb.documents.models import Document, DocumentVersion, Image, ImageUse, VersionUse
from kb.pages import tree as trees
from kb.pages.models import Reading, TeamMember
from kb.pages.tree import Given, Node, Tree
from kb.people.account import User
from kb.prepared import Prepared
from kb.trash.models import Deletion, Trashed

Person = Any  # a User or Django's AnonymousUser


class HasPlace(Protocol):
    """What a right is judged from: a page, or its node in the tree."""

    path: str
    live: bool

    @property
    def pk(self) -> Any:
        """The page's id."""

    @property
    def owner_id(self) -> int | None:
        """Who made it."""

    @property
    def last_published_at(self) -> Any:
        """When it was published last, or None."""


class Standing(NamedTuple):
    """What a person is on a page: his highest role (0: none) and whether he moderates it."""

    role: int = 0
    moderates: bool = False

    def with_role(self, role: int) -> "Standing":
        """This standing with one more grant."""
        if role == Role.MODERATOR:
            return Standing(self.role, True)
        return Standing(max(self.role, role), self.moderates)

    @property
    def reads(self) -> bool:
        """Whether live pages are readable."""
        return self.role >= Role.READER or self.moderates

    @property
    def comments(self) -> bool:
        """Whether comments are readable and may be written."""
        return self.role >= Role.COMMENTER or self.moderates

    @property
    def edits(self) -> bool:
        """Whether drafts may be read and written."""
        return self.role >= Role.EDITOR

    @property
    def manages(self) -> bool:
        """Whether the person publishes, moves, and gives rights."""
        return self.role >= Role.MANAGER

    @property
    def label(self) -> str:
        """In French: aucun, lecteur, commentateur, modérateur, éditeur, responsable."""
        if not self.role:
            return Role.MODERATOR.label if self.moderates else NO_ROLE
        return str(Role(self.role).label)

    @property
    def words(self) -> str:
        """The label, and the moderator's right where it adds to the role: « lecteur et modérateur »."""
        beside = self.moderates and Role.READER <= self.role < Role.MANAGER
        return f"{self.label} et {Role.MODERATOR.label}" if beside else self.label


NOBODY = Standing()
MASTER = Standing(Role.MANAGER, True)  # an administrator's passage

# A floor above may close pages to one person, who then only reads them: it answers their ids, for an account.
Closer = Callable[[Any], frozenset[int]]
_closers: list[Closer] = []


def closes(closer: Closer) -> Closer:
    """Registers `closer(person)`: the ids of pages that this person, whatever his role, only reads. One query at most.

    It does not reach below: it is for pages that bear none. An administrator passes, as everywhere.
    """
    _closers.append(closer)
    return closer


COMMENTING = (Role.COMMENTER, Role.MODERATOR, Role.EDITOR, Role.MANAGER)
_IN_GROUP, _IN_TEAM = 1, 2
_memberships = Prepared(
    lambda person: (
        User.groups.through.objects.filter(user_id=person)
        .values_list(Value(_IN_GROUP), "group_id")
        .union(TeamMember.objects.filter(person=person).order_by().values_list(Value(_IN_TEAM), "page"), all=True)
    ),
    slots=1,
)
_outdated = Prepared(
    lambda person: Reading.objects.filter(
        person=person, page__live=True, page__last_published_at__gt=F("at")
    ).values_list("page", "revision"),
    slots=1,
)
_invitations = Prepared(
    lambda person: DraftInvitation.objects.filter(person=person, ended_at=None).values_list("page"), slots=1
)

_trashed = Prepared(lambda page: Trashed.objects.filter(page=page).values_list("page"), slots=1)


def is_reader(user: Person) -> bool:
    """Whether the person has an open account."""
    return bool(user and user.is_authenticated and user.is_active)


def paths_down_to(path: str) -> list[str]:
    """The tree paths from the root down to `path` itself."""
    return [path[:end] for end in range(Page.steplen, len(path) + 1, Page.steplen)]


@dataclass
class Viewer:
    """One person for the length of one request: his rights are read once."""

    user: Any  # a User or an AnonymousUser
    # The administrator who looks with this person's eyes (kb.people.seen_as); what is private stays hidden from him.
    looker: Any = None
    _known: dict[str, Standing] = field(default_factory=dict, repr=False)
    _gone: dict[int, bool] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, person: Person) -> "Viewer":
        """The viewer of a person; a Viewer is given back, with what he has already read."""
        return person if isinstance(person, Viewer) else cls(person)

    @cached_property
    def signed_in(self) -> bool:
        """Whether somebody with an open account is there; the public reads what was given to it."""
        return is_reader(self.user)

    @cached_property
    def passes(self) -> bool:
        """Whether he is an administrator: he passes everywhere, and his passages are written down."""
        return self.signed_in and bool(self.user.is_superuser)

    @cached_property
    def tree(self) -> Tree:
        """The tree as the database has it now, with its grants and boundaries."""
        return trees.current()

    @cached_property
    def _member_of(self) -> frozenset[tuple[str, int]]:
        """The grantees that the person is, or is one of. One query."""
        if not self.signed_in:
            return frozenset()
        kinds = {_IN_GROUP: "group", _IN_TEAM: "team"}
        joined = {(kinds[kind], pk) for kind, pk in _memberships(self.user.pk)}
        return frozenset({("person", self.user.pk), *joined})

    @cached_property
    def _today(self) -> date:
        return timezone.localdate()

    @cached_property
    def outdated(self) -> dict[int, int | None]:
        """Page's id → the revision that he read last, for the pages published since. It is his own business."""
        if not self.signed_in or self.looker:
            return {}
        return dict(_outdated(self.user.pk))

    @cached_property
    def submitted(self) -> frozenset[int]:
        """The pages that wait for a moderator, or for the hour at which one had them published. One query."""
        states = WorkflowState.objects.active().filter(base_content_type__model="page")
        planned = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
        ids = states.values_list("object_id").union(planned.order_by().values_list("object_id"))
        return frozenset(int(pk) for (pk,) in ids)

    def holds(self, given: Given) -> bool:
        """Whether a grant is this person's, today."""
        if given.until is not None and given.until < self._today:
            return False
        return given.public or given.grantee in self._member_of

    def standing(self, page: HasPlace) -> Standing:
        """What the person is on this page, his passage as an administrator included; nothing in the trash."""
        return NOBODY if self.is_gone(page) else self.standing_apart(page)

    def standing_apart(self, page: HasPlace) -> Standing:
        """The same, whether the page is in the trash or not."""
        if self.passes:
            return MASTER
        standing = self.granted(page)
        if standing.comments and page.pk in self.closed:
            return Standing(Role.READER)
        return standing

    @cached_property
    def closed(self) -> frozenset[int]:
        """The pages that the person only reads, whatever his role (`closes`)."""
        if not self.signed_in:
            return frozenset()
        return frozenset[int]().union(*(closer(self.user) for closer in _closers))

    def is_gone(self, page: HasPlace) -> bool:
        """Whether the page is in the trash. One query for a page that does not come from the tree."""
        if isinstance(page, Node):
            return page.path in self.tree.trash
        if page.pk is None:
            return False
        known = self._gone.get(page.pk)
        if known is None:
            known = self._gone[page.pk] = bool(_trashed(page.pk))
        return known

    def granted(self, page: HasPlace) -> Standing:
        """What grants alone make of the person on this page."""
        known = self._known.get(page.path)
        if known is None:
            known = self._in_tree(page) if isinstance(page, Node) else self._in_database(page.path)
            self._known[page.path] = known
        return known

    def _in_tree(self, node: Node) -> Standing:
        standing = NOBODY
        if node.id not in self.tree.reserved:
            above = node.path[: -Page.steplen]
            parent = self.tree.by_path.get(above) or self.tree.trash.get(above)
            standing = self.granted(parent) if parent else NOBODY
        for given in self.tree.grants.get(node.id, ()):
            if self.holds(given):
                standing = standing.with_role(given.role)
        return standing

    def _in_database(self, path: str) -> Standing:
        """A page judged afresh, as within the deed that changes it. Two queries."""
        above = paths_down_to(path)
        boundaries = Boundary.objects.filter(page__path__in=above).values_list("page__path", flat=True)
        start = max((len(boundary) for boundary in boundaries), default=0)
        counted = [place for place in above if len(place) >= start]
        standing = NOBODY
        for role in (
            Grant.objects.in_force().of(self.user).filter(page__path__in=counted).values_list("role", flat=True)
        ):
            standing = standing.with_role(role)
        return standing

    @cached_property
    def deposits(self) -> bool:
        """Whether the person edits at least one page, or may be asked to: the admin and the drop zone are his."""
        return self.passes or self._holds_until(self.tree.working_until)

    @cached_property
    def manages_some(self) -> bool:
        """Whether the person is responsable of at least one page."""
        return self.passes or self._holds_until(self.tree.managing_until)

    def _holds_until(self, last_days: dict[tuple[str, int], date]) -> bool:
        return any(last_days.get(grantee, date.min) >= self._today for grantee in self._member_of)

    def can_edit(self, page: HasPlace) -> bool:
        """Whether the person may change this page: an editor, or a moderator while it is submitted."""
        standing = self.standing(page)
        return standing.edits or (standing.moderates and page.pk in self.submitted)

    @cached_property
    def invited(self) -> frozenset[int]:
        """The pages whose draft the person is invited to read. They open nothing to who may not comment there."""
        if not self.signed_in:
            return frozenset()
        return frozenset(int(pk) for (pk,) in _invitations(self.user.pk))

    def reads_draft(self, page: HasPlace) -> bool:
        """Whether the person may read and comment the draft: who edits, and who comments and is invited."""
        return self.can_edit(page) or (self.standing(page).comments and page.pk in self.invited)

    def can_publish(self, page: HasPlace) -> bool:
        """Whether the person may publish this page by himself: a responsable. A moderator approves (kb.moderation)."""
        return self.standing(page).manages

    def can_manage(self, page: HasPlace) -> bool:
        """Whether the person may move the page and give rights on it."""
        return self.standing(page).manages

    def can_delete(self, page: HasPlace) -> bool:
        """Whether the person may put this page in the trash: a responsable; an editor, his own draft never published."""
        return not self.is_gone(page) and self.could_delete(page)

    def could_delete(self, page: HasPlace) -> bool:
        """The same, whether it is in the trash already or not: who could delete it restores it. Never the town's page."""
        if len(page.path) <= 2 * Page.steplen:
            return False
        standing = self.standing_apart(page)
        own_draft = self.signed_in and page.owner_id == self.user.pk and not page.live and not page.last_published_at
        return standing.manages or (standing.edits and own_draft)

    def can_view(self, page: HasPlace) -> bool:
        """Whether the person may know of this page and read it."""
        return (page.live and self.standing(page).reads) or self.can_edit(page)

    def knows(self, page_id: int) -> bool:
        """Whether the person may know of the page of that id, as the tree has it."""
        node = self.tree.nodes.get(page_id)
        return node is not None and self.can_view(node)

    def address(self, node: Node) -> str:
        """The page's readable address, or `/p/<id>/` where it would tell the name of a page one may not read."""
        above = self.tree.ancestors(node)[1:]  # the town's own name is in no address
        known = all(self.can_view(ancestor) for ancestor in above)
        return self.tree.url(node) if known else f"/p/{node.id}/"

    @cached_property
    def tops(self) -> list[Node]:
        """The pages from which the person sees the tree: visible, under nothing visible."""
        found: list[Node] = []
        waiting = [self.tree.home] if self.tree.home else []
        while waiting:
            node = waiting.pop()
            if self.can_view(node):
                found.append(node)
            else:
                waiting.extend(self.tree.below(node))
        return sorted(found, key=lambda node: node.path)

    def _given(self, *roles: int) -> Exists:
        """In SQL: one of these roles counts on the page of the outer query, for this person."""
        held = Grant.objects.in_force().of(self.user).filter(role__in=roles, page=OuterRef("source"))
        return Exists(Inheritance.objects.filter(page=OuterRef("pk")).filter(Exists(held)))

    def _acts(self, *roles: int) -> Q:
        """In SQL: one of these roles counts, where nothing closes the page to this person."""
        given = Q(self._given(*roles))
        return given & ~Q(pk__in=self.closed) if self.closed else given

    def editable(self) -> Q:
        """The pages the person may change, as a filter on Page."""
        if self.passes:
            return _kept()
        if not self.signed_in:
            return Q(pk__in=[])
        edited = self._acts(Role.EDITOR, Role.MANAGER)
        if not self.submitted:
            return edited
        return edited | (Q(pk__in=self.submitted) & self._acts(Role.MODERATOR))

    def drafts(self) -> Q:
        """The pages whose draft the person may read, as a filter on Page."""
        if self.passes or not self.invited:
            return self.editable()
        return self.editable() | (Q(pk__in=self.invited) & self.commentable())

    def commentable(self) -> Q:
        """The pages the person may comment once they are live, as a filter on Page."""
        if self.passes:
            return _kept()
        if not self.signed_in:
            return Q(pk__in=[])
        return self._acts(*COMMENTING)

    def publishable(self) -> Q:
        """The pages the person may publish by himself, as a filter on Page."""
        return self.managed()

    def managed(self) -> Q:
        """The pages the person is responsable of, as a filter on Page."""
        return _kept() if self.passes else self._acts(Role.MANAGER)

    def visible(self) -> Q:
        """The pages the person may know of, as a filter on Page."""
        return self.editable() | (Q(live=True) & self.read())

    def deletable(self) -> Q:
        """The pages the person may put in the trash, one by one, as a filter on Page."""
        below_the_town = Q(depth__gt=2)
        if self.passes:
            return below_the_town & _kept()
        if not self.signed_in:
            return Q(pk__in=[])
        own_draft = Q(owner=self.user.pk, live=False, last_published_at=None)
        return below_the_town & (self.managed() | (own_draft & self._acts(Role.EDITOR, Role.MANAGER)))

    def read(self) -> Q:
        """The pages the person may read once they are live, as a filter on Page."""
        return _kept() if self.passes else Q(self._given(*Role))


def _kept() -> Q:
    """The pages that are not in the trash, as a filter on Page: an administrator's. Others inherit nothing there."""
    return ~Q(Exists(Trashed.objects.filter(page=OuterRef("pk"))))


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of a request, made once."""
    if not hasattr(request, "viewer"):
        request.viewer = Viewer(request.user)  # type: ignore[attr-defined]
    return cast(Viewer, request.viewer)  # type: ignore[attr-defined]


def can_view(user: Person, page: HasPlace) -> bool:
    """Whether `user` may read `page`, drafts being for who may edit them."""
    return Viewer.of(user).can_view(page)


def abilities(user: Person, page: HasPlace) -> dict[str, bool]:
    """Every right of `user` (or of a Viewer) on `page` at once, for Python and templates."""
    viewer = Viewer.of(user)
    standing, view, edit = viewer.standing(page), viewer.can_view(page), viewer.can_edit(page)
    return {
        "view": view,
        "comment": view and standing.comments and viewer.signed_in,
        "read_draft": viewer.reads_draft(page),  # and comment it
        "history": view and viewer.signed_in,  # it tells names
        "edit": edit,
        "create_below": standing.edits,
        "attach": edit,
        "restore": edit,
        "publish": viewer.can_publish(page),
        "move": standing.manages,
        "manage_access": standing.manages,
        "delete": view and viewer.can_delete(page),  # the page itself; what is below is asked by the deed
    }


def visible_to(queryset: QuerySet[Page], user: Person) -> QuerySet[Page]:
    """The pages of `queryset` that `user` may know of, filtered in SQL."""
    return queryset.filter(Viewer.of(user).visible())


def editable_by(queryset: QuerySet[Page], user: Person) -> QuerySet[Page]:
    """The pages of `queryset` that `user` may change, filtered in SQL."""
    return queryset.filter(Viewer.of(user).editable())


def _carried(use_model: Any, viewer: Viewer, **match: OuterRef) -> tuple[Exists, Exists, Exists]:
    """Conditions on what pages carry: on a live visible page, in an editable draft, on any page."""
    uses = use_model.objects.filter(**match)
    live = uses.filter(in_live=True, page__in=Page.objects.filter(Q(live=True) & viewer.read()))
    draft = uses.filter(in_draft=True, page__in=Page.objects.filter(viewer.editable()))
    return Exists(live), Exists(draft), Exists(uses)


def _not_in_the_trash(use_model: Any, thing: str, column: str, **match: OuterRef) -> Q:
    """The files of an administrator: all but those in the trash, themselves or with all the pages that carry them."""
    uses = use_model.objects.filter(**match)
    hidden = Exists(uses.filter(page__trashed__isnull=False)) & ~Exists(uses.filter(page__trashed=None))
    return ~Q(hidden) & ~_deleted(thing, column)


def _deleted(thing: str, column: str) -> Q:
    """The documents or images that are in the trash themselves; no page carries these."""
    return Q(Exists(Deletion.objects.open().filter(**{thing: OuterRef(column)})))


def _in_invited_drafts(use_model: Any, viewer: Viewer, **match: OuterRef) -> Q:
    """What the drafts that the person is invited to read carry. Costs nothing to who is invited to none."""
    if not viewer.invited:
        return Q(pk__in=[])
    drafts = Page.objects.filter(Q(pk__in=viewer.invited) & viewer.commentable())
    return Q(Exists(use_model.objects.filter(in_draft=True, page__in=drafts, **match)))


def readable_versions(user: Person) -> QuerySet[DocumentVersion]:
    """The versions whose bytes `user` may read.

    A reader: the versions that live pages he may read name. Who may edit a page that carries the document
    in its draft: every version. Who is invited to read a draft: the versions that it names. The depositor: his
    document, while no page carries it.
    """
    viewer = Viewer.of(user)
    if viewer.passes:
        return DocumentVersion.objects.filter(
            _not_in_the_trash(VersionUse, "document", "document", version__document=OuterRef("document"))
        )
    live, _, _ = _carried(VersionUse, viewer, version=OuterRef("pk"))
    _, draft, carried = _carried(VersionUse, viewer, version__document=OuterRef("document"))
    mine = Q(document__uploaded_by_user=viewer.user.pk) if viewer.signed_in else Q(pk__in=[])
    invited = _in_invited_drafts(VersionUse, viewer, version=OuterRef("pk"))
    loose = mine & ~Q(carried) & ~_deleted("document", "document")
    return DocumentVersion.objects.filter(Q(live) | Q(draft) | invited | loose)


def can_read_version(user: Person, version: DocumentVersion) -> bool:
    """Whether `user` may read these bytes."""
    return readable_versions(user).filter(pk=version.pk).exists()


def readable_documents(user: Person) -> QuerySet[Document]:
    """The documents of which `user` may read at least one version."""
    return Document.objects.filter(pk__in=readable_versions(user).values("document"))


def editable_documents(user: Person) -> QuerySet[Document]:
    """The documents that `user` may replace: carried by a draft he edits, or his own and carried by none."""
    viewer = Viewer.of(user)
    if not viewer.signed_in:
        return Document.objects.none()
    if viewer.passes:
        return Document.objects.filter(
            _not_in_the_trash(VersionUse, "document", "pk", version__document=OuterRef("pk"))
        )
    _, draft, carried = _carried(VersionUse, viewer, version__document=OuterRef("pk"))
    loose = Q(uploaded_by_user=viewer.user.pk) & ~Q(carried) & ~_deleted("document", "pk")
    return Document.objects.filter(Q(draft) | loose)


def can_edit_document(user: Person, document: Document) -> bool:
    """Whether `user` may replace the document's file and change its title."""
    return editable_documents(user).filter(pk=document.pk).exists()


def readable_images(user: Person) -> QuerySet[Image]:
    """The images that `user` may see: on a live page he reads, in a draft he edits, or his own and unused."""
    viewer = Viewer.of(user)
    if viewer.passes:
        return Image.objects.filter(_not_in_the_trash(ImageUse, "image", "pk", image=OuterRef("pk")))
    live, draft, carried = _carried(ImageUse, viewer, image=OuterRef("pk"))
    mine = Q(uploaded_by_user=viewer.user.pk) if viewer.signed_in else Q(pk__in=[])
    invited = _in_invited_drafts(ImageUse, viewer, image=OuterRef("pk"))
    return Image.objects.filter(Q(live) | Q(draft) | invited | (mine & ~Q(carried) & ~_deleted("image", "pk")))


def editable_images(user: Person) -> QuerySet[Image]:
    """The images whose title and description `user` may change: shown by a draft he edits, or his own and unused."""
    viewer = Viewer.of(user)
    if not viewer.signed_in:
        return Image.objects.none()
    if viewer.passes:
        return Image.objects.filter(_not_in_the_trash(ImageUse, "image", "pk", image=OuterRef("pk")))
    _, draft, carried = _carried(ImageUse, viewer, image=OuterRef("pk"))
    loose = Q(uploaded_by_user=viewer.user.pk) & ~Q(carried) & ~_deleted("image", "pk")
    return Image.objects.filter(Q(draft) | loose)


def may_deposit(user: Person) -> bool:
    """Whether `user` (or a Viewer) may deposit files at all: whoever edits at least one page, or may be asked to."""
    if isinstance(user, Viewer):
        return user.deposits
    if not is_reader(user):
        return False
    return user.is_superuser or Grant.objects.in_force().of(user).filter(role__gte=Role.MODERATOR).exists()


class Denied(PermissionDenied):
    """A refusal whose message, in French, may be shown to the person."""
