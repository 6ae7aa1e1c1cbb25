"""manage.py restore FILE [--force]"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from kb.backup.archive import BadArchive, restore


class Command(BaseCommand):
    """Puts a backup in DATA_DIR. The site must be stopped."""

    help = "Restaure une sauvegarde dans DATA_DIR, site arrêté."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The archive."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says where the old data are kept."""
        connections.close_all()
        try:
            aside = restore(options["file"], settings.DATA_DIR, force=options["force"])
        except BadArchive as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write("Le site est restauré. Lancez « make run ».")
        if aside:
            self.stdout.write(f"Ce qui s’y trouvait est gardé dans {aside}.")
