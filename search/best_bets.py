"""What the town chose to answer to a few words, before what is found (wagtail.contrib.search_promotions)."""

from wagtail.contrib.search_promotions.models import SearchPromotion

from kb.permissions import Viewer
from search import french

MOST = 3


def chosen(words: str, viewer: Viewer) -> list[dict[str, str]]:
    """Lines {title, url, line} for these words, whatever their accents and plurals; pages that one may read alone."""
    asked = tuple(french.terms(words))
    if not asked:
        return []
    picks = SearchPromotion.objects.select_related("query").order_by("sort_order")
    found = (_line(pick, viewer) for pick in picks if tuple(french.terms(pick.query.query_string)) == asked)
    return [line for line in found if line][:MOST]


def _line(pick: SearchPromotion, viewer: Viewer) -> dict[str, str]:
    if pick.page_id is None:
        return {"title": pick.external_link_text, "url": pick.external_link_url, "line": pick.description}
    node = viewer.tree.nodes.get(pick.page_id)
    if node is None or not node.live or not viewer.can_view(node):
        return {}
    return {"title": node.title, "url": viewer.address(node), "line": pick.description}
