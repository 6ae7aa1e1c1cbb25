"""Nobody is told anything of a reserved branch, at any door: the permanent crawl."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from tests.leaks.doors import NOTHING_BEHIND, Door, addresses, doors, hidden_addresses, questions
from tests.leaks.planted import MARK, Planted

pytestmark = pytest.mark.django_db
CAST = (
    "anonymous", "outsider", "lecteur", "commentateur", "éditeur d’un autre service",
    "responsable d’un autre service", "communication", "élu", "ancien",
)  # fmt: skip


@pytest.fixture
def planted(town) -> Planted:
    return Planted(town)


def client_of(planted: Planted, name: str) -> Client:
    client = Client(raise_request_exception=False)
    person = planted.cast[name]
    if person.is_authenticated:
        client.force_login(person, backend="kb.people.backends.SignInNameOrEmail")
    return client


def everything_said(answer: Any) -> bytes:
    """Body, headers and cookies, in lower case."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return (body + headers.encode() + answer.cookies.output().encode()).lower()


def asked(client: Client, method: str, address: str, data: Any = None) -> Any:
    """One request, undone."""
    with transaction.atomic():
        answer = getattr(client, method)(address, data or {})
        said = everything_said(answer)
        transaction.set_rollback(True)
    return answer, said


def without(said: bytes, address: str) -> bytes:
    """What is said, less the address that was asked, which an answer may repeat."""
    return said.replace(address.encode().lower(), b"").replace(quote(address, safe="").encode().lower(), b"")


def around(said: bytes) -> str:
    place = said.find(MARK.encode())
    return said[max(0, place - 60) : place + 60].decode(errors="replace")


def leaks_of(planted: Planted, name: str, door: Door) -> Iterator[str]:
    client = client_of(planted, name)
    for address in addresses(door, planted):
        for question in questions(planted):
            answer, said = asked(client, "get", address + question)
            if answer.status_code >= 500:
                yield f"{name}: GET {address}{question} answers {answer.status_code}"
            elif MARK.encode() in without(said, address):
                yield f"{name}: GET {address}{question} ({answer.status_code}) says …{around(said)}…"
            if answer.status_code in (301, 302, 404, 405) and not question:
                break  # refused whatever is asked
        posted = {"page": planted.page.pk, "document": planted.document.pk, "new_parent_page": planted.top.pk}
        answer, said = asked(client, "post", address, posted)
        # Wagtail's forms raise on a POST without their counts: an error, whose answer must say nothing either.
        if MARK.encode() in without(said, address):
            yield f"{name}: POST {address} ({answer.status_code}) says …{around(said)}…"


@pytest.mark.parametrize("name", CAST)
def test_no_door_says_a_word_of_a_reserved_branch(planted, name):
    mail.outbox.clear()
    found = [leak for door in doors() for leak in leaks_of(planted, name, door)]
    assert not found, "\n".join(found)
    assert not [message for message in mail.outbox if MARK in message.message().as_string().lower()]


def test_every_door_is_known(planted):
    for door in doors():
        addresses(door, planted)  # raises Unknown
    assert NOTHING_BEHIND.keys() <= {door.route for door in doors()}


def test_the_marks_are_there_for_who_may_read_them(planted):
    """The crawl would find them: what is planted can be seen."""
    client = planted.town.signed_in(planted.insider)
    seen = {
        name: MARK.encode() in asked(client, "get", address)[1]
        for name, address in {
            "page": f"/p/{planted.page.pk}/", "file": f"/documents/{planted.document.pk}/", "home": "/",
            "editor": f"/admin/pages/{planted.page.pk}/edit/", "explorer": f"/admin/pages/{planted.top.pk}/",
            "history": f"/p/{planted.page.pk}/historique/", "changes": "/changements/",
            "access": f"/p/{planted.page.pk}/acces/", "tag": "/mot-cle/zqxmarque-motif/",
            "text": f"/documents/{planted.document.pk}/v1/texte/",
        }.items()
    }  # fmt: skip
    assert all(seen.values()), seen


@pytest.mark.parametrize("name", CAST)
def test_what_is_hidden_answers_as_what_is_not_there(planted, name):
    """Existence is not told by a status code either."""
    client, told = client_of(planted, name), []
    for door in doors():
        for address, elsewhere in hidden_addresses(door, planted):
            there, missing = asked(client, "get", address)[0], asked(client, "get", elsewhere)[0]
            if there.status_code != missing.status_code:
                told.append(f"{address}: {there.status_code}, not {missing.status_code}")
    assert not told, "\n".join(told)
