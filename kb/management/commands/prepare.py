"""manage.py prepare: all that `make run` does before it serves; done again it takes a second."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from kb.access import inheritance
from kb.backup.databases import DatabaseFailed
from kb.backup.restoring import finish_interrupted
from kb.exchange import pdf
from kb.people.models import Town
from kb.work import locks, serving

OPTIONAL = (
    (
        "soffice",
        "LibreOffice",
        "libreoffice-writer-nogui",
        "lire les anciens fichiers Word et PowerPoint que les autres lecteurs ne savent pas lire",
    ),
    ("tesseract", "Tesseract", "tesseract-ocr-fra", "lire les documents numérisés"),
    ("antiword", "antiword", "antiword", "lire vite les anciens fichiers Word (.doc)"),
)


class Command(BaseCommand):
    """Migrations, static files, and a town when there is none."""

    help = "Prépare le site : base, fichiers statiques, commune."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether an empty installation gets the demo town."""
        parser.add_argument("--no-demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Each step is skipped when it is already done."""
        for line in missing_packages():
            self.stdout.write(line)
        try:
            if self._finish_restoration():
                self.stdout.write("Une restauration avait été interrompue : elle est finie.")
            call_command("migrate", verbosity=0, interactive=False)
        except DatabaseFailed as failed:
            raise CommandError(str(failed)) from failed
        except OperationalError as error:
            raise CommandError(f"La base de données ne répond pas. Vérifiez DATABASE_URL. ({error})") from error
        collect_static()
        if not Town.objects.exists():
            if options["no_demo"]:
                call_command("found_town")
            else:
                call_command("demo")
        inheritance.repair()
        if Town.current().is_demo:
            self.stdout.write(f"\nCommune de démonstration, sur {settings.BASE_URL} :\n")
            call_command("demo", accounts=True)

    def _finish_restoration(self) -> bool:
        """Not beside a site that runs, or a restoration: these hold the lock, and do it themselves."""
        try:
            with serving.alone(settings.DATA_DIR):
                return finish_interrupted(settings.DATA_DIR)
        except locks.Taken:
            return False


def missing_packages() -> list[str]:
    """What the server lacks, what for, and how to install it."""
    lines = []
    if not pdf.is_available():
        lines.append("Il manque Pango : pas d’export PDF. Sur Debian : apt install libpango-1.0-0 libpangoft2-1.0-0")
    for program, name, package, what_for in OPTIONAL:
        if shutil.which(program) is None:
            lines.append(f"{name} n’est pas installé (facultatif : {what_for}). Sur Debian : apt install {package}")
    return lines


def collect_static() -> None:
    """Collects the static files when the product's or the libraries' changed."""
    stamp = settings.DATA_DIR / "static.stamp"
    state = _static_state()
    if stamp.exists() and stamp.read_text() == state and settings.STATIC_ROOT.exists():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(state)


def _static_state() -> str:
    digest = hashlib.sha256((Path(settings.ROOT) / "requirements.txt").read_bytes())
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()
