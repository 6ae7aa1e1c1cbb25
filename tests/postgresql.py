"""A PostgreSQL server of the tests' own: `python -m tests.postgresql COMMAND…` runs a command beside one.

The cluster stands in a temporary folder, listens on a Unix socket alone, forgets to sync, and ends with the
command. initdb refuses root: root lends the folder to the account that Debian's package made.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAMS = Path("/usr/lib/postgresql")  # Debian keeps one folder a version there
ACCOUNT = "postgres"
MISSING = 69  # our exit code when there is no server: pytest uses 0 to 5
PATIENCE = 30  # seconds


class NoServer(Exception):
    """PostgreSQL is not there, or does not start; the message says what to do."""


def programs() -> Path:
    """The folder of the newest version's programs. Raises NoServer."""
    found = sorted(PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    if elsewhere is None:
        raise NoServer("PostgreSQL is not installed: apt install postgresql")
    return Path(elsewhere).resolve().parent


def _account() -> dict[str, Any]:
    """Whom the server's processes belong to, as subprocess takes it."""
    if os.geteuid() != 0:
        return {}
    person = pwd.getpwnam(ACCOUNT)
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": [], "cwd": "/"}


@contextmanager
def cluster() -> Iterator[str]:
    """The address (as DATABASE_URL) of a fresh server that ends with the block. Raises NoServer."""
    account, bin_folder = _account(), programs()
    folder = Path(tempfile.mkdtemp(prefix="st-pg-"))  # short: a socket's path has a limit of 107 bytes
    data = folder / "data"
    if account:
        os.chown(folder, account["user"], account["group"])
    server = None
    try:
        made = subprocess.run(
            [
                str(bin_folder / "initdb"),
                "-D",
                str(data),
                "-U",
                "town",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            capture_output=True,
            text=True,
            check=False,
            **account,
        )
        if made.returncode:
            raise NoServer(f"initdb failed: {made.stderr}")
        quick = (
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "listen_addresses=",
            "max_connections=60",
        )
        server = subprocess.Popen(
            [str(bin_folder / "postgres"), "-D", str(data), "-k", str(folder), *(w for s in quick for w in ("-c", s))],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **account,
        )
        _wait(bin_folder, folder, server)
        yield f"postgresql://town@/postgres?host={folder}"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # at once, cleanly
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(bin_folder: Path, folder: Path, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    ask = [str(bin_folder / "pg_isready"), "-q", "-h", str(folder)]
    while subprocess.run(ask, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise NoServer("The server of the tests did not start.")
        time.sleep(0.1)


def main(command: list[str]) -> int:
    """Runs `command` with TEST_DATABASE_URL; its exit code, or MISSING."""
    try:
        with cluster() as address:
            return subprocess.run(command, env={**os.environ, "TEST_DATABASE_URL": address}, check=False).returncode
    except NoServer as missing:
        print(missing, file=sys.stderr)
        return MISSING


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the server goes with us
    sys.exit(main(sys.argv[1:]))
