"""manage.py found_town: an empty town, its name and its first administrator."""

import getpass
import os
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.people.operations import AlreadyFounded, found_town

QUESTIONS = (
    ("town", "Nom de la commune"),
    ("first_name", "Votre prénom"),
    ("last_name", "Votre nom"),
    ("email", "Votre adresse e-mail"),
)


class Command(BaseCommand):
    """Asks what is not given as an option."""

    help = "Fonde une commune vide et son premier compte d’administration."

    def add_arguments(self, parser: CommandParser) -> None:
        """Each question can be answered by an option; the password by FIRST_PASSWORD."""
        for name, question in QUESTIONS:
            parser.add_argument(f"--{name.replace('_', '-')}", dest=name, help=question)

    def handle(self, *args: Any, **options: Any) -> None:
        """Asks again what was wrong when somebody is there to answer."""
        try:
            answers: dict[str, Any] = {
                name: options[name] or input(f"{question} : ").strip() for name, question in QUESTIONS
            }
            password = os.environ.get("FIRST_PASSWORD") or self._password()
        except EOFError:
            raise CommandError(
                "Personne pour répondre : donnez --town, --first-name, --last-name, --email et FIRST_PASSWORD."
            ) from None
        try:
            admin = found_town(town_name=answers.pop("town"), password=password, **answers)
        except AlreadyFounded as already:
            raise CommandError(str(already)) from already
        except ValidationError as wrong:
            raise CommandError("\n".join(wrong.messages)) from wrong
        self.stdout.write(f"La commune est prête. Connectez-vous avec {admin.email}.")

    def _password(self) -> str:
        while True:
            first = getpass.getpass("Votre mot de passe (12 signes au moins) : ")
            if first == getpass.getpass("Encore une fois : "):
                return first
            self.stdout.write("Les deux ne sont pas pareils.")
