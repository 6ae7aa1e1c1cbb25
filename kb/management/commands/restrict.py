"""Reserves the access to a page from a shell, by the operation that the screen uses."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser

from kb.access import operations
from kb.access.commands import page_named, person_named
from kb.commands import FrenchCommand


class Command(FrenchCommand):
    """restrict PAGE_PATH --as USER [--why "…"]"""

    help = "Réserve l’accès à une page : les droits donnés au-dessus n’y comptent plus."

    def add_arguments(self, parser: CommandParser) -> None:
        """The page, the person who reserves, the reason."""
        parser.add_argument("page", metavar="PAGE_PATH")
        parser.add_argument("--as", required=True, dest="by", metavar="USER")
        parser.add_argument("--why", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """What is reserved, in words."""
        page = page_named(options["page"])
        try:
            operations.reserve(page=page, by=person_named(options["by"]), why=options["why"])
        except (operations.Refused, PermissionDenied) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(
            f"L’accès à « {page.title} » est réservé : rien de ce qui est donné au-dessus n’y compte plus."
        )
