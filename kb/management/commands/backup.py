"""manage.py backup [--to FILE]"""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from kb.backup.operations import CannotBackUp, make_backup
from kb.commands import FrenchCommand


class Command(FrenchCommand):
    """Makes a backup now."""

    help = "Sauvegarde tout le site dans une archive."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write it."""
        parser.add_argument("--to", type=Path, metavar="FICHIER", help="par défaut : dans BACKUP_DIR, daté")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the path of the archive."""
        try:
            self.stdout.write(str(make_backup(to=options["to"])))
        except CannotBackUp as refused:
            raise CommandError(str(refused)) from refused
