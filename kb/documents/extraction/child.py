"""What runs first in every child process: takes the limits, then becomes the program or calls our function.

Started by `sandbox.py` as `python -I -B -X utf8 child.py ORDER`, ORDER being JSON. It stands apart, imports
nothing of the project before the limits hold; the server imports it for its two return codes only.
"""

import ctypes
import importlib
import json
import os
import resource
import signal
import sys

OUT_OF_MEMORY = 97
COULD_NOT_START = 98
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def cut_network() -> None:
    """A network of its own, empty. Best effort: some containers forbid it."""
    libc = ctypes.CDLL(None)
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def take_limits(order: dict) -> None:
    """Applies the limits of ORDER to this process and to all it starts."""
    limits = order["limits"]
    for name in ("AS", "FSIZE"):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (limits[name], limits[name]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["CPU"], limits["CPU"] + 1))
    # Python ignores these two and an exec would pass that on: a program writing for ever must die of it.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    # A parent killed by -9 no longer watches the clock: this alarm survives exec and ends the child by
    # itself.
    signal.alarm(limits["WALL"] + 5)


def call(order: dict) -> bytes:
    """Imports `module:function` and calls it with the arguments of ORDER."""
    sys.path[:0] = order["path"]
    module, _, name = order["function"].partition(":")
    return getattr(importlib.import_module(module), name)(*order["arguments"])


def main() -> None:
    order = json.loads(sys.argv[1])
    cut_network()
    take_limits(order)
    if "argv" in order:
        try:
            os.execve(order["argv"][0], order["argv"], dict(os.environ))
        except OSError as error:
            os.write(2, str(error).encode())
            os._exit(COULD_NOT_START)
    try:
        answer = call(order)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
