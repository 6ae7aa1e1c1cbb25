"""The archive: a tar with the database, the files, the secret key, and a manifest of SHA-256.

It is written under a `.part` name and renamed when it is whole: a crash leaves no half archive.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
DATABASE = "seance-tenante.sqlite3"
SECRET = "secret_key"  # noqa: S105 - the name of a file
FILE_FOLDERS = ("documents", "images")  # renditions and derived files are made again


class BadArchive(Exception):
    """The archive cannot be restored; the message is a French sentence with its way out."""


@dataclass(frozen=True)
class Made:
    """What was written."""

    path: Path
    size: int
    files: int
    sha256: str


def write(target: Path, *, database: Path, files_root: Path, data_dir: Path, version: str) -> Made:
    """Writes the archive at `target`. The database is copied first: files are only ever added, so none misses."""
    part = target.with_suffix(".part")
    copy = target.with_suffix(".database.part")
    try:
        copy_database(database, copy)
        members = [(DATABASE, copy), (SECRET, data_dir / SECRET), *_files(files_root)]
        manifest: dict[str, Any] = {"product": "seance-tenante", "version": version, "members": {}}
        with tarfile.open(part, "w") as tar:
            for name, path in members:
                if path.exists():
                    manifest["members"][name] = _add(tar, name, path)
            body = json.dumps(manifest, indent=1).encode()
            info = tarfile.TarInfo(MANIFEST)
            info.size, info.mtime = len(body), int(time.time())
            tar.addfile(info, io.BytesIO(body))
        with part.open("rb") as whole:
            digest = hashlib.file_digest(whole, "sha256").hexdigest()
            os.fsync(whole.fileno())
        part.rename(target)
        return Made(target, target.stat().st_size, len(manifest["members"]), digest)
    finally:
        copy.unlink(missing_ok=True)
        part.unlink(missing_ok=True)


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy of an SQLite database in use."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source, timeout=60)) as live:
        live.execute("VACUUM INTO ?", (str(target),))


def _files(root: Path) -> list[tuple[str, Path]]:
    found = []
    for folder in FILE_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                found.append((f"files/{path.relative_to(root)}", path))
    return found


class _Hashing(io.RawIOBase):
    """A reader that hashes what it gives."""

    def __init__(self, source: Any) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self.source.read(size)
        self.digest.update(piece)
        return piece


def _add(tar: tarfile.TarFile, name: str, path: Path) -> dict[str, Any]:
    with path.open("rb") as source:
        info = tarfile.TarInfo(name)
        info.size, info.mode = os.fstat(source.fileno()).st_size, 0o600
        info.mtime = int(path.stat().st_mtime)
        hashing = _Hashing(source)
        tar.addfile(info, hashing)
    return {"sha256": hashing.digest.hexdigest(), "size": info.size}


def verify(archive: Path) -> dict[str, Any]:
    """The manifest of a whole archive whose every member has its hash. Raises BadArchive."""
    try:
        with tarfile.open(archive, "r") as tar:
            manifest = _manifest(tar)
            for name, said in manifest["members"].items():
                _check(tar, name, said)
    except (tarfile.TarError, OSError, KeyError, ValueError) as error:
        raise BadArchive(
            f"« {archive.name} » n’est pas une sauvegarde entière de Séance tenante. Prenez-en une autre."
        ) from error
    return manifest


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    source = tar.extractfile(MANIFEST)
    manifest: dict[str, Any] = json.load(source) if source else {}
    if manifest.get("product") != "seance-tenante" or DATABASE not in manifest["members"]:
        raise ValueError("not ours")
    return manifest


def _check(tar: tarfile.TarFile, name: str, said: dict[str, Any]) -> None:
    source = tar.extractfile(name)
    if source is None or hashlib.file_digest(source, "sha256").hexdigest() != said["sha256"]:
        raise BadArchive(f"« {name} » est abîmé dans cette sauvegarde. Prenez-en une autre.")


def restore(archive: Path, data_dir: Path, *, force: bool = False) -> Path | None:
    """Puts the site of `archive` in `data_dir`. Returns where what was there is kept aside, if anything.

    Everything is verified and unpacked beside before anything moves. Raises BadArchive, also when there
    are data already and `force` is not said.
    """
    manifest = verify(archive)
    if (data_dir / DATABASE).exists() and not force:
        raise BadArchive(
            f"Il y a déjà un site dans « {data_dir.name} ». Restaurez ailleurs (DATA_DIR=…), ou ajoutez "
            "FORCE=yes : ce qui s’y trouve sera gardé à côté."
        )
    beside = data_dir / f"restore-{os.getpid()}.part"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    with tarfile.open(archive, "r") as tar:
        for name in manifest["members"]:
            tar.extract(name, beside, filter="data")
    aside = _put_aside(data_dir)
    for name in (DATABASE, SECRET, "files"):
        if (beside / name).exists():
            (beside / name).rename(data_dir / name)
    shutil.rmtree(beside)
    return aside


def _put_aside(data_dir: Path) -> Path | None:
    present = [data_dir / name for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", SECRET, "files")]
    present = [path for path in present if path.exists()]
    if not present:
        return None
    aside = data_dir / time.strftime("before-restore-%Y%m%d-%H%M%S")
    aside.mkdir()
    for path in present:
        path.rename(aside / path.name)
    return aside
