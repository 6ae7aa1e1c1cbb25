"""Writes the search index again."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from kb.commands import FrenchCommand
from kb.work import operations as work
from kb.work.models import JobState
from search import operations
from search.engines import choosing


class Command(FrenchCommand):
    """reindex [--engine …] [--background]"""

    help = "Réécrit l’index de la recherche, sans arrêter le site. Interrompu, il reprend où il en était."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which engine, and who does it."""
        parser.add_argument("--engine", choices=choosing.NAMES, help="Sinon, celui de la base de données.")
        parser.add_argument("--background", action="store_true", help="Le demande, et le laisse faire au site.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Here and now, unless a worker already does it."""
        try:
            engine = choosing.engine_named(options["engine"])
        except choosing.NoSuchEngine as error:
            raise CommandError(str(error)) from None
        elsewhere = engine.name == "elasticsearch"  # fed from the database's rows: those are not written again
        job = operations.ask_for_feeding() if elsewhere else operations.ask_for_rebuilding()
        if options["background"]:
            self.stdout.write(f"Demandé : {job}. L’avancement se lit dans le registre des travaux de fond.")
            return
        done = work.run(job.pk)
        job.refresh_from_db()
        if job.state == JobState.RUNNING:
            self.stdout.write("Un processus du site s’en occupe déjà.")
        elif done:
            self.stdout.write(
                f"Index réécrit : {job.progress_done} {'passages' if elsewhere else 'pages, fichiers et actes'}."
            )
        else:
            raise CommandError(f"L’index n’a pas pu être réécrit : {job.reason}")
