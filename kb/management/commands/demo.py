"""Loads the invented commune, or tells its accounts."""

import json
from datetime import date
from time import monotonic
from typing import Any

from django.core.management.base import CommandError, CommandParser

from kb import typography
from kb.commands import FrenchCommand
from kb.demo import operations
from kb.people.operations import AlreadyFounded


class Command(FrenchCommand):
    """demo [--anchor AAAA-MM-JJ] | demo --accounts [--json]"""

    help = "Charge Valmorin-sur-Drise, commune de démonstration, ou donne ses comptes."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and the day that dates are counted from."""
        parser.add_argument(
            "--accounts", action="store_true", help="les comptes : mots de passe des agents, liens des élus"
        )
        parser.add_argument("--json", action="store_true", help="avec --accounts : du JSON seul")
        parser.add_argument("--anchor", type=date.fromisoformat, metavar="AAAA-MM-JJ", help="le jour du chargement")

    def handle(self, *args: Any, **options: Any) -> None:
        """Progress on standard output; with --json, JSON alone."""
        if options["accounts"]:
            self._accounts(as_json=options["json"])
        else:
            self._load(options["anchor"])

    def _load(self, anchor: date | None) -> None:
        start = monotonic()
        try:
            made = operations.load(anchor=anchor, say=self.stdout.write)
        except AlreadyFounded as known:
            raise CommandError(str(known)) from None
        self.stdout.write(
            f"Valmorin-sur-Drise est prête en {typography.count(round(monotonic() - start), 'seconde')} : "
            f"{typography.count(made.pages, 'page')}, {typography.count(made.versions, 'version')} de documents, "
            f"{typography.count(made.people, 'personne')}."
        )

    def _accounts(self, *, as_json: bool) -> None:
        try:
            found = operations.accounts()
        except operations.NoAccounts as missing:
            raise CommandError(str(missing)) from None
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for account in found:
            key = account["password"] or account["link"]
            self.stdout.write(f"{account['username']:<24} {key:<36} {account['name']}, {account['role']}")
