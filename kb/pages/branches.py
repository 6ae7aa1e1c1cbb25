"""What Wagtail does « with the pages below »: to those alone that the person may change.

Its copy takes every page of a branch, reserved ones with them, out of their reserve; its confirmations count
pages that the person may not know of.
"""

from typing import Any

from django.db.models import QuerySet
from wagtail.actions.copy_page import CopyPageAction
from wagtail.admin.views.pages import copy as copying
from wagtail.admin.views.pages.bulk_actions import move as moving_many
from wagtail.admin.views.pages.bulk_actions import publish as publishing_many
from wagtail.admin.views.pages.bulk_actions import unpublish as unpublishing_many
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from kb import permissions
from kb.permissions import Viewer, viewer_of


class CopyOfWhatIsEdited(CopyPageAction):
    """Copies of a branch the pages that the person may change: a copy takes drafts and files with it."""

    def _copy_page(self, page: Any, *args: Any, **kwargs: Any) -> Any:
        if self.user is not None:
            children = permissions.editable_by(page.get_children(), self.user)
            page.get_children = lambda: children  # this object's, which only this action holds
        return super()._copy_page(page, *args, **kwargs)


def known_below(page: Page, viewer: Viewer) -> QuerySet[Page]:
    """The pages below that the person may know of, for what a screen counts."""
    return permissions.visible_to(page.get_descendants(), viewer)


class UnpublishOne(PageViewSet.unpublish_view_class):
    """Unpublishing one page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Wagtail's, with our count."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["live_descendant_count"] = known_below(self.object, viewer_of(self.request)).filter(live=True).count()
        return context


class CountsWhatIsKnown:
    """A bulk action whose confirmation counts, below each page, what the person may know of."""

    request: Any
    counted = ""
    only: Any = staticmethod(lambda pages: pages)

    def object_context(self, obj: Any) -> dict[str, Any]:
        """Wagtail's, with our count."""
        context: dict[str, Any] = super().object_context(obj)  # type: ignore[misc]
        context[self.counted] = self.only(known_below(context["item"], viewer_of(self.request))).count()
        return context


class MoveMany(CountsWhatIsKnown, moving_many.MoveBulkAction):
    """Moving several pages."""

    counted = "child_pages"


class PublishMany(CountsWhatIsKnown, publishing_many.PublishBulkAction):
    """Publishing several pages."""

    counted = "draft_descendant_count"
    only = staticmethod(lambda pages: pages.filter(live=False))


class UnpublishMany(CountsWhatIsKnown, unpublishing_many.UnpublishBulkAction):
    """Unpublishing several pages."""

    counted = "live_descendant_count"
    only = staticmethod(lambda pages: pages.filter(live=True))


def copy_what_is_edited() -> None:
    """Wagtail's copying view calls the action by its name."""
    copying.CopyPageAction = CopyOfWhatIsEdited
