"""manage.py serve: the site, its two workers and its clock, started and stopped together."""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections
from django.templatetags.static import static

from kb.backup.databases import DatabaseFailed
from kb.backup.restoring import finish_interrupted
from kb.people.models import Town
from kb.work import listening, locks, serving, supervision
from kb.work.house import Child, House

QUICK, SLOW = ("default", "quick"), ("slow",)  # the queues of each worker


class Command(BaseCommand):
    """Serves the site until Ctrl-C."""

    help = "Sert le site, ses travaux de fond et son horloge."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1", help="l’adresse où écouter")
        parser.add_argument("--port", type=int, default=settings.PORT, help="le port où écouter")
        parser.add_argument("--web-workers", type=int, default=2, help="combien de serveurs web")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses a site served already, a taken port, and a demo town beyond loopback."""
        try:
            with serving.alone(settings.DATA_DIR):
                finish_interrupted(settings.DATA_DIR)
                self._serve(options["host"], options["port"], options["web_workers"])
        except DatabaseFailed as failed:
            raise CommandError(str(failed)) from failed
        except locks.Taken:
            raise CommandError(
                f"Ce site tourne déjà (DATA_DIR : {settings.DATA_DIR}). Arrêtez-le d’abord, "
                "ou donnez un autre DATA_DIR pour une autre commune."
            ) from None

    def _serve(self, host: str, port: int, web_workers: int) -> None:
        refuse_where_it_must_not_listen(host, port)
        supervision.workers_died(*QUICK, *SLOW)  # the lock is ours: what they left is taken up at once
        house = House(
            children(host, port, web_workers),
            environment(),
            tick,
            told_open=self._say_open(host, port),
            remember=partial(serving.remember, settings.DATA_DIR),
        )
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, house.told)
        house.run()
        self.stdout.write("Arrêté.")

    def _say_open(self, host: str, port: int) -> Callable[[], bool]:
        """Says the address once the server answers there, and True then."""

        def said() -> bool:
            if not listening.answers(host, port):
                return False
            self.stdout.write(f"Séance tenante : {settings.BASE_URL}  (Ctrl-C pour arrêter)")
            self.stdout.flush()
            return True

        return said


def tick() -> None:
    """One turn of the clock, on a connection that is known to be good."""
    close_old_connections()
    supervision.tick()


def refuse_where_it_must_not_listen(host: str, port: int) -> None:
    """A demo town beyond loopback, a port that is taken. Raises CommandError."""
    try:
        is_demo = Town.current().is_demo
        static("tokens.css")
    except (DatabaseError, ValueError):  # no tables; no manifest of the style sheets (after a restore)
        raise CommandError("Le site n’est pas prêt. Lancez « make run », ou « manage.py prepare ».") from None
    try:
        if is_demo:
            listening.refuse_open_demo(host)
        listening.refuse_taken_port(host, port)
    except listening.CannotListen as refused:
        raise CommandError(str(refused)) from None


def environment() -> dict[str, str]:
    """What the children inherit, with the two source roots on their path."""
    root = Path(settings.ROOT)
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "site")]),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.production"),
    }


def children(host: str, port: int, web_workers: int) -> list[Child]:
    """The web server, the worker for quick jobs, the worker for slow ones."""
    manage = [sys.executable, str(Path(settings.ROOT) / "manage.py")]
    web = [
        str(Path(sys.executable).parent / "granian"),
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(web_workers),
        "--blocking-threads",
        "4",
        "--no-access-log",
        "--log-level",
        "warning",
        "--respawn-failed-workers",
        "config.wsgi:application",
    ]
    worker = [*manage, "db_worker", "-v", "0", "--no-reload", "--queue-name"]
    return [
        Child("web", web),
        Child("quick", [*worker, ",".join(QUICK), "--interval", "0.5"], partial(supervision.workers_died, *QUICK)),
        Child("slow", [*worker, ",".join(SLOW), "--interval", "1"], partial(supervision.workers_died, *SLOW)),
    ]
