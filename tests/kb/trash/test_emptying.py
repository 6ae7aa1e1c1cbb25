"""Emptying loses what was deleted, and nothing that anything else may still name."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from kb.access.models import Grant, Role
from kb.comments import operations as comments
from kb.documents.extraction.models import Extraction
from kb.documents.models import Document, DocumentVersion
from kb.pages import operations as pages
from kb.pages.models import PageModel, ProjectPage, TeamMember
from kb.trash import emptying, operations
from kb.trash.models import Deletion, Trashed
from search.models import Entry, Passage

pytestmark = pytest.mark.both_databases


@pytest.fixture
def page(town: Any) -> Any:
    return town.page("École", "<p>Trois classes.</p>")


def deleted_long_ago(town: Any, page: Any) -> Deletion:
    deletion = operations.delete_page(page=page, by=town.communication, why="Remplacée")
    Deletion.objects.filter(pk=deletion.pk).update(deleted_at=timezone.now() - timedelta(days=settings.TRASH_DAYS))
    deletion.refresh_from_db()
    return deletion


def test_an_administrator_empties_after_the_delay(town, page):
    town.page("Chauffage", under=page)
    comments.write(page=page, by=town.admin, text="À revoir")
    deletion = deleted_long_ago(town, page)
    emptying.empty(deletion=deletion, by=town.admin)
    assert list(Page.objects.filter(depth__gt=1)) == [Page.objects.get(pk=town.home.pk)]
    assert not Trashed.objects.exists()
    assert not Entry.objects.filter(page__isnull=False).exclude(page=town.home.pk).exists()
    assert not Passage.objects.exclude(entry__page=town.home.pk).exists()
    assert not Revision.objects.filter(object_id=str(page.pk)).exists()
    deletion.refresh_from_db()
    assert (deletion.page, deletion.title, deletion.emptied_by) == (None, "École", town.admin)
    entry = PageLogEntry.objects.get(page=page.pk, action="kb.trash.empty")
    assert (entry.user, entry.data) == (town.admin, {"why": "Remplacée", "pages": 2, "what": "École"})
    assert Page.find_problems() == ([], [], [], [], [])
    with pytest.raises(operations.Refused, match="vidé"):
        operations.restore(deletion=deletion, by=town.admin)
    with pytest.raises(operations.Refused, match="plus à la corbeille"):
        emptying.empty(deletion=deletion, by=town.admin)


def test_nobody_else_and_not_before(town, page):
    deletion = deleted_long_ago(town, page)
    with pytest.raises(PermissionDenied):
        emptying.empty(deletion=deletion, by=town.communication)
    Deletion.objects.update(deleted_at=timezone.now() - timedelta(days=settings.TRASH_DAYS - 1))
    with pytest.raises(operations.Refused, match="Trop tôt"):
        emptying.empty(deletion=deletion, by=town.admin)
    assert Page.objects.filter(pk=page.pk).exists()


def test_files_that_only_it_carried_go(town, page):
    alone, shared, named = (town.document(name, f"{name.decode()}.txt") for name in (b"seul", b"partage", b"ancien"))
    other = town.page("Cantine")
    for document in (alone, shared, named):
        town.attach(page, document)
    for document in (shared, named):
        town.attach(other, document)
    draft = other.get_latest_revision_as_object()
    draft.attachments.set([row for row in draft.attachments.all() if row.document_id != named.pk])
    pages.publish_revision(page=other, revision=draft.save_revision(user=town.admin), author=town.admin)
    deletion = deleted_long_ago(town, page)
    emptying.empty(deletion=deletion, by=town.admin)
    assert set(Document.objects.all()) == {shared, named}
    assert not DocumentVersion.objects.filter(file_name="seul.txt").exists()
    assert Extraction.objects.count() == 2
    # A former version of another page names it: it stays, hidden, and comes back with that version.
    apart = Deletion.objects.open().get()
    assert (apart.document, apart.why) == (named, "Porté par « École », vidé de la corbeille")
    Deletion.objects.filter(pk=apart.pk).update(deleted_at=deletion.deleted_at)
    apart.refresh_from_db()
    with pytest.raises(operations.Refused, match="ancienne version"):
        emptying.empty(deletion=apart, by=town.admin)
    old = Revision.objects.filter(object_id=str(other.pk)).order_by("-pk")[1]
    pages.restore_revision(page=Page.objects.get(pk=other.pk).specific, revision=old, author=town.admin)
    assert not Deletion.objects.open().exists()


def test_a_document_that_a_model_of_pages_holds_stays(town, page):
    document = town.document()
    town.attach(page, document)
    PageModel.objects.create(
        name="Fiche", page_type="articlepage", body=[("document", {"document": document, "label": "", "note": ""})]
    )
    emptying.empty(deletion=deleted_long_ago(town, page), by=town.admin)
    assert Deletion.objects.open().get().document == document


def test_a_file_by_itself(town):
    document = town.document()
    deletion = operations.delete_document(document=document, by=town.admin)
    Deletion.objects.update(deleted_at=timezone.now() - timedelta(days=settings.TRASH_DAYS))
    deletion.refresh_from_db()
    emptying.empty(deletion=deletion, by=town.admin)
    assert not Document.objects.exists()
    assert not Extraction.objects.exists()


def test_what_was_deleted_inside_before_goes_with_it(town, page):
    below = town.page("Chauffage", under=page)
    first = operations.delete_page(page=below, by=town.admin, why="x")
    emptying.empty(deletion=deleted_long_ago(town, page), by=town.admin)
    first.refresh_from_db()
    assert first.emptied_at is not None
    assert not Page.objects.filter(pk=below.pk).exists()


def test_the_team_of_a_project_that_is_no_more_holds_nothing(town):
    project = town.project("Halle")
    TeamMember.objects.create(page=project, person=town.outsider)
    other = town.page("Cantine")
    from kb.access import operations as access

    access.give(page=other, grantee=access.Grantee(team=ProjectPage.objects.get()), role=Role.EDITOR, by=None)
    deletion = deleted_long_ago(town, project)
    assert [grant.grantee_label for grant in Grant.objects.filter(page=other.pk)] == [
        "l’équipe d’un projet mis à la corbeille"
    ]
    emptying.empty(deletion=deletion, by=town.admin)
    assert not Grant.objects.filter(page=other.pk).exists()
    assert PageLogEntry.objects.filter(page=other.pk, action="kb.access.end").count() == 1


def test_the_screen(town, publisher, page):
    deletion = deleted_long_ago(town, page)
    address = reverse("trash_empty", args=[deletion.pk])
    admin = town.signed_in(town.admin)
    assert address in admin.get("/corbeille/").content.decode()
    assert address not in publisher.get("/corbeille/").content.decode()
    for send in (publisher.get, publisher.post):
        assert send(address, {"sure": "on"}).status_code == 404
    assert "École" in admin.get(address).content.decode()
    assert admin.post(address).status_code == 422
    assert Page.objects.filter(pk=page.pk).exists()
    assert admin.post(address, {"sure": "on"}).headers["Location"] == "/corbeille/"
    assert not Page.objects.filter(pk=page.pk).exists()
    assert admin.get(address).status_code == 404


def test_too_early_is_said(town, page):
    deletion = operations.delete_page(page=page, by=town.admin, why="x")
    admin = town.signed_in(town.admin)
    address = reverse("trash_empty", args=[deletion.pk])
    assert address not in admin.get("/corbeille/").content.decode()
    assert "Trop tôt" in admin.get(address).content.decode()
    assert admin.post(address, {"sure": "on"}).status_code == 422
    assert Page.objects.filter(pk=page.pk).exists()
