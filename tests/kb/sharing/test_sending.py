"""« Envoyer le lien »: who is told what, who gets which mail, each refusal."""

import pytest
from django.core import mail
from wagtail.models import PageLogEntry

from kb.access import operations as access
from kb.access.models import Grant, Role
from kb.notices.models import Mail, MailState
from kb.people.models import User
from kb.sharing.models import AccessRequest
from kb.work import operations as work

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(town):
    return town.page("École des Tilleuls")


def send(client, page, **data):
    return client.post(f"/p/{page.pk}/envoyer/", data)


def left():
    """Works off the queue; gives (to, subject) of what left."""
    work.drain()
    return [(message.to, message.subject) for message in mail.outbox]


def test_somebody_who_may_read_gets_one_mail_with_a_button_and_nothing_attached(town, school, agent):
    check = send(agent, school, to=town.elu.pk, words="Avant jeudi, merci.").content.decode()
    assert "Sylvie Roussillon peut lire cette page" in check and not Mail.objects.exists()
    assert send(agent, school, to=town.elu.pk, words="Avant jeudi, merci.", deed="send").url == f"/p/{school.pk}/"
    assert left() == [
        (["Sylvie Roussillon <sylvie@valmorin.example>"], "Patrick Brun vous envoie «\u00a0École des Tilleuls\u00a0»")
    ]
    sent = mail.outbox[0]
    html, kind = sent.alternatives[0]
    address = f"http://127.0.0.1:8000/p/{school.pk}/"
    assert kind == "text/html" and address in html and address in sent.body
    assert "Avant jeudi, merci." in sent.body and "Avant jeudi, merci." in html
    assert sent.attachments == [] and sent.from_email.startswith("Valmorin-sur-Drise <")
    assert PageLogEntry.objects.get(action="kb.link.send").data == {"to": "Sylvie Roussillon"}


def test_a_link_asked_twice_leaves_twice_but_a_job_run_twice_sends_once(town, school, agent):
    send(agent, school, to=town.elu.pk, deed="send")
    row = Mail.objects.get()
    from kb.notices.tasks import send as task

    task({"mail": row.pk})
    task({"mail": row.pk})
    assert len(left()) == 1
    row.refresh_from_db()
    assert (
        row.state == MailState.SENT
        and mail.outbox[0].extra_headers["Message-ID"] == f"<seance-tenante-{row.pk}@127.0.0.1>"
    )


def test_the_tool_says_who_cannot_read_and_a_responsable_gives_the_access(town, school, publisher):
    check = send(publisher, school, other="hugo.perrin").content.decode()
    assert "Hugo Perrin ne peut pas lire cette page" in check and "Donner l’accès et envoyer" in check
    assert not Grant.objects.filter(person=town.outsider).exists() and left() == []
    send(publisher, school, other="hugo.perrin", deed="give")
    grant = Grant.objects.get(person=town.outsider)
    assert (grant.role, grant.given_by, grant.page_id) == (Role.READER, town.communication, school.pk)
    assert grant.until is not None
    assert [to for to, _ in left()] == [["Hugo Perrin <hugo@valmorin.example>"]]


def test_who_gives_no_rights_passes_a_request_on(town, school, agent):
    town.give(Role.READER, town.page("Autre"), person=town.outsider)  # so that his name is known
    check = send(agent, school, to=town.outsider.pk).content.decode()
    assert "Demander l’accès pour cette personne" in check and "Donner l’accès" not in check
    assert send(agent, school, to=town.outsider.pk, deed="give").status_code == 422
    assert not Grant.objects.filter(person=town.outsider, page=school.pk).exists()
    send(agent, school, to=town.outsider.pk, words="Il reprend le dossier", deed="ask")
    asked = AccessRequest.objects.get()
    assert (asked.person, asked.passed_on_by, asked.why) == (town.outsider, town.technical, "Il reprend le dossier")


def test_the_right_is_asked_again_when_the_mail_leaves(town, school, agent):
    send(agent, school, to=town.elu.pk, deed="send")
    access.reserve(page=school, by=town.admin, why="")
    assert left() == []
    row = Mail.objects.get()
    assert (row.state, row.reason) == (MailState.WITHHELD, "La personne n’a plus accès à ce qui lui était envoyé.")


def test_a_mail_names_nothing_of_a_reserved_branch(town, school):
    access.reserve(page=school, by=town.admin, why="")
    town.give(Role.MANAGER, school, person=town.technical)
    town.give(Role.READER, school, person=town.elu)
    send(town.signed_in(town.technical), school, to=town.elu.pk, deed="send")
    assert left() == [(["Sylvie Roussillon <sylvie@valmorin.example>"], "Patrick Brun vous envoie une page")]
    assert "Tilleuls" not in mail.outbox[0].message().as_string()


def test_a_file_is_sent_by_its_stable_address(town, school, agent):
    document = town.document(b"plan", "plan.txt")
    town.attach(school, document)
    agent.post(f"/documents/{document.pk}/envoyer/", {"to": town.elu.pk, "deed": "send"})
    assert len(left()) == 1 and f"/documents/{document.pk}/" in mail.outbox[0].body
    access.reserve(page=school, by=town.admin, why="")
    town.give(Role.READER, school, group="Services techniques")
    check = agent.post(f"/documents/{document.pk}/envoyer/", {"to": town.elu.pk}).content.decode()
    assert "ne peut pas lire ce document" in check and f"/p/{school.pk}/envoyer/" in check
    refused = agent.post(f"/documents/{document.pk}/envoyer/", {"to": town.elu.pk, "deed": "send"})
    assert refused.status_code == 422 and len(left()) == 1


def test_refusals(town, school, agent, client):
    hidden = town.page("Cachée")
    access.reserve(page=hidden, by=town.admin, why="")
    assert agent.get(f"/p/{hidden.pk}/envoyer/").status_code == 404
    assert client.get(f"/p/{school.pk}/envoyer/").url.startswith("/connexion/")
    assert "Choisissez une personne dans la liste." in send(agent, school, deed="send").content.decode()
    # Only who gives rights may try addresses.
    assert send(agent, school, other="hugo.perrin", deed="send").status_code == 422
    town.elu.email = None
    town.elu.save()
    assert "n’a pas d’adresse e-mail" in send(agent, school, to=town.elu.pk, deed="send").content.decode()
    assert left() == []


def test_the_access_and_the_link_go_together_or_not_at_all(town, school, publisher):
    """Without an address no right is given; a role already held is not lowered to lecteur."""
    User.objects.filter(pk=town.outsider.pk).update(email=None)
    before = Grant.objects.count()
    assert send(publisher, school, other="hugo.perrin", deed="give").status_code == 422
    assert Grant.objects.count() == before and not Mail.objects.exists()

    editor = town.person("Jean", "Roux")
    town.give(Role.EDITOR, school, person=editor)
    assert send(publisher, school, other=editor.username, deed="give").status_code == 302
    assert Grant.objects.in_force().get(page=school.pk, person=editor).role == Role.EDITOR
