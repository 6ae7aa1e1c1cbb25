"""kill -9 of the worker at any moment of a planned publication, and a restart: the same end state, nothing twice."""

import sqlite3
import time

import pytest

from tests.processes import Installation

PLANNED = """
from datetime import timedelta
from django.utils import timezone
from kb.access import operations as access
from kb.access.models import Role
from kb.moderation import operations, queries
from kb.pages.models import ArticlePage, HomePage
from kb.pages import operations as pages
from kb.people.models import User
from kb.people.operations import open_account
from kb.permissions import Viewer

admin, home = User.objects.get(username="a.b"), HomePage.objects.get()
agent = User.objects.filter(username="c.d").first() or open_account(
    first_name="C", last_name="D", email="c@essai.example", groups=["Finances"], password="une-longue-phrase-42")
access.give(page=home, grantee=access.Grantee(person=agent), role=Role.EDITOR, by=None)
page = pages.create_page(parent=home, page=ArticlePage(title="TITLE", body=[("paragraph", "<p>Mots.</p>")]), author=agent)
operations.submit(page=page, author=agent)
for _ in ("service", "communication"):
    waiting = queries.on_page(page, Viewer(admin))
    page.refresh_from_db()
    operations.approve(task_state=waiting.task_state, by=admin, seen=queries.seen(page, page.get_latest_revision()),
                       at=timezone.now() + timedelta(seconds=2) if waiting.is_last else None)
"""
WORK = (
    "from kb.work.publishing import ask_for_planned; from kb.work import operations as w; ask_for_planned(); w.drain();"
)
RESTART = (
    "from kb.work.models import Job; from django.utils import timezone as t; import datetime as d;"
    "Job.objects.filter(state='running').update(lease_until=t.now()-d.timedelta(seconds=1));"
    "from kb.work import operations as w; [w.run(pk) for pk in Job.objects.filter(state='running').values_list('pk', flat=True)];"
)
MOMENTS = {
    "before the links": "from kb.pages import revising as m; name = 'record_publication'",
    "before the commit": "from kb.work import publishing as p; m = p.transaction.Atomic; name = '__exit__'",
    "after the commit": "from kb.work import operations as m; name = '_finish'",
}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return Installation(tmp_path_factory.mktemp("site"), port=8781).found()


def rows(town, sql):
    with sqlite3.connect(town.folder / "seance-tenante.sqlite3", timeout=20) as database:
        return database.execute(sql).fetchall()


@pytest.mark.parametrize("moment", MOMENTS)
def test_published_once_and_told_once(town, moment):
    title = f"Plan {moment}"
    town.python(PLANNED.replace("TITLE", title))
    time.sleep(2.5)
    others_first = "from kb.work import operations as w; w.drain();"  # mails: the kill is for the publication
    kill = f"{MOMENTS[moment]}; import os; setattr(m, name, lambda *a, **k: os.kill(os.getpid(), 9));"
    town.manage("shell", "-v0", "--no-imports", "-c", f"{others_first} {kill} {WORK}", check=False)
    (page,) = (row[0] for row in rows(town, f"select id from wagtailcore_page where draft_title = '{title}'"))
    live = f"select live from wagtailcore_page where id = {page}"
    assert rows(town, live) == [(1 if moment == "after the commit" else 0,)]
    town.python(RESTART + WORK)
    town.python(RESTART + WORK)
    assert rows(town, live) == [(1,)]
    counted = (
        f"select (select count(*) from wagtailcore_pagelogentry where page_id = {page} and action = 'wagtail.publish.scheduled'),"
        f" (select count(*) from kb_revisionrecord where page_id = {page} and published_at is not null),"
        f" (select count(*) from kb_mail where page_id = {page} and kind = 'review_outcome'),"
        f" (select count(*) from wagtailcore_revision where object_id = '{page}' and approved_go_live_at is not null)"
    )
    assert rows(town, counted) == [(1, 1, 1, 0)]
