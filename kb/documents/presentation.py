"""Documents as templates print them."""

from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.urls import reverse

from kb import typography
from kb.documents.extraction import queries
from kb.documents.models import Attachment, DocumentVersion

IMAGES = frozenset({"png", "jpeg", "gif", "webp"})
HEALTH_KEPT_FOR = 60  # seconds
READING_KEPT_FOR = 5  # seconds, while it changes
TEXTS = frozenset({"text", "csv"})


def preview_kind(version: DocumentVersion) -> str:
    """How a version is shown without downloading it: pdf, image, text, or "" when it cannot be."""
    if version.kind in IMAGES:
        return "image"
    if version.kind in TEXTS:
        return "text"
    return "pdf" if version.kind == "pdf" else ""


def version_row(version: DocumentVersion, *, title: str, note: str = "") -> dict[str, Any]:
    """One version in a list of attachments."""
    address = version.get_absolute_url()
    who = f" par {version.deposited_by}" if version.deposited_by else ""
    return {
        "title": title,
        "document_id": version.document_id,
        "anchor": "",  # set where the row may be commented
        "comments_html": "",
        "url": address,
        "download_url": f"{address}?telecharger=1",
        "thumbnail_url": reverse("thumbnail", args=[version.document_id, version.number]) if version.thumbnail else "",
        "preview_url": reverse("document_preview", args=[version.document_id, version.number])
        if preview_kind(version)
        else "",
        "version_label": f"Version {version.number}",
        "type_label": version.file_name.rsplit(".", 1)[-1].upper() if "." in version.file_name else version.kind,
        "size_label": typography.size(version.size),
        "pages_label": typography.count(version.pages, "page") if version.pages else "",
        "deposited_line": f"Déposé le {typography.day(version.deposited_at)}{who}",
        "deposited_at": version.deposited_at,
        "note": note,
        "sheet_url": reverse("document_sheet", args=[version.document_id]),
        "send_url": reverse("send_document", args=[version.document_id]),
        "changed_line": "",
        "text_url": reverse("document_text", args=[version.document_id, version.number]),
        "sha256": version.sha256,
        "health": None,
    }


def with_health(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, each saying what is known of its text now. One query, none without a row.

    Apart from `version_row`, which is kept in memory with its page while readings come to an end.
    """
    known = list(rows)
    healths = queries.healths_of(row["sha256"] for row in known) if known else {}
    return [{**row, "health": healths[row["sha256"]]} for row in known]


def with_kept_health(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """As `with_health`, for the pages that everybody reads: a minute late at most, and no query most times."""
    known = list(rows)
    kept = cache.get_many([f"health-{row['sha256']}" for row in known]) if known else {}
    missing = {row["sha256"] for row in known if f"health-{row['sha256']}" not in kept}
    for sha256, health in (queries.healths_of(missing) if missing else {}).items():
        kept[f"health-{sha256}"] = health
        cache.set(f"health-{sha256}", health, READING_KEPT_FOR if health.tone == "wait" else HEALTH_KEPT_FOR)
    return [{**row, "health": kept[f"health-{row['sha256']}"]} for row in known]


def attachment_rows(attachments: Iterable[Attachment]) -> list[dict[str, Any]]:
    """The attachments of a page, at the versions it names. One query."""
    rows = list(attachments)
    versions = DocumentVersion.objects.select_related("document", "deposited_by").in_bulk(
        [row.version_id for row in rows]
    )
    return [
        version_row(version, title=row.label or version.document.title, note=row.note)
        for row in rows
        if (version := versions.get(row.version_id))
    ]
