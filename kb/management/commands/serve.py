"""manage.py serve: the site, its two workers and its clock, started and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, close_old_connections

from kb.people.models import Town
from kb.work import supervision

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
TICK = 10  # seconds between two turns of the clock
GRACE = 20  # seconds a child has to finish what it does


@dataclass
class Child:
    """A process that must live as long as the site."""

    name: str
    argv: list[str]
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    start_after: float = 0.0

    def ensure(self, environment: dict[str, str]) -> None:
        """Starts it if it is not there, waiting longer each time it dies young."""
        if self.process is not None and self.process.poll() is None:
            return
        now = time.monotonic()
        if self.process is not None:
            self.sweep()
            self.process = None
            self.start_after = now + min(60, 2**self.restarts)
            self.restarts += 1
        if now >= self.start_after:
            # A session of its own: Ctrl-C reaches the supervisor alone, which stops the rest in order.
            self.process = subprocess.Popen(self.argv, env=environment, start_new_session=True)

    def sweep(self) -> None:
        """Ends what a dead child leaves behind: a web server killed at once lets its own workers live."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self, sign: int) -> None:
        """Asks it to stop."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sign)


@dataclass
class House:
    """All the processes of one site."""

    children: list[Child]
    environment: dict[str, str]
    stopping: bool = field(default=False)

    def stop(self, signum: int, frame: FrameType | None) -> None:
        """The first signal stops cleanly, the second at once."""
        for child in self.children:
            child.stop(signal.SIGKILL if self.stopping else signal.SIGTERM)
        self.stopping = True

    def run(self) -> None:
        """Keeps the children and the clock until told to stop."""
        next_tick = 0.0
        while not self.stopping:
            for child in self.children:
                child.ensure(self.environment)
            if time.monotonic() >= next_tick:
                next_tick = time.monotonic() + TICK
                self.tick()
            time.sleep(0.2)
        self.wait()

    def tick(self) -> None:
        """One turn of the clock; a locked database is for the next turn."""
        close_old_connections()
        try:
            supervision.tick()
        except OperationalError as busy:
            sys.stderr.write(f"La base est occupée, on réessaie : {busy}\n")

    def wait(self) -> None:
        """Waits for the children, then insists."""
        deadline = time.monotonic() + GRACE
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.stop(signal.SIGKILL)
                child.process.wait()
            child.sweep()


class Command(BaseCommand):
    """Serves the site until Ctrl-C."""

    help = "Sert le site, ses travaux de fond et son horloge."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--web-workers", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses a taken port, and a demo town beyond loopback."""
        host, port = options["host"], options["port"]
        if Town.current().is_demo and host not in LOOPBACK:
            raise CommandError(
                "Une commune de démonstration n’écoute que sur cette machine (127.0.0.1) : ses mots de passe "
                "sont connus. Pour une vraie commune : make run DEMO=no, dans un autre DATA_DIR."
            )
        refuse_taken_port(host, port)
        house = House(children(host, port, options["web_workers"]), environment())
        signal.signal(signal.SIGINT, house.stop)
        signal.signal(signal.SIGTERM, house.stop)
        self.stdout.write(f"Séance tenante : {settings.BASE_URL}  (Ctrl-C pour arrêter)")
        house.run()
        self.stdout.write("Arrêté.")


def refuse_taken_port(host: str, port: int) -> None:
    """A clear sentence rather than a server that dies again and again. Raises CommandError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CommandError(
                f"Le port {port} est déjà pris. Arrêtez l’autre programme, ou choisissez-en un autre : "
                f"PORT={port + 1} make run."
            ) from None


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
    bin_dir = Path(sys.executable).parent
    web = [
        str(bin_dir / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(web_workers), "--blocking-threads", "4", "--no-access-log",
        "--log-level", "warning", "--respawn-failed-workers", "config.wsgi:application",
    ]  # fmt: skip
    return [
        Child("web", web),
        Child("quick", [*manage, "db_worker", "--queue-name", "default,quick", "--interval", "0.5"]),
        Child("slow", [*manage, "db_worker", "--queue-name", "slow", "--interval", "1"]),
    ]
