"""Counts of Wagtail's screens: « and the 3 pages below » counts the pages that the person may know of, no other."""

from typing import Any

from wagtail import hooks
from wagtail.admin.views.pages.bulk_actions import PublishBulkAction, UnpublishBulkAction
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from kb import typography
from kb.permissions import visible_to


def known_below(page: Page, person: Any, **match: bool) -> int:
    """How many pages below `page` the person may know of."""
    return visible_to(page.get_descendants().filter(**match), person).count()


class Unpublish(PageViewSet.unpublish_view_class):
    """Unpublishing."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Wagtail's, with the count put right."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"live_descendant_count": known_below(self.object, self.request.user, live=True)}


class PublishSeveral(PublishBulkAction):
    """Publishing several pages."""

    def object_context(self, obj: Any) -> dict[str, Any]:
        """Wagtail's, with the count put right."""
        context: dict[str, Any] = super().object_context(obj)
        return context | {"draft_descendant_count": known_below(obj, self.request.user, live=False)}


class UnpublishSeveral(UnpublishBulkAction):
    """Unpublishing several pages."""

    def object_context(self, obj: Any) -> dict[str, Any]:
        """Wagtail's, with the count put right."""
        context: dict[str, Any] = super().object_context(obj)
        return context | {"live_descendant_count": known_below(obj, self.request.user, live=True)}


WAGTAILS = frozenset({PublishBulkAction, UnpublishBulkAction})
for _ours in (PublishSeveral, UnpublishSeveral):
    hooks.register("register_bulk_action", _ours)


def count_copies(fields: dict[str, Any], page: Page, person: Any) -> None:
    """The two sentences of the form of copying that count."""
    below = known_below(page, person)
    if "copy_subpages" in fields and not below:
        del fields["copy_subpages"]
    elif "copy_subpages" in fields:
        fields["copy_subpages"].help_text = f"{typography.count(below, 'page')} au-dessous."
    if not (page.live or known_below(page, person, live=True)):
        fields.pop("publish_copies", None)
    if "publish_copies" in fields:
        fields["publish_copies"].label = "Publier la copie"
        fields["publish_copies"].help_text = "Ce qui est publié le sera aussi dans la copie."
