"""evaluate_search: the figures, the way they are counted, and that nothing of it stays."""

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from search import evaluation
from tests.processes import Installation

DOCS = [
    {"id": "a", "title": "", "text": "Le maire convoque le conseil municipal."},
    {"id": "b", "title": "Cantine", "text": "Le règlement de la restauration scolaire."},
    {"id": "c", "text": "La voirie est entretenue par les services techniques. " * 80},
]
QUERIES = [
    {"id": "1", "text": "Qui convoque le conseil ?"},
    {"id": "2", "text": "cantines"},
    {"id": "3", "text": "entretien des chemins"},
    {"id": "4", "text": "sans réponse connue"},
]
QRELS = "query-id\tcorpus-id\tscore\n1\ta\t1\n2\tb\t1\n2\tc\t0\n3\tb\t1\n"


@pytest.fixture
def collection(tmp_path: Path) -> dict[str, Path]:
    for name, rows in (("docs", DOCS), ("queries", QUERIES)):
        (tmp_path / name).write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    (tmp_path / "qrels").write_text(QRELS)
    return {name: tmp_path / name for name in ("docs", "queries", "qrels")}


@pytest.fixture
def command(tmp_path: Path, collection: dict[str, Path]) -> Callable[..., str]:
    """Runs it in a process of its own: Django lets no test open another database."""
    installation = Installation(tmp_path / "data")
    files = [part for name, path in collection.items() for part in (f"--{name}", str(path))]
    return lambda *options, **env: _run(installation, [*files, *options], env)


def _run(installation: Installation, arguments: list[str], env: dict[str, str]) -> str:
    installation.env |= env
    return installation.manage("evaluate_search", *arguments, check=False)


MEASURED = ("recall_at_10", "recall_at_100", "mrr_at_10", "ndcg_at_10", "documents", "queries")


def test_it_measures_and_leaves_nothing(command: Callable[..., str], tmp_path: Path) -> None:
    found = json.loads(command("--json", TMPDIR=str(tmp_path)))
    assert [found[key] for key in MEASURED] == [0.6667, 0.6667, 0.6667, 0.6667, 3, 3]
    assert found["index_bytes"] > 0
    assert 0 < found["p50_ms"] <= found["p95_ms"]
    assert not list(tmp_path.glob("seance-tenante-search-*"))
    assert "recall_at_10" in command()


def test_elasticsearch_gives_the_same_figures(command: Callable[..., str], elasticsearch_address: str) -> None:
    one = json.loads(command("--json"))
    other = json.loads(command("--json", "--engine", "elasticsearch", ELASTICSEARCH_URL=elasticsearch_address))
    assert [one[key] for key in MEASURED] == [other[key] for key in MEASURED]
    assert other["engine"] == "elasticsearch"
    with urllib.request.urlopen(f"{elasticsearch_address}/evaluation-*") as left:
        assert json.load(left) == {}


def test_the_measures() -> None:
    answers = {"1": {"a"}, "2": {"a", "b"}, "3": {"z"}}
    found = {"1": ["x", "a"], "2": ["b", "x", "a"], "3": ["x"] * 10 + ["z"]}
    assert evaluation.measures(found, answers) == {
        "recall_at_10": round(2 / 3, 4),
        "recall_at_100": 1.0,
        "mrr_at_10": 0.5,
        "ndcg_at_10": round((0.6309 + 1.5 / 1.6309 + 0) / 3, 4),
    }


def test_what_cannot_be_read_is_named(command: Callable[..., str], collection: dict[str, Path]) -> None:
    good = {name: path.read_text() for name, path in collection.items()}
    said = {}
    for name, content in (("docs", '{"id": "a"}\n'), ("queries", "pas du JSON\n"), ("qrels", "1\ta\n")):
        collection[name].write_text(content)
        said[name] = command().split("ligne ")[1].strip()
        collection[name].write_text(good[name])
    assert said == {
        "docs": "1 : il faut un objet JSON avec id, text.",
        "queries": "1 : il faut un objet JSON avec id, text.",
        "qrels": "1 : il faut « requête⇥document⇥1 ».",
    }
    collection["docs"].write_bytes(b"\xff\xfe")
    assert "n’est pas un texte en UTF-8" in command()
    collection["docs"].unlink()
    assert "ne se lit pas : vérifiez le nom du fichier" in command()


def test_lines_that_others_wrote(tmp_path):
    """A mark of Excel at the start, ends of line of Windows; half a character is no text."""
    path = tmp_path / "docs"
    path.write_bytes(b'\xef\xbb\xbf{"id": 1, "text": "Texte"}\r\n\r\n')
    assert list(evaluation.rows_of(path, "id", "text")) == [{"id": "1", "text": "Texte", "title": ""}]
    path.write_bytes(b"\xef\xbb\xbfa\t1\t1\r\n")
    assert evaluation.judgements_of(path) == {"a": {"1"}}
    path.write_bytes(b'{"id": "1", "text": "\\ud800"}\n')
    with pytest.raises(evaluation.Unreadable, match="ligne 1"):
        list(evaluation.rows_of(path, "id", "text"))
