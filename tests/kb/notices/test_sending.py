"""A real mail server on loopback: what it receives, what it refuses, and each mail once."""

import re

import pytest
from django.utils import timezone

from kb.access import operations as access
from kb.notices import operations, sending
from kb.notices.models import Mail, MailState
from kb.sharing import operations as sharing
from kb.work import operations as work
from kb.work.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(town):
    return town.page("École des Tilleuls")


def one_mail(town, page, to=None):
    return sharing.send_link(
        to=to or town.elu, by=town.technical, page=page, words="Avant jeudi, s’il vous plaît."
    ).mail


def hurry():
    """The next try is due now."""
    Job.objects.filter(kind="mail").update(due_at=timezone.now())
    work.drain()


def test_what_is_received_reads_well_as_text_and_as_html(town, page, smtp):
    row = one_mail(town, page)
    work.drain()
    (message,) = smtp.messages
    assert smtp.recipients == ["sylvie@valmorin.example"]
    assert str(message["From"]).startswith("Valmorin-sur-Drise <ne-pas-repondre@")
    assert message["To"] == "Sylvie Roussillon <sylvie@valmorin.example>"
    assert message["Message-ID"] == f"<seance-tenante-{row.pk}@127.0.0.1>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    stop = re.fullmatch(r"<(http://[^>]+/courriels/arret/[^>]+/)>", message["List-Unsubscribe"])[1]
    for part in (text, html):
        assert stop in part and f"http://127.0.0.1:8000/p/{page.pk}/" in part
        assert "Avant jeudi, s’il vous plaît." in part and "Vous recevez ce courriel parce que" in part
    assert '<html lang="fr">' in html and "<title>" in html
    assert b"\r\nList-Unsubscribe: <http://" in smtp.raw[0]  # whole, on one line
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert list(message.iter_attachments()) == []


def test_the_address_at_the_foot_stops_in_one_click_without_signing_in(town, page, smtp, client):
    one_mail(town, page)
    work.drain()
    stop = re.search(r"http://127.0.0.1:8000(/courriels/arret/[^>]+)>", smtp.messages[0]["List-Unsubscribe"])[1]
    assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    one_mail(town, page)
    work.drain()
    assert len(smtp.messages) == 1


def test_one_for_each_and_none_to_who_may_not_see(town, page, smtp, publish):
    hidden = town.page("Cachée")
    for person in (town.elu, town.technical, town.finance):
        operations.follow_page(page=page, person=person)
    operations.follow_page(page=hidden, person=town.elu)
    access.reserve(page=hidden, by=town.admin, why="")
    publish(page, "Lot 2")
    publish(hidden, "Secret")
    friday = timezone.localdate() + timezone.timedelta(days=(4 - timezone.localdate().weekday()) % 7)
    for person in (town.elu, town.technical, town.finance, town.communication, town.outsider):
        operations.write_digest(person=person, today=friday)
    work.drain()
    assert sorted(smtp.recipients) == [
        "patrick@valmorin.example",
        "sandrine@valmorin.example",
        "sylvie@valmorin.example",
    ]
    assert not [message for message in smtp.messages if "cret" in message.as_string() or "Cach" in message.as_string()]


def test_a_server_that_says_later_is_asked_again_and_takes_it_once(town, page, smtp):
    smtp.refusals = ["451 Réessayez plus tard".encode().decode("ascii", "ignore"), "421 Busy"]
    row = one_mail(town, page)
    for expected in (1, 2):
        hurry()
        row.refresh_from_db()
        assert (row.state, row.tries, smtp.messages) == (MailState.WAITING, expected, [])
        assert row.reason.startswith("Le serveur de courriel")
    hurry()
    hurry()
    row.refresh_from_db()
    assert (row.state, len(smtp.messages), row.reason) == (MailState.SENT, 1, "")


def test_a_server_that_is_away_is_waited_for(town, page, settings, smtp):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    row = one_mail(town, page)
    work.drain()
    row.refresh_from_db()
    assert (row.state, row.reason) == (MailState.WAITING, "Le serveur de courriel ne répond pas.")
    job = Job.objects.get(kind="mail", state="waiting")
    assert job.due_at > timezone.now()
    settings.EMAIL_PORT = port
    hurry()
    row.refresh_from_db()
    assert (row.state, len(smtp.messages)) == (MailState.SENT, 1)


def test_away_for_two_days_it_is_said_and_an_administrator_has_it_sent(town, page, settings, smtp):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    row = one_mail(town, page)
    for _ in range(len(sending.PATIENCE) + 1):
        hurry()
    row.refresh_from_db()
    assert row.state == MailState.FAILED
    settings.EMAIL_PORT = port
    admin = town.signed_in(town.admin)
    home = admin.get("/admin/").content.decode()
    assert "1\u00a0courriel échoué" in home and "/admin/kb/mail/?state__exact=failed" in home
    assert admin.post("/courriels/renvoyer/", {"state": "failed"}).url == "/admin/"
    work.drain()
    row.refresh_from_db()
    assert (row.state, len(smtp.messages)) == (MailState.SENT, 1)
    assert "tous les courriels sont partis" in admin.get("/admin/").content.decode()


def test_an_address_refused_for_good_is_not_tried_again(town, page, smtp):
    smtp.refusals = ["550 No such user"]
    row = one_mail(town, page)
    work.drain()
    row.refresh_from_db()
    assert (row.state, row.reason) == (
        MailState.FAILED,
        "Le serveur de courriel refuse cette adresse : 550 No such user",
    )
    assert not Job.objects.filter(kind="mail", state="waiting").exists()


def test_stopped_before_the_last_byte_it_leaves_later(town, page, smtp, monkeypatch):
    """The process dies while the server has taken sender and recipient, and nothing more."""
    row = one_mail(town, page)
    with monkeypatch.context() as dying:
        dying.setattr(sending, "_close", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            work.drain()
    row.refresh_from_db()
    assert (row.state, smtp.messages) == (MailState.WAITING, [])
    hurry()
    assert len(smtp.messages) == 1


def test_stopped_after_it_nobody_knows_and_it_never_leaves_twice(town, page, smtp, monkeypatch):
    row = one_mail(town, page)
    close = sending._close

    def die_before_sent(mail, state, reason=""):
        if state == MailState.SENT:
            raise KeyboardInterrupt
        close(mail, state, reason)

    with monkeypatch.context() as dying:
        dying.setattr(sending, "_close", die_before_sent)
        with pytest.raises(KeyboardInterrupt):
            work.drain()
    hurry()
    hurry()
    row.refresh_from_db()
    assert (row.state, len(smtp.messages)) == (MailState.UNSURE, 1)
    assert "1\u00a0courriel peut-être perdu" in town.signed_in(town.admin).get("/admin/").content.decode()
    assert sending.send_again(state=MailState.UNSURE, by=town.admin) == 1
    work.drain()
    first, second = smtp.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_only_an_administrator_has_mails_sent_again(town, page, agent, client):
    one_mail(town, page)
    Mail.objects.update(state=MailState.FAILED)
    assert agent.post("/courriels/renvoyer/", {"state": "failed"}).status_code == 403
    assert client.post("/courriels/renvoyer/").url.startswith("/connexion/")
    assert town.signed_in(town.admin).get("/courriels/renvoyer/").status_code == 405
    assert sending.send_again(state="sent", by=town.admin) == 0
    assert Mail.objects.get().state == MailState.FAILED
    assert "Courriels non envoyés" not in agent.get("/admin/").content.decode()
