"""What a person follows, as screens print it."""

from collections.abc import Iterable
from typing import Any

from taggit.models import Tag

from kb.notices import rules
from kb.notices.models import Follow
from kb.notices.rules import Habits
from kb.pages.models import PageTag
from kb.pages.presentation import line_of
from kb.permissions import Viewer

Row = dict[str, Any]
RHYTHMS = {
    rules.DAILY: "Un résumé part chaque jour ouvré, s’il y a du nouveau.",
    rules.WEEKLY: "Un résumé part chaque vendredi matin, s’il y a du nouveau.",
    rules.NEVER: "Aucun résumé ne part par courriel : tout est dans votre journal.",
}


def rhythm_words(habits: Habits) -> str:
    """How often the person is told of what he follows."""
    return RHYTHMS[habits.rhythm]


def rows(viewer: Viewer) -> list[Row]:
    """The pages that he may see, by title, then the tags. What he may see no more does not show, and says nothing."""
    followed = list(Follow.objects.filter(person=viewer.user.pk).select_related("tag"))
    shown = [row for one in followed if one.page_id and (row := _page(one, viewer))]
    known = known_tags(viewer, [one.tag_id for one in followed if one.tag_id])
    tags = [_tag(one.tag) for one in followed if one.tag is not None and one.tag_id in known]
    return sorted(shown, key=lambda row: row["title"]) + sorted(tags, key=lambda row: row["title"])


def _page(followed: Follow, viewer: Viewer) -> Row | None:
    node = viewer.tree.nodes.get(followed.page_id or 0)
    if node is None or not viewer.can_view(node):
        return None
    scope = "Cette page et tout ce qui est dessous" if followed.below else "Cette page seulement"
    return {**line_of(viewer, node), "scope": scope, "stop_url": f"/p/{node.id}/suivre/"}


def known_tags(viewer: Viewer, tags: Iterable[int]) -> set[int]:
    """Among these tags, those that a live page the person may read carries: the others do not exist. One query."""
    rows = PageTag.objects.filter(tag__in=tags).values_list("tag_id", "content_object_id")
    nodes = viewer.tree.nodes
    return {tag for tag, page in rows if page in nodes and nodes[page].live and viewer.can_view(nodes[page])}


def _tag(tag: Tag) -> Row:
    address = f"/mot-cle/{tag.slug}/"
    return {"title": tag.name, "url": address, "scope": "Pages qui portent ce mot-clé", "stop_url": f"{address}suivre/"}
