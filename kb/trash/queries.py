"""What is in the trash and who may take it out; what goes with a page that is about to be deleted."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.models import Page

from kb.access import audience
from kb.documents.models import Document, Image, ImageUse, VersionUse
from kb.links.models import PageLink
from kb.pages.models import PageModel
from kb.pages.revising import names_in
from kb.pages.tree import Node
from kb.permissions import Viewer
from kb.trash.models import Deletion, Trashed

NOT_ALL_YOURS = (
    "Une partie de ce qui est placé sous cette page est gérée par d’autres : vous ne pouvez pas supprimer le tout. "
    "Demandez-le à un administrateur, ou supprimez les pages une à une."
)
STILL_OPEN = timedelta(minutes=2)  # an editor pings every few seconds, once a minute from a hidden tab


def branch_of(page: Page) -> QuerySet[Page]:
    """`page` and what is below it, less what is in the trash already."""
    return Page.objects.filter(path__startswith=page.path, trashed=None)


@dataclass
class Consequences:
    """What a deletion takes away, as the person may know it."""

    may: bool  # all of it is his to delete
    below: int = 0
    live: bool = False  # readers lose something
    links: list[Node] = field(default_factory=list)  # pages elsewhere that link to it
    files: int = 0  # documents that leave with it
    shared: list[Node] = field(default_factory=list)  # pages elsewhere that keep some of its files
    losing: list[str] = field(default_factory=list)  # people, by name
    public: bool = False
    writing: list[str] = field(default_factory=list)  # who has one of the pages open in the editor


def consequences(page: Page, viewer: Viewer) -> Consequences:
    """What goes with `page`, before it is deleted. A dozen queries, whatever stands below."""
    mine = ExpressionWrapper(viewer.deletable(), output_field=BooleanField())
    rows = list(branch_of(page).values_list("pk", "live", mine))
    if not all(deletable for _, _, deletable in rows):
        return Consequences(may=False)
    ids = [pk for pk, _, _ in rows]
    readers = audience.audience_on(page)
    linking = PageLink.objects.filter(target__in=ids, in_live=True).exclude(page__in=ids)
    carried = VersionUse.objects.filter(page__in=ids).values("version__document")
    elsewhere = VersionUse.objects.filter(version__document__in=carried).exclude(page__in=ids)
    kept = elsewhere.filter(page__trashed=None)
    return Consequences(
        may=True,
        below=len(ids) - 1,
        live=any(live for _, live, _ in rows),
        links=_known(linking.values_list("page", flat=True), viewer),
        files=Document.objects.filter(pk__in=carried).exclude(pk__in=kept.values("version__document")).count(),
        shared=_known(kept.values_list("page", flat=True), viewer),
        losing=sorted(str(held.person) for held in readers.people.values() if held.person.pk != viewer.user.pk),
        public=readers.public and page.live,
        writing=_writing(ids, viewer),
    )


def _known(pages: Any, viewer: Viewer) -> list[Node]:
    nodes = (viewer.tree.nodes.get(pk) for pk in sorted(set(pages)))
    return [node for node in nodes if node is not None and viewer.can_view(node)]


def _writing(ids: list[int], viewer: Viewer) -> list[str]:
    sessions = EditingSession.objects.filter(last_seen_at__gte=timezone.now() - STILL_OPEN).exclude(user=viewer.user.pk)
    mine = sessions.filter(object_id__in=[str(pk) for pk in ids]).select_related("user", "content_type")
    return sorted({str(one.user) for one in mine if issubclass(one.content_type.model_class() or object, Page)})


def is_carried(file: Document | Image) -> bool:
    """Whether a page, even in the trash, or a model of pages names the file."""
    uses = _uses(file)
    return uses.exists() or bool(models_with(file))


def _uses(file: Document | Image) -> QuerySet[Any]:
    if isinstance(file, Document):
        return VersionUse.objects.filter(version__document=file)
    return ImageUse.objects.filter(image=file)


def carriers(file: Document | Image, viewer: Viewer) -> list[Node]:
    """The pages that carry the file and that the person may see."""
    rows = _known(_uses(file).values_list("page", flat=True), viewer)
    drafts_only = set(_uses(file).filter(in_live=False).values_list("page", flat=True))
    return [node for node in rows if node.id not in drafts_only or viewer.can_edit(node)]


def models_with(file: Document | Image) -> list[str]:
    """The names of the town's models of pages that hold the file."""
    held = []
    for model in PageModel.objects.order_by("name"):
        names = names_in(model)
        if file.pk in (names.documents if isinstance(file, Document) else names.images):
            held.append(model.name)
    return held


def emptied_from(deletion: Deletion) -> Any:
    """The moment from which an administrator may empty it."""
    return deletion.deleted_at + timedelta(days=settings.TRASH_DAYS)


@dataclass
class Line:
    """One deletion in the trash, as somebody who may restore it reads it."""

    deletion: Deletion
    below: int
    node: Node | None


def restorable(viewer: Viewer) -> list[Line]:
    """What the person could restore, the latest first. Two queries, whatever is there."""
    found = (
        Deletion.objects.open().select_related("page", "document", "image", "deleted_by").order_by("-deleted_at", "-pk")
    )
    rows = list(found)
    paths = _paths_of([row.pk for row in rows])
    return [
        Line(row, max(len(paths[row.pk]) - 1, 0), viewer.tree.trash.get(row.page.path) if row.page else None)
        for row in rows
        if _may(viewer, row, paths[row.pk])
    ]


def may_restore(viewer: Viewer, deletion: Deletion) -> bool:
    """Whether the person could have deleted it: all of its pages are his to delete; the file is his."""
    return _may(viewer, deletion, _paths_of([deletion.pk])[deletion.pk])


def _paths_of(deletions: list[int]) -> dict[int, list[str]]:
    """Deletion → the tree paths of its pages."""
    found: dict[int, list[str]] = defaultdict(list)
    for deletion, path in Trashed.objects.filter(deletion__in=deletions).values_list("deletion", "page__path"):
        found[deletion].append(path)
    return found


def _may(viewer: Viewer, deletion: Deletion, paths: list[str]) -> bool:
    if viewer.passes:
        return True
    if not viewer.signed_in:
        return False
    if deletion.page_id:
        nodes = [viewer.tree.trash.get(path) for path in paths]
        if not nodes:  # restored already: said to who could have done it
            return deletion.page is not None and viewer.could_delete(deletion.page)
        return all(node is not None and viewer.could_delete(node) for node in nodes)
    file = deletion.document or deletion.image
    return file is not None and viewer.user.pk in {file.uploaded_by_user_id, deletion.deleted_by_id}
