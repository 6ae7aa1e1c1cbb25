"""The rights of who asks as SQL, compiled once and filled for each: Django takes longer to build it than SQLite to run it.

The rule itself is `kb.permissions`'; nothing of it is written here. It is compiled for a stand-in whose numbers are
marks, and the marks are replaced by those of the person. tests/search/test_rights.py compares with the rule, for the cast.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from wagtail.models import Page

from kb.permissions import Viewer, readable_versions
from search.engines.contract import compiled
from search.models import Entry

_PERSON = 7_000_000_000_001  # values that no id has, to find their places in the SQL
_FIRST_SUBMITTED = 7_100_000_000_001


@dataclass(frozen=True)
class _StandIn:
    """Somebody like the person who asks, in what changes the SQL."""

    is_authenticated: bool
    is_superuser: bool
    is_active: bool = True
    pk: int = _PERSON


def condition(viewer: Viewer, *, using: str = "default") -> tuple[str, list[Any]]:
    """A condition on search_entry that holds for what `viewer` may know of, with its parameters."""
    submitted = sorted(viewer.submitted) if viewer.signed_in and not viewer.passes else []
    sql, parameters = _compiled(viewer.signed_in, viewer.passes, len(submitted), timezone.localdate(), using)
    real = {_PERSON: viewer.user.pk} | {_FIRST_SUBMITTED + place: pk for place, pk in enumerate(submitted)}
    return sql, [real.get(value, value) for value in parameters]


@lru_cache(maxsize=64)
def _compiled(signed_in: bool, passes: bool, submitted: int, today: date, using: str) -> tuple[str, tuple[Any, ...]]:
    """The condition for a stand-in; `today` is in the rule, so in the key."""
    viewer = Viewer(_StandIn(is_authenticated=signed_in, is_superuser=passes))
    viewer.__dict__["submitted"] = frozenset(range(_FIRST_SUBMITTED, _FIRST_SUBMITTED + submitted))
    pages = Page.objects.filter(viewer.visible(), pk=OuterRef("page"))
    versions = readable_versions(viewer).filter(pk=OuterRef("version"))
    rows = Entry.objects.using(using).filter(Q(Exists(pages)) | Q(Exists(versions)))
    sql, parameters = compiled(rows, using)
    return sql, tuple(parameters)
