"""The closure table of inheritance: for each page, the pages whose grants count on it.

Rights are computed from grants, boundaries and the tree alone (kb.permissions.Viewer); this table only lets SQL
do the same for lists, by two index seeks a page whatever the number of grants. It is written in the transaction
that changes the tree or a boundary; a page without rows is visible to nobody but administrators. What is in the
trash has none: it leaves every list at once, and costs them nothing.
"""

from collections.abc import Iterable

from django.db import transaction
from wagtail.models import Page

from kb.access.models import Boundary, Inheritance
from kb.pages import tree
from kb.trash.models import Trashed

BATCH = 2000


def page_added(page: Page) -> None:
    """A new leaf: what counts on its parent counts on it."""
    parent = page.path[: -Page.steplen]
    above = Inheritance.objects.filter(page__path=parent).values_list("source", flat=True)
    _write((page.pk, source) for source in [*above, page.pk])


@transaction.atomic
def recompute(page: Page) -> None:
    """`page` and all below, after a move or a change of boundary."""
    tree.one_writer()
    branch = Page.objects.filter(path__startswith=page.path)
    Inheritance.objects.filter(page__in=branch.values("pk")).delete()
    parent = page.path[: -Page.steplen]
    above = list(Inheritance.objects.filter(page__path=parent).values_list("source", flat=True))
    _write(_pairs(branch.order_by("path").values_list("pk", "path"), {parent: tuple(above)}))


@transaction.atomic
def rebuild() -> None:
    """The whole table, from the tree and the boundaries."""
    tree.one_writer()
    Inheritance.objects.all().delete()
    _write(sorted(expected()))


def expected() -> set[tuple[int, int]]:
    """What the table must hold."""
    pages = Page.objects.filter(depth__gt=1).order_by("path")
    return set(_pairs(pages.values_list("pk", "path"), {}))


def repair() -> int:
    """Compares the table with what it must hold; rebuilds it where they differ. Number of wrong or missing rows."""
    if not _wrong():
        return 0
    with transaction.atomic():
        tree.one_writer()  # what looked wrong may have been half of a change
        wrong = _wrong()
        if wrong:
            rebuild()
    return len(wrong)


def _wrong() -> set[tuple[int, int]]:
    return expected() ^ set(Inheritance.objects.values_list("page", "source"))


def _pairs(pages: Iterable[tuple[int, str]], known: dict[str, tuple[int, ...]]) -> Iterable[tuple[int, int]]:
    """(page, source) for pages in the order of their paths; `known` holds what counts on pages above them."""
    reserved = set(Boundary.objects.values_list("page", flat=True))
    trashed = set(Trashed.objects.values_list("page", flat=True))
    for pk, path in pages:
        if pk in trashed:
            continue
        above = () if pk in reserved else known.get(path[: -Page.steplen], ())
        known[path] = (*above, pk)
        yield from ((pk, source) for source in known[path])


def _write(pairs: Iterable[tuple[int, int]]) -> None:
    Inheritance.objects.bulk_create(
        (Inheritance(page_id=page, source_id=source) for page, source in pairs), batch_size=BATCH
    )
