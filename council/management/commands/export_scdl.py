"""Writes the délibérations of a year as open data (SCDL 2.1.5)."""

import re
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from council.open_data import scdl
from kb.commands import FrenchCommand
from kb.typography import count

YEAR = re.compile(r"(?:19|20|21)\d{2}", re.ASCII)


class Command(FrenchCommand):
    """export_scdl --year Y -o FILE"""

    help = "Écrit les délibérations publiées d’une année au format SCDL 2.1.5 (CSV, UTF-8, virgules)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Both are asked in French when they are missing."""
        parser.add_argument("--year", metavar="AAAA", help="L’année des délibérations.")
        parser.add_argument("-o", "--output", metavar="FICHIER", help="Le fichier à écrire.")

    def handle(self, *args: Any, **options: Any) -> None:
        """The file whole, or none; what could not be in it is said on standard error."""
        if not options["year"] or not YEAR.fullmatch(options["year"]):
            raise CommandError("Donnez l’année en quatre chiffres : --year 2026.")
        if not options["output"]:
            raise CommandError("Donnez le fichier à écrire : -o deliberations.csv.")
        try:
            exported = scdl.export(int(options["year"]))
        except scdl.CannotExport as refused:
            raise CommandError(str(refused)) from None
        try:
            Path(options["output"]).write_text(scdl.as_csv(exported.rows), encoding="utf-8", newline="")
        except OSError:
            raise CommandError(f"« {options['output']} » ne s’écrit pas : vérifiez le dossier et vos droits.") from None
        for number in exported.without_matter:
            self.stderr.write(f"Laissée de côté, sans matière : délibération {number}. Choisissez-la sur sa fiche.")
        self.stdout.write(f"{count(len(exported.rows), 'délibération')} dans {options['output']}.")
