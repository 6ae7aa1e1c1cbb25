"""kill -9 of the worker in the middle of a mailing, and a restart: each person has exactly one."""

import signal
import time

import pytest

from tests.kb.work.test_killed import rows, wait_for
from tests.mail_server import mail_server
from tests.processes import Installation

MANY = 12
WORKER = ("db_worker", "-v", "0", "--no-reload", "--queue-name", "quick", "--interval", "0.1", "--no-startup-delay")


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    installation = Installation(tmp_path_factory.mktemp("mailing"), port=8779).found()
    installation.python(
        "from kb.people.operations import open_account; from kb.access import operations as a;"
        "from kb.access.models import Role; from kb.pages.models import HomePage; h = HomePage.objects.get();\n"
        f"for n in range({MANY}):\n"
        "    p = open_account(first_name='P', last_name=f'N{n}', email=f'p{n}@essai.example');"
        " a.give(page=h, grantee=a.Grantee(person=p), role=Role.READER, by=None)\n"
    )
    return installation


def a_mailing(town):
    town.python(
        "from kb.notices import operations as n; from kb.people.models import User; from kb.pages.models import HomePage;"
        "from django.db import transaction\n"
        "with transaction.atomic():\n"
        "    for p in User.objects.filter(is_superuser=False):\n"
        "        n.tell(kind='link', to=p, by=User.objects.get(is_superuser=True), page=HomePage.objects.get(), always=True)"
    )


@pytest.mark.parametrize("slow", ["before the server has the message", "before it has said so"])
def test_each_person_has_exactly_one(town, slow):
    with mail_server() as server:
        server.slow_recipient = slow.startswith("before the server")
        server.slow_message = slow.startswith("before it")
        town.env |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(server.port)}
        a_mailing(town)
        for round_ in range(3):
            worker = town.start(*WORKER)
            wait_for(lambda: server.busy and len(server.messages) >= 2 * round_)  # noqa: B023
            time.sleep(0.05)
            worker.send_signal(signal.SIGKILL)
            worker.wait(20)
            town.python("from kb.work.supervision import workers_died, ring_again; workers_died('quick'); ring_again()")
        server.slow_recipient = server.slow_message = False
        last = town.start(*WORKER)
        try:
            wait_for(lambda: rows(town, "select count(*) from kb_mail where state in ('waiting', 'handing')") == [(0,)])
        finally:
            last.send_signal(signal.SIGTERM)
            last.wait(30)
        assert sorted(server.recipients) == sorted(f"p{n}@essai.example" for n in range(MANY))
        states = dict(rows(town, "select state, count(*) from kb_mail group by state"))
        assert states.get("sent", 0) + states.get("unsure", 0) == rows(town, "select count(*) from kb_mail")[0][0]
