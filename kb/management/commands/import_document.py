"""Brings files into the knowledge base from a shell, as the screen does."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser

from kb import typography
from kb.commands import FrenchCommand, as_written
from kb.documents import file_types
from kb.exchange.models import ImportState
from kb.exchange.operations import bring_in
from kb.pages.addresses import NoSuchPage, page_at
from kb.people.models import User


class Command(FrenchCommand):
    """import_document FILE… --into PAGE_PATH --as USER [--json]. Without --json, returns 1 when a file was refused."""

    help = "Fait entrer des fichiers : les textes deviennent des brouillons, le reste est joint à la page."

    def add_arguments(self, parser: CommandParser) -> None:
        """Files, the page and the person."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--into", required=True, metavar="PAGE_PATH")
        parser.add_argument("--as", required=True, dest="person", metavar="USER")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """One answer per file, in the order given. JSON alone on standard output."""
        try:
            author = User.objects.named(options["person"])
        except User.DoesNotExist:
            raise CommandError(f"Aucun compte ouvert ne s’appelle « {options['person']} ».") from None
        try:
            parent = page_at(options["into"])
        except NoSuchPage as missing:
            raise CommandError(str(missing)) from None
        answers = [{"file": as_written(name)} | self._bring(Path(name), parent, author) for name in options["files"]]
        if options["json"]:  # each state is said: nothing else is to be told by the exit code
            self.stdout.write(json.dumps(answers, ensure_ascii=False, indent=2))
            return
        for answer in answers:
            self.stdout.write(f"{answer['file']} : {answer['message']}")
        if refused := sum(answer["state"] == ImportState.REFUSED for answer in answers):
            raise CommandError(
                f"{typography.count(refused, 'fichier refusé', 'fichiers refusés')} sur {len(answers)}.", returncode=1
            )

    def _bring(self, path: Path, parent: Any, author: User) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "state": str(ImportState.REFUSED),
            "page": None,
            "document": None,
            "sha256": None,
            "message": "",
        }
        try:
            with path.open("rb") as file:
                brought = bring_in(parent=parent, file=file, file_name=path.name, author=author, reuse=True)
        except PermissionDenied as denied:
            return {**answer, "message": str(denied)}
        except OSError:
            shown = file_types.safe_name(path.name)
            return {**answer, "message": f"« {shown} » ne se lit pas sur ce disque. Vérifiez son chemin."}
        return {
            **answer,
            "state": str(brought.state),
            "sha256": brought.sha256,
            "message": brought.message,
            "page": brought.page.url_path if brought.page else None,
            "document": brought.document.pk if brought.document else None,
        }
