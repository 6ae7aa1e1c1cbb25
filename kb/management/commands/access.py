"""Says what a person is on a page, and why."""

import json
from typing import Any

from django.core.management.base import CommandParser

from kb.access import queries
from kb.access.commands import page_named, person_named
from kb.commands import FrenchCommand


class Command(FrenchCommand):
    """access USER PAGE_PATH [--explain] [--json]"""

    help = "Dit le rôle d’une personne sur une page, et d’où il vient."

    def add_arguments(self, parser: CommandParser) -> None:
        """The person and the page."""
        parser.add_argument("person", metavar="USER")
        parser.add_argument("page", metavar="PAGE_PATH")
        parser.add_argument("--explain", action="store_true", help="Dit aussi tous les droits qui comptent ici.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """One answer. JSON alone on standard output."""
        person, page = person_named(options["person"]), page_named(options["page"])
        found = queries.explained(person, page)
        answer = {"person": person.username, "page": page.url_path, **found}
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{person} sur « {page.title} » : {found['role']}. {found['why']}")
        if options["explain"]:
            self.stdout.write(f"Accès réservé à partir de : {found['boundary'] or 'aucune page'}")
            for grant in queries.grants_on(page):
                self.stdout.write(f"- {queries.in_words(grant)}")
