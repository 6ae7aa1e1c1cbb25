"""Files in a bucket of an S3-compatible service: private as on the disk, every byte through a checked view."""

import posixpath
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.base import File
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

IN_MEMORY = 5 * 1024 * 1024  # what is larger waits on the disk
NOT_THERE = 404


@contextmanager
def _absence_said(name: str) -> Iterator[None]:
    """What a disk says of a file that is not there."""
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == NOT_THERE:
            raise FileNotFoundError(name) from error
        raise


@deconstructible
class PrivateBucket(S3Storage):
    """Files under <prefix>/<folder>/ of the bucket that S3_BUCKET names. See settings.S3."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        said: dict[str, str] = settings.S3 or {}
        config = Config(
            s3={"addressing_style": "path" if said["endpoint_url"] else "auto"},
            signature_version="s3v4",
            # Services other than Amazon's often refuse the checksums that boto3 adds by itself.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=10,
            read_timeout=60,
            retries={"max_attempts": 3, "mode": "standard"},
        )
        super().__init__(
            bucket_name=said["bucket"],
            endpoint_url=said["endpoint_url"] or None,
            region_name=said["region"] or None,
            access_key=said["access_key"],
            secret_key=said["secret_key"],
            client_config=config,
            location=posixpath.join(said["prefix"], folder),
            default_acl=None,
            file_overwrite=False,
            max_memory_size=IN_MEMORY,
        )

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        """Refused, as by PrivateStorage: no address, not even a signed one, goes round the checked views."""
        raise NotImplementedError("This file has no address: link to the checked view.")

    def open_at(self, name: str, start: int) -> IO[bytes]:
        """The bytes from `start` on, as they come: a range of a large file does not fetch it whole.

        Raises FileNotFoundError.
        """
        asked = {"Range": f"bytes={start}-"} if start else {}
        with _absence_said(name):
            body: IO[bytes] = self.bucket.Object(self._normalize_name(name)).get(**asked)["Body"]
        return body

    def get_modified_time(self, name: str) -> datetime:
        """Raises FileNotFoundError, which S3Storage does not."""
        with _absence_said(name):
            moment: datetime = super().get_modified_time(name)
        return moment

    def _save(self, name: str, content: Any) -> str:
        """Read once, by its chunks, as a disk's storage does: HashedFile counts on it; boto3 reads as it likes."""
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(settings.FILE_UPLOAD_TEMP_DIR)) as copy:
            for piece in content.chunks():
                copy.write(piece)
            copy.seek(0)
            saved: str = super()._save(name, File(copy, name))
        return saved
