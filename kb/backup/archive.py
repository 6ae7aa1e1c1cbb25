"""The archive: a tar with the database, the files, the secret key, and a manifest of SHA-256.

It is written under a `.part` name and renamed when it is whole: a crash leaves no half archive.
"""

import hashlib
import io
import json
import os
import tarfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils import timezone

from kb.backup import databases
from kb.backup.contents import Member
from kb.backup.databases import Database, Values
from kb.work.reasons import in_french

MANIFEST = "manifest.json"
PRODUCT = "seance-tenante"
PART = ".part"


class BadArchive(Exception):
    """The archive cannot be restored; the message is a French sentence with its way out."""


@dataclass(frozen=True)
class Made:
    """What was written. `missing` names the files that rows speak of and that were not there."""

    path: Path
    size: int
    files: int
    sha256: str
    missing: list[str] = field(default_factory=list)


def write(
    target: Path,
    *,
    database: Database,
    members: Callable[[Values], Iterable[Member]],
    version: str,
    progress: Callable[[int], Any] = lambda done: None,
) -> Made:
    """Writes the archive at `target`, readable by its owner alone.

    The database is copied first; `members` then says what goes with that copy. `progress` is told the number
    of files written. Raises OSError, sqlite3.Error and DatabaseFailed; nothing is left behind then.
    """
    part, copy = target.with_name(target.name + PART), target.with_name(target.name + ".database" + PART)
    try:
        missing: list[str] = []
        written: dict[str, Any] = {}
        with (
            database.copied(copy) as values,
            databases.owners_alone(part) as out,
            tarfile.open(fileobj=out, mode="w") as tar,
        ):
            for member in (Member(database.member, lambda: copy.open("rb")), *members(values)):
                try:
                    written[member.name] = _add(tar, member.name, member.open)
                except FileNotFoundError:
                    if member.matters:
                        missing.append(member.name)
                progress(len(written))
            _add(tar, MANIFEST, lambda: _manifest_of(written, missing, version))
        digest = _settle(part)
        part.rename(target)
        _sync_folder(target.parent)
        return Made(target, target.stat().st_size, len(written), digest, missing)
    finally:
        copy.unlink(missing_ok=True)
        part.unlink(missing_ok=True)


def _manifest_of(written: dict[str, Any], missing: list[str], version: str) -> IO[bytes]:
    body = {
        "product": PRODUCT,
        "version": version,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "members": written,
        "missing": missing,
    }
    return io.BytesIO(json.dumps(body, indent=1).encode())


def _settle(part: Path) -> str:
    """The digest of the whole, once the disk really has it."""
    with part.open("rb") as whole:
        os.fsync(whole.fileno())
        return hashlib.file_digest(whole, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Hashing(io.RawIOBase):
    """A reader that hashes what it gives."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self.source.read(size)
        self.digest.update(piece)
        return piece


def _add(tar: tarfile.TarFile, name: str, opened: Callable[[], IO[bytes]]) -> dict[str, Any]:
    with opened() as source:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = source.seek(0, os.SEEK_END), 0o600, int(time.time())
        source.seek(0)
        hashing = _Hashing(source)
        tar.addfile(info, hashing)
    return {"sha256": hashing.digest.hexdigest(), "size": info.size}


def verify(archive: Path) -> dict[str, Any]:
    """The manifest of a whole archive whose every member has its size and hash. Raises BadArchive."""
    try:
        with tarfile.open(archive, "r:") as tar:
            manifest = _manifest(tar)
            for name, said in manifest["members"].items():
                _check(tar, name, said)
    except FileNotFoundError as error:
        raise BadArchive(f"Il n’y a pas de fichier « {archive} ».") from error
    except (tarfile.TarError, OSError, KeyError, TypeError, ValueError) as error:
        raise BadArchive(
            f"« {archive.name} » n’est pas une sauvegarde entière de Séance tenante. Prenez-en une autre."
        ) from error
    return manifest


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    source = tar.extractfile(MANIFEST)
    manifest: dict[str, Any] = json.load(source) if source else {}
    if manifest.get("product") != PRODUCT or not {databases.SQLITE, databases.POSTGRESQL} & set(manifest["members"]):
        raise ValueError("not ours")
    return manifest


def _check(tar: tarfile.TarFile, name: str, said: dict[str, Any]) -> None:
    source: Any = tar.extractfile(name)
    if source is None or hashlib.file_digest(source, "sha256").hexdigest() != said["sha256"]:
        raise BadArchive(f"« {name} » est abîmé dans cette sauvegarde. Prenez-en une autre.")


def extract(archive: Path, manifest: dict[str, Any], into: Path) -> None:
    """Unpacks what the manifest names, and nothing else, below `into`. Raises BadArchive."""
    try:
        with tarfile.open(archive, "r:") as tar:
            for name in manifest["members"]:
                tar.extract(name, into, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise BadArchive(f"La sauvegarde n’a pas pu se déplier. {in_french(error)}") from error
