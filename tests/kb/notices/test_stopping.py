"""The signed address that stops mails: what it shows, what it does, what it refuses."""

import pytest
from django.test import Client

from kb.notices import stopping
from kb.notices.models import Mail, MailHabits

pytestmark = pytest.mark.django_db


@pytest.fixture
def digest(town):
    return stopping.path_for(Mail(kind="digest", to=town.elu))


def test_looking_changes_nothing_and_the_post_stops(town, digest, client):
    shown = client.get(digest).content.decode()
    assert "Arrêter ces courriels\u00a0?" in shown and not MailHabits.objects.exists()
    assert client.get(digest).status_code == 200 and client.head(digest).status_code == 405
    done = client.post(digest, {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200 and "Vous ne recevrez plus de résumé." in done.content.decode()
    row = MailHabits.objects.get()
    assert (row.person, row.rhythm, row.at_once) == (town.elu, "never", True)
    client.post(digest)
    assert MailHabits.objects.count() == 1


def test_mails_that_leave_at_once_stop_apart(town, client):
    client.post(stopping.path_for(Mail(kind="link", to=town.elu)))
    row = MailHabits.objects.get()
    assert (row.rhythm, row.at_once) == ("", False)


def test_mail_programs_post_it_without_our_cookie(town, digest):
    assert Client(enforce_csrf_checks=True).post(digest).status_code == 200


def test_what_we_did_not_sign_is_nothing(town, digest, client):
    other = digest.replace(f"/{town.elu.pk}-", f"/{town.admin.pk}-")
    for path in (
        other,
        digest.replace("digest", "at_once"),
        "/courriels/arret/rien/",
        "/courriels/arret/1-digest-x/",
        "/courriels/arret/x-y-z/",
    ):
        assert client.get(path).status_code == 404, path
        assert client.post(path).status_code == 404, path
    assert not MailHabits.objects.exists()


def test_it_tells_nothing_of_the_person(town, digest, client):
    assert "Sylvie" not in client.get(digest).content.decode()
