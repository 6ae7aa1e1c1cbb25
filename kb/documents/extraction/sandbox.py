"""Runs a program, or one of our own Python readers, on a file we do not trust.

A process per file, with limits of memory, processor, time and output, its own process group, an empty
environment, no network where the system allows it, and a private folder destroyed at the end. It holds no
database connection: the child is started afresh, never forked from the server's memory.
"""

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .child import COULD_NOT_START, OUT_OF_MEMORY

MB = 1024 * 1024
PROJECT = Path(__file__).resolve().parents[3]
CHILD = Path(__file__).with_name("child.py")
CHUNK = 256 * 1024
MOST_ERROR_TEXT = 64 * 1024
FOLDER_PREFIX = "kb-child-"
OLDEST_FOLDER = 3600
# What programs say when an allocation is refused: GHC's runtime, glibc, Rust, Python.
MEMORY_WORDS = (b"heap exhausted", b"out of memory", b"memory allocation", b"bad_alloc", b"MemoryError")
PANDOC_HEAP_EXHAUSTED = 251


@dataclass(frozen=True)
class Limits:
    """Memory and sizes in bytes, times in seconds. `output` caps standard output plus what is collected."""

    memory: int = 1024 * MB
    cpu: int = 20
    wall: int = 40
    output: int = 64 * MB
    file_size: int = 256 * MB


USUAL = Limits()


@dataclass(frozen=True)
class Finished:
    """What a child left: its two outputs (errors cut at 64 kB), its return code, and the files asked for."""

    stdout: bytes
    stderr: bytes
    returncode: int
    collected: dict[str, bytes] = field(default_factory=dict)


class SandboxError(Exception):
    """The child did not finish its work. Its group is dead and its folder is gone when this is raised.

    `stdout` is what it had said until then.
    """

    stdout: bytes = b""


class TookTooLong(SandboxError):
    """The wall or processor time was used up."""


class TooMuchMemory(SandboxError):
    """An allocation was refused by the memory limit."""


class TooMuchOutput(SandboxError):
    """The output, a written file or the collected files were over the cap."""


class Failed(SandboxError):
    """The child ended with an error. `returncode` is negative for a signal; `stderr` is its last words."""

    def __init__(self, returncode: int, stderr: bytes) -> None:
        super().__init__(f"code {returncode}: {stderr[-500:].decode(errors='replace')}")
        self.returncode = returncode
        self.stderr = stderr


def run(
    argv: Sequence[str],
    *,
    stdin: bytes | None = None,
    files: dict[str, bytes] | None = None,
    limits: Limits = USUAL,
    collect: str = "",
    allowed_codes: Sequence[int] = (0,),
    environment: dict[str, str] | None = None,
) -> Finished:
    """Runs `argv` (an absolute path first) in a private folder that holds `files` (plain names or `a/b`
    paths).

    `collect` is a glob inside the folder (`media/**/*`): the files that match are read before the folder
    goes. `environment` adds to the otherwise empty one. Raises TookTooLong, TooMuchMemory, TooMuchOutput or
    Failed, the last for a return code not in `allowed_codes`.
    """
    order = {"argv": list(argv)}
    return _in_folder(order, stdin, files or {}, limits, collect, allowed_codes, environment or {})


def run_python(
    function: str,
    *arguments: str | int,
    stdin: bytes | None = None,
    files: dict[str, bytes] | None = None,
    limits: Limits = USUAL,
) -> bytes:
    """Calls `function` ("package.module:name") in a child; it returns bytes, which are given back.

    The child reads `sys.stdin.buffer` and the `files`, which stand in its current folder. Django is not set
    up there. Raises as `run` does; an exception in the child is a `Failed` whose `stderr` holds the
    traceback.
    """
    order = {"function": function, "arguments": list(arguments), "path": [str(PROJECT)]}
    return _in_folder(order, stdin, files or {}, limits, "", (0,), {}).stdout


def sweep(older_than: float = OLDEST_FOLDER) -> int:
    """Removes the folders left by a parent killed more than `older_than` seconds ago. Says how many."""
    limit, removed = time.time() - older_than, 0
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        with suppress(OSError):
            if folder.lstat().st_mtime < limit and folder.is_dir() and not folder.is_symlink():
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
    return removed


def _in_folder(
    order: dict,
    stdin: bytes | None,
    files: dict[str, bytes],
    limits: Limits,
    collect: str,
    allowed_codes: Sequence[int],
    environment: dict[str, str],
) -> Finished:
    with tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        _lay(folder, files)
        child = _Child(folder, order, limits, environment)
        try:
            out, err, code = child.run(stdin or b"")
            _judge(code, err, allowed_codes)
        except SandboxError as error:
            error.stdout = bytes(child.said)
            raise
        collected = _collect(folder, collect, limits.output - len(out)) if collect else {}
        return Finished(out, err, code, collected)


