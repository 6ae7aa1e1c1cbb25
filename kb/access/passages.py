"""Administrators pass everywhere; in a reserved branch where they were given nothing, each passage is written down."""

from datetime import timedelta

from django.utils import timezone
from wagtail.models import Page

from kb.documents.models import Document
from kb.people.models import AdministratorReading
from kb.permissions import HasPlace, Viewer, paths_down_to, visible_to

ONE_PASSAGE = timedelta(hours=1)  # opening ten times the same page in an hour is one passage
SHOWN = 20


def note(viewer: Viewer, page: HasPlace, *, door: str) -> None:
    """Writes that the administrator opened `page` by his passage alone; `door` is the address he asked.

    Who looks with another person's eyes passes too.
    """
    viewer = Viewer(viewer.looker) if viewer.looker else viewer
    if not viewer.passes or not _is_reserved(viewer, page) or viewer.granted(page).reads:
        return
    since = timezone.now() - ONE_PASSAGE
    mine = AdministratorReading.objects.filter(person=viewer.user.pk, page=page.pk, path=door[:500], at__gte=since)
    if not mine.exists():
        AdministratorReading.objects.create(person_id=viewer.user.pk, page_id=page.pk, path=door[:500])


def _is_reserved(viewer: Viewer, page: HasPlace) -> bool:
    nodes = (viewer.tree.by_path.get(path) for path in paths_down_to(page.path))
    return any(node is not None and node.id in viewer.tree.reserved for node in nodes)


def note_file(viewer: Viewer, document: Document, *, door: str) -> None:
    """The same, for a file: its passage is one into each reserved page that carries it."""
    if not viewer.passes and not viewer.looker:
        return
    for page in Page.objects.filter(version_uses__version__document=document, trashed=None).distinct():
        note(viewer, page, door=door)


def below(page: Page, viewer: Viewer) -> list[AdministratorReading]:
    """The last passages on `page` and below that the person may know of, the newest first."""
    branch = Page.objects.filter(path__startswith=page.path)
    found = AdministratorReading.objects.filter(page__in=visible_to(branch, viewer.user))
    return list(found.select_related("person", "page").order_by("-at")[:SHOWN])
