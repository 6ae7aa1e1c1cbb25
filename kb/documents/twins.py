"""The same bytes deposited twice: noticed among what the person may read, and nothing else is told."""

from typing import Any

from django.db.models import F

from kb import permissions
from kb.documents.models import Document
from kb.documents.operations import sha256_of


def twin_of(file: Any, user: Any) -> Document | None:
    """A document whose current bytes, which the person may read, are those of `file` (rewound after); or None."""
    versions = permissions.readable_versions(user).filter(sha256=sha256_of(file))
    current = versions.filter(document__current_version=F("pk")).select_related("document")
    found = current.order_by("document").first()
    return found.document if found else None
