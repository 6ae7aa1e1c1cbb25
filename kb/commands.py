"""What the commands share: they refuse in French, on standard error, with nothing on standard output."""

import io
import os
import re
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

# What argparse says, in English → the same in French.
_MISSPELT = (
    (re.compile(r"the following arguments are required: (.+)"), "il manque {}"),
    (re.compile(r"one of the arguments (.+) is required"), "donnez l’un de {}"),
    (re.compile(r"argument (\S+): expected .+ arguments?"), "{} attend une valeur"),
    (re.compile(r"argument (\S+): not allowed with .+"), "{} ne va pas avec une autre option donnée"),
    (re.compile(r"argument (\S+): .+"), "la valeur de {} ne convient pas"),
    (re.compile(r"unrecognized arguments: (.+)"), "{} n’est pas connu"),
)


class FrenchCommand(BaseCommand):
    """A command whose refusals are French sentences: 1 for what cannot be done, 2 for how it is written."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """A parser that does not answer a misspelt option in English."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)

        def refuse(message: str) -> NoReturn:
            sentence = (
                f"Commande mal écrite{_misspelt(message)} : « manage.py {subcommand} --help » dit comment la donner."
            )
            if self._called_from_command_line:  # type: ignore[attr-defined]  # BaseCommand's
                self.stderr.write(sentence)
                sys.exit(2)
            raise CommandError(sentence)

        parser.error = refuse  # type: ignore[method-assign]
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        """A refusal is its sentence alone, without the name of a class before it; both outputs are UTF-8, whatever the shell."""
        if self._called_from_command_line:  # type: ignore[attr-defined]
            for stream in (sys.stdout, sys.stderr):
                if isinstance(stream, io.TextIOWrapper):
                    stream.reconfigure(encoding="utf-8")
        try:
            return super().execute(*args, **options)
        except (CommandError, OperationalError, ProgrammingError) as wrong:
            if not self._called_from_command_line:  # type: ignore[attr-defined]
                raise
            refusal = wrong if isinstance(wrong, CommandError) else _unreadable(wrong)
            self.stderr.write(str(refusal))
            sys.exit(refusal.returncode)


def as_written(name: str) -> str:
    """A file's name as JSON can hold it: bytes that are not UTF-8 show as �, and nothing else changes."""
    return os.fsencode(name).decode(errors="replace")


def _misspelt(message: str) -> str:
    for english, french in _MISSPELT:
        if found := english.fullmatch(message):
            return f" ({french.format(found[1])})"
    return ""


def _unreadable(wrong: Exception) -> CommandError:
    if "no such" in str(wrong) or "does not exist" in str(wrong):
        return CommandError("La base de données n’est pas prête : « manage.py prepare » la prépare.")
    return CommandError(f"La base de données ne répond pas ({wrong}) : réessayez.")
