"""One supervisor per site: its lock, and what it leaves behind when it is killed at once.

Its children are known by their numbers to the next one, which ends them. They are asked to stop by the system when it dies (`house`), but one that finishes a long job takes its time, and the
next supervisor's workers would take up that very job beside it.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kb.work import locks

LOCK = "serve.lock"  # in DATA_DIR, held as long as the site is served
CHILDREN = "serve.children"  # beside it
PATIENCE = 5.0  # seconds for the system to clear away what was killed


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds the site of `folder` (its DATA_DIR) for the length of the block, nothing of it running. Raises locks.Taken."""
    with locks.held(folder / LOCK):
        end_leftovers(folder)
        yield


def remember(folder: Path, pids: Iterable[int]) -> None:
    """Writes which processes, each the leader of its group, are the site's. Another system than Linux keeps nothing."""
    if sys.platform == "linux":
        path = folder / CHILDREN
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"boot": _boot(), "children": {pid: _born(pid) for pid in pids}}))
        fresh.replace(path)


def end_leftovers(folder: Path) -> int:
    """Ends the groups of a supervisor that is known to be dead: hold its lock first. Returns how many were left.

    A number that the system gave since to another program is left alone: the hour of birth, or the boot, differs.
    """
    path = folder / CHILDREN
    try:
        kept = json.loads(path.read_text())
    except (OSError, ValueError):
        return 0  # never served here, or cut while it was written
    groups = [
        int(pid) for pid, born in kept["children"].items() if kept["boot"] == _boot() and _born(pid) in (born, None)
    ]
    left = [group for group in groups if _killed(group)]
    deadline = time.monotonic() + PATIENCE
    while any(map(_killed, left)) and time.monotonic() < deadline:
        time.sleep(0.05)
    path.unlink(missing_ok=True)
    return len(left)


def _killed(group: int) -> bool:
    """Whether there was somebody of that group to kill."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
        return True
    return False


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _born(pid: int | str) -> str | None:
    """When a process began, in ticks since the boot; None when there is none of that number."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except OSError:
        return None
