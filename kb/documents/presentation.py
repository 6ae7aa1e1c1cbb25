"""Documents as templates print them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from kb import typography
from kb.documents.models import Attachment, DocumentVersion

IMAGES = frozenset({"png", "jpeg", "gif", "webp"})
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
    }


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
