"""A draft is read and published from the page: for who may, as it was read, and never by halves."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kb.access.models import Role
from kb.documents.models import Attachment, VersionUse
from kb.pages import operations as pages


@pytest.fixture
def page(town):
    """Published, then a file dropped on it: the draft carries it."""
    page = town.page("École", "<p>Publié</p>")
    draft = page.get_latest_revision_as_object()
    draft.body = [("paragraph", "<p>En cours</p>")]
    draft.attachments.add(Attachment(document=town.document(b"plan", "plan.txt", author=town.technical)))
    pages.save_draft(page=draft, author=town.technical)
    page.refresh_from_db()
    return page


def seen(client, page):
    return client.get(f"/p/{page.pk}/brouillon/").context["sheet"].draft["seen"]


def test_who_edits_reads_the_draft_and_its_files_and_does_not_publish_it(page, agent):
    html = agent.get(f"/p/{page.pk}/").content.decode()
    assert f'<a href="/p/{page.pk}/brouillon/">Lire le brouillon</a>' in html and "En cours" not in html
    answer = agent.get(f"/p/{page.pk}/brouillon/")
    html = answer.content.decode()
    assert "En cours" in html and "Plan" in html and "Publier ce brouillon" not in html
    assert answer.context["sheet"].draft["difference_url"] in html
    assert agent.post(f"/p/{page.pk}/publier/", {"seen": seen(agent, page)}).status_code == 403


def test_readers_know_nothing_of_it(page, reader, town):
    assert "brouillon" not in reader.get(f"/p/{page.pk}/").content.decode()
    assert reader.get(f"/p/{page.pk}/brouillon/").status_code == 404
    assert reader.post(f"/p/{page.pk}/publier/").status_code == 403
    draft = town.page("Cachée", publish=False)
    for path in ("brouillon/", "publier/"):
        assert reader.get(f"/p/{draft.pk}/brouillon/").status_code == 404
        assert reader.post(f"/p/{draft.pk}/{path}").status_code in {404, 405}


def test_who_publishes_does_it_from_there(page, publisher, reader):
    assert "Relire et publier" in publisher.get(f"/p/{page.pk}/").content.decode()
    answer = publisher.post(f"/p/{page.pk}/publier/", {"seen": seen(publisher, page)}, follow=True)
    assert "Le brouillon est publié" in answer.content.decode()
    html = reader.get(f"/p/{page.pk}/").content.decode()
    assert "En cours" in html and "Plan" in html
    assert list(VersionUse.objects.values_list("in_live", flat=True)) == [True]
    assert publisher.get(f"/p/{page.pk}/brouillon/").url == f"/p/{page.pk}/"  # nothing waits any more


def test_what_was_not_read_is_not_published(page, town, publisher, reader):
    before = seen(publisher, page)
    draft = page.get_latest_revision_as_object()
    draft.body = [("paragraph", "<p>Autre chose</p>")]
    pages.save_draft(page=draft, author=town.technical)
    answer = publisher.post(f"/p/{page.pk}/publier/", {"seen": before}, follow=True)
    assert answer.redirect_chain == [(f"/p/{page.pk}/brouillon/", 302)]
    assert "a changé depuis que vous l’avez ouvert" in answer.content.decode()
    assert "Autre chose" not in reader.get(f"/p/{page.pk}/").content.decode()


def test_an_incomplete_draft_says_what_is_missing(town, publisher):
    body = [("steps", {"title": "Pas à pas", "steps": [{"title": "", "text": ""}]})]
    page = town.page("Procédure", publish=False)
    draft = page.get_latest_revision_as_object()
    draft.body = body
    pages.save_draft(page=draft, author=town.technical)
    answer = publisher.post(f"/p/{page.pk}/publier/", {"seen": seen(publisher, page)}, follow=True)
    assert "« Procédure » n’est pas complète : un bloc du contenu est à remplir." in answer.content.decode().replace(
        "\u00a0", " "
    )
    page.refresh_from_db()
    assert not page.live


def test_who_gains_a_file_is_named_before(town, page, publisher):
    wide = town.page("Chantier")
    town.give(Role.READER, wide, person=town.outsider)
    document = town.document(b"montants", "montants.txt")
    town.attach(page, document)
    pages.attach_document(page=wide, document=document, author=town.admin)
    html = publisher.get(f"/p/{wide.pk}/brouillon/").content.decode()
    assert "« Montants » sera lu aussi par : Hugo Perrin." in html


def test_after_a_drop_the_draft_is_one_link_away(town, publisher):
    page = town.page("Cour")
    upload = SimpleUploadedFile("plan.txt", b"plan")
    publisher.post(f"/p/{page.pk}/deposer/", {"file": upload})
    assert f"/p/{page.pk}/brouillon/" in publisher.get(f"/p/{page.pk}/deposer/").content.decode()
    assert "Plan" in publisher.get(f"/p/{page.pk}/brouillon/").content.decode()
