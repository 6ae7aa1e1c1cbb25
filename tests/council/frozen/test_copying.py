"""What is copied when a sitting is convened: once, whole, and unmoved whatever becomes of the pages and files."""

import hashlib
import json

import pypdfium2
import pytest
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError

from council.agenda import operations as agenda
from council.convening import operations as convening_deeds
from council.convening import papers, proof
from council.frozen import copying, queries, tasks
from council.frozen.models import FrozenPaper
from council.papers.content import Papers
from kb.documents import operations as documents
from kb.documents.models import DocumentVersion
from kb.exchange import pdf
from kb.pages import presentation
from kb.permissions import Viewer
from tests.council.frozen.conftest import upload
from tests.council.papers.test_binding import pdf as three_pages
from tests.council.papers.test_binding import texts
from tests.council.papers.test_bound import made

pytestmark = pytest.mark.django_db


def disturb(convening):
    """All that an agent may do since: another draft, another version, other names."""
    document = convening.document
    documents.add_version(
        document=document, file=upload(three_pages(5)), file_name="autre.pdf", author=convening.secretary
    )
    document.refresh_from_db()
    document.title = "Autre titre"
    document.save()
    type(convening.item).objects.filter(pk=convening.item.pk).update(note="Autre note", title="Autre point")
    convening.council.mandates[1].last_name = "Autre-Nom"
    convening.council.mandates[1].save()
    presentation.forget()


@pytest.mark.both_databases
def test_each_paper_is_copied_with_its_digest(convening, convened):
    rows = list(convened.frozen.order_by("pk"))
    version = convening.document.current_version
    assert [(row.kind, row.rank, row.by) for row in rows] == [
        ("sitting", 0, convening.secretary),
        ("item", 0, convening.secretary),
        ("annex", 1, convening.secretary),
    ]
    assert rows[0].content["place"] == "salle du conseil"
    said = rows[1].content
    assert (said["number"], said["title"], said["note"]) == ("1", "Tarifs de la cantine", "Une page.")
    assert "<b>décide</b>" in said["read"]["html"] and said["body"][0]["type"] == "paragraph"
    assert {name: rows[2].content[name] for name in ("title", "file_name", "version", "size", "sha256")} == {
        "title": "Tarifs",
        "file_name": "tarifs.pdf",
        "version": 1,
        "size": version.size,
        "sha256": version.sha256,
    }
    for row in rows:
        written = json.dumps(row.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert row.sha256 == hashlib.sha256(written.encode()).hexdigest()


@pytest.mark.both_databases
def test_nothing_changes_a_frozen_row(convened):
    row = convened.frozen.get(kind="item")
    for change in ({"content": {}}, {"sha256": "0" * 64}, {"rank": 4}, {"place": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            FrozenPaper.objects.filter(pk=row.pk).update(**change)
    row.refresh_from_db()
    assert row.sha256 == copying.digest(row.content)


def test_copying_again_copies_nothing(convening, convened):
    before = list(FrozenPaper.objects.values_list("pk", flat=True))
    copying.freeze(convened, convened.places.all(), by=convening.secretary)
    assert list(FrozenPaper.objects.values_list("pk", flat=True)) == before


def test_what_a_frozen_row_names_is_never_erased(convening, convened):
    with pytest.raises(ProtectedError):
        DocumentVersion.objects.filter(document=convening.document).delete()


def test_a_refused_convocation_copies_nothing(convening):
    sitting = convening.sitting(days=2)
    with pytest.raises(agenda.Refused):
        convening_deeds.send(sitting=sitting, by=convening.secretary)
    assert not FrozenPaper.objects.exists()


# At each door an élu reads what was sent.


def test_the_item_s_page(convening, convened):
    elue = convening.town.signed_in(convening.elue)
    disturb(convening)
    shown = elue.get(f"/p/{convening.item.pk}/").content.decode()
    for words in ("Tarifs de la cantine", "Une page.", "<b>décide</b>"):
        assert words in shown
    assert f"/documents/{convening.document.pk}/v1/" in shown
    for words in ("Autre", "autre.pdf", "/v2/"):
        assert words not in shown


def test_the_sitting_s_page(convening, convened):
    disturb(convening)
    shown = convening.town.signed_in(convening.elue).get(f"/p/{convened.pk}/").content.decode()
    assert "Tarifs de la cantine" in shown and "Autre" not in shown


@pytest.mark.skipif(not pdf.is_available(), reason="Pango is not installed")
def test_the_bound_dossier(convening, convened):
    mark = Papers(convened).mark
    disturb(convening)
    assert Papers(type(convened).objects.get(pk=convened.pk)).mark == mark
    data = made(convening.town.signed_in(convening.elue), convened)
    words = " ".join(" ".join(texts(data)).split())
    assert len(pypdfium2.PdfDocument(data)) == 2 + 1 + 3
    assert "Tarifs de la cantine" in words and "Une page." in words and "Autre" not in words


def test_the_papers_and_the_proof(convening, convened):
    before = proof.as_data(convened)["items"]
    disturb(convening)
    assert proof.as_data(convened)["items"] == before
    assert [one.line for one in queries.announced(convened)] == ["1. Tarifs de la cantine"]
    assert papers.facts(convened)["items"][0].note == "Une page."


def test_the_bytes_themselves(convening, convened):
    disturb(convening)
    elue = convening.town.signed_in(convening.elue)
    assert elue.get(f"/documents/{convening.document.pk}/v1/").status_code == 200
    assert elue.get(f"/documents/{convening.document.pk}/v2/").status_code == 404
    assert (
        elue.get(f"/documents/{convening.document.pk}/")["ETag"]
        == f'"{convening.document.versions.get(number=1).sha256}"'
    )


# Convened before papers were copied.


@pytest.mark.both_databases
def test_a_sitting_convened_before_is_read_from_its_kept_revisions_and_says_so(convening, convened):
    FrozenPaper.objects.all().delete()
    (one,) = queries.standing(convened)
    assert (one.number, one.title, one.note, len(one.annexes)) == ("1", "Tarifs de la cantine", "Une page.", 1)
    (told,) = proof.as_data(convened)["items"]
    assert (told["copied_at"], told["sha256"]) == (None, one.item.sha256)
    assert Papers(convened).may_be_had_by(Viewer(convening.elue))


def test_each_night_they_are_copied_once_with_the_day_of_the_copy(convening, convened):
    digests = set(convened.frozen.values_list("sha256", flat=True))
    FrozenPaper.objects.all().delete()
    tasks.copy_what_was_convened_before()
    tasks.copy_what_was_convened_before()
    assert set(convened.frozen.values_list("sha256", flat=True)) == digests
    assert convened.frozen.count() == 3 and not convened.frozen.exclude(by=None).exists()


@pytest.mark.parametrize("items", [1, 3])
def test_queries_do_not_follow_the_number_of_items(convening, items, django_assert_num_queries):
    sitting = convening.sitting(signed=False)
    for number in range(items - 1):
        convening.council.item(sitting, f"Point {number}", note="Une note.")
    convening_deeds.sign(sitting=sitting, by=convening.maire)
    convening_deeds.send(sitting=sitting, by=convening.secretary)
    with django_assert_num_queries(2):
        assert len(queries.standing(sitting)) == items
