"""Private notes: ciphertext alone is kept, once, and nobody is given another's."""

import base64
import json
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry, ReferenceIndex

from council.offline import operations, queries
from council.offline.models import LONGEST, PrivateNote
from kb.access.models import Grant
from kb.refusals import Refused

pytestmark = pytest.mark.django_db
SEALED = base64.b64encode(bytes(range(60))).decode()
KEY = "0123456789abcdef"


def told(**changed):
    return {
        "client_id": str(uuid4()),
        "key_id": KEY,
        "sealed": SEALED,
        "written_at": "2026-10-06T16:12:00+02:00",
        **changed,
    }


def post(client, item, **changed):
    return client.post(f"/p/{item.pk}/notes/", json.dumps(told(**changed)), content_type="application/json")


@pytest.fixture
def item(convening):
    convening.sent()
    return convening.item


def test_a_note_comes_back_to_its_author_alone(convening, item):
    client, id = convening.town.signed_in(convening.elue), str(uuid4())
    assert post(client, item, client_id=id).status_code == 201
    answer = client.get(f"/p/{item.pk}/notes/")
    assert answer.json()["notes"] == [
        {"client_id": id, "key_id": KEY, "sealed": SEALED, "written_at": "2026-10-06T14:12:00+00:00"}
    ]
    assert "no-store" in answer["Cache-Control"]
    for person in (convening.maire, convening.secretary, convening.town.admin):
        assert convening.town.signed_in(person).get(f"/p/{item.pk}/notes/").json()["notes"] == []


def test_sent_twice_it_is_one_and_the_first_stands(convening, item):
    client, id = convening.town.signed_in(convening.elue), str(uuid4())
    other = base64.b64encode(bytes(60)).decode()
    assert [post(client, item, client_id=id, sealed=sealed).status_code for sealed in (SEALED, other)] == [201, 201]
    assert PrivateNote.objects.get().sealed == SEALED


def test_taken_back_its_words_leave_the_base(convening, item):
    client, id = convening.town.signed_in(convening.elue), str(uuid4())
    post(client, item, client_id=id)
    assert post(convening.town.signed_in(convening.maire), item, client_id=id, removed=True).status_code == 200
    assert PrivateNote.objects.get().sealed == SEALED  # not hers
    for _ in range(2):
        assert post(client, item, client_id=id, removed=True).status_code == 200
    note = PrivateNote.objects.get()
    assert (note.sealed, note.removed_at is None) == ("", False)
    assert client.get(f"/p/{item.pk}/notes/").json()["notes"] == []
    assert post(client, item, client_id=id).status_code == 201  # sent again by a device that had not heard
    assert client.get(f"/p/{item.pk}/notes/").json()["notes"] == []


@pytest.mark.parametrize("sealed", ["En clair, voilà", "", "AAAA", base64.b64encode(bytes(LONGEST)).decode()])
def test_what_is_not_sealed_is_refused(convening, item, sealed):
    answer = post(convening.town.signed_in(convening.elue), item, sealed=sealed)
    assert answer.status_code == 422
    assert "n’est pas chiffrée, ou elle est trop longue" in answer.json()["erreur"]
    assert not PrivateNote.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "x"},
        {"written_at": "hier"},
        {"written_at": "2026-10-06T16:12:00"},
        {"client_id": None},
        {"written_at": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_what_cannot_be_read_is_refused(convening, item, changed):
    assert post(convening.town.signed_in(convening.elue), item, **changed).status_code == 400
    client = convening.town.signed_in(convening.elue)
    for body in ("", "[]", "{}", "3", "[" * 50_000):
        assert client.post(f"/p/{item.pk}/notes/", body, content_type="application/json").status_code == 400


def test_not_on_what_may_not_be_read_nor_on_a_draft_nor_on_another_page(convening, item):
    client = convening.town.signed_in(convening.elue)
    sitting = item.get_parent()
    assert post(client, sitting).status_code == 404
    convening.sitting(40)
    assert post(convening.town.signed_in(convening.secretary), convening.item).status_code == 404  # not sent
    Grant.objects.all().delete()
    assert post(client, item).status_code == 404
    assert client.get(f"/p/{item.pk}/notes/").status_code == 404
    with pytest.raises(PermissionDenied):
        operations.keep_note(
            item=item, client_id=uuid4(), key_id=KEY, sealed=SEALED, written_at=timezone.now(), by=convening.elue
        )


def test_five_hundred_at_most(convening, item):
    now = timezone.now()
    PrivateNote.objects.bulk_create(
        PrivateNote(person=convening.elue, item=item, client_id=uuid4(), key_id=KEY, sealed=SEALED, written_at=now)
        for _ in range(operations.MOST)
    )
    with pytest.raises(Refused, match="retirez-en une"):
        operations.keep_note(item=item, client_id=uuid4(), key_id=KEY, sealed=SEALED, written_at=now, by=convening.elue)


def test_another_device_is_told_which_key_is_in_use(convening, item):
    client = convening.town.signed_in(convening.elue)
    assert queries.key_in_use(convening.elue) == ""
    post(client, item)
    assert client.get("/hors-ligne/etat.json").json()["key"] == KEY


def test_no_log_and_no_usage_tells_that_somebody_writes(convening, item):
    logs = ModelLogEntry.objects.count(), PageLogEntry.objects.count()
    post(convening.town.signed_in(convening.elue), item)
    assert (ModelLogEntry.objects.count(), PageLogEntry.objects.count()) == logs
    assert not ReferenceIndex.model_is_indexable(PrivateNote)
