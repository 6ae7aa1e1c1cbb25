"""kill -9 of the server while the operator types, in a real browser: nothing lost, nothing doubled."""

import os
import signal
import subprocess
import urllib.request
from typing import Any

import pytest

from tests.journeys.conftest import Visitor, browser  # noqa: F401 - a fixture
from tests.kb.work.test_killed import rows, wait_for
from tests.processes import Installation

ADDRESS = "http://127.0.0.1:8781"
SITTING = """
from datetime import date, timedelta
from django.utils import timezone
from council.agenda import operations as agenda
from council.agenda.enums import Channel
from council.agenda.models import AgendaItemPage, SittingPage
from council.members import operations as members
from council.members.models import Instance, Mandate
from kb.pages import operations as pages
from kb.pages.models import HomePage
from kb.people.models import User
home, admin, since = HomePage.objects.get(), User.objects.get(), date(2026, 3, 15)
council = members.settle_instance(instance=Instance(name='Conseil'), inhabitants=2380, since=since, by=admin)
for n in range(5):
    members.add_member(mandate=Mandate(instance=council, first_name='P', last_name=f'N{n}', since=since, office='' if n else 'Maire'), by=admin)
sitting = pages.create_page(parent=home, author=admin, page=SittingPage(title='S', instance=council, starts_at=timezone.now().replace(microsecond=0) + timedelta(days=20)))
pages.create_page(parent=sitting, author=admin, page=AgendaItemPage(title='Point'))
agenda.record_convocation(sitting=sitting, sent_on=timezone.localdate(), channel=Channel.MAIL, proof='accusés', by=admin)
SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() - timedelta(hours=1))
print(sitting.pk)
"""
NOTED = 'select type from council_sittingevent where undone_at is null order by "order"'


@pytest.fixture(scope="module")
def town(tmp_path_factory: Any) -> Installation:
    town = Installation(tmp_path_factory.mktemp("floor"), port=8781).found()
    town.manage("prepare", "--no-demo")
    return town


class Server:
    """manage.py serve, killed with all that it started."""

    def __init__(self, town: Installation) -> None:
        self.process = town.start("serve")
        wait_for(self.answers)

    def answers(self) -> bool:
        """Does the site answer?"""
        try:
            return bool(urllib.request.urlopen(f"{ADDRESS}/connexion/", timeout=2).status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """kill -9 of the house and of its children, by their ids."""
        known = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        children = [int(pid) for pid in known.stdout.split()]
        below = [
            int(pid)
            for child in children
            for pid in subprocess.run(
                ["pgrep", "-P", str(child)], capture_output=True, text=True, check=False
            ).stdout.split()
        ]
        for pid in (self.process.pid, *children, *below):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(20)


def test_a_server_that_dies_in_the_middle_of_a_vote(town: Installation, browser: Any) -> None:  # noqa: F811 - the fixture
    sitting = int(town.python(SITTING))
    server, operator = Server(town), Visitor(browser, ADDRESS)
    try:
        screen = operator.page
        screen.goto("/connexion/")
        screen.fill("[name=username]", "a.b")
        screen.fill("[name=password]", "une-longue-phrase-42")
        screen.click("main button[type=submit]")
        screen.goto(f"/p/{sitting}/operateur/")
        screen.get_by_role("button", name="Tout le monde est là").click()
        screen.get_by_role("button", name="Ouvrir la séance").click()
        screen.get_by_role("button", name="Point", exact=False).first.click()
        screen.locator("#vote").wait_for()
        server.kill()
        screen.keyboard.press("F2")
        screen.locator("[data-queue]", has_text="1 saisie attend").wait_for()
        screen.locator(".move").last.click()
        screen.locator("[data-queue]", has_text="2 saisies attendent").wait_for()
        server = Server(town)
        wait_for(lambda: rows(town, NOTED) == [("open",), ("item",), ("ballot",), ("leave",)])
        screen.locator(".said-by-law", has_text="5 pour").wait_for()
        screen.wait_for_timeout(3000)  # the screen asks again: nothing is written twice
        assert rows(town, NOTED) == [("open",), ("item",), ("ballot",), ("leave",)]
    finally:
        server.kill()
        operator.context.close()
