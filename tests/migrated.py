"""A database with every migration applied, made once and copied: it costs half a minute, and a run needs a dozen.

Kept in the machine's temporary folder under the hash of the migrations and of the pinned libraries; a change of either
makes another. Django still runs `migrate` on each copy, so that nothing is taken on trust.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3.base import DatabaseWrapper

ROOT = Path(__file__).resolve().parent.parent
NAME = "seance-tenante.sqlite3"
MADE_FROM = ("requirements.txt", "*/migrations/*.py")


@cache
def migrated() -> Path:
    """The file of that database. The first to ask makes it, the others wait."""
    folder = Path(tempfile.gettempdir()) / f"seance-tenante-migrated-{os.getuid()}" / _hash()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / NAME).exists():
            with tempfile.TemporaryDirectory(dir=folder) as making:
                _migrate(Path(making))
                (Path(making) / NAME).replace(folder / NAME)
    return folder / NAME


def copy_into(connection: sqlite3.Connection) -> None:
    """Fills an empty database."""
    with closing(sqlite3.connect(f"file:{migrated()}?mode=ro", uri=True)) as source:
        source.backup(connection)


def fill_when_empty(*, connection: Any, **_: Any) -> None:
    """For Django's `connection_created`: the tests' database starts as that copy."""
    if not isinstance(connection, DatabaseWrapper) or connection.alias != "default":
        return
    if connection.is_in_memory_db() and not connection.connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        copy_into(connection.connection)


def _hash() -> str:
    found = hashlib.sha256()
    for path in sorted(path for pattern in MADE_FROM for path in ROOT.glob(pattern)):
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def _migrate(folder: Path) -> None:
    """In a process of its own: ours is in the middle of opening its database."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DATA", "TEST_DATABASE", "BASE_URL", "S3_"))
    }
    variables = {
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=kept | variables, check=True)
    with closing(sqlite3.connect(folder / NAME)) as database:
        database.execute("PRAGMA journal_mode=DELETE")  # one file, whole
