"""The letters of moderation and their button: one per person, nothing to who may not, GET shows, POST acts once."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from kb.access import operations as access
from kb.access.models import Grant
from kb.moderation import operations
from kb.moderation.models import ReviewLink
from kb.notices.models import Mail, MailState
from kb.people.operations import close_account
from kb.work import operations as work

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(short):
    """A page submitted, and the path of the button in the letter that Inès got."""
    page = short.draft()
    short.submit(page, why="Première version")
    return page, button()


def button():
    work.drain()
    return re.search(r"http://[^/\s]+(/a-valider/courriel/\S+)", mail.outbox[-1].body)[1]


def decide(client, path, deed="approve", **data):
    return client.post(path, {"deed": deed, "when": "now", **data})


def test_who_takes_the_step_is_told_at_once(short, sent):
    assert [message.to for message in mail.outbox] == [["Inès Morel <ines@valmorin.example>"]]
    letter = mail.outbox[0]
    assert letter.subject == "À valider : «\u00a0Déneigement\u00a0»"
    for words in (
        "Patrick Brun vous soumet un brouillon",
        "Approuver publie la page",
        "Première version",
        "valable jusqu’au",
    ):
        assert words in letter.body, words
    assert letter.alternatives[0][1] == "text/html"


def test_the_get_only_shows_and_the_post_acts_without_signing_in(short, sent, client):
    page, path = sent
    for _ in range(2):  # a mail scanner opens the link
        answer = client.get(path)
        assert answer.status_code == 200 and "Approuver et publier" in answer.content.decode()
    page.refresh_from_db()
    assert not page.live and ReviewLink.objects.get().used_at is None
    assert "no-store" in answer["Cache-Control"]
    done = decide(client, path)
    assert "C’est fait" in done.content.decode() and "est publiée" in done.content.decode()
    page.refresh_from_db()
    assert page.live
    assert client.get("/a-valider/").url.startswith("/connexion/")  # it signed nobody in
    assert client.get(path).status_code == decide(client, path).status_code == 404


def test_changes_are_asked_from_the_mail(short, sent, client):
    page, path = sent
    assert decide(client, path, "changes").status_code == 422
    decide(client, path, "changes", words="Précisez l’heure.")
    assert short.waiting(page) is None
    work.drain()
    letter = mail.outbox[-1]
    assert letter.to == ["Patrick Brun <patrick@valmorin.example>"] and "Précisez l’heure." in letter.body
    assert f"/p/{page.pk}/brouillon/" in letter.body


def lose_the_step(short, page):
    Grant.objects.filter(person=short.officer).update(ended_at=timezone.now())


def reserve_the_branch(short, page):
    access.reserve(page=short.service, by=short.town.admin)


def change_the_draft(short, page):
    short.change(page, "<p>Autre</p>", by=short.officer)


def expire(short, page):
    ReviewLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))


@pytest.mark.parametrize(
    "deed",
    [
        lose_the_step,
        reserve_the_branch,
        change_the_draft,
        expire,
        lambda short, page: operations.take_back(page=page, by=short.agent),
        lambda short, page: close_account(person=short.officer, by=short.town.admin),
        lambda short, page: short.change(page, "<p>Autre</p>", by=short.agent),
        lambda short, page: operations.be_absent(person=short.officer, until=timezone.localdate()),
    ],
)
def test_the_button_dies_with_the_right_the_draft_or_the_delay(short, sent, client, deed):
    page, path = sent
    deed(short, page)
    assert client.get(path).status_code == decide(client, path).status_code == 404
    page.refresh_from_db()
    assert not page.live


def test_a_forged_address_opens_nothing(short, sent, client):
    _, path = sent
    good, token = path.rstrip("/").rsplit("/", 1)
    for forged in (f"{token}x", "1", "1:abc", token.replace(token[0], "9", 1)):
        assert client.get(f"{good}/{forged}/").status_code == 404


def test_it_opens_this_draft_alone(short, sent, client):
    """The words posted from a mail are about the draft of the mail, whatever they say."""
    _, path = sent
    other = short.draft("Autre")
    short.submit(other)
    decide(client, path, seen=short.seen(other))
    other.refresh_from_db()
    assert not other.live and short.waiting(other) is not None


def test_asked_again_at_the_sending(short):
    page = short.draft()
    short.submit(page)
    lose_the_step(short, page)
    work.drain()
    assert mail.outbox == []
    assert [(row.state, row.reason) for row in Mail.objects.filter(to=short.officer)] == [
        (MailState.WITHHELD, "Le brouillon n’attend plus, ou la personne ne peut plus le lire.")
    ]


def test_written_again_after_a_crash_the_button_is_the_same(short, sent):
    _, path = sent
    row = Mail.objects.get(kind="review_asked")
    Mail.objects.update(state=MailState.WAITING)
    work.enqueue(kind="mail", payload={"mail": row.pk}, key="again")
    assert button() == path and ReviewLink.objects.count() == 1


def test_a_file_that_more_people_would_read_is_named_in_what_is_judged(short, client):
    other = short.town.page("Ailleurs", under=short.town.home, author=short.town.admin)
    document = short.town.document()
    access.reserve(page=other, by=short.town.admin)
    short.town.attach(other, document)
    page = short.draft()
    short.town.attach(page, document, publish=False)
    short.submit(page)
    path = button()
    words = client.get(path).content.decode()
    assert "sera lu aussi par" in words and "Sylvie Roussillon" in words
    decide(client, path)
    page.refresh_from_db()
    assert page.live
