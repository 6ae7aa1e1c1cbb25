"""When the last backup was made, and the alarm when it is too old."""

from datetime import datetime, timedelta

from django.utils import timezone

from kb import typography
from kb.backup.models import BackupRecord
from kb.people.account import User

TOO_OLD = timedelta(hours=48)


def last_backup() -> BackupRecord | None:
    """The last whole backup."""
    return BackupRecord.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()


def last_line() -> str:
    """« Sauvegardé le 6 octobre 2026 à 3 h 10 », or nothing."""
    last = last_backup()
    return f"Sauvegardé le {typography.moment(last.finished_at)}" if last and last.finished_at else ""


def alarm() -> str:
    """A sentence when no backup was made for 48 hours, else nothing."""
    last = last_backup()
    since = last.finished_at if last else _founded_at()
    if since is None or timezone.now() - since < TOO_OLD:
        return ""
    if last is None:
        return "Ce site n’a encore jamais été sauvegardé. Prévenez la personne qui s’occupe de l’informatique."
    return (
        f"La dernière sauvegarde date du {typography.moment(since)}. "
        "Prévenez la personne qui s’occupe de l’informatique."
    )


def _founded_at() -> datetime | None:
    return User.objects.order_by("date_joined").values_list("date_joined", flat=True).first()
