"""« Modifié depuis votre lecture »: on the page, in lists, on files, with the difference; and nobody else's business."""

import io

import pytest
from wagtail.models import ReferenceIndex

from kb.documents import operations as documents
from kb.pages.models import Reading

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WORDS = "Modifiée depuis votre lecture"


@pytest.fixture
def page(town):
    return town.page("École", "<p>Inscription en mairie.</p>", under=town.service("Enfance"))


def read(client, page):
    assert client.post(f"/p/{page.pk}/lu/").status_code == 204


def test_the_page_says_it_with_the_difference(town, page, reader, publish):
    read(reader, page)
    old = page.live_revision_id
    assert WORDS not in reader.get(f"/p/{page.pk}/").content.decode()
    publish(page, announce=False)
    address = f"/p/{page.pk}/historique/{old}/{page.live_revision_id}/"
    html = reader.get(f"/p/{page.pk}/").content.decode()
    assert WORDS in html and address in html
    assert reader.get(address).status_code == 200
    read(reader, page)
    assert WORDS not in reader.get(f"/p/{page.pk}/").content.decode()


def test_the_difference_is_since_the_last_reading_not_since_the_last_change(town, page, reader, publish):
    read(reader, page)
    old = page.live_revision_id
    publish(page)
    publish(page)
    assert f"/p/{page.pk}/historique/{old}/{page.live_revision_id}/" in reader.get(f"/p/{page.pk}/").content.decode()


def test_a_draft_is_no_change_for_readers(town, page, reader):
    read(reader, page)
    page.summary = "Brouillon"
    page.save_revision(user=town.admin)
    assert WORDS not in reader.get(f"/p/{page.pk}/").content.decode()


def test_lists_say_it(town, page, reader, publish):
    draft = page.get_latest_revision_as_object()
    draft.tags.add("cantine")
    draft.save_revision(user=town.admin).publish(user=town.admin)
    page.refresh_from_db()
    reader.post(f"/p/{page.pk}/favori/")
    lists = ["/changements/", "/mes-pages/", f"/p/{page.get_parent().pk}/", "/mot-cle/cantine/", "/"]
    read(reader, page)
    assert [path for path in lists if WORDS in reader.get(path).content.decode()] == []
    publish(page)
    assert [path for path in lists if WORDS not in reader.get(path).content.decode()] == []


def test_files_say_it(town, page, reader, publish):
    document = town.document()
    town.attach(page, document)
    read(reader, page)
    documents.add_version(document=document, file=io.BytesIO(b"deux"), file_name="note.txt", author=town.admin)
    documents.publish_current_version(document=document, author=town.admin)
    html = reader.get(f"/p/{page.pk}/").content.decode()
    assert "Modifié depuis votre lecture du" in html and WORDS in html


def test_nobody_else_sees_it_not_even_an_administrator_with_my_eyes(town, page, reader, publish):
    read(reader, page)
    publish(page)
    admin = town.signed_in(town.admin)
    admin.post(f"/comme/{town.elu.pk}/")
    for path in (f"/p/{page.pk}/", "/changements/", "/"):
        html = admin.get(path).content.decode()
        assert "Vous voyez le site comme" in html and WORDS not in html
    assert WORDS not in town.signed_in(town.finance).get(f"/p/{page.pk}/").content.decode()


def test_wagtails_usages_do_not_tell_who_reads_follows_or_keeps(town, page, reader):
    read(reader, page)
    reader.post(f"/p/{page.pk}/favori/")
    reader.post(f"/p/{page.pk}/suivre/")
    assert Reading.objects.exists()
    for model in ("Reading", "Favourite", "Follow", "Notice", "Mail", "MailHabits"):
        from django.apps import apps

        assert not ReferenceIndex.model_is_indexable(apps.get_model("kb", model)), model
    html = town.signed_in(town.admin).get(f"/admin/pages/usage/{page.pk}/", follow=True).content.decode()
    assert "Reading" not in html and "Follow" not in html


def test_a_list_asks_once_whatever_its_length(town, reader, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        reader.get("/changements/")
        with CaptureQueriesContext(connection) as queries:
            reader.get("/changements/")
        return len(queries)

    read(reader, town.page("Une"))
    one = cost()
    for number in range(3):
        read(reader, town.page(f"Fiche {number}"))
    assert cost() == one <= 20
