"""A real installation in its own folder, run by real processes: for kill -9 and restarts."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.migrated import NAME, copy_into

ROOT = Path(__file__).resolve().parent.parent


class Installation:
    """A DATA_DIR of its own, with `manage.py` run on it."""

    def __init__(self, folder: Path, port: int = 8777, **variables: str) -> None:
        self.folder = folder
        self.env = {
            **{
                k: v
                for k, v in os.environ.items()
                if not k.startswith(("DJANGO", "DATA_DIR", "BASE_URL", "DATABASE_URL", "S3_"))
            },
            "DATA_DIR": str(folder),
            "PORT": str(port),
            "LOG_LEVEL": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
            **variables,
        }

    def manage(self, *arguments: str, check: bool = True) -> str:
        """Runs a command to its end and gives what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self.env,
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout + ("" if check else done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen:
        """Starts a command and leaves it running."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            env=self.env,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def python(self, code: str) -> str:
        """Runs Python with Django ready; gives what it printed."""
        return self.manage("shell", "-v0", "--no-imports", "-c", code).strip()

    def found(self) -> "Installation":
        """A town with one administrator."""
        if "DATABASE_URL" not in self.env:
            self.folder.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.folder / NAME)) as database:
                copy_into(database)
        self.manage("migrate", "-v0")
        self.python(
            "from kb.people.operations import found_town; found_town(town_name='Essai', first_name='A', last_name='B',"
            " email='a@essai.example', password='une-longue-phrase-42')"
        )
        return self
