"""Deeds: make a backup now, keep the last ones."""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from kb import typography
from kb.backup import archive, contents, databases
from kb.backup.models import BackupRecord
from kb.work import locks
from kb.work.reasons import in_french

IN_HAND = "backup.lock"  # in DATA_DIR
NAME = "seance-tenante-"
NAMED_MISSING = 3  # the others are in the manifest


class CannotBackUp(Exception):
    """No backup was made; the message is a French sentence with its way out."""


def folder() -> Path:
    """Where backups are kept."""
    path = Path(settings.BACKUP_DIR)
    path.mkdir(parents=True, exist_ok=True)
    return path


def make_backup(*, to: Path | None = None, progress: Callable[[int], Any] = lambda done: None) -> Path:
    """One archive of the whole site, taken while it is used; in BACKUP_DIR, or at `to`.

    The folder's older archives beyond BACKUP_KEEP go, once the new one is whole. `progress` is told the
    number of files written. Raises CannotBackUp; the register of backups then says why, and no file stays.
    """
    target = Path(to).absolute() if to else folder() / f"{NAME}{timezone.localtime():%Y%m%d-%H%M%S}.tar"
    if target.exists():
        raise CannotBackUp(f"« {target} » existe déjà. Donnez un autre nom.")
    try:
        with locks.held(Path(settings.DATA_DIR) / IN_HAND):
            made = _written(target, progress)
            if to is None:
                _keep_the_last()
    except locks.Taken:
        raise CannotBackUp("Une sauvegarde est déjà en cours. Attendez qu’elle finisse.") from None
    return made.path


def _written(target: Path, progress: Callable[[int], Any]) -> archive.Made:
    """Writes the archive and its row in the register. The lock is held: whatever is half-made is nobody's."""
    for stray in folder().glob(f"{NAME}*{archive.PART}"):
        stray.unlink(missing_ok=True)
    BackupRecord.objects.filter(finished_at=None, problem="").update(problem="Interrompue avant la fin.")
    record = BackupRecord.objects.create(name=target.name)
    try:
        made = archive.write(
            target,
            database=databases.current(),
            version=settings.VERSION,
            members=partial(contents.members, data_dir=settings.DATA_DIR),
            progress=progress,
        )
    except (OSError, sqlite3.Error, databases.DatabaseFailed) as error:
        record.problem = f"La sauvegarde n’a pas pu s’écrire. {in_french(error)}"[:300]
        record.save(update_fields=["problem"])
        raise CannotBackUp(record.problem) from error
    record.size, record.files, record.sha256 = made.size, made.files, made.sha256
    record.finished_at, record.problem = timezone.now(), _said_of(made.missing)
    record.save()
    return made


def _said_of(missing: list[str]) -> str:
    """The archive is whole without them, and somebody must know that they are lost."""
    if not missing:
        return ""
    named = ", ".join(Path(name).name for name in missing[:NAMED_MISSING])
    return f"Introuvables sur le disque : {typography.count(len(missing), 'fichier')} ({named}…)."[:300]


def _keep_the_last() -> None:
    archives = sorted(folder().glob(f"{NAME}*.tar"), reverse=True)
    for old in archives[settings.BACKUP_KEEP :]:
        old.unlink(missing_ok=True)
