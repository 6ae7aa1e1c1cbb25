"""Says how many mails a stretch of the town's past would make, by today's rules."""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from kb.commands import FrenchCommand
from kb.notices.replay import replay

LONGEST = 3650


class Command(FrenchCommand):
    """replay_notifications [--days N] [--json]"""

    help = "Rejoue l’activité d’un an avec les règles d’aujourd’hui : combien de courriels chacun aurait reçus."

    def add_arguments(self, parser: CommandParser) -> None:
        """How long, and in what form."""
        parser.add_argument("--days", type=int, default=365, help="Nombre de jours rejoués, jusqu’à aujourd’hui (365).")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each open account. JSON alone on standard output."""
        if not 1 <= options["days"] <= LONGEST:
            raise CommandError(f"--days : il faut un nombre de jours entre 1 et {LONGEST}.")
        today = timezone.localdate()
        tallies = replay(first=today - timedelta(days=options["days"]), last=today)
        if options["json"]:
            rows = [tally._asdict() for tally in tallies]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        self.stdout.write("Courriels   Par semaine, au plus   Hors semaines de séance   Qui")
        for tally in tallies:
            self.stdout.write(
                f"{tally.mails:9}   {tally.max_per_week:20}   {tally.max_per_week_outside_sittings:23}   "
                f"{tally.person} ({tally.role})"
            )
