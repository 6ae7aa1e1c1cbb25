"""Naming a file by its number, in a form posted by hand, gives no right to it."""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Picture
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text

from kb import permissions
from kb.access.models import Grant, Role
from kb.documents.models import Image, ImageUse, VersionUse
from kb.pages import operations as pages
from kb.pages.models import PageModel
from tests.kb.pages.forms import page_form

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def hidden(town):
    """A document and an image of a page that the agent does not read."""
    Grant.objects.all().delete()
    page = town.page("Contentieux")
    document = town.document(b"Mots caches")
    town.attach(page, document)
    out = io.BytesIO()
    Picture.new("RGB", (8, 8)).save(out, "PNG")
    image = Image.objects.create(title="Plan", file=ContentFile(out.getvalue(), "plan.png"))
    ImageUse.objects.create(page=page, image=image, in_live=True)
    return document, image


@pytest.fixture
def own(town, hidden):
    """The agent's own page."""
    page = town.page("Voirie")
    town.give(Role.MANAGER, page, person=town.technical)
    return page


def naming(document, image):
    """A body and attachments that name both in every way there is."""
    block = {"document": document.pk, "label": "Vu", "note": "", "pinned": "", "version": document.current_version_id}
    link = f'<p>Mot <a linktype="document" id="{document.pk}">du lien</a>.</p>'
    body = [
        ("paragraph", rich_text(link)),
        ("document", block),
        ("files", {"title": "Liste", "files": list_of(block)}),
        ("image", {"image": image.pk, "alt_text": "", "caption": "Vue"}),
    ]
    row = {
        "id": "",
        "ORDER": 1,
        "document": document.pk,
        "label": "Joint",
        "note": "",
        "version": document.current_version_id,
        "pinned": "on",
    }
    return body, [row]


def list_of(value):
    return {"count": "1", "0": {"value": value, "order": "0", "deleted": "", "id": ""}}


def saved(client, page, document, image):
    body, rows = naming(document, image)
    form = page_form(title=page.title, slug=page.slug, body=body, attachments=rows, **{"action-publish": "1"})
    return client.post(f"/admin/pages/{page.pk}/edit/", form)


def carried(page):
    """What the page names, live and in its draft."""
    return (
        set(VersionUse.objects.filter(page=page.pk).values_list("version__document", flat=True)),
        set(ImageUse.objects.filter(page=page.pk).values_list("image", flat=True)),
    )


def kinds(page):
    fresh = Page.objects.get(pk=page.pk).specific.get_latest_revision_as_object()
    return [block.block_type for block in fresh.body], fresh.attachments.count()


def test_a_file_that_one_may_not_read_does_not_go_in(town, agent, hidden, own):
    document, image = hidden
    assert saved(agent, own, document, image).status_code == 302
    assert carried(own) == (set(), set())
    assert kinds(own) == (["paragraph", "files"], 0)
    assert not permissions.readable_documents(town.technical).filter(pk=document.pk).exists()
    assert not permissions.readable_images(town.technical).filter(pk=image.pk).exists()
    page = agent.get(f"/p/{own.pk}/").content.decode()
    assert "du lien" in page and f"/documents/{document.pk}/" not in page and "Mots caches" not in page


def test_a_file_that_one_may_read_does(town, agent, hidden, own):
    document, image = hidden
    town.give(Role.READER, Page.objects.get(title="Contentieux"), person=town.technical)
    assert saved(agent, own, document, image).status_code == 302
    assert carried(own) == ({document.pk}, {image.pk})
    assert kinds(own) == (["paragraph", "document", "files", "image"], 1)


def test_what_somebody_else_put_on_the_page_stays(town, agent, hidden, own):
    """And comes back with an old version, once taken off."""
    document, image = hidden
    admin = town.signed_in(town.admin)
    assert saved(admin, own, document, image).status_code == 302
    with_files = Page.objects.get(pk=own.pk).latest_revision
    Grant.objects.filter(person=town.technical).delete()
    town.give(Role.MANAGER, own, person=town.technical)
    assert saved(agent, own, document, image).status_code == 302
    assert carried(own) == ({document.pk}, {image.pk})
    bare = Page.objects.get(pk=own.pk).specific
    bare.body, bare.attachments = [], []
    pages.publish_revision(
        page=bare, revision=pages.save_draft(page=bare, author=town.technical), author=town.technical
    )
    assert carried(own) == (set(), set())
    page = Page.objects.get(pk=own.pk).specific
    pages.restore_revision(page=page, revision=with_files, author=town.technical)
    assert carried(own) == ({document.pk}, {image.pk})


def test_what_a_model_of_the_town_names_may_be_taken_from_it(town, agent, hidden, own):
    document, image = hidden
    body = [("document", {"document": document, "label": "", "note": "", "pinned": False, "version": None})]
    PageModel.objects.create(name="Courrier", page_type="articlepage", body=body)
    saved(agent, own, document, image)
    assert carried(own) == ({document.pk}, set())
