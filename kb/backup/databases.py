"""The database of a site, copied while it is used, and put back whole or not at all."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings

SQLITE = "seance-tenante.sqlite3"  # in DATA_DIR, and in an archive
POSTGRESQL = "database.dump"  # in an archive: pg_dump's own format
Values = Callable[[str, str], set[str]]  # (table, column) → what stands there in the copy, blanks apart


class DatabaseFailed(Exception):
    """The database could not be copied or put back; the message is a French sentence."""


class Database(Protocol):
    """The database that the settings name."""

    member: str

    def copied(self, to: Path) -> AbstractContextManager[Values]:
        """A consistent copy in the file `to`, and a reader of what that very copy holds.

        Who writes meanwhile does not wait. Raises OSError, sqlite3.Error, DatabaseFailed.
        """
        ...


class Sqlite:
    """A file in DATA_DIR: putting it back is putting the file there (kb.backup.restoring)."""

    member = SQLITE

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def copied(self, to: Path) -> Iterator[Values]:
        """See Database."""
        to.unlink(missing_ok=True)
        with owners_alone(to), closing(sqlite3.connect(self.path, timeout=60)) as live:
            live.execute("VACUUM INTO ?", (str(to),))
        with closing(sqlite3.connect(f"{to.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            yield lambda table, column: {
                value
                for (value,) in copy.execute(f'SELECT DISTINCT "{column}" FROM "{table}"')  # noqa: S608
                if value
            }


class Postgresql:
    """A server's: copied by pg_dump and put back by pg_restore, which the town's machine must have."""

    member = POSTGRESQL

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said

    @contextmanager
    def copied(self, to: Path) -> Iterator[Values]:
        """See Database. pg_dump and the reader see one snapshot."""
        import psycopg

        try:
            live = psycopg.connect(self._address(), password=self.said["PASSWORD"] or None)
        except psycopg.OperationalError as error:
            raise DatabaseFailed("La base PostgreSQL ne répond pas. Vérifiez qu’elle tourne.") from error
        with closing(live):
            live.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            snapshot: Any = live.execute("SELECT pg_export_snapshot()").fetchone()
            with owners_alone(to) as out:
                self._run(
                    "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot[0]}", out=out
                )

            def values(table: str, column: str) -> set[str]:
                sql = psycopg.sql.SQL("SELECT DISTINCT {} FROM {}")
                asked = sql.format(psycopg.sql.Identifier(column), psycopg.sql.Identifier(table))
                return {row[0] for row in live.execute(asked) if row[0]}

            yield values

    def is_empty(self) -> bool:
        """Whether no town stands there yet: no table, or no account. Raises DatabaseFailed."""
        import psycopg

        try:
            with psycopg.connect(self._address(), password=self.said["PASSWORD"] or None) as live:
                found: Any = live.execute("SELECT to_regclass('kb_user')").fetchone()
                return found[0] is None or live.execute("SELECT 1 FROM kb_user LIMIT 1").fetchone() is None
        except psycopg.OperationalError as error:
            raise DatabaseFailed("La base PostgreSQL ne répond pas. Vérifiez qu’elle tourne.") from error

    def put_back(self, dump: Path) -> None:
        """The base becomes what the dump says, in one transaction; done again it changes nothing. Raises DatabaseFailed."""
        self._run(
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--no-privileges",
            "--single-transaction",
            "--exit-on-error",
            str(dump),
        )

    def _address(self) -> str:
        from psycopg.conninfo import make_conninfo

        named = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
        words = {word: self.said[name] for word, name in named.items() if self.said.get(name)}
        return make_conninfo("", **words, **self.said.get("OPTIONS", {}))

    def _run(self, program: str, *arguments: str, out: IO[bytes] | None = None) -> None:
        found = shutil.which(program)
        if found is None:
            raise DatabaseFailed(f"Il manque {program}. Sur Debian : apt install postgresql-client")
        password = {"PGPASSWORD": self.said["PASSWORD"]} if self.said.get("PASSWORD") else {}
        done = subprocess.run(
            [found, f"--dbname={self._address()}", "--no-password", *arguments],
            stdout=out or subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, **password},
            check=False,
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise DatabaseFailed(f"{program} a échoué ({said[0] if said else done.returncode}).")


def owners_alone(path: Path) -> IO[bytes]:
    """A new file that nobody else can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def current() -> Sqlite | Postgresql:
    """The one that the settings name."""
    said = settings.DATABASES["default"]
    if said["ENGINE"].endswith("postgresql"):
        return Postgresql(said)
    return Sqlite(Path(str(said["NAME"])))
