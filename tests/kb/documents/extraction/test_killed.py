"""kill -9 of real workers while they read: the text is found, page by page, nothing twice and nothing half-made."""

import sqlite3
import subprocess
import sys

import pytest

from tests.kb.documents.extraction import made
from tests.processes import ROOT, Installation


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return Installation(tmp_path_factory.mktemp("site"), port=8781).found()


def rows(town, sql):
    with sqlite3.connect(town.folder / "seance-tenante.sqlite3", timeout=20) as database:
        return database.execute(sql).fetchall()


def worker(town, code):
    """A process that does the job of a kind, and may be killed in it: gives its return code."""
    argv = [sys.executable, "manage.py", "shell", "-v0", "--no-imports", "-c", code]
    return subprocess.run(argv, env=town.env, cwd=ROOT, check=False, capture_output=True).returncode


DO = "from kb.work import operations as w; from kb.work.models import Job; w.run(Job.objects.get(kind='{}').pk)"
LEASE_ENDS = (
    "from kb.work.models import Job; from django.utils import timezone as t; import datetime as d;"
    "Job.objects.filter(state='running').update(lease_until=t.now()-d.timedelta(seconds=1))"
)
KILLED_AT_PAGE_THREE = (
    "import os; from kb.documents.extraction import ocr; read = ocr.read_scan;"
    "ocr.read_scan = lambda data, kind, page, using: os.kill(os.getpid(), 9) if page.number == 3 "
    "else read(data, kind, page, using);"
)


def test_killed_while_reading_then_while_recognising(town, tmp_path):
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(made.scan(*((f"Article {n}",) for n in range(1, 5))))
    town.python(
        "from kb.documents.operations import deposit; from kb.people.models import User;"
        f"deposit(file=open({str(scan)!r}, 'rb'), file_name='scan.pdf', author=User.objects.get())"
    )
    assert rows(town, "select state, attempts from kb_extraction") == [("waiting", 0)]
    die = "import os; from kb.documents.extraction import readers; readers.read = lambda *a, **k: os.kill(os.getpid(), 9);"
    assert worker(town, die + DO.format("extraction")) == -9
    assert rows(town, "select state, attempts from kb_extraction") == [("waiting", 1)]
    assert rows(town, "select count(*) from kb_extractedpage") == [(0,)]
    town.python(LEASE_ENDS)
    assert worker(town, DO.format("extraction")) == 0
    assert rows(town, "select state, waiting from kb_extraction") == [("waiting_for_ocr", 4)]

    assert worker(town, KILLED_AT_PAGE_THREE + DO.format("ocr")) == -9
    assert rows(town, "select state, by_ocr, waiting from kb_extraction") == [("waiting_for_ocr", 2, 2)]
    town.python(LEASE_ENDS)
    before = rows(town, "select number, text from kb_extractedpage where by_ocr order by number")
    assert before == [(1, "Article 1"), (2, "Article 2")]
    again = "from kb.documents.extraction import ocr; read = ocr.read_scan; seen = [];"
    again += (
        "ocr.read_scan = lambda data, kind, page, using: (seen.append(page.number), read(data, kind, page, using))[1];"
    )
    said = town.python(again + DO.format("ocr") + "; print(seen)")
    assert said.endswith("[3, 4]")
    assert rows(town, "select state, by_ocr, waiting from kb_extraction") == [("ok", 4, 0)]
    assert rows(town, "select number, text from kb_extractedpage order by number") == [
        (n, f"Article {n}") for n in range(1, 5)
    ]
    assert rows(town, "select state from kb_job where kind in ('extraction', 'ocr')") == [("done",), ("done",)]
