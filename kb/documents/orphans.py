"""Bytes that no row names: written by a deed that a power cut or a kill undid."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.core.files.storage import Storage, storages
from django.db.models import FileField
from django.utils import timezone

logger = logging.getLogger(__name__)
KEPT_FOR = timedelta(hours=24)  # no deed lasts that long: what is younger may be about to be named
SWEPT = ("documents", "images", "renditions", "derived")


def sweep(*, now: datetime | None = None) -> list[str]:
    """Removes the files of our storages that no row names and that are older than a day. Returns their names.

    A storage that cannot tell how old a file is keeps everything.
    """
    limit = (now or timezone.now()) - KEPT_FOR
    removed: list[str] = []
    for alias in SWEPT:
        storage = storages[alias]
        orphans = [name for name in files_of(storage) if _is_older(storage, name, limit)]
        if not orphans:
            continue
        named = _named()  # read after the files were listed: what has been named meanwhile is kept
        for name in sorted(set(orphans) - named):
            storage.delete(name)
            removed.append(f"{alias}/{name}")
    if removed:
        logger.warning("Removed %d files that no row names: %s", len(removed), ", ".join(removed[:20]))
    return removed


def files_of(storage: Storage, folder: str = "") -> Iterator[str]:
    """The names of all files of a storage."""
    try:
        folders, files = storage.listdir(folder)
    except (FileNotFoundError, NotImplementedError):
        return
    for name in files:
        yield f"{folder}/{name}" if folder else name
    for name in folders:
        yield from files_of(storage, f"{folder}/{name}" if folder else name)


def _is_older(storage: Storage, name: str, limit: datetime) -> bool:
    try:
        return storage.get_modified_time(name) < limit
    except (FileNotFoundError, NotImplementedError):
        return False


def _named() -> set[str]:
    named: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                # Whatever storage a field is set to: a name that is used anywhere is kept everywhere.
                named.update(filter(None, model._base_manager.values_list(field.name, flat=True)))
    return named
