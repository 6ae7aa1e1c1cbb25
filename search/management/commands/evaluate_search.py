"""Measures the search on a collection with known answers."""

import json
import secrets
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from kb.commands import FrenchCommand
from search import evaluation
from search.engines import choosing
from search.engines.contract import Unavailable


class Command(FrenchCommand):
    """evaluate_search --docs D.jsonl --queries Q.jsonl --qrels R.tsv [--engine …] [--json]"""

    help = "Mesure la recherche sur une collection dont les réponses sont connues, dans un index qui ne reste pas."

    def add_arguments(self, parser: CommandParser) -> None:
        """The three files and the engine."""
        parser.add_argument("--docs", type=Path, required=True, help='Lignes {"id", "title", "text"}.')
        parser.add_argument("--queries", type=Path, required=True, help='Lignes {"id", "text"}.')
        parser.add_argument("--qrels", type=Path, required=True, help="Lignes requête⇥document⇥1.")
        parser.add_argument("--engine", choices=choosing.NAMES, help="Sinon, celui de la base de données.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per figure; JSON alone on standard output."""
        try:
            engine = choosing.engine_named(options["engine"], alias=f"evaluation-{secrets.token_hex(4)}")
            docs = evaluation.rows_of(options["docs"], "id", "text")
            queries = list(evaluation.rows_of(options["queries"], "id", "text"))
            answers = evaluation.judgements_of(options["qrels"])
            judged = evaluation.evaluate(docs, queries, answers, engine).as_dict()
        except OSError as error:
            raise CommandError(f"« {error.filename} » ne se lit pas : vérifiez le nom du fichier.") from None
        except UnicodeDecodeError:
            raise CommandError("Un de ces fichiers n’est pas un texte en UTF-8 : enregistrez-le ainsi.") from None
        except (evaluation.Unreadable, choosing.NoSuchEngine, Unavailable) as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(judged, ensure_ascii=False))
            return
        for name, value in judged.items():
            self.stdout.write(f"{name:16} {value}")
