"""kill -9 of the worker while a change leaves, and a restart: each councillor has exactly one mail of it."""

import signal

from tests.council.convening.test_killed import MANY, SITTING, WORKER
from tests.council.convening.test_killed import town as town
from tests.kb.work.test_killed import rows, wait_for
from tests.mail_server import mail_server

CHANGE = """
import io
from council.agenda.models import AgendaItemPage
from council.frozen import operations as frozen
from council.frozen.models import FrozenPaper
from kb.documents import operations as documents
from kb.people.models import User
admin = User.objects.get(is_superuser=True)
frozen.replace_piece(
    paper=FrozenPaper.objects.get(kind='annex'), file=io.BytesIO(b'Deux'), file_name='a.txt', reason='Total', by=admin
)
"""
ATTACH = """
import io
from kb.documents import operations as documents
from kb.pages.models import *
item = AgendaItemPage.objects.get()
pages.attach_document(page=item, document=documents.deposit(file=io.BytesIO(b'Un'), file_name='a.txt', author=admin), author=admin)
"""


def test_each_councillor_has_exactly_one(town):
    with mail_server() as server:
        server.slow_recipient = True
        town.env |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(server.port)}
        signed, sent = SITTING.split("convening.record_signature")
        town.python(f"{signed}{ATTACH}\nconvening.record_signature{sent}")
        town.python(CHANGE)
        for round_ in range(2):
            worker = town.start(*WORKER)
            wait_for(lambda: server.busy and len(server.messages) >= MANY + 2 * round_ + 1)  # noqa: B023
            worker.send_signal(signal.SIGKILL)
            worker.wait(20)
            town.python("from kb.work.supervision import workers_died, ring_again; workers_died('quick'); ring_again()")
        server.slow_recipient = False
        last = town.start(*WORKER)
        try:
            wait_for(
                lambda: rows(town, "select count(*) from kb_mail where state in ('waiting', 'handing')") == [(0,)], 90
            )
        finally:
            last.send_signal(signal.SIGTERM)
            last.wait(30)
        told = [str(one["to"]) for one in server.messages if str(one["subject"]).startswith("Pièce remplacée")]
        assert len(told) == len(set(told)) == MANY and len(server.recipients) == 2 * MANY
    assert rows(town, "select count(*), count(distinct mandate_id) from council_dispatch") == [(MANY, MANY)]
    joined = (
        "select count(*) from council_dispatch d join kb_mail m on m.id = d.mail_id where m.state in ('sent', 'unsure')"
    )
    assert rows(town, joined) == [(MANY,)]
