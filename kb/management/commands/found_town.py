"""manage.py found_town: an empty town, its name and its first administrator."""

import getpass
import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from kb.people.models import User
from kb.people.operations import AlreadyFounded, found_town

QUESTIONS = (
    ("town", "Nom de la commune"),
    ("phone", "Téléphone de la mairie (vide : plus tard)"),
    ("first_name", "Votre prénom"),
    ("last_name", "Votre nom"),
    ("email", "Votre adresse e-mail"),
)
RULE = (
    "Choisissez un mot de passe d’au moins 12 signes, que vous n’utilisez pas ailleurs : "
    "ni un mot courant, ni des chiffres seuls, ni votre nom. Une phrase convient."
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
            answers: dict[str, Any] = {name: self._answer(name, question, options) for name, question in QUESTIONS}
            password = os.environ.get("FIRST_PASSWORD") or self._password(answers)
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

    def _answer(self, name: str, question: str, options: dict[str, Any]) -> str:
        """The option, or what is typed; an empty name and a bad address are asked again."""
        if options[name] is not None:
            return str(options[name])
        if name == "phone" and options["town"]:
            return ""  # a script that founds a town names what it knows
        while True:
            answer = input(f"{question} : ").strip()
            if name == "phone" or (answer and name != "email"):
                return answer
            try:
                validate_email(answer)
            except ValidationError as wrong:
                self.stdout.write("Il faut une réponse." if not answer else wrong.messages[0])
            else:
                return answer

    def _password(self, answers: dict[str, Any]) -> str:
        """The password, asked until it is sound; the other answers are kept."""
        person = User(**{name: answers[name] for name in ("first_name", "last_name", "email")})
        self.stdout.write(RULE)
        while True:
            first = getpass.getpass("Votre mot de passe : ")
            try:
                validate_password(first, person)
            except ValidationError as weak:
                self.stdout.write(" ".join(weak.messages))
                continue
            if first == getpass.getpass("Encore une fois : "):
                return first
            self.stdout.write("Les deux ne sont pas pareils.")
