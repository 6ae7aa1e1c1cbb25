"""kill -9 of the worker while convocations leave, and a restart: each councillor has exactly one."""

import signal

import pytest

from tests.kb.work.test_killed import rows, wait_for
from tests.mail_server import mail_server
from tests.processes import Installation

MANY = 7
WORKER = ("db_worker", "-v", "0", "--no-reload", "--queue-name", "quick", "--interval", "0.1", "--no-startup-delay")
SITTING = f"""
from datetime import date, timedelta
from django.utils import timezone
from council.agenda.models import AgendaItemPage, SittingPage
from council.convening import operations as convening
from council.members import operations as members
from council.members.models import Instance, Mandate
from kb.access import operations as access
from kb.access.models import Role
from kb.pages import operations as pages
from kb.pages.models import HomePage
from kb.people.models import User
from kb.people.operations import open_account
home, admin, since = HomePage.objects.get(), User.objects.get(), date(2026, 3, 15)
council = members.settle_instance(instance=Instance(name='Conseil'), inhabitants=2380, since=since, by=admin)
for n in range({MANY}):
    person = open_account(first_name='P', last_name=f'N{{n}}', email=f'p{{n}}@essai.example')
    access.give(page=home, grantee=access.Grantee(person=person), role=Role.READER, by=None)
    members.add_member(mandate=Mandate(instance=council, first_name='P', last_name=f'N{{n}}', since=since, account=person, office='Maire'), by=admin)
sitting = pages.create_page(parent=home, author=admin, page=SittingPage(title='S', instance=council, starts_at=timezone.now().replace(microsecond=0) + timedelta(days=20)))
pages.create_page(parent=sitting, author=admin, page=AgendaItemPage(title='Point'))
convening.record_signature(sitting=sitting, mandate=council.mandates.first(), signed_on=timezone.localdate(), proof='registre', by=admin)
convening.send(sitting=sitting, by=admin)
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return Installation(tmp_path_factory.mktemp("convening"), port=8780).found()


def test_each_councillor_has_exactly_one(town):
    with mail_server() as server:
        server.slow_recipient = True  # killed before the server has the message: it leaves after the restart
        town.env |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(server.port)}
        town.python(SITTING)
        for round_ in range(2):
            worker = town.start(*WORKER)
            wait_for(lambda: server.busy and len(server.messages) >= 2 * round_ + 1)  # noqa: B023
            worker.send_signal(signal.SIGKILL)
            worker.wait(20)
            town.python("from kb.work.supervision import workers_died, ring_again; workers_died('quick'); ring_again()")
        server.slow_recipient = False
        last = town.start(*WORKER)
        try:
            wait_for(lambda: rows(town, "select count(*) from kb_mail where state in ('waiting', 'handing')") == [(0,)])
        finally:
            last.send_signal(signal.SIGTERM)
            last.wait(30)
        assert sorted(server.recipients) == sorted(f"p{n}@essai.example" for n in range(MANY))
    assert rows(town, "select count(*), count(distinct mandate_id) from council_convocation") == [(MANY, MANY)]
    assert rows(town, "select count(*) from council_sentpaper") == [(1,)]
    joined = "select count(*) from council_convocation c join kb_mail m on m.id = c.mail_id where m.state in ('sent', 'unsure')"
    assert rows(town, joined) == [(MANY,)]
