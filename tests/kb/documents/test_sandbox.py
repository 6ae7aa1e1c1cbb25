import os
import socket
import subprocess
import tempfile
import time
from ast import literal_eval
from pathlib import Path

import pytest

from kb.documents.extraction import sandbox
from kb.documents.extraction.sandbox import MB, Failed, Limits, TookTooLong, TooMuchMemory, TooMuchOutput

HERE = "tests.kb.documents.hostile_children"
KEPT = "kb-child-young"


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """A temporary place of its own for each test, where no child leaves anything."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert [path.name for path in tmp_path.iterdir() if path.name != KEPT] == []


def is_gone(pid: int) -> bool:
    """Dead, or a zombie that waits for init."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def test_a_program_gets_its_files_and_input_and_gives_its_output():
    done = sandbox.run(
        ["/bin/sh", "-c", "cat a.txt sub/b.txt -; echo no >&2"],
        stdin=b"3",
        files={"a.txt": b"1", "sub/b.txt": b"2"},
    )
    assert (done.stdout, done.stderr, done.returncode) == (b"123", b"no\n", 0)


def test_a_megabyte_goes_in_and_out_without_a_deadlock():
    data = os.urandom(3_000_000)
    assert sandbox.run(["/bin/cat"], stdin=data).stdout == data


def test_files_left_by_the_child_are_collected():
    script = "mkdir -p media/x; echo 1 > media/a; echo 2 > media/x/b; ln -s /etc/passwd media/link; echo 3 > other"
    done = sandbox.run(["/bin/sh", "-c", script], collect="media/**/*")
    assert done.collected == {"media/a": b"1\n", "media/x/b": b"2\n"}


def test_a_python_function_is_called_in_a_bare_process():
    assert sandbox.run_python(f"{HERE}:echo", "un", "deux", stdin=b"trois") == b"un deux|trois"
    names, django, files, folder = literal_eval(sandbox.run_python(f"{HERE}:surroundings", files={"a": b""}).decode())
    assert (names, django, files) == (["HOME", "LANG", "PATH", "TMPDIR"], [], ["a"])
    assert Path(folder).name.startswith("kb-child-")


@pytest.mark.parametrize("end", ["exit 3", "sleep 60"])
def test_what_a_child_said_before_it_failed_is_kept(end):
    with pytest.raises((Failed, TookTooLong)) as raised:
        sandbox.run(["/bin/sh", "-c", f"echo un; echo deux; {end}"], limits=Limits(wall=2))
    assert raised.value.stdout == b"un\ndeux\n"


def test_a_file_name_cannot_leave_the_folder():
    with pytest.raises(ValueError, match="leaves the private folder"):
        sandbox.run(["/bin/true"], files={"../a": b""})


@pytest.mark.parametrize(
    ("name", "limits", "error"),
    [
        ("eat_memory", Limits(memory=300 * MB), TooMuchMemory),
        ("spin", Limits(cpu=1), TookTooLong),
        ("sleep", Limits(wall=1), TookTooLong),
        ("shout", Limits(output=2 * MB), TooMuchOutput),
        ("write_a_big_file", Limits(file_size=2 * MB), TooMuchOutput),
    ],
)
def test_each_limit_ends_the_child_with_its_own_error(name, limits, error):
    start = time.monotonic()
    with pytest.raises(error):
        sandbox.run_python(f"{HERE}:{name}", limits=limits)
    assert time.monotonic() - start < 5


def test_collected_files_are_capped_too():
    with pytest.raises(TooMuchOutput):
        sandbox.run(["/bin/sh", "-c", "head -c 3000000 /dev/zero > a"], collect="*", limits=Limits(output=2 * MB))


def test_a_failure_tells_its_code_and_its_last_words():
    with pytest.raises(Failed) as caught:
        sandbox.run_python(f"{HERE}:stumble")
    assert caught.value.returncode == 1
    assert caught.value.stderr.endswith(b"ValueError: a reason\n")
    assert sandbox.run(["/bin/sh", "-c", "exit 3"], allowed_codes=(0, 3)).returncode == 3
    with pytest.raises(Failed, match="No such file"):
        sandbox.run(["/no/such/program"])


def test_a_grandchild_that_holds_the_pipes_dies_with_the_group():
    start = time.monotonic()
    pid = int(sandbox.run_python(f"{HERE}:leave_a_grandchild"))
    assert is_gone(pid)
    assert time.monotonic() - start < 5


def test_a_child_cannot_reach_the_network_where_the_system_lets_us_cut_it():
    network = os.readlink("/proc/self/ns/net")
    may_cut = (
        subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True).returncode == 0 or os.geteuid() == 0
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = sandbox.run_python(f"{HERE}:reach_out", server.getsockname()[1], network)
    assert answer == b"refused" or (answer == b"shared" and not may_cut)


def test_folders_left_by_a_killed_parent_are_swept(own_folder):
    (own_folder / "kb-child-old").mkdir()
    (own_folder / KEPT).mkdir()
    os.utime(own_folder / "kb-child-old", (0, 0))
    assert sandbox.sweep() == 1
    assert [path.name for path in own_folder.iterdir()] == [KEPT]
