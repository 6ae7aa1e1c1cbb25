"""Putting a backup in place of what is there: verified and unpacked beside first, then swapped.

Several names must move, and a power cut can come between two of them: what is to be moved is written down
first, and the next start finishes it. So a site is the old one or the new one, never half of each.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from kb.backup import archive as archives
from kb.backup import carrying, contents, databases
from kb.backup.archive import BadArchive
from kb.backup.databases import POSTGRESQL, SQLITE, DatabaseFailed, Postgresql, Sqlite
from kb.work import locks, serving

FILES = "files"
OF_A_SITE = (SQLITE, f"{SQLITE}-wal", f"{SQLITE}-shm", *contents.KEPT_BESIDE, FILES)
IN_HAND = "restore-in-hand.json"


@dataclass(frozen=True)
class Restored:
    """What was done: where the former site is kept, what the archive lacked, and the settings it was used with."""

    aside: Path | None
    missing: list[str]
    variables: dict[str, str]


def restore(*, archive: Path, into: Path, force: bool = False) -> Restored:
    """Puts the site of `archive` in the folder `into`, where no site may run.

    An SQLite site restored where the settings name PostgreSQL, or a bucket, moves there.

    Raises BadArchive, and nothing has moved then: a damaged or foreign archive, one of a later version of the
    product, a site that is running, or one that is there already while `force` is not said.
    """
    into.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(serving.alone(into))
        except locks.Taken:
            raise BadArchive("Le site tourne. Arrêtez-le (Ctrl-C), puis restaurez.") from None
        finish_interrupted(into)
        database = databases.current()
        if _is_there(database, into) and not force:
            raise BadArchive(
                f"Il y a déjà un site dans « {into} ». Restaurez ailleurs (DATA_DIR=…), ou ajoutez "
                "FORCE=yes (« --force » avec manage.py) : ce qui s’y trouve sera gardé à côté."
            )
        manifest = archives.verify(archive)
        _refuse_a_later_version(manifest)
        _refuse_another_database(manifest, database)
        beside = _unpack(archive, manifest, into)
        _send_to_the_bucket(beside)
        if isinstance(database, Sqlite):
            with closing(sqlite3.connect(beside / SQLITE)) as copy, copy:
                if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'kb_backuprecord'").fetchone():
                    _finish_own_record(copy.execute, "?", archive, manifest)
        variables = json.loads((beside / contents.SETTINGS).read_text()) if _has_settings(manifest) else {}
        restored = Restored(_swap(beside, into, database), manifest.get("missing", []), variables)
        if isinstance(database, Postgresql):
            with connection.cursor() as cursor:
                _finish_own_record(cursor.execute, "%s", archive, manifest)
        return restored


def _has_settings(manifest: dict[str, Any]) -> bool:
    return contents.SETTINGS in manifest["members"]


def _refuse_a_later_version(manifest: dict[str, Any]) -> None:
    def parts(version: str) -> list[int]:
        return [int(part) for part in version.split(".") if part.isdigit()]

    if parts(manifest["version"]) > parts(settings.VERSION):
        raise BadArchive(
            f"Cette sauvegarde vient de la version {manifest['version']} de Séance tenante, plus récente que "
            f"celle-ci ({settings.VERSION}). Installez d’abord cette version."
        )


def _is_there(database: Sqlite | Postgresql, into: Path) -> bool:
    try:
        return not database.is_empty() if isinstance(database, Postgresql) else (into / SQLITE).exists()
    except DatabaseFailed as failed:
        raise BadArchive(str(failed)) from failed


def _refuse_another_database(manifest: dict[str, Any], database: Sqlite | Postgresql) -> None:
    """A town moves from SQLite to PostgreSQL, never back."""
    if isinstance(database, Sqlite) and SQLITE not in manifest["members"]:
        raise BadArchive(
            "Cette sauvegarde est celle d’un site sur PostgreSQL, et celui-ci est réglé pour SQLite. "
            "Restaurez-la avec DATABASE_URL."
        )


def _unpack(archive: Path, manifest: dict[str, Any], into: Path) -> Path:
    for stray in into.glob("restore-*.part"):
        shutil.rmtree(stray, ignore_errors=True)
    beside = into / f"restore-{os.getpid()}.part"
    beside.mkdir(mode=0o700)
    try:
        archives.extract(archive, manifest, beside)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return beside


def _send_to_the_bucket(beside: Path) -> None:
    """The files, where the settings keep them in a bucket. No name is ever used twice: what is there stays."""
    if settings.S3 is None:
        return
    for alias in settings.STORAGES:
        place: Any = storages[alias]
        folder = beside / FILES / getattr(place, "folder", ".")
        if not hasattr(place, "folder") or not folder.is_dir():
            continue
        for path in (found for found in sorted(folder.rglob("*")) if found.is_file()):
            name = path.relative_to(folder).as_posix()
            if not place.exists(name):
                with path.open("rb") as source:
                    place.save(name, File(source, name))
    shutil.rmtree(beside / FILES, ignore_errors=True)


def _finish_own_record(execute: Callable[..., Any], mark: str, archive: Path, manifest: dict[str, Any]) -> None:
    """The archive holds the database as it was while it was made: its own row said that it was not finished.

    The database may be of an older version of the product, whose other columns Django would ask for in vain:
    the row is written in SQL, `mark` being the database's own for a parameter.
    """
    made = datetime.fromisoformat(manifest["made_at"]).astimezone(UTC)
    with archive.open("rb") as whole:
        digest = hashlib.file_digest(whole, "sha256").hexdigest()
    execute(
        f"UPDATE kb_backuprecord SET finished_at = {mark}, size = {mark}, files = {mark}, sha256 = {mark} "  # noqa: S608
        "WHERE finished_at IS NULL AND problem = ''",
        (
            f"{made:%Y-%m-%d %H:%M:%S}{'' if mark == '?' else '+00:00'}",
            archive.stat().st_size,
            len(manifest["members"]),
            digest,
        ),
    )


def _swap(beside: Path, into: Path, database: Sqlite | Postgresql) -> Path | None:
    """Writes down what is to move, moves it. Returns where the former site went."""
    there_was = any((into / name).exists() for name in (SQLITE, FILES))
    aside = into / f"before-restore-{timezone.localtime():%Y%m%d-%H%M%S}"
    plan = {
        "beside": beside.name,
        "aside": aside.name,
        "new": [name for name in OF_A_SITE if (beside / name).exists() and not _is_carried(name, database)],
    }
    draft = into / f"{IN_HAND}.part"
    with draft.open("w") as out:
        json.dump(plan, out)
        out.flush()
        os.fsync(out.fileno())
    draft.rename(into / IN_HAND)
    try:
        if isinstance(database, Postgresql) and not database.is_empty():
            there_was = True
            aside.mkdir(mode=0o700, exist_ok=True)
            with database.copied(aside / POSTGRESQL):
                pass
        finish_interrupted(into)
    except DatabaseFailed as failed:  # nothing has moved
        (into / IN_HAND).unlink(missing_ok=True)
        shutil.rmtree(beside, ignore_errors=True)
        raise BadArchive(f"{failed} Rien n’a changé.") from failed
    if there_was:
        return aside
    shutil.rmtree(aside, ignore_errors=True)  # only the key that this start drew
    return None


def _is_carried(name: str, database: Sqlite | Postgresql) -> bool:
    """An SQLite file whose rows go to the server: it takes no place in the folder."""
    return name == SQLITE and isinstance(database, Postgresql)


def finish_interrupted(data_dir: Path) -> bool:
    """Ends a restoration that was cut between two moves. True if there was one. Done again it changes nothing."""
    written = data_dir / IN_HAND
    if not written.exists():
        return False
    plan = json.loads(written.read_text())
    beside, aside = data_dir / plan["beside"], data_dir / plan["aside"]
    database = databases.current()
    if isinstance(database, Postgresql):  # before anything moves: whole, or not at all
        if (beside / POSTGRESQL).exists():
            database.put_back(beside / POSTGRESQL)
        elif (beside / SQLITE).exists():
            carrying.carry(beside / SQLITE)
    aside.mkdir(mode=0o700, exist_ok=True)
    for name in OF_A_SITE:
        arrived = name in plan["new"] and not (beside / name).exists()
        if not arrived and (data_dir / name).exists():
            (data_dir / name).rename(aside / name)
        if name in plan["new"] and not arrived:
            (beside / name).rename(data_dir / name)
    written.unlink()
    shutil.rmtree(beside, ignore_errors=True)
    return True
