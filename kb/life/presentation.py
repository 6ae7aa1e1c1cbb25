"""The life of a page as its template prints it."""

from typing import Any

from kb import typography
from kb.life import queries
from kb.pages.tree import Node
from kb.permissions import Viewer


def life_of(node: Node, viewer: Viewer, can: dict[str, bool]) -> dict[str, Any]:
    """The mark beside the title, the sentence above the text, what is known of its date, and the deeds. No query where
    the page has neither date nor archive."""
    address = f"/p/{node.id}/"
    archived = queries.archived_with(node, viewer)
    review = queries.review_of(node) if viewer.signed_in and not archived else None
    mine = review is not None and review.owner_id == viewer.user.pk
    may_check = review is not None and not viewer.looker and (mine or can["edit"])
    home = node.path == (viewer.tree.home.path if viewer.tree.home else "")
    return {
        "tag": {"label": "Archivée", "tone": "neutral"}
        if archived
        else {"label": "À vérifier", "tone": "watch"}
        if review and queries.is_late(review)
        else None,
        "band": _band(archived, viewer) if archived else "",
        "detail": queries.in_words(review) if review else "",
        "check_url": f"{address}verifiee/" if may_check else "",
        "review_url": f"{address}verification/" if can["edit"] and not archived else "",
        "archive_url": f"{address}archiver/" if can["move"] and not archived and not home else "",
        "unarchive_url": f"{address}desarchiver/" if can["move"] and node.archived_here else "",
        "delete_url": f"{address}supprimer/" if can["delete"] else "",
    }


def _band(archived: tuple[Node, Any], viewer: Viewer) -> str:
    _, row = archived
    sentence = "Page archivée : elle n’est plus tenue à jour."
    if not viewer.signed_in:
        return sentence  # the public is told no name
    by = f" par {row.by}" if row.by else ""
    return f"{sentence} Archivée le {typography.day(row.at)}{by} : {row.why}"
