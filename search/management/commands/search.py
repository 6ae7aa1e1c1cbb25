"""Searches as a person would."""

import json
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import CommandError, CommandParser

from kb.access.commands import person_named
from kb.commands import FrenchCommand, as_written
from kb.permissions import Viewer
from search import queries
from search.engines import choosing
from search.presentation import facet_lines
from search.queries import Answer, Hit


class Command(FrenchCommand):
    """search "mots" --as USER [--engine …] [--json] [--limit N]"""

    help = "Cherche comme le ferait une personne, avec ses droits."

    def add_arguments(self, parser: CommandParser) -> None:
        """The words and the person."""
        parser.add_argument("words", metavar="MOTS")
        parser.add_argument("--as", dest="person", metavar="USER", help="Sans lui : le public.")
        parser.add_argument("--engine", choices=choosing.NAMES)
        parser.add_argument("--limit", type=int, default=queries.SHOWN)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """The answer; JSON alone on standard output."""
        if options["limit"] < 1:
            raise CommandError("--limit : il faut un nombre d’au moins 1.")
        viewer = Viewer.of(person_named(options["person"]) if options["person"] else AnonymousUser())
        try:
            engine = choosing.engine_named(options["engine"]) if options["engine"] else choosing.engine()
        except choosing.NoSuchEngine as error:
            raise CommandError(str(error)) from None
        answer = queries.search(options["words"], viewer, limit=options["limit"], engine=engine)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(answer), ensure_ascii=False, indent=2))
            return
        self._print(answer, viewer)

    def _print(self, answer: Answer, viewer: Viewer) -> None:
        count = answer.total
        self.stdout.write(f"{count} résultat{'s' if count > 1 else ''} pour « {answer.ask.written} »")
        if answer.did_you_mean:
            self.stdout.write(f"Vouliez-vous dire « {answer.did_you_mean} » ?")
        for notice in answer.notices:
            self.stdout.write(notice)
        for hit in answer.hits:
            self.stdout.write(f"\n{hit.rank}. {hit.title} ({hit.sort_label})  {hit.address}")
            if hit.words:
                self.stdout.write(f"   {' · '.join(hit.words)}")
            for extract in hit.extracts:
                page = f"page {extract.file_page} : " if extract.file_page else ""
                self.stdout.write(f"   {page}{' '.join(extract.snippet.text.split())}")
        self.stdout.writelines(["\n", *(f"{line}\n" for line in facet_lines(answer, viewer))])


def _as_json(answer: Answer) -> dict[str, Any]:
    return {
        "query": as_written(answer.ask.written),
        "total": answer.total,
        "did_you_mean": answer.did_you_mean,
        "notices": list(answer.notices),
        "facets": {name: dict(values) for name, values in answer.facets.items()},
        "results": [_hit_as_json(hit) for hit in answer.hits],
    }


def _hit_as_json(hit: Hit) -> dict[str, Any]:
    first = hit.extracts[0] if hit.extracts else None
    return {
        "rank": hit.rank,
        "score": hit.score,
        "kind": hit.kind,
        "sort": hit.sort,
        "title": hit.title,
        "path": list(hit.path),
        "address": hit.address,
        "page": hit.page_id,
        "document": hit.document_id,
        "version": hit.version,
        "file_page": first.file_page if first else None,
        "snippet": first.snippet.text if first else "",
        "stands": list(hit.words),
        "author": hit.author,
        "dated": hit.dated.isoformat() if hit.dated else None,
    }
