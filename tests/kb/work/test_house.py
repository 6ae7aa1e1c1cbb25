"""The processes of a site: restarted, stopped in order, and never left behind, even by kill -9."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kb.people.models import Town
from kb.work import house, listening, serving
from kb.work.house import Child, House
from tests.processes import Installation

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"


def until(condition: Callable[[], Any], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.1)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A hand-moved clock for the back-off."""
    now = [1000.0]
    monkeypatch.setattr(house.time, "monotonic", lambda: now[0])
    return now


def test_what_dies_young_is_started_less_and_less_often(clock: list[float]) -> None:
    child, waits = Child("x", python("")), []
    for _ in range(8):
        child.ensure(dict(os.environ))
        assert child.process is not None
        child.process.wait()
        child.ensure(dict(os.environ))
        waits.append(child.start_after - clock[0])
        clock[0] = child.start_after
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_what_lived_long_is_started_again_at_once(clock: list[float]) -> None:
    child = Child("x", python(""), deaths=6)
    child.ensure(dict(os.environ))
    assert child.process is not None
    child.process.wait()
    clock[0] += house.SOUND_AFTER + 1
    child.ensure(dict(os.environ))
    assert child.start_after - clock[0] == 1


def test_a_clock_that_fails_takes_nobody_down(caplog: pytest.LogCaptureFixture) -> None:
    turns: list[int] = []

    def tick() -> None:
        turns.append(1)
        whole.told(signal.SIGTERM, None)
        raise RuntimeError("no such table")

    child = Child("x", python("import time; time.sleep(60)"))
    whole = House([child], dict(os.environ), tick)
    whole.run()
    assert (turns, child.is_alive) == ([1], False)


@pytest.mark.parametrize("signals", [1, 2])
def test_what_does_not_stop_is_ended(signals: int) -> None:
    child = Child("deaf", python(DEAF))
    whole = House([child], dict(os.environ), lambda: None, grace=0.3)
    child.ensure(whole.environment)
    time.sleep(0.3)
    for _ in range(signals):
        whole.told(signal.SIGTERM, None)
    begun = time.monotonic()
    whole.run()
    assert (child.is_alive, time.monotonic() - begun < 5) == (False, True)


def test_a_death_is_told_each_time(clock: list[float]) -> None:
    told: list[int] = []
    child = Child("x", python(""), died=lambda: told.append(1))
    child.ensure(dict(os.environ))
    assert child.process is not None and told == []
    child.process.wait()
    child.ensure(dict(os.environ))
    assert told == [1]


# What a supervisor killed at once leaves behind


@pytest.fixture
def deaf() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(python(DEAF), stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None and process.stdout.readline() == b"ready\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_the_next_supervisor_ends_what_would_not_stop(tmp_path: Path, deaf: "subprocess.Popen[bytes]") -> None:
    serving.remember(tmp_path, [deaf.pid])
    reaper = threading.Thread(target=deaf.wait)  # the system clears an orphan away; this one is ours
    reaper.start()
    with serving.alone(tmp_path):
        assert deaf.poll() == -signal.SIGKILL
    reaper.join()
    assert serving.end_leftovers(tmp_path) == 0


@pytest.mark.parametrize("differs", ["boot", "birth"])
def test_another_program_of_that_number_is_left_alone(
    tmp_path: Path, deaf: "subprocess.Popen[bytes]", differs: str
) -> None:
    serving.remember(tmp_path, [deaf.pid])
    kept = json.loads((tmp_path / serving.CHILDREN).read_text())
    kept.update({"boot": "another"} if differs == "boot" else {"children": {str(deaf.pid): "1"}})
    (tmp_path / serving.CHILDREN).write_text(json.dumps(kept))
    assert serving.end_leftovers(tmp_path) == 0
    assert deaf.poll() is None


def test_a_note_cut_short_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / serving.CHILDREN).write_text('{"boot": "a1')
    with serving.alone(tmp_path):
        assert serving.end_leftovers(tmp_path) == 0


# The command


def test_a_demo_town_listens_to_its_own_machine_alone(db: None) -> None:
    Town.objects.create(pk=1, name="Valmorin", is_demo=True)
    with pytest.raises(CommandError, match="n’écoute que sur cette machine"):
        call_command("serve", host="0.0.0.0", port=free_port())


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.0.0.2", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.4", False),
        ("mairie.local", False),
        ("", False),
    ],
)
def test_what_only_this_machine_reaches(host: str, alone: bool) -> None:
    assert listening.is_loopback(host) is alone


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("127.0.0.1", 0, "ne peut pas écouter sur « 127.0.0.1 », port 0"),
        ("127.0.0.1", 70000, "ne peut pas écouter sur « 127.0.0.1 », port 70000"),
        ("192.0.2.1", 8000, "ne peut pas écouter sur « 192.0.2.1 »"),
    ],
)
def test_where_nobody_can_listen(host: str, port: int, said: str) -> None:
    with pytest.raises(listening.CannotListen, match=said):
        listening.refuse_taken_port(host, port)


def test_a_taken_port_is_said_with_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(listening.CannotListen, match=f"Le port {port} est déjà pris.*PORT={port + 1} make run"):
            listening.refuse_taken_port("127.0.0.1", port, patience=0.2)


class Served(Installation):
    """An installation and the supervisor that serves it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        super().__init__(folder, port=self.port)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/connexion/", timeout=2) as page:
                return bool(page.status == 200)
        except OSError:
            return False

    def served(self) -> "subprocess.Popen[bytes]":
        process = self.start("serve")
        until(self.answers)
        return process


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    site = Served(tmp_path_factory.mktemp("served"))
    assert "Le site n’est pas prêt" in site.manage("serve", check=False)
    site.found()
    site.manage("prepare", "--no-demo")
    yield site


def below(pid: int) -> set[int]:
    """Every process that this one started, and those that these started."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = {pid}
    while more := {child for child, parent in pairs if parent in found} - found:
        found |= more
    return found - {pid}


def living(pids: set[int]) -> set[int]:
    """Those that still run; a zombie does not."""
    stats = {pid: Path(f"/proc/{pid}/stat") for pid in pids}
    return {
        pid for pid, stat in stats.items() if stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    }


def test_nobody_survives_a_supervisor_killed_and_the_site_starts_again(site: Served) -> None:
    supervisor = site.served()
    family = below(supervisor.pid)
    assert len(family) >= 5  # the web server and its two workers, and ours
    supervisor.kill()
    supervisor.wait()
    again = site.start("serve")
    try:
        until(lambda: not living(family))
        until(site.answers)
        said = site.manage("serve", check=False)
        assert "Ce site tourne déjà" in said
        assert "Le site tourne" in site.manage("restore", "sauvegarde.tar", check=False)
    finally:
        family = below(again.pid)
        again.send_signal(signal.SIGTERM)
        assert again.wait(120) == 0
    assert living(family) == set()
    assert not site.answers()
