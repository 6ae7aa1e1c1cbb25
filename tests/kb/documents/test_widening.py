"""A file joined elsewhere: those who gain it are named before it is published there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kb.access import operations as access
from kb.access.models import Role
from kb.documents.models import Attachment
from kb.documents.widening import widened_by_publishing
from kb.pages import operations as pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(town):
    """A page read by few that carries a file, and one that Hugo reads too."""
    narrow, wide = town.page("Négociation"), town.page("Chantier")
    document = town.document(b"montants", "montants.txt")
    town.attach(narrow, document)
    town.give(Role.READER, wide, person=town.outsider)
    return narrow, wide, document


def joined(town, page, document):
    draft = page.get_latest_revision_as_object()
    draft.attachments.add(Attachment(document=document))
    pages.save_draft(page=draft, author=town.admin)
    return draft


def test_who_gains_is_named(town, places):
    _, wide, document = places
    joined(town, wide, document)
    assert [(found, change.gained) for found, change in widened_by_publishing(wide)] == [(document, ["Hugo Perrin"])]


def test_a_file_that_nobody_else_carries_is_new_to_all(town, places):
    _, wide, _ = places
    joined(town, wide, town.document(b"neuf", "neuf.txt"))
    assert widened_by_publishing(wide) == []


def test_a_file_that_the_live_page_carries_already_is_not_shown_again(town, places):
    _, wide, document = places
    town.attach(wide, document)
    joined(town, wide, town.document(b"neuf", "neuf.txt"))
    assert widened_by_publishing(wide) == []


def test_readers_of_the_file_gain_nothing(town, places):
    narrow, wide, document = places
    town.give(Role.READER, narrow, person=town.outsider)
    joined(town, wide, document)
    assert widened_by_publishing(wide) == []


def test_the_public_is_said(town, places):
    _, wide, document = places
    access.give(page=wide, grantee=access.Grantee(public=True), role=Role.READER, by=None)
    joined(town, wide, document)
    assert [change.opens for _, change in widened_by_publishing(wide)] == [True]


def form_of(page):
    """What the editor sends."""
    return {
        "title": page.title,
        "slug": page.slug,
        "summary": "",
        "body-count": "0",
        "children_shown": "list",
        "kind": "note",
        "tags": "",
        "why": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "go_live_at": "",
        "expire_at": "",
        "attachments-TOTAL_FORMS": "1",
        "attachments-INITIAL_FORMS": "0",
        "attachments-MIN_NUM_FORMS": "0",
        "attachments-MAX_NUM_FORMS": "1000",
        "action-publish": "1",
    }


def test_publishing_asks_once_and_loses_nothing(town, places, publisher):
    _, wide, document = places
    data = form_of(wide) | {
        "attachments-0-document": str(document.pk),
        "attachments-0-ORDER": "1",
        "attachments-0-label": "",
        "attachments-0-note": "",
        "attachments-0-id": "",
        "attachments-0-version": "",
    }
    address = f"/admin/pages/{wide.pk}/edit/"
    first = publisher.post(address, data, follow=True).content.decode()
    assert "«\u00a0Montants\u00a0» sera lu aussi par\u00a0: Hugo Perrin." in first
    wide.refresh_from_db()
    assert not wide.attachments.exists()
    assert [row.document_id for row in wide.get_latest_revision_as_object().attachments.all()] == [document.pk]
    publisher.post(address, data)
    assert Attachment.objects.get(page=wide.pk).document == document


def test_joining_a_twin_says_it_before(town, places, publisher):
    _, wide, _document = places
    answer = publisher.post(
        f"/p/{wide.pk}/deposer/",
        {"file": SimpleUploadedFile("m.txt", b"montants")},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 409 and "sera lu aussi par\u00a0: Hugo Perrin." in answer.json()["message"]
