"""kill -9 of real processes: one state or the other, nothing half-made, the work taken up."""

import os
import signal
import sqlite3
import time
import urllib.request

import pytest
from docx import Document

from tests.processes import Installation


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return Installation(tmp_path_factory.mktemp("site"), port=8778).found()


def wait_for(condition, seconds=40):
    """Until the condition holds, or fails."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.2)
    raise AssertionError("It did not happen in time.")


def rows(town, sql):
    with sqlite3.connect(town.folder / "seance-tenante.sqlite3", timeout=20) as database:
        return database.execute(sql).fetchall()


def test_a_worker_killed_in_a_job_loses_nothing(town):
    """The thumbnail job is claimed by a worker that dies; its lease ends; the site takes it up."""
    town.python(
        "import io; from PIL import Image; from kb.documents.operations import deposit; from kb.people.models import User;"
        "b=io.BytesIO(); Image.new('RGB',(300,200)).save(b,'PNG'); b.seek(0);"
        "deposit(file=b, file_name='plan.png', author=User.objects.get())"
    )
    town.python(
        "from kb.work import operations as w; from kb.work.models import Job;"
        "w._claim(Job.objects.get(kind='thumbnail').pk)  # and the worker dies"
    )
    assert rows(town, "select state from kb_job where kind='thumbnail'") == [("running",)]
    town.python(
        "from kb.work.models import Job; from django.utils import timezone as t; import datetime as d;"
        "Job.objects.update(lease_until=t.now()-d.timedelta(seconds=1))"
    )
    town.manage("prepare", "--no-demo")
    house = town.start("serve")
    try:
        wait_for(lambda: rows(town, "select state from kb_job where kind='thumbnail'") == [("done",)])
        assert rows(town, "select count(*) from kb_documentversion where thumbnail != ''") == [(1,)]
        wait_for(lambda: rows(town, "select count(*) from kb_backuprecord where finished_at is not null") == [(1,)])
    finally:
        house.send_signal(signal.SIGTERM)
        assert house.wait(30) == 0


def test_the_house_restarts_what_dies_and_stops_cleanly(town):
    house = town.start("serve")
    try:

        def answers():
            try:
                return urllib.request.urlopen("http://127.0.0.1:8778/connexion/", timeout=2).status == 200
            except OSError:
                return False

        wait_for(answers)
        children = [int(pid) for pid in os.popen(f"pgrep -P {house.pid}").read().split()]
        assert len(children) == 3
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        wait_for(answers)
        wait_for(lambda: len(os.popen(f"pgrep -P {house.pid}").read().split()) == 3)
    finally:
        house.send_signal(signal.SIGINT)
        assert house.wait(40) == 0
    assert not answers()
    assert "déjà pris" not in town.manage("check")


def test_a_taken_port_is_said(town):
    import socket

    with socket.create_server(("127.0.0.1", 8778)):
        said = town.manage("serve", check=False)
    assert "Le port 8778 est déjà pris" in said


@pytest.mark.parametrize("moment", ["before the links", "before the commit"])
def test_a_process_killed_in_a_publication_leaves_the_page_as_it_was(town, moment):
    title = f"Page {moment}"
    town.python(
        "from kb.pages.models import *; from kb.pages import operations as o; from kb.people.models import User;"
        f"o.create_page(parent=HomePage.objects.get(), page=ArticlePage(title='{title}'), author=User.objects.get())"
    )
    where = "record_publication" if moment == "before the links" else "answer_missing_links"
    town.manage(
        "shell",
        "-v0",
        "--no-imports",
        "-c",
        "import os; from kb.pages import revising, operations as o; from kb.pages.models import ArticlePage;"
        "from kb.people.models import User;"
        f"setattr(revising, '{where}', lambda *a, **k: os.kill(os.getpid(), 9));"
        f"p = ArticlePage.objects.get(title='{title}'); p.title = 'Changée';"
        "r = o.save_draft(page=p, author=User.objects.get()); o.publish_revision(page=p, revision=r, author=User.objects.get())",
        check=False,
    )
    assert rows(town, f"select live, title, draft_title from wagtailcore_page where title = '{title}'") == [
        (0, title, "Changée")
    ]
    assert rows(town, "select count(*) from kb_revisionrecord where published_at is not null") == [(1,)]


@pytest.mark.parametrize("moment", ["after the bytes", "before the commit"])
def test_a_process_killed_in_an_import_leaves_nothing_but_bytes_that_are_swept(town, moment, tmp_path):
    file = tmp_path / "compte-rendu.docx"
    document = Document()
    document.add_heading("Compte rendu", 1)
    document.add_paragraph("Mots du compte rendu.")
    document.save(file)
    counted = "select (select count(*) from wagtailcore_page), (select count(*) from kb_document), (select count(*) from kb_importrecord)"
    before = rows(town, counted)
    where = (
        "kb.documents.models.DocumentVersion.save"
        if moment == "after the bytes"
        else "kb.pages.revising.record_revision"
    )
    town.manage(
        "shell",
        "-v0",
        "--no-imports",
        "-c",
        "import os; from unittest import mock; from django.core.management import call_command;"
        f"mock.patch('{where}', lambda *a, **k: os.kill(os.getpid(), 9)).start();"
        f"call_command('import_document', {str(file)!r}, into='/', person='a.b')",
        check=False,
    )
    assert rows(town, counted) == before
    files = town.folder / "files" / "documents"
    named = {name for (name,) in rows(town, "select file from kb_documentversion")}
    left = {str(path.relative_to(files)) for path in files.rglob("*") if path.is_file()} - named
    two_days_ago = time.time() - 2 * 24 * 3600
    for name in left:
        os.utime(files / name, (two_days_ago, two_days_ago))
    town.python("from kb.documents import orphans; orphans.sweep()")
    assert {str(path.relative_to(files)) for path in files.rglob("*") if path.is_file()} == named
    said = town.manage("import_document", str(file), "--into", "/", "--as", "a.b", "--json")
    assert '"state": "imported"' in said  # done again, it is done once
    assert rows(town, counted)[0][1] == before[0][1] + 1