def _lay(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        target = (folder / name).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise ValueError(f"{name!r} leaves the private folder.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _collect(folder: Path, pattern: str, room: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in sorted(folder.glob(pattern)):
        if path.is_symlink() or not path.is_file():
            continue
        room -= path.stat().st_size
        if room < 0:
            raise TooMuchOutput("the files left by the child are over the cap")
        found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def _judge(code: int, err: bytes, allowed_codes: Sequence[int]) -> None:
    if code in allowed_codes:
        return
    if code == COULD_NOT_START:
        raise Failed(code, err)
    if code == -signal.SIGXFSZ:
        raise TooMuchOutput("a file written by the child is over the cap")
    if code in (-signal.SIGXCPU, -signal.SIGALRM):
        raise TookTooLong("processor time used up")
    lowered = err.lower()
    if code in (OUT_OF_MEMORY, PANDOC_HEAP_EXHAUSTED) or any(word.lower() in lowered for word in MEMORY_WORDS):
        raise TooMuchMemory(err[-200:].decode(errors="replace"))
    raise Failed(code, err)


class _Child:
    """One child from start to grave."""

    def __init__(self, folder: Path, order: dict, limits: Limits, environment: dict[str, str]) -> None:
        self.limits = limits
        self.said = bytearray()  # its standard output so far
        self.deadline = time.monotonic() + limits.wall
        order["limits"] = {
            "AS": limits.memory,
            "CPU": limits.cpu,
            "FSIZE": limits.file_size,
            "WALL": limits.wall,
        }
        # start_new_session and close_fds are done in C after the fork: no preexec_fn, which can deadlock in
        # threads.
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-X", "utf8", str(CHILD), json.dumps(order)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={
                "PATH": "/usr/bin:/bin",
                "HOME": str(folder),
                "TMPDIR": str(folder),
                "LANG": "C.UTF-8",
                **environment,
            },
            start_new_session=True,
        )
        assert self.process.stdin and self.process.stdout and self.process.stderr
        self.stdin, self.out, self.err = self.process.stdin, self.process.stdout, self.process.stderr

    def run(self, stdin: bytes) -> tuple[bytes, bytes, int]:
        try:
            out, err = self._talk(memoryview(stdin))
            self._wait()
        finally:
            code = self._bury()
        return out, err, code

    def _talk(self, waiting: memoryview) -> tuple[bytes, bytes]:
        """Feeds standard input and drains the two outputs until both are closed or the leader is dead."""
        stdin, out, err = self.stdin, self.out, self.err
        gathered: dict[Any, bytearray] = {out: self.said, err: bytearray()}
        still_open = {out, err}
        with selectors.DefaultSelector() as selector:
            for pipe in (stdin, out, err):
                os.set_blocking(pipe.fileno(), False)
            selector.register(out, selectors.EVENT_READ)
            selector.register(err, selectors.EVENT_READ)
            selector.register(stdin, selectors.EVENT_WRITE)
            over = False
            while still_open:
                ready = selector.select(0.1)
                self._check_clock()
                if not ready and over:
                    break  # the leader is dead: what still holds the pipes is killed with the group
                over = self._is_over()
                for key, _ in ready:
                    if key.fileobj is stdin:
                        waiting = self._feed(selector, waiting)
                    elif not self._drain(key.fileobj, gathered):
                        selector.unregister(key.fileobj)
                        still_open.discard(key.fileobj)
        return bytes(gathered[out]), bytes(gathered[err])

    def _feed(self, selector: selectors.BaseSelector, waiting: memoryview) -> memoryview:
        with suppress(BlockingIOError):
            try:
                waiting = waiting[os.write(self.stdin.fileno(), waiting[:CHUNK]) :] if waiting else waiting
            except BrokenPipeError:
                waiting = memoryview(b"")
        if not waiting:
            selector.unregister(self.stdin)
            self.stdin.close()
        return waiting

    def _drain(self, pipe: Any, gathered: dict[Any, bytearray]) -> bool:
        """Takes what the pipe holds; False at its end."""
        try:
            data = os.read(pipe.fileno(), CHUNK)
        except BlockingIOError:
            return True
        if pipe is self.out and len(gathered[pipe]) + len(data) > self.limits.output:
            raise TooMuchOutput("standard output is over the cap")
        room = len(data) if pipe is self.out else MOST_ERROR_TEXT - len(gathered[pipe])
        gathered[pipe] += data[:room]
        return bool(data)

    def _check_clock(self) -> None:
        if time.monotonic() > self.deadline:
            raise TookTooLong(f"more than {self.limits.wall} s")

    def _is_over(self) -> bool:
        """Whether the leader is dead. It is not reaped: its number stays ours until its group is killed."""
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _wait(self) -> None:
        pause = 0.0005
        while not self._is_over():
            self._check_clock()
            time.sleep(pause)
            pause = min(pause * 2, 0.02)

    def _bury(self) -> int:
        """Kills the whole group, then reaps its leader and closes the pipes. Gives the return code."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        code = self.process.wait()
        for pipe in (self.stdin, self.out, self.err):
            with suppress(OSError):
                pipe.close()
        return code
