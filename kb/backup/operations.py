"""Deeds: make a backup now, keep the last ones."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from kb.backup import archive
from kb.backup.models import BackupRecord


class CannotBackUp(Exception):
    """No backup was made; the message is a French sentence with its way out."""


def folder() -> Path:
    """Where backups are kept."""
    path = Path(settings.BACKUP_DIR)
    path.mkdir(parents=True, exist_ok=True)
    return path


def make_backup(*, to: Path | None = None) -> Path:
    """One archive of the whole site, taken while it is used. Raises CannotBackUp.

    The folder's older archives beyond BACKUP_KEEP go, once the new one is whole.
    """
    if connection.vendor != "sqlite":
        raise CannotBackUp(
            "Cette sauvegarde est celle d’une base SQLite. Avec PostgreSQL, sauvegardez la base par pg_dump "
            "et le dossier des fichiers avec elle."
        )
    target = to or folder() / f"seance-tenante-{timezone.localtime():%Y%m%d-%H%M%S}.tar"
    record = BackupRecord.objects.create(name=target.name)
    for stray in target.parent.glob("*.part"):
        stray.unlink(missing_ok=True)
    try:
        made = archive.write(
            target, database=Path(settings.DATABASES["default"]["NAME"]), files_root=settings.FILES_ROOT,
            data_dir=settings.DATA_DIR, version=settings.VERSION,
        )  # fmt: skip
    except OSError as error:
        record.problem = f"La sauvegarde n’a pas pu s’écrire : {error.strerror}."
        record.save(update_fields=["problem"])
        raise CannotBackUp(record.problem) from error
    record.size, record.files, record.sha256 = made.size, made.files, made.sha256
    record.finished_at = timezone.now()
    record.save()
    if to is None:
        _keep_the_last()
    return made.path


def _keep_the_last() -> None:
    archives = sorted(folder().glob("seance-tenante-*.tar"), reverse=True)
    for old in archives[settings.BACKUP_KEEP :]:
        old.unlink()
