"""Runs the participation engine on a file of events."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from council.participation import Refused, from_json, replay
from kb.commands import FrenchCommand


class Command(FrenchCommand):
    """replay_sitting EVENTS.json [--json]"""

    help = "Rejoue une séance depuis ses événements : présents, quorum et résultat de chaque vote."
    requires_system_checks = ()  # it reads no database

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and how to print."""
        parser.add_argument("events", metavar="EVENTS.json")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sentences, or JSON alone on standard output."""
        try:
            rows = replay(from_json(_text(Path(options["events"])))).rows
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            place = f"Point {row['item']}" if row["item"] else "Séance"
            name = f", {row['name']}" if row["name"] else ""
            self.stdout.write(f"{place}{name}. {row['sentence']}")
            if row["result"] != "no_quorum":
                self.stdout.write(f"    {row['quorum_sentence']}")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"« {path} » n’est pas un texte en UTF-8 : enregistrez-le ainsi.") from None
    except OSError:
        raise CommandError(f"« {path} » ne se lit pas : vérifiez le nom du fichier.") from None
