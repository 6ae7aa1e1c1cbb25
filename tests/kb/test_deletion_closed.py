"""Nothing is deleted by a door of Wagtail's, not even by an administrator: they lead to the trash, or say where it is."""

import pytest
from django.core.files.base import ContentFile
from django.db.models import ProtectedError
from django.urls import URLPattern, get_resolver, reverse
from wagtail.models import Collection, Site

from kb import typography
from kb.admin_closed import ACCOUNT, FILE, ONCE, PAGE, PRIVACY
from kb.documents.models import Document, Image
from kb.pages.models import ArticlePage
from kb.people.models import User
from tests.pictures import png


@pytest.fixture
def admin(town):
    return town.signed_in(town.admin)


@pytest.fixture
def image(town):
    return Image.objects.create(title="Plan", uploaded_by_user=town.admin, file=ContentFile(png(), "plan.png"))


def refused(client, path, sentence, **data):
    """GET and POST are sent home with a French sentence; a script gets it as JSON."""
    for send in (client.get, client.post):
        answer = send(path, data, follow=True)
        assert answer.redirect_chain[-1][0] == "/admin/", path
        assert typography.typeset(sentence) in answer.content.decode().replace("&#x27;", "’"), path
    answer = client.post(path, data, headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 403
    assert answer.json()["message"] == sentence


def test_pages(town, admin):
    page = town.page("École")
    for send in (admin.get, admin.post):
        assert send(f"/admin/pages/{page.pk}/delete/").headers["Location"] == f"/p/{page.pk}/supprimer/"
    refused(admin, f"/admin/bulk/wagtailcore/page/delete/?id={page.pk}", PAGE)
    assert ArticlePage.objects.filter(pk=page.pk).exists()
    assert (
        f"/admin/pages/{town.home.pk}/delete/" not in admin.get(f"/admin/pages/{town.home.pk}/edit/").content.decode()
    )


def test_the_api_of_the_admin(town, admin):
    page = town.page("École")
    for deed in (
        "delete",
        "create_alias",
        "copy_for_translation",
        "copy",
        "move",
        "publish",
        "revert_to_page_revision",
    ):
        answer = admin.post(f"/admin/api/main/pages/{page.pk}/action/{deed}/", {"destination_page_id": town.home.pk})
        assert answer.status_code == 403, deed
    assert ArticlePage.objects.filter(title="École").count() == 1


def test_documents_and_images(town, admin, image):
    document = town.document()
    for path in (
        f"/admin/documents/multiple/{document.pk}/delete/",
        f"/admin/images/multiple/{image.pk}/delete/",
        f"/admin/bulk/kb/document/delete/?id={document.pk}",
        f"/admin/bulk/kb/image/delete/?id={image.pk}",
        f"/admin/bulk/kb/document/add_to_collection/?id={document.pk}",
    ):
        refused(admin, path, FILE)
    assert (Document.objects.count(), Image.objects.count()) == (1, 1)
    for theirs, ours in (
        (f"/admin/documents/delete/{document.pk}/", f"/documents/{document.pk}/supprimer/"),
        (f"/admin/images/{image.pk}/delete/", f"/images/{image.pk}/supprimer/"),
    ):
        assert admin.post(theirs).headers["Location"] == ours
    assert (Document.objects.count(), Image.objects.count()) == (1, 1)


def test_accounts(town, admin):
    refused(admin, f"/admin/users/delete/{town.elu.pk}/", ACCOUNT)
    refused(admin, f"/admin/bulk/kb/user/delete/?id={town.elu.pk}", ACCOUNT)
    assert User.objects.filter(pk=town.elu.pk).exists()
    assert "/delete/" not in admin.get(f"/admin/users/edit/{town.elu.pk}/").content.decode()
    with pytest.raises(ProtectedError):
        town.elu.delete()


def test_what_a_town_has_once(town, admin):
    """The site, the collections and Wagtail's view restrictions are not to be changed, still less deleted."""
    refused(admin, reverse("wagtailsites:delete", args=[Site.objects.get().pk]), ONCE)
    refused(admin, reverse("wagtailadmin_collections:index"), ONCE)
    refused(admin, reverse("wagtailadmin_pages:set_privacy", args=[town.home.pk]), PRIVACY)
    assert (Site.objects.count(), Collection.objects.count()) == (1, 1)


def test_a_stranger_learns_nothing(town, client):
    page = town.page("École")
    answer = client.post(f"/admin/pages/{page.pk}/delete/", follow=True)
    assert ArticlePage.objects.filter(pk=page.pk).exists()
    assert answer.redirect_chain[-1][0].startswith("/connexion/")


KNOWN_DELETIONS = {
    # they lead to our screens, or are closed
    "delete_page", "delete_document", "delete_image",  # ours
    "wagtailadmin_pages:delete", "wagtaildocs:delete", "wagtaildocs:delete_multiple", "wagtailimages:delete",
    "wagtailimages:delete_multiple", "wagtailusers_users:delete", "wagtailsites:delete",
    "wagtailadmin_collections:delete",
    # closed too: the registers are read-only (tests/kb/test_registers.py)
    "kb_importrecord_modeladmin_delete", "kb_job_modeladmin_delete", "kb_backuprecord_modeladmin_delete", "kb_grant_modeladmin_delete", "kb_mail_modeladmin_delete", "kb_extraction_modeladmin_delete", "search_fruitless_modeladmin_delete", "kb_personalbutton_modeladmin_delete",
    # open: nothing of the town's is lost
    "wagtaildocs:delete_upload_multiple", "wagtailimages:delete_upload_multiple",  # a refused upload, not yet a file
    "wagtailsnippets_kb_pagemodel:delete", "wagtailsnippets_kb_trade:delete", "wagtailsnippets_kb_checklistitem:delete", "wagtailusers_groups:delete",
    "wagtailsnippets_search_synonym:delete", "wagtailsearchpromotions:delete",  # words and choices of search
}  # fmt: skip


def names_of(patterns, rooms=()):
    """The names of all addresses below."""
    for one in patterns:
        if isinstance(one, URLPattern):
            yield ":".join([*rooms, str(one.name)])
        else:
            yield from names_of(one.url_patterns, (*rooms, one.namespace) if one.namespace else rooms)


def test_an_upgrade_brings_no_new_door():
    """An address of a deletion that nobody has judged fails here."""
    found = {name for name in names_of(get_resolver().url_patterns) if "delete" in name.rpartition(":")[2]}
    assert found == KNOWN_DELETIONS
