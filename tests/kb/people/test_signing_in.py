"""Signing in: by address or sign-in name, and guesses slowed down."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(client, name, password=PASSWORD):
    return client.post("/connexion/", {"username": name, "password": password})


@pytest.mark.parametrize(
    "name", ["patrick@valmorin.example", "PATRICK@Valmorin.example", "patrick.brun", " Patrick.Brun"]
)
def test_by_address_or_name_whatever_the_case(town, client, name):
    assert sign_in(client, name).url == "/"


def test_a_wrong_password_and_an_unknown_name_are_told_the_same(town, client):
    wrong, unknown = sign_in(client, "patrick.brun", "non"), sign_in(client, "personne", "non")
    assert (wrong.status_code, unknown.status_code) == (200, 200)
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert "ne vont pas ensemble" in wrong.content.decode()


def test_a_closed_account_does_not_sign_in(town, client):
    town.technical.is_active = False
    town.technical.save()
    assert "ne vont pas ensemble" in sign_in(client, "patrick.brun").content.decode()


def test_guesses_are_slowed_down_and_only_for_the_account_guessed(town, client):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, "patrick.brun", "deviné")
    assert answer.status_code == 429
    assert "quart d’heure" in answer.content.decode()
    assert sign_in(client, "patrick.brun").status_code == 429  # the right password too, until it cools down
    assert sign_in(client, "sandrine.coste").url == "/"
    client.post("/deconnexion/")
    past = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME, minutes=1)
    AccessAttempt.objects.update(attempt_time=past)
    assert sign_in(client, "patrick.brun").url == "/"


def test_after_signing_in_one_never_leaves_the_site(town, client):
    answer = client.post(
        "/connexion/?next=https://ailleurs.example/", {"username": "patrick.brun", "password": PASSWORD}
    )
    assert answer.url == "/"


def test_one_account_has_one_counter_however_its_name_is_written(town, client):
    ways = ("patrick.brun", "PATRICK.BRUN", "patrick.brun ", "patrick@valmorin.example", "Patrick@Valmorin.example")
    answers = [
        sign_in(client, ways[attempt % len(ways)], "deviné").status_code
        for attempt in range(settings.AXES_FAILURE_LIMIT)
    ]
    assert answers == [200] * (settings.AXES_FAILURE_LIMIT - 1) + [429]
    assert {sign_in(client, way).status_code for way in ways} == {429}


def test_an_unknown_name_has_one_counter_too(town, client):
    ways = ("Élodie.Personne", "élodie.personne ", "ÉLODIE.PERSONNE")
    for attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, ways[attempt % len(ways)], "deviné")
    assert answer.status_code == 429


def test_signing_in_clears_the_counter_of_the_account(town, client):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        sign_in(client, "PATRICK@valmorin.example", "deviné")
    assert sign_in(client, "patrick.brun").url == "/"
    assert not AccessAttempt.objects.exists()
