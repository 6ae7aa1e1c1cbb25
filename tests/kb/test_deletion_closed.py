"""Until the trash exists nothing is deleted, by any door of the admin, not even by an administrator."""

import pytest
from django.core.files.base import ContentFile
from django.db.models import ProtectedError

from kb.documents.models import Document, Image
from kb.pages.models import ArticlePage
from kb.people.models import User
from tests.pictures import png


@pytest.fixture
def admin(town):
    return town.signed_in(town.admin)


def test_pages(town, admin):
    page = town.page("École")
    for path in (f"/admin/pages/{page.pk}/delete/", f"/admin/bulk/wagtailcore/page/delete/?id={page.pk}"):
        answer = admin.post(path, follow=True)
        assert answer.status_code in {200, 404}
        assert ArticlePage.objects.filter(pk=page.pk).exists()
    assert "/delete/" not in admin.get(f"/admin/pages/{page.pk}/edit/").content.decode()


def test_documents_and_images(town, admin):
    document = town.document()
    image = Image.objects.create(title="Plan", uploaded_by_user=town.admin, file=ContentFile(png(), "plan.png"))
    for path in (
        f"/admin/documents/delete/{document.pk}/", f"/admin/images/{image.pk}/delete/",
        f"/admin/bulk/kb/document/delete/?id={document.pk}", f"/admin/bulk/kb/image/delete/?id={image.pk}",
    ):  # fmt: skip
        assert admin.post(path).status_code in {302, 403, 404}
    assert (Document.objects.count(), Image.objects.count()) == (1, 1)


def test_accounts(town, admin):
    for path in (f"/admin/users/delete/{town.elu.pk}/", f"/admin/bulk/kb/user/delete/?id={town.elu.pk}"):
        assert admin.post(path).status_code in {302, 403, 404}
    assert User.objects.filter(pk=town.elu.pk).exists()
    with pytest.raises(ProtectedError):
        town.elu.delete()
