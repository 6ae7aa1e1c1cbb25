"""The processes of one site, and the clock: started together, kept alive, stopped together."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

logger = logging.getLogger(__name__)
TICK = 10.0  # seconds between two turns of the clock
TURN = 0.2  # seconds between two looks at the children
GRACE = 20.0  # seconds to finish what is being done
LAST_GRACE = 3.0  # seconds, asked again, to put back what is not finished
LONGEST_WAIT = 60.0  # seconds between two starts of what keeps dying
SOUND_AFTER = 60.0  # seconds after which a child is no longer one that dies young
_PR_SET_PDEATHSIG = 1
_libc: Any = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    """A process that must live as long as the site."""

    name: str
    argv: list[str]
    died: Callable[[], Any] = lambda: None  # told each time it ends by itself
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = 0.0
    start_after: float = 0.0

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def ensure(self, environment: dict[str, str]) -> None:
        """Starts it if it is not there, waiting longer each time it dies young."""
        if self.is_alive:
            return
        now = time.monotonic()
        if self.process is not None:
            logger.error("%s ended with code %s", self.name, self.process.returncode)
            self.sweep()
            self.process = None
            _try("What follows a death", self.died)
            self.deaths = 0 if now - self.started_at > SOUND_AFTER else self.deaths
            self.start_after = now + min(LONGEST_WAIT, 2.0**self.deaths)
            self.deaths += 1
        if now >= self.start_after:
            self.started_at = now
            # A session of its own: Ctrl-C reaches the supervisor alone, which stops the rest in order.
            self.process = subprocess.Popen(
                self.argv,
                env=environment,
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 - the supervisor has one thread
            )

    def ask(self, sign: int) -> None:
        """Sends it a signal."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sign)

    def sweep(self) -> None:
        """Ends it and what it leaves behind: a web server killed at once lets its own workers live."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _try(what: str, deed: Callable[[], Any]) -> None:
    """A database that is busy, or anything else, must not take the site down with it."""
    try:
        deed()
    except Exception:
        logger.exception("%s failed", what)


def _die_with(parent: int) -> Callable[[], None]:
    """For a child about to start: it gets SIGTERM when its parent dies, even by kill -9, and frees the port."""

    def ask() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)

    return ask


@dataclass
class House:
    """All the processes of one site. `tick` is a turn of the clock; what it raises is logged."""

    children: list[Child]
    environment: dict[str, str]
    tick: Callable[[], Any]
    grace: float = GRACE
    told_open: Callable[[], bool] = lambda: True  # asked at each turn until it says True
    remember: Callable[[list[int]], None] = lambda pids: None  # told the children's numbers when they change
    signals: int = field(default=0)

    def told(self, signum: int, frame: FrameType | None) -> None:
        """The first signal stops cleanly, the second at once. It only counts: children may be starting."""
        self.signals += 1

    def run(self) -> None:
        """Keeps the children and the clock until told to stop; whatever happens, no child outlives it."""
        next_tick, is_open = 0.0, False
        try:
            while not self.signals:
                self._keep_alive()
                is_open = is_open or self.told_open()
                if time.monotonic() >= next_tick:
                    next_tick = time.monotonic() + TICK
                    _try("A turn of the clock", self.tick)
                time.sleep(TURN)
        finally:
            self._stop()

    def _keep_alive(self) -> None:
        before = self._numbers()
        for child in self.children:
            child.ensure(self.environment)
        if self._numbers() != before:
            self.remember(self._numbers())

    def _numbers(self) -> list[int]:
        return [child.process.pid for child in self.children if child.process is not None]

    def _stop(self) -> None:
        """Asks, waits; asks again, so that workers put back their job; then insists."""
        for patience in (self.grace, min(LAST_GRACE, self.grace)):
            for child in self.children:
                child.ask(signal.SIGTERM)
            self._wait(patience)
        for child in self.children:
            child.sweep()

    def _wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while any(child.is_alive for child in self.children) and time.monotonic() < deadline and self.signals < 2:
            time.sleep(TURN / 4)
