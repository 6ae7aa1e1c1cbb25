"""Reads the text of files from a shell, as the worker does, without touching the database."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from kb.commands import FrenchCommand, as_written
from kb.documents import file_types
from kb.documents.extraction.readers import read_whole


class Command(FrenchCommand):
    """extract FILE… [--json] [--text]"""

    help = "Lit le texte de fichiers, scans compris, et dit ce qui a été trouvé. Rien n’est enregistré."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """The files, and the form of the answers."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="une liste JSON, seule sur la sortie standard")
        parser.add_argument("--text", action="store_true", help="le texte aussi")

    def handle(self, *args: Any, **options: Any) -> None:
        """One answer per file, in the order given."""
        answers = []
        for name in options["files"]:
            answer = {"file": as_written(name)} | _answer(name, with_text=options["text"])
            answers.append(answer)
            if not options["json"]:
                self.stdout.write(f"{answer['file']} : {answer['state']}, {answer['kind']}. {answer['sentence']}")
                self.stdout.writelines(f"{text}\n" for text in answer.get("text", []))
        if options["json"]:
            self.stdout.write(json.dumps(answers, ensure_ascii=False, indent=2))


def _answer(name: str, *, with_text: bool) -> dict[str, Any]:
    path = Path(name)
    try:
        data = path.read_bytes()
    except OSError:
        shown = file_types.safe_name(path.name)
        said = f"« {shown} » ne se lit pas sur ce disque. Vérifiez son chemin."
        return {"state": "failed", "kind": "unknown", "pages": None, "characters": 0, "sentence": said, "readers": []}
    reading = read_whole(data, path.name)
    answer = {
        "state": reading.state.value,
        "kind": reading.kind.value,
        "pages": reading.page_count,
        "characters": reading.characters,
        "sentence": reading.sentence,
        "readers": reading.readers,
    }
    return {**answer, "text": [page.text for page in reading.pages]} if with_text else answer
