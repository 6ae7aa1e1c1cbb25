"""manage.py restore FILE [--force]"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import connections

from kb import typography
from kb.backup.archive import BadArchive
from kb.backup.restoring import Restored, restore
from kb.commands import FrenchCommand


class Command(FrenchCommand):
    """Puts a backup in DATA_DIR. The site must be stopped."""

    help = "Restaure une sauvegarde dans DATA_DIR, site arrêté."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The archive."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="même s’il y a déjà un site, qui est gardé à côté")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says where the old data are kept, and what the archive does not hold."""
        connections.close_all()
        try:
            done = restore(archive=options["file"], into=settings.DATA_DIR, force=options["force"])
        except BadArchive as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write("Le site est restauré. Lancez « make run ».")
        self._tell(done)

    def _tell(self, done: Restored) -> None:
        if done.aside:
            self.stdout.write(f"Ce qui s’y trouvait est gardé dans {done.aside}.")
        if done.missing:
            lost = typography.count(len(done.missing), "fichier")
            self.stdout.write(f"Lors de la sauvegarde, il manquait déjà {lost} :")
            self.stdout.writelines(f"  {name}" for name in done.missing)
        if done.variables:
            self.stdout.write("Le site sauvegardé se lançait avec ces réglages :")
            self.stdout.writelines(f"  {name}={value}" for name, value in done.variables.items())
