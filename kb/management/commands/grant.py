"""Gives a right from a shell, by the operation that the screen uses."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser

from kb.access import operations, queries
from kb.access.commands import grantee_named, page_named, person_named, role_named
from kb.commands import FrenchCommand


class Command(FrenchCommand):
    """grant (--group G | --person USER | --team PROJECT | --public) ROLE PAGE_PATH --why "…" --as USER [--until DATE]"""

    help = "Donne un droit sur une page et tout ce qui est au-dessous."

    def add_arguments(self, parser: CommandParser) -> None:
        """The grantee, the role, the page, the reason and the person who gives."""
        grantee = parser.add_mutually_exclusive_group(required=True)
        grantee.add_argument("--group", metavar="G")
        grantee.add_argument("--person", metavar="USER")
        grantee.add_argument("--team", metavar="PROJECT_PATH")
        grantee.add_argument("--public", action="store_true")
        parser.add_argument("role", metavar="ROLE")
        parser.add_argument("page", metavar="PAGE_PATH")
        parser.add_argument("--until", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--why", required=True)
        parser.add_argument("--as", required=True, dest="by", metavar="USER")

    def handle(self, *args: Any, **options: Any) -> None:
        """The right as it stands from now on, in words."""
        try:
            given = operations.give(
                page=page_named(options["page"]),
                grantee=grantee_named(options),
                role=role_named(options["role"]),
                by=person_named(options["by"]),
                until=options["until"],
                why=options["why"],
            )
        except (operations.Refused, PermissionDenied) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"Droit donné : {queries.in_words(given)}.")
