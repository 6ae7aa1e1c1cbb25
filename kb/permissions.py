"""The front door of rights: every screen, list, file, mail and command asks here, and nowhere else.

Until grants (droits) arrive, the rule is: nothing is visible without signing in; whoever has an open
account reads live pages; whoever Wagtail's group permissions let change a page edits it. The three shapes
of the rule (`can_view`, `abilities`, `visible_to`) are what the rest of the code knows of it.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from wagtail.models import GroupPagePermission, Page

from kb.prepared import Prepared

if TYPE_CHECKING:
    from kb.documents.models import Document, DocumentVersion, Image

Person = Any  # a User or Django's AnonymousUser

# Wagtail's codenames, and the abilities they give on a page and all below it.
EDITING = frozenset({"add_page", "change_page"})
PUBLISHING = frozenset({"publish_page"})


class HasPlace(Protocol):
    """What a right is judged from: a page, or its node in the tree."""

    path: str
    live: bool


_held_permissions = Prepared(
    lambda user: GroupPagePermission.objects.filter(group__user=user).values_list("permission__codename", "page__path"),
    slots=1,
)


def is_reader(user: Person) -> bool:
    """Whether the person has an open account."""
    return bool(user and user.is_authenticated and user.is_active)


@dataclass
class Viewer:
    """One person for the length of one request: his rights are read once."""

    user: Any  # a User or an AnonymousUser
    _permissions: dict[str, list[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def reads(self) -> bool:
        """Whether anything at all is visible."""
        return is_reader(self.user)

    @cached_property
    def permissions(self) -> dict[str, tuple[str, ...]]:
        """Wagtail's codename → the paths of the pages under which the person holds it. One query."""
        if not self.reads or self.user.is_superuser:
            return {}
        held: dict[str, list[str]] = {}
        for codename, path in _held_permissions(self.user.pk):
            held.setdefault(codename, []).append(path)
        return {codename: tuple(paths) for codename, paths in held.items()}

    def _holds(self, codenames: frozenset[str], path: str) -> bool:
        return any(path.startswith(self.permissions.get(name, ())) for name in codenames)

    def can_edit(self, page: HasPlace) -> bool:
        """Whether the person may change this page."""
        return self.reads and (self.user.is_superuser or self._holds(EDITING, page.path))

    def can_publish(self, page: HasPlace) -> bool:
        """Whether the person may publish this page."""
        return self.reads and (self.user.is_superuser or self._holds(PUBLISHING, page.path))

    def can_view(self, page: HasPlace) -> bool:
        """Whether the person may know of this page and read it."""
        return self.reads and (page.live or self.can_edit(page))

    def editable(self) -> Q:
        """The pages the person may change, as a filter on Page."""
        if not self.reads:
            return Q(pk__in=[])
        if self.user.is_superuser:
            return Q(pk__isnull=False)  # an empty Q would vanish beside another one
        paths = {path for name in EDITING for path in self.permissions.get(name, ())}
        condition = Q(pk__in=[])
        for path in paths:
            condition |= Q(path__startswith=path)
        return condition

    def visible(self) -> Q:
        """The pages the person may know of, as a filter on Page."""
        return (Q(live=True) | self.editable()) if self.reads else Q(pk__in=[])


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of a request, made once."""
    if not hasattr(request, "viewer"):
        request.viewer = Viewer(request.user)  # type: ignore[attr-defined]
    return cast(Viewer, request.viewer)  # type: ignore[attr-defined]


def can_view(user: Person, page: HasPlace) -> bool:
    """Whether `user` may read `page`, drafts being for who may edit them."""
    return Viewer(user).can_view(page)


def abilities(user: Person, page: HasPlace) -> dict[str, bool]:
    """Every right of `user` on `page` at once, for Python and templates."""
    viewer = user if isinstance(user, Viewer) else Viewer(user)
    edit, publish = viewer.can_edit(page), viewer.can_publish(page)
    return {
        "view": viewer.can_view(page),
        "history": viewer.can_view(page),
        "edit": edit,
        "create_below": edit,
        "attach": edit,
        "restore": edit,
        "publish": publish,
        "delete": False,  # closed to all until the trash of issue D
    }


def visible_to(queryset: QuerySet[Page], user: Person) -> QuerySet[Page]:
    """The pages of `queryset` that `user` may know of, filtered in SQL."""
    return queryset.filter(Viewer(user).visible())


def editable_by(queryset: QuerySet[Page], user: Person) -> QuerySet[Page]:
    """The pages of `queryset` that `user` may change, filtered in SQL."""
    return queryset.filter(Viewer(user).editable())


def _carried(use_model: Any, viewer: Viewer, **match: OuterRef) -> tuple[Exists, Exists, Exists]:
    """Conditions on what pages carry: on a live visible page, in an editable draft, on any page."""
    uses = use_model.objects.filter(**match)
    live = uses.filter(in_live=True, page__in=Page.objects.filter(Q(live=True) & viewer.visible()))
    draft = uses.filter(in_draft=True, page__in=Page.objects.filter(viewer.editable()))
    return Exists(live), Exists(draft), Exists(uses)


def readable_versions(user: Person) -> "QuerySet[DocumentVersion]":
    """The versions whose bytes `user` may read.

    A reader: the versions that live pages he may read name. Who may edit a page that carries the document
    in its draft: every version. The depositor: his document, while no page carries it.
    """
    from kb.documents.models import DocumentVersion, VersionUse

    viewer = Viewer(user)
    if not viewer.reads:
        return DocumentVersion.objects.none()
    if user.is_superuser:
        return DocumentVersion.objects.all()
    live, _, _ = _carried(VersionUse, viewer, version=OuterRef("pk"))
    _, draft, carried = _carried(VersionUse, viewer, version__document=OuterRef("document"))
    mine = Q(document__uploaded_by_user=user)
    return DocumentVersion.objects.filter(Q(live) | Q(draft) | (mine & ~Q(carried)))


def can_read_version(user: Person, version: "DocumentVersion") -> bool:
    """Whether `user` may read these bytes."""
    return readable_versions(user).filter(pk=version.pk).exists()


def readable_documents(user: Person) -> "QuerySet[Document]":
    """The documents of which `user` may read at least one version."""
    from kb.documents.models import Document

    return Document.objects.filter(pk__in=readable_versions(user).values("document"))


def editable_documents(user: Person) -> "QuerySet[Document]":
    """The documents that `user` may replace: carried by a draft he edits, or his own and carried by none."""
    from kb.documents.models import Document, VersionUse

    viewer = Viewer(user)
    if not viewer.reads:
        return Document.objects.none()
    if user.is_superuser:
        return Document.objects.all()
    _, draft, carried = _carried(VersionUse, viewer, version__document=OuterRef("pk"))
    return Document.objects.filter(Q(draft) | (Q(uploaded_by_user=user) & ~Q(carried)))


def can_edit_document(user: Person, document: "Document") -> bool:
    """Whether `user` may replace the document's file and change its title."""
    return editable_documents(user).filter(pk=document.pk).exists()


def readable_images(user: Person) -> "QuerySet[Image]":
    """The images that `user` may see: on a live page he reads, in a draft he edits, or his own and unused."""
    from kb.documents.models import Image, ImageUse

    viewer = Viewer(user)
    if not viewer.reads:
        return Image.objects.none()
    if user.is_superuser:
        return Image.objects.all()
    live, draft, carried = _carried(ImageUse, viewer, image=OuterRef("pk"))
    return Image.objects.filter(Q(live) | Q(draft) | (Q(uploaded_by_user=user) & ~Q(carried)))


def may_deposit(user: Person) -> bool:
    """Whether `user` (or a Viewer) may deposit files at all: whoever edits at least one page."""
    viewer = user if isinstance(user, Viewer) else Viewer(user)
    return viewer.reads and (viewer.user.is_superuser or any(name in viewer.permissions for name in EDITING))


class Denied(PermissionDenied):
    """A refusal whose message, in French, may be shown to the person."""
