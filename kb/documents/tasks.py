"""Background work on documents: thumbnails."""

from typing import Any

from django.core.files.base import ContentFile

from kb.documents import orphans
from kb.documents.extraction import sandbox, thumbnails
from kb.documents.models import DocumentVersion
from kb.work import operations as work
from kb.work.registry import every, handles, nightly


@handles("thumbnail")
def make_thumbnail(payload: dict[str, Any], **kwargs: Any) -> None:
    """The first page of a version and its number of pages; a file that has none is no failure."""
    version = DocumentVersion.objects.filter(pk=payload["version"]).first()
    if version is None or version.thumbnail or version.kind not in thumbnails.HAVE_THUMBNAILS:
        return
    with version.file.storage.open(str(version.file.name), "rb") as source:
        data = source.read()
    try:
        found = thumbnails.first_page(data, version.kind)
    except thumbnails.NoThumbnail:
        return
    version.thumbnail.save("thumbnail.webp", ContentFile(found.webp), save=False)
    version.pages = found.pages
    version.save(update_fields=["thumbnail", "pages"])


@every(minutes=60)
def sweep_sandboxes() -> None:
    """The folders that a killed worker left behind."""
    sandbox.sweep()


@nightly(hour=4, minute=20)
def ask_for_sweeping() -> None:
    """Asks the slow worker to look for bytes that no row names."""
    work.enqueue(kind="orphans", queue="slow", key="orphans")


@handles("orphans")
def sweep_orphans(payload: dict[str, Any], **kwargs: Any) -> None:
    """Removes them."""
    orphans.sweep()
