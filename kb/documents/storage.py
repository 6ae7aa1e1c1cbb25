"""Private storage: files have no address of their own; every byte goes through a checked view."""

from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible


@deconstructible
class PrivateStorage(FileSystemStorage):
    """Files under FILES_ROOT/<folder>, outside any public folder. Nothing may ask for `.path` but this class."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        super().__init__(location=Path(settings.FILES_ROOT) / folder)

    def url(self, name: str | None) -> str:
        """Refused: NotImplementedError is what Django and Wagtail expect of a storage without addresses."""
        raise NotImplementedError("This file has no address: link to the checked view.")

    def open_at(self, name: str, start: int) -> IO[bytes]:
        """The bytes from `start` on. Raises FileNotFoundError."""
        source: Any = self.open(name, "rb")
        source.seek(start)
        return cast(IO[bytes], source)


def documents() -> Storage:
    """Where the versions of documents are kept."""
    return storages["documents"]


def images() -> Storage:
    """Where the images are kept."""
    return storages["images"]


def derived() -> Storage:
    """Thumbnails, exports, and whatever can be made again."""
    return storages["derived"]
