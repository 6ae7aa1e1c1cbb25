"""What is to be checked, by whom; what is known of the life of one page."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Page

from kb import typography
from kb.life.models import Archived, ReviewDate
from kb.pages.tree import Node
from kb.permissions import Viewer

SOON = timedelta(days=30)  # told that long before


@dataclass(frozen=True)
class Due:
    """A page to check."""

    node: Node
    due: date
    owner: Any

    @property
    def late(self) -> bool:
        """Whether the date is past."""
        return self.due < timezone.localdate()


def reviews_due(person: Any, until: date) -> list[Due]:
    """The pages that `person` (or a Viewer) is to check before `until` or is late with, the latest first. Archived ones sleep."""
    viewer = Viewer.of(person)
    if not viewer.signed_in:
        return []
    return _due(viewer, Q(owner=viewer.user.pk, due__lte=until))


def due_below(viewer: Viewer, node: Node, until: date) -> list[Due]:
    """The same for all the pages of a branch that the person edits, whoever checks them."""
    return _due(viewer, Q(due__lte=until, page__path__startswith=node.path), editable=True)


def _due(viewer: Viewer, wanted: Q, *, editable: bool = False) -> list[Due]:
    pages = Page.objects.filter(viewer.editable() if editable else viewer.visible()).values("pk")
    found: QuerySet[ReviewDate] = ReviewDate.objects.filter(wanted, page__in=pages)
    rows = found.select_related("owner").order_by("due", "page__path")
    nodes = ((row, viewer.tree.nodes.get(row.page_id)) for row in rows)
    return [
        Due(node, row.due, row.owner)
        for row, node in nodes
        if node is not None and row.due is not None and not viewer.tree.is_archived(node)
    ]


def review_of(node: Node) -> ReviewDate | None:
    """The date of one page. No query where it has none."""
    if not node.has_review:
        return None
    return ReviewDate.objects.filter(page=node.id).select_related("owner", "checked_by").first()


def archived_with(node: Node, viewer: Viewer) -> tuple[Node, Archived] | None:
    """The page with which this one is archived, itself or one above, and the row. No query where it is not."""
    above = [*viewer.tree.ancestors(node), node]
    top = next((one for one in above if one.archived_here), None)
    if top is None:
        return None
    row = Archived.objects.filter(page=top.id).select_related("by").first()
    return (top, row) if row else None


def is_late(review: ReviewDate) -> bool:
    """Whether its date is past."""
    return review.due is not None and review.due < timezone.localdate()


def in_words(review: ReviewDate) -> str:
    """« À vérifier avant le 1er mars 2027, par Patrick Brun. Vérifiée le 1er mars 2026 par Sylvie Roussillon. »"""
    sentences = []
    if review.due is not None:
        when = "depuis" if is_late(review) else "avant"
        sentences.append(f"À vérifier {when} le {typography.day(review.due)}, par {review.owner}.")
    if review.checked_at is not None:
        by = f" par {review.checked_by}" if review.checked_by else ""
        sentences.append(f"Vérifiée le {typography.day(review.checked_at)}{by}.")
    return " ".join(sentences)
