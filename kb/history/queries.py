"""The revisions of a page that a person may know of."""

from typing import Any

from wagtail.models import Page, Revision

from kb import typography
from kb.pages.models import RevisionRecord
from kb.permissions import Viewer, abilities

Row = dict[str, Any]


def revisions_for(page: Page, viewer: Viewer) -> Any:
    """Every revision for who edits the page; for its readers, those that were published. Newest first."""
    rows = Revision.page_revisions.filter(object_id=str(page.pk)).select_related("user", "record")
    if not abilities(viewer, page)["edit"]:
        rows = rows.filter(record__published_at__isnull=False)
    return rows.order_by("-created_at", "-pk")


def history_rows(page: Page, viewer: Viewer, *, limit: int = 200) -> list[Row]:
    """The history as printed: who, when, why, state, and the addresses of each revision. One query."""
    found = list(revisions_for(page, viewer)[:limit])
    may_restore = abilities(viewer, page)["restore"]
    rows = []
    for place, revision in enumerate(found):
        record: RevisionRecord | None = getattr(revision, "record", None)
        older = found[place + 1] if place + 1 < len(found) else None
        base = f"/p/{page.pk}/historique/"
        live = revision.pk == page.live_revision_id
        rows.append(
            {
                "id": revision.pk,
                "who": str(revision.user or "Le système"),
                "when": typography.moment(revision.created_at),
                "why": record.why if record else "",
                "state_label": _state(revision, record, live),
                "live": live,
                "url": f"{base}{revision.pk}/",
                "difference_url": f"{base}{older.pk}/{revision.pk}/" if older else "",
                "restore_url": f"{base}{revision.pk}/reprendre/" if may_restore and place else "",
            }
        )
    return rows


def _state(revision: Revision, record: RevisionRecord | None, live: bool) -> str:
    if live:
        return "Version publiée"
    if record and record.published_at:
        return f"Publiée le {typography.day(record.published_at)}"
    if revision.approved_go_live_at:
        return f"Sera publiée le {typography.moment(revision.approved_go_live_at)}"
    return "Brouillon"
