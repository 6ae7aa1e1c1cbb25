"""Every form that the cast is shown is posted, as it is and naming hidden things: no answer says a word of them."""

import io

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from kb.links.models import MissingLink
from tests.leaks.answers import around, asked, client_of, log_told, without
from tests.leaks.doors import NOTHING_BEHIND, addresses, doors
from tests.leaks.forms import forms_in, variants
from tests.leaks.planted import MARK, picture

pytestmark = pytest.mark.django_db
# Who is shown forms on pages: the others' screens have none but their own account's.
AUTHORS = ("éditeur d’un autre service", "responsable d’un autre service", "communication")


def leaks_of(planted, client, seen):
    """Each form once, at whatever door it stands."""
    for door in doors():
        if door.route in NOTHING_BEHIND:
            continue
        for address in addresses(door, planted):
            answer = asked(client, "get", address)[0]
            if answer.status_code != 200 or answer.streaming or not answer["Content-Type"].startswith("text/html"):
                continue
            for action, fields in forms_in(answer.content, address):
                if (action, *sorted(fields)) in seen:
                    continue
                seen.add((action, *sorted(fields)))
                for filled in variants(fields, planted):
                    posted, said = asked(client, "post", action, filled)
                    if posted.status_code >= 500:
                        yield f"POST {action} answers {posted.status_code}"
                    elif MARK.encode() in without(said, action):
                        yield f"POST {action} ({posted.status_code}) says …{around(said)}…"


@pytest.mark.parametrize("name", AUTHORS)
def test_no_form_says_a_word_of_a_reserved_branch(planted, name):
    mail.outbox.clear()
    seen: set = set()
    with log_told() as logged:
        found = list(leaks_of(planted, client_of(planted, name), seen))
    assert not found, "\n".join(found)
    assert not logged, "\n".join(logged)
    assert not [message for message in mail.outbox if MARK in message.message().as_string().lower()]
    assert len(seen) > 5, sorted(seen)


def said_of(planted, client, data):
    """What is answered to a file dropped on an open page."""
    file = SimpleUploadedFile("depot.txt", data)
    answer, said = asked(client, "post", f"/p/{planted.other.pk}/deposer/", {"file": file}, Accept="application/json")
    return answer.status_code, MARK.encode() in said


def test_bytes_that_only_a_hidden_file_has_are_not_recognised(planted):
    """Duplicates are looked for among what the person may read."""
    client = client_of(planted, "responsable d’un autre service")
    assert said_of(planted, client, b"zqxmarque-octets communs du fichier") == (200, False)
    assert said_of(planted, client, b"Mots ouverts du fichier") == (409, False)
    former = client_of(planted, "ancien")  # whose right on the branch has ended
    assert said_of(planted, former, b"zqxmarque-octets communs du fichier") == (200, False)


def test_a_hidden_title_in_brackets_is_a_page_to_create(planted):
    """As for any title that no page has: nothing tells the two apart."""
    from kb.pages import operations as pages

    body = [("paragraph", f"<p>[[{planted.page.title}]] [[Titre de personne]]</p>")]
    page = planted.other
    page.body = body
    pages.save_draft(page=page, author=planted.responsable)
    rows = MissingLink.objects.filter(page=page.pk).order_by("pk").values_list("target", "in_draft")
    assert list(rows) == [(None, True), (None, True)]


def test_the_crawl_reads_what_is_packed():
    from tests.leaks.answers import unpacked

    assert unpacked(picture()) == MARK.encode()
    assert unpacked(picture((10, 120, 60))) == b""
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", MARK * 3)
    assert MARK.encode() * 3 in unpacked(out.getvalue())
