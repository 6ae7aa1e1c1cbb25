"""make bench: the page view beside the floor, at two sizes; saving and publishing beside bare Wagtail; the tree; searching."""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests import postgresql
from tests.search.elasticsearch import server as elasticsearch

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 6
SIZES = (200, 20_000)
SAVES = 40
SEARCHED = (1_000, 100_000)


def environment(data: Path, port: int) -> dict[str, str]:
    """What a measured process sees."""
    return {
        **os.environ,
        "DATA_DIR": str(data),
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
        "LOG_LEVEL": "ERROR",
    }


class Server:
    """Granian, as `make run` starts it, with one process so that caches are warm for all."""

    def __init__(self, env: dict[str, str], port: int) -> None:
        self.port = port
        granian = str(Path(sys.executable).parent / "granian")
        self.process = subprocess.Popen(
            [
                granian,
                "--interface",
                "wsgi",
                "--port",
                str(port),
                "--workers",
                "1",
                "--blocking-threads",
                "1",
                "--no-access-log",
                "--log-level",
                "error",
                "config.wsgi:application",
            ],
            env=env,
            cwd=ROOT,
        )
        self.wait()

    def wait(self) -> None:
        """Until it answers."""
        for _ in range(200):
            try:
                http.client.HTTPConnection("127.0.0.1", self.port).connect()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit("The server does not start.")

    def close(self) -> None:
        """Stops it."""
        self.process.terminate()
        self.process.wait()


def fetch(connection: http.client.HTTPConnection, path: str, cookie: str) -> float:
    """Milliseconds of one view, which must be a 200."""
    start = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": f"sessionid={cookie}", "Host": "127.0.0.1"})
    answer = connection.getresponse()
    answer.read()
    spent = (time.perf_counter() - start) * 1000
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    return spent


def views(size: int) -> dict[str, float]:
    """p50 of the floor, of a page view, of a first view, of one level of the tree, alternating."""
    with tempfile.TemporaryDirectory() as folder:
        port = 8790
        env = environment(Path(folder), port)
        said = subprocess.run(
            [sys.executable, "-m", "bench.town", str(size)],
            env=env,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], env=env, cwd=ROOT, check=True
        )
        cookie, ids = said[0], said[1:]
        server = Server(env, port)
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            first = [fetch(connection, f"/p/{pk}/", cookie) for pk in ids]
            floor, page, tree = [], [], []
            for _ in range(ROUNDS):
                for pk in ids:
                    floor.append(fetch(connection, "/_floor/", cookie))
                    page.append(fetch(connection, f"/p/{pk}/", cookie))
                tree += [fetch(connection, f"/arbre/?ici={pk}", cookie) for pk in ids[:20]]
        finally:
            server.close()
    return {
        name: statistics.median(values)
        for name, values in (("floor", floor), ("page", page), ("first", first), ("tree", tree))
    }


class Saver:
    """A process that saves and publishes one page each time it is asked."""

    def __init__(self, which: str, folder: Path) -> None:
        env = environment(folder, 8791)
        env["DJANGO_SETTINGS_MODULE"] = "bench.settings" if which == "product" else "bench.bare.settings"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.saving", which],
            env=env,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        while self._line() != "ready":
            pass

    def _line(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("bench.saving stopped.")
        return line.strip()

    def round(self) -> tuple[float, ...]:
        """CPU milliseconds of the edit form, a save and a publication."""
        assert self.process.stdin
        print("again", file=self.process.stdin, flush=True)
        return tuple(map(float, self._line().split()))

    def close(self) -> None:
        """Lets it end."""
        self.process.communicate()


def saving() -> None:
    """Prints the admin's deeds beside bare Wagtail's, asked in turn."""
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        ours, bare = Saver("product", Path(first)), Saver("bare", Path(second))
        rounds = [(ours.round(), bare.round()) for _ in range(SAVES)]
        ours.close()
        bare.close()
    for place, deed in enumerate(("form", "save", "publish")):
        ratio = statistics.median(mine[place] / theirs[place] for mine, theirs in rounds)
        cost = statistics.median(mine[place] for mine, _ in rounds)
        print(f"{deed} in the admin: {ratio:.2f} x bare Wagtail's, tasks deferred (goal 1.0; {cost:.0f} ms of CPU)")


def rights() -> None:
    """Prints what 2,000 grants held by the person who asks cost beside 20."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "bench.rights"], env=environment(Path(folder), 8792), cwd=ROOT, check=True
        )


def searching() -> None:
    """Prints what search costs at two sizes, and how it grows."""
    ours = []
    for size in SEARCHED:
        with tempfile.TemporaryDirectory() as folder:
            said = subprocess.run(
                [sys.executable, "-m", "bench.searching", str(size)],
                env=environment(Path(folder), 8793),
                cwd=ROOT,
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        print(said, end="")
        ours.append(float(next(line.split()[2] for line in said.splitlines() if line.startswith("ours "))))
    print(f"growth of a search from {SEARCHED[0]} to {SEARCHED[1]} entries: {ours[1] / ours[0]:.2f} x")


def engines() -> None:
    """Prints the three engines side by side: the same entries, the same questions, the same reader."""
    waits: dict[str, list[float]] = {}
    for name in ("sqlite", "postgresql", "elasticsearch"):
        try:
            with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
                env = environment(Path(folder), 8794)
                if name == "postgresql":
                    env["DATABASE_URL"] = stack.enter_context(postgresql.cluster())
                if name == "elasticsearch":
                    env["ELASTICSEARCH_URL"] = stack.enter_context(elasticsearch.node())
                said = subprocess.run(
                    [sys.executable, "-m", "bench.searching", str(SEARCHED[-1]), name],
                    env=env,
                    cwd=ROOT,
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout.split()
        except (postgresql.NoServer, elasticsearch.NoServer) as missing:
            print(f"{name}: not measured ({missing})")
            continue
        waits[name] = [float(value) for value in said[1:]]
    for name, (middle, worst, fed) in waits.items():
        beside, beside_worst, _ = waits["sqlite"]
        print(
            f"{name}: p50 {middle / beside:.2f} x SQLite's, p95 {worst / beside_worst:.2f} x "
            f"({middle:.1f} and {worst:.1f} ms of waiting, {SEARCHED[-1]} entries"
            + (f"; fed in {fed:.0f} s)" if fed > 1 else ")")
        )


def binding() -> None:
    """Prints what binding the dossier of a sitting costs."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "bench.binding"], env=environment(Path(folder), 8795), cwd=ROOT, check=True
        )


def main() -> None:
    """Prints the ratios and what they are to reach."""
    measured = {size: views(size) for size in SIZES}
    for size, p50 in measured.items():
        ratio = p50["page"] / p50["floor"]
        print(
            f"{size:>6} pages: page view {ratio:.2f} x the floor (goal 2.0; floor {p50['floor']:.2f} ms, page "
            f"{p50['page']:.2f} ms); first view after a publication {p50['first'] / p50['floor']:.2f} x; "
            f"tree {p50['tree'] / p50['floor']:.2f} x"
        )
    small, large = (measured[size]["page"] / measured[size]["floor"] for size in SIZES)
    print(f"growth from 200 to 20,000 pages: {large / small:.2f} x (goal 1.15)")
    saving()
    rights()
    searching()
    engines()
    binding()


if __name__ == "__main__":
    main()
