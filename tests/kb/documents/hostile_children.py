"""Functions that the sandbox's tests call in a child: each misbehaves in one way."""

import os
import subprocess
import sys
import time


def echo(*words: str) -> bytes:
    return " ".join(words).encode() + b"|" + sys.stdin.buffer.read()


def surroundings() -> bytes:
    names = sorted(os.environ)
    django = sorted(name for name in sys.modules if name.split(".")[0] == "django")
    return repr((names, django, sorted(os.listdir()), os.getcwd())).encode()


def eat_memory() -> bytes:
    return b"x" * (4 << 30)


def spin() -> bytes:
    while True:
        pass


def sleep() -> bytes:
    time.sleep(60)
    return b""


def shout() -> bytes:
    for _ in range(1000):
        sys.stdout.buffer.write(b"x" * 1_000_000)
    return b""


def write_a_big_file() -> bytes:
    with open("big", "wb") as file:
        for _ in range(1000):
            file.write(b"x" * 1_000_000)
    return b""


def leave_a_grandchild() -> bytes:
    """The grandchild holds the pipes; its number is the answer."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    return str(child.pid).encode()


def stumble() -> bytes:
    raise ValueError("a reason")


def reach_out(port: int, network: str) -> bytes:
    """Whether the port is reached; "shared" when the system did not let the child have a network of its own."""
    import socket

    if os.readlink("/proc/self/ns/net") == network:
        return b"shared"
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return b"refused"
    return b"connected"
