"""What the commands of the council share: they refuse in French, with nothing on standard output."""

import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser


class FrenchCommand(BaseCommand):
    """A command that reads no database and whose refusals are French sentences."""

    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """A parser that does not answer a misspelt option in English."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)

        def refuse(_message: str) -> NoReturn:
            sentence = f"Commande mal écrite : « manage.py {subcommand} --help » dit comment la donner."
            if self._called_from_command_line:  # type: ignore[attr-defined]  # BaseCommand's
                self.stderr.write(sentence)
                sys.exit(2)
            raise CommandError(sentence)

        parser.error = refuse  # type: ignore[method-assign, assignment]
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        """A refusal is its sentence alone, without the name of a class before it."""
        try:
            return super().execute(*args, **options)
        except CommandError as refusal:
            if not self._called_from_command_line:  # type: ignore[attr-defined]
                raise
            self.stderr.write(str(refusal))
            sys.exit(refusal.returncode)
