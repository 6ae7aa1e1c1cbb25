"""manage.py serve: the site, its two workers and its clock, started and stopped together."""

import errno
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections

from kb.backup.restoring import finish_interrupted
from kb.people.models import Town
from kb.work import locks, supervision
from kb.work.house import Child, House

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
HIGHEST_PORT = 65_535
PORT_PATIENCE = 3.0  # seconds for the children of a supervisor just killed to free the port


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
            with locks.held(settings.DATA_DIR / locks.SERVING):
                finish_interrupted(settings.DATA_DIR)
                self._serve(options["host"], options["port"], options["web_workers"])
        except locks.Taken:
            raise CommandError(
                f"Ce site tourne déjà (DATA_DIR : {settings.DATA_DIR}). Arrêtez-le d’abord, "
                "ou donnez un autre DATA_DIR pour une autre commune."
            ) from None

    def _serve(self, host: str, port: int, web_workers: int) -> None:
        refuse_the_demo_to_others(host)
        refuse_taken_port(host, port)
        house = House(children(host, port, web_workers), environment(), tick)
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, house.told)
        self.stdout.write(f"Séance tenante : {settings.BASE_URL}  (Ctrl-C pour arrêter)")
        self.stdout.flush()
        house.run()
        self.stdout.write("Arrêté.")


def tick() -> None:
    """One turn of the clock, on a connection that is known to be good."""
    close_old_connections()
    supervision.tick()


def refuse_the_demo_to_others(host: str) -> None:
    """The demo's passwords are printed: it is for this machine alone. Raises CommandError."""
    try:
        is_demo = Town.current().is_demo
    except DatabaseError:
        raise CommandError("La base n’est pas prête. Lancez « make run », ou « manage.py prepare ».") from None
    if is_demo and host not in LOOPBACK:
        raise CommandError(
            "Une commune de démonstration n’écoute que sur cette machine (127.0.0.1) : ses mots de passe "
            "sont connus. Pour une vraie commune : make run DEMO=no, dans un autre DATA_DIR."
        )


def refuse_taken_port(host: str, port: int) -> None:
    """A clear sentence rather than a server that dies again and again. Raises CommandError."""
    if not 0 < port <= HIGHEST_PORT:
        raise CommandError(f"Le port {port} n’existe pas : choisissez-en un entre 1 et {HIGHEST_PORT}.")
    deadline = time.monotonic() + PORT_PATIENCE
    while (refusal := _bound(host, port)) is not None:
        if refusal.errno != errno.EADDRINUSE:
            raise CommandError(_why(refusal, host, port))
        if time.monotonic() > deadline:
            raise CommandError(
                f"Le port {port} est déjà pris. Arrêtez l’autre programme, ou choisissez-en un autre : "
                f"PORT={port + 1 if port < HIGHEST_PORT else 8000} make run."
            )
        time.sleep(0.2)


def _bound(host: str, port: int) -> OSError | None:
    """What the system answers when somebody wants to listen there: None when it lets him."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refusal:
            return refusal
    return None


def _why(refusal: OSError, host: str, port: int) -> str:
    if refusal.errno == errno.EACCES:
        return f"Le système réserve le port {port}. Choisissez-en un au-dessus de 1023 : PORT=8000 make run."
    return f"Cette machine n’a pas l’adresse « {host} ». Corrigez HOST (127.0.0.1 convient presque toujours)."


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
        str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(web_workers), "--blocking-threads", "4", "--no-access-log",
        "--log-level", "warning", "--respawn-failed-workers", "config.wsgi:application",
    ]  # fmt: skip
    worker = [*manage, "db_worker", "--no-reload", "--queue-name"]
    return [
        Child("web", web),
        Child("quick", [*worker, "default,quick", "--interval", "0.5"]),
        Child("slow", [*worker, "slow", "--interval", "1"]),
    ]
