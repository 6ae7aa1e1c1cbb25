"""An image's own screen: its title and description, for its depositor and whoever edits a page that shows it."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from kb.documents.models import Image
from kb.pages import operations as pages
from tests.pictures import png


@pytest.fixture
def image(town):
    """Deposited by the administrator, shown by a published page."""
    image = Image.objects.create(title="Plan", uploaded_by_user=town.admin, file=ContentFile(png(), "plan.png"))
    page = town.page("École", publish=False)
    draft = page.get_latest_revision_as_object()
    draft.body = [("image", {"image": image, "alt_text": "Le plan", "caption": ""})]
    revision = pages.save_draft(page=draft, author=town.admin)
    pages.publish_revision(page=page, revision=revision, author=town.admin)
    return image


def test_who_edits_the_page_changes_its_words(town, image, agent):
    url = f"/admin/images/{image.pk}/"
    html = agent.get(url).content.decode()
    assert 'value="Plan"' in html and "Une image ne change pas" in html
    data = {"title": "Plan de masse", "description": "Le plan vu du ciel", "tags": "", "collection": 1}
    assert agent.post(url, data).status_code == 302
    image.refresh_from_db()
    assert (image.title, image.description) == ("Plan de masse", "Le plan vu du ciel")


def test_its_depositor_too(town):
    mine = Image.objects.create(title="À moi", uploaded_by_user=town.technical, file=ContentFile(png(), "a.png"))
    assert town.signed_in(town.technical).get(f"/admin/images/{mine.pk}/").status_code == 200
    assert town.signed_in(town.finance).get(f"/admin/images/{mine.pk}/").status_code == 404


def test_a_reader_of_the_admin_is_told_the_way_out(town, image):
    from kb.access.models import Role

    agent = town.person("Rose", "Petit", "Accueil et état civil")
    own = town.page("Accueil du public")
    town.give(Role.EDITOR, own, person=agent)
    answer = town.signed_in(agent).get(f"/admin/images/{image.pk}/", follow=True)
    said = " ".join(str(message) for message in answer.context["messages"])
    assert "Demandez à qui modifie une page qui montre cette image" in said


def test_uploads_offer_no_deletion(town, agent):
    """The link is Wagtail's, in a form that a script puts there: our style sheet hides it, and it is closed."""
    answer = agent.post("/admin/images/multiple/add/", {"files[]": SimpleUploadedFile("a.png", png()), "title": "a"})
    assert "delete button" not in answer.json()["form"]
    answer = agent.post("/admin/documents/multiple/add/", {"files[]": SimpleUploadedFile("a.txt", b"a"), "title": "a"})
    assert "delete button" not in answer.json()["form"]
