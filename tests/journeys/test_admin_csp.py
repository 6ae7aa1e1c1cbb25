"""Every editor of the admin, in a real browser, under a CSP without inline scripts: no violation, and it works."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import expect

from kb.documents.models import Image
from kb.pages.models import PageModel
from tests.pictures import png

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def picture(town):
    """An image in the library."""
    return Image.objects.create(title="Plan", uploaded_by_user=town.admin, file=ContentFile(png(), "plan.png"))


def test_every_editor_opens_without_violation(town, visitor):
    service, project = town.service("Technique"), town.project("École")
    article, folder = town.page("Note", "<p>Texte</p>"), town.folder("Rayon")
    document, image = town.document(), picture(town)
    admin = visitor().sign_in(town.signed_in(town.admin))
    add = [
        reverse("wagtailadmin_pages:add", args=["kb", name, town.home.pk])
        for name in ("servicepage", "projectpage", "articlepage", "folderpage")
    ]
    edit = [f"/admin/pages/{page.pk}/edit/" for page in (town.home, service, project, article, folder)]
    rest = [
        "/admin/",
        "/admin/pages/",
        f"/admin/pages/{town.home.pk}/",
        "/admin/documents/",
        "/admin/documents/multiple/add/",
        f"/admin/documents/edit/{document.pk}/",
        "/admin/images/",
        "/admin/images/add/",
        f"/admin/images/{image.pk}/",
        "/admin/users/",
        "/admin/users/new/",
        f"/admin/users/edit/{town.elu.pk}/",
        "/admin/groups/new/",
        reverse(PageModel.snippet_viewset.get_url_name("add")),
        "/admin/account/",
        f"/admin/pages/{article.pk}/history/",
        "/admin/reports/site-history/",
        "/admin/workflows/add/",
    ]
    for path in add + edit + rest:
        answer = admin.page.goto(path)
        assert answer is not None and answer.status == 200, path
        admin.page.wait_for_load_state("networkidle")
    assert admin.troubles == []


def test_the_widgets_work(town, visitor):
    """A row is added, a document is chosen in a window, a calendar opens, a table block is typed into."""
    document = town.document(name="plan.txt")
    article, project = town.page("Note"), town.project("École")
    admin = visitor().sign_in(town.signed_in(town.admin))
    page = admin.page
    page.goto(f"/admin/pages/{article.pk}/edit/")
    page.click("#id_attachments-ADD")
    page.click("#id_attachments-0-document-chooser button[data-chooser-action-choose]")
    page.click(f'.modal a:has-text("{document.title}")')
    expect(page.locator("#id_attachments-0-document")).to_have_value(str(document.pk))
    page.click('[data-streamfield-stream-container] button[title="Insérer un bloc"] >> nth=0')
    page.click('[role="option"]:has-text("Tableau")')
    page.wait_for_selector(".handsontable td")
    page.goto(f"/admin/pages/{project.pk}/edit/")
    page.get_by_role("tab", name="Le projet").click()
    page.click("#id_phases-ADD")
    page.fill("#id_phases-0-title", "Étude")
    page.click("#id_phases-0-starts")
    page.wait_for_selector(".xdsoft_datetimepicker:visible")
    assert admin.troubles == []
