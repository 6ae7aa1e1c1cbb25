"""What a backup holds besides the database: every file that one of its rows names, the secret key, the settings."""

import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import Storage, default_storage, storages
from django.db.models import FileField

from kb.backup.databases import Values

SECRET = "secret_key"  # noqa: S105 - the name of a file
DEMO_ACCOUNTS = "demo-accounts.json"
SETTINGS = "settings.json"
KEPT_BESIDE = (SECRET, DEMO_ACCOUNTS)  # files of DATA_DIR itself
# What docs/settings.md lists, but for secrets: these stay where the town keeps them.
VARIABLES = (
    "BASE_URL", "HOST", "PORT", "LOG_LEVEL", "MAX_UPLOAD_MB", "EMBED_HOSTS", "EMAIL_HOST", "EMAIL_PORT",
    "EMAIL_HOST_USER", "EMAIL_USE_TLS", "DEFAULT_FROM_EMAIL", "BACKUP_DIR", "BACKUP_KEEP", "S3_BUCKET", "S3_ENDPOINT_URL", "S3_REGION",
    "S3_PREFIX",
)  # fmt: skip
REMADE = ("renditions", "derived")  # their loss is no loss: they may go while the backup runs


@dataclass(frozen=True)
class Member:
    """One file of the archive, opened only when its turn comes. `open` raises FileNotFoundError."""

    name: str
    open: Callable[[], IO[bytes]]

    @property
    def matters(self) -> bool:
        """Whether its absence is worth an alarm."""
        return not self.name.startswith(tuple(f"files/{folder}/" for folder in REMADE))


def members(values: Values, data_dir: Path) -> Iterator[Member]:
    """All that goes with this copy of the database.

    Files are never overwritten, and those that a row names are there before the row: copied after the
    database, none is missing.
    """
    for name in KEPT_BESIDE:
        path = data_dir / name
        if path.exists():
            yield Member(name, _opener(path))
    yield Member(SETTINGS, _environment)
    for storage, name in sorted(referenced(values), key=lambda found: (folder_of(found[0]), found[1])):
        yield Member(f"files/{folder_of(storage)}/{name}", _stored(storage, name))


def referenced(values: Values) -> set[tuple[Storage, str]]:
    """Each storage and name that a row of this copy of the database speaks of."""
    return {
        (field.storage, name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, FileField) and not model._meta.proxy
        for name in values(model._meta.db_table, str(field.column))
    }


def folder_of(storage: Storage) -> str:
    """The folder of FILES_ROOT that holds, or after a restoration will hold, the files of this storage."""
    if storage is default_storage:
        storage = storages["default"]
    folder = getattr(storage, "folder", None)
    if folder:
        return str(folder)
    return next(alias for alias in settings.STORAGES if storages[alias] is storage)


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _stored(storage: Storage, name: str) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        file: Any = storage.open(name, "rb")
        return file

    return opened


def _environment() -> IO[bytes]:
    said = {name: os.environ[name] for name in VARIABLES if os.environ.get(name)}
    return io.BytesIO(json.dumps(said, indent=1).encode())
