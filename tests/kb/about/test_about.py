"""Help, accessibility, personal data: for whoever comes, at the foot of every screen, asking nothing of others."""

import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db
PAGES = {"/aide/": "Aide", "/accessibilite/": "Accessibilité", "/donnees-personnelles/": "Données personnelles"}


@pytest.mark.parametrize("address", PAGES)
def test_for_whoever_comes(town, client, reader, address):
    for visitor in (client, reader):
        answer = visitor.get(address)
        said = answer.content.decode()
        assert answer.status_code == 200
        assert re.findall(r"<h1>(.+?)</h1>", said) == [PAGES[address]]
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', said)


def test_linked_from_every_screen(town, client, reader):
    for visitor, screen in ((client, "/connexion/"), (client, "/aide/"), (reader, "/"), (reader, "/compte/")):
        foot = visitor.get(screen).content.decode().partition("<footer")[2]
        assert re.findall(r'href="(/[a-z-]+/)"', foot)[: len(PAGES) + 1] == ["/actes/", *PAGES]


def test_what_is_said_of_durations_is_what_is_set(town, client, settings):
    settings.BACKUP_KEEP = 31
    said = client.get("/donnees-personnelles/").content.decode()
    assert "Les 31 dernières" in said
    assert f"pendant {settings.SESSION_COOKIE_AGE // 86400} jours" in said


def test_no_trace_of_who_signed_in_from_where():
    assert settings.AXES_DISABLE_ACCESS_LOG is True
