"""The rights of who asks as SQL, compiled once and filled for each: Django takes longer to build it than SQLite to run it.

The rules themselves are `kb.permissions`' and council's; nothing of them is written here. They are compiled for a
stand-in whose numbers are marks, and the marks are replaced by those of the person. tests/search/test_rights.py and
test_acts.py compare with the rules, for the cast.
"""

from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from wagtail.models import Page

from council.acts.models import Deliberation
from council.acts.queries import Reach, minutes_within, reach_of
from council.follow_up.queries import tasks_known_to
from council.publication import queries as publication
from council.publication import sitting_papers
from council.publication.models import SittingPaper
from kb.permissions import Viewer, readable_versions
from search.engines.contract import compiled
from search.models import Entry, Kind

# What a Viewer reads of the database before Django builds his conditions, which hold it as lists of ids.
_OWN_LISTS = ("submitted", "closed", "invited")
# Values that no id has, to find their places in the SQL: the person, then each of a list of his.
_PERSON = 7_000_000_000_001
_BETWEEN_LISTS = 100_000_000_000


@dataclass(frozen=True)
class _StandIn:
    """Somebody like the person who asks, in what changes the SQL."""

    is_authenticated: bool
    is_superuser: bool
    is_active: bool = True
    pk: int = _PERSON


@dataclass(frozen=True)
class _Shape:
    """What of the person changes the SQL; `today` is in the rules."""

    signed_in: bool
    passes: bool
    lengths: tuple[int, ...]  # of his lists, those of _OWN_LISTS first, then those of Reach
    today: date
    using: str


def condition(viewer: Viewer, *, using: str = "default") -> tuple[str, list[Any]]:
    """A condition on search_entry that holds for what `viewer` may know of, with its parameters.

    A few queries before it, for who may have something of the council.
    """
    reach = reach_of(viewer)
    asked = viewer.signed_in and not viewer.passes  # of nobody else do they change the rules
    own: list[frozenset[int]] = [getattr(viewer, name) if asked else frozenset() for name in _OWN_LISTS]
    lists = [sorted(one) for one in (*own, *(getattr(reach, each.name) for each in fields(Reach)))]
    shape = _Shape(viewer.signed_in, viewer.passes, tuple(map(len, lists)), timezone.localdate(), using)
    sql, parameters = _compiled(shape)
    real = {_PERSON: viewer.user.pk}
    for marks, ids in zip(_marks(shape.lengths), lists, strict=True):
        real |= dict(zip(marks, ids, strict=True))
    return sql, [real.get(value, value) for value in parameters]


def _marks(lengths: tuple[int, ...]) -> list[range]:
    starts = (_PERSON + (place + 1) * _BETWEEN_LISTS for place in range(len(lengths)))
    return [range(start, start + length) for start, length in zip(starts, lengths, strict=True)]


@lru_cache(maxsize=64)
def _compiled(shape: _Shape) -> tuple[str, tuple[Any, ...]]:
    """The condition for a stand-in. The SQL of a list depends on its length alone: `id IN (%s, %s, %s)`."""
    lists = [frozenset(marks) for marks in _marks(shape.lengths)]
    own, reached = lists[: len(_OWN_LISTS)], lists[len(_OWN_LISTS) :]
    viewer = Viewer(_StandIn(is_authenticated=shape.signed_in, is_superuser=shape.passes))
    viewer.__dict__.update(zip(_OWN_LISTS, own, strict=True))  # so that it does not ask them of the database
    pages = Page.objects.filter(viewer.visible(), pk=OuterRef("page"))
    versions = readable_versions(viewer).filter(pk=OuterRef("version"))
    acts = Q(kind=Kind.ACT) & _acts(viewer, Reach(*reached))
    rows = Entry.objects.using(shape.using).filter(Q(Exists(pages)) | Q(Exists(versions)) | acts)
    sql, parameters = compiled(rows, shape.using)
    return sql, tuple(parameters)


def _acts(viewer: Viewer, reach: Reach) -> Q:
    """What the council decided: as it was, for who keeps it or sat there; as it is published, for everybody else; else what
    came of an item, for its readers.
    """
    online = publication.public().order_by()
    papers = sitting_papers.online().order_by().filter(pk=OuterRef("paper"))
    if not viewer.signed_in:
        return Q(Exists(online.filter(pk=OuterRef("publication")))) | Q(Exists(papers))
    read, kept = publication.read_within(reach), publication.kept_within(reach)
    unread = online.filter(~Q(Exists(read.filter(pk=OuterRef("act")))), pk=OuterRef("publication"))
    pages = Page.objects.filter(viewer.visible()).order_by().values("pk")
    told = Deliberation.objects.filter(pk=OuterRef("outcome"), sitting__in=pages, item__in=pages).order_by()
    told = told.filter(~Q(Exists(read.filter(deliberation=OuterRef("pk")))))
    told = told.filter(~Q(Exists(online.filter(act__deliberation=OuterRef("pk")))))
    minutes = minutes_within(reach)
    papers = papers.exclude(Q(paper=SittingPaper.MINUTES) & Q(Exists(minutes.filter(sitting=OuterRef("sitting")))))
    return (
        Q(Exists(read.filter(pk=OuterRef("act"))))
        | Q(Exists(told))
        | Q(Exists(unread))
        | Q(Exists(minutes.filter(pk=OuterRef("minutes"))))
        | Q(Exists(papers))
        | Q(Exists(kept.filter(pk=OuterRef("followed"))))
        | Q(Exists(tasks_known_to(viewer.user, kept).filter(pk=OuterRef("task"))))
    )
