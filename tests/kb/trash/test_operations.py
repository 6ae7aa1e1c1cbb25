"""What « Supprimer » hides, from whom, and how it comes back."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import Page, PageLogEntry

from kb import permissions
from kb.access import inheritance
from kb.access import operations as access
from kb.access.models import Inheritance, Role
from kb.documents.models import Document, DocumentVersion, Image
from kb.pages import operations as pages
from kb.pages import tree as trees
from kb.pages.models import ArticlePage
from kb.permissions import Viewer
from kb.trash import operations, queries
from kb.trash.models import Deletion, Trashed

pytestmark = pytest.mark.both_databases


@pytest.fixture
def branch(town: Any) -> Any:
    """A page with two pages below it, one of them below the other."""
    school = town.page("École")
    heating = town.page("Chauffage", "<p>Chaudière à remplacer.</p>", under=school)
    town.page("Devis", under=heating)
    return school


def titles(person: Any) -> set[str]:
    return set(permissions.visible_to(Page.objects.filter(depth__gt=2), person).values_list("title", flat=True))


def test_a_branch_exists_for_nobody_and_comes_back_as_it_was(town, branch):
    other = town.page("Cantine")
    before = {page.pk: (page.path, page.slug, page.live_revision_id) for page in Page.objects.all()}
    deletion = operations.delete_page(page=branch, by=town.communication, why="Remplacée")
    everybody = (town.admin, town.communication, town.technical, town.elu)
    assert [titles(person) for person in everybody] == [{"Cantine"}] * 4
    for person in everybody:
        rights = permissions.abilities(person, Page.objects.get(pk=branch.pk))
        assert set(rights.values()) == {False}
        assert branch.pk not in Viewer(person).tree.nodes
    assert [node.title for node in trees.current().below(trees.current().home)] == [other.title]
    assert Trashed.objects.filter(deletion=deletion).count() == 3
    assert set(Inheritance.objects.values_list("page", "source")) == inheritance.expected()
    assert inheritance.repair() == 0

    operations.restore(deletion=deletion, by=town.communication)
    assert titles(town.elu) == {"École", "Chauffage", "Devis", "Cantine"}
    assert {page.pk: (page.path, page.slug, page.live_revision_id) for page in Page.objects.all()} == before
    assert inheritance.repair() == 0
    deeds = PageLogEntry.objects.filter(page=branch.pk, action__startswith="kb.trash").order_by("timestamp")
    assert [(entry.action, entry.user, entry.data) for entry in deeds] == [
        ("kb.trash.delete", town.communication, {"why": "Remplacée", "pages": 3}),
        ("kb.trash.restore", town.communication, {"title": "École"}),
    ]


@pytest.mark.parametrize("who", ["technical", "elu", "outsider"])
def test_only_a_responsable_deletes_what_is_published(town, branch, who):
    with pytest.raises(PermissionDenied):
        operations.delete_page(page=branch, by=getattr(town, who), why="x")
    assert not Deletion.objects.exists()


def test_the_towns_page_is_never_deleted(town):
    with pytest.raises(PermissionDenied):
        operations.delete_page(page=town.home, by=town.admin, why="x")


def test_a_published_page_asks_for_a_reason(town, branch):
    with pytest.raises(operations.Refused, match="pourquoi"):
        operations.delete_page(page=branch, by=town.communication, why="  ")


def test_an_editor_deletes_his_own_draft_and_no_other(town):
    mine = town.page("Brouillon", author=town.technical, publish=False)
    other = town.page("Autre brouillon", author=town.finance, publish=False)
    was_live = town.page("Retirée")
    Page.objects.filter(pk=was_live.pk).update(owner=town.technical)
    pages.unpublish(page=was_live, author=town.communication)
    assert permissions.abilities(town.technical, Page.objects.get(pk=mine.pk))["delete"]
    for page in (other, was_live):
        assert not permissions.abilities(town.technical, Page.objects.get(pk=page.pk))["delete"]
        with pytest.raises(PermissionDenied):
            operations.delete_page(page=page, by=town.technical)
    deletion = operations.delete_page(page=mine, by=town.technical)
    with pytest.raises(PermissionDenied):
        operations.restore(deletion=deletion, by=town.finance)
    operations.restore(deletion=deletion, by=town.technical)


def test_what_is_below_must_be_ones_own_too(town):
    mine = town.page("Brouillon", author=town.technical, publish=False)
    town.page("D’un autre", author=town.finance, publish=False, under=mine)
    with pytest.raises(operations.Refused, match="gérée par d’autres"):
        operations.delete_page(page=mine, by=town.technical)


def test_a_reserved_page_below_stops_who_does_not_manage_it(town, branch):
    below = Page.objects.get(title="Devis")
    access.reserve(page=below, by=town.admin)
    with pytest.raises(operations.Refused, match="gérée par d’autres"):
        operations.delete_page(page=branch, by=town.communication, why="x")
    deletion = operations.delete_page(page=branch, by=town.admin, why="x")
    with pytest.raises(PermissionDenied):
        operations.restore(deletion=deletion, by=town.communication)


def test_deleted_inside_what_is_deleted_later(town, branch):
    """What was deleted apart stays so; it waits for what stands above it."""
    below = Page.objects.get(title="Devis")
    first = operations.delete_page(page=below, by=town.communication, why="Périmé")
    second = operations.delete_page(page=branch, by=town.communication, why="Remplacée")
    assert Trashed.objects.filter(deletion=second).count() == 2
    with pytest.raises(operations.Refused, match="aussi à la corbeille"):
        operations.restore(deletion=first, by=town.communication)
    operations.restore(deletion=second, by=town.communication)
    assert titles(town.elu) == {"École", "Chauffage"}
    operations.restore(deletion=first, by=town.communication)
    assert titles(town.elu) == {"École", "Chauffage", "Devis"}


def test_restored_twice_it_is_said(town, branch):
    deletion = operations.delete_page(page=branch, by=town.admin, why="x")
    operations.restore(deletion=deletion, by=town.admin)
    with pytest.raises(operations.Refused, match="déjà"):
        operations.restore(deletion=deletion, by=town.admin)


def test_nothing_goes_under_it_and_its_name_stays_taken(town, branch):
    other = town.page("Cantine")
    operations.delete_page(page=branch, by=town.admin, why="x")
    gone = Page.objects.get(pk=branch.pk)
    with pytest.raises(PermissionDenied):
        pages.create_page(parent=gone, page=ArticlePage(title="Sous"), author=town.admin)
    assert not other.permissions_for_user(town.admin).can_move_to(gone)
    again = town.page("École")
    assert again.slug == f"ecole-{again.pk}"


def test_moved_with_what_stands_above_it(town, branch):
    """A branch moves with what was deleted in it: it comes back where that branch is now."""
    target = town.page("Bâtiments")
    deletion = operations.delete_page(page=Page.objects.get(title="Chauffage"), by=town.admin, why="x")
    Page.objects.get(pk=branch.pk).move(Page.objects.get(pk=target.pk), pos="last-child")
    operations.restore(deletion=deletion, by=town.admin)
    node = trees.current().nodes[deletion.page_id]
    assert [above.title for above in trees.current().ancestors(node)][1:] == ["Bâtiments", "École"]
    assert inheritance.repair() == 0


def test_files_leave_with_the_only_page_that_carries_them(town, branch):
    alone, shared = town.document(b"Seul", "seul.txt", author=town.technical), town.document(b"Deux", "deux.txt")
    other = town.page("Cantine")
    town.attach(branch, alone)
    town.attach(branch, shared)
    town.attach(other, shared)
    deletion = operations.delete_page(page=branch, by=town.admin, why="x")
    for person in (town.admin, town.technical, town.elu):
        assert set(permissions.readable_documents(person)) == {shared}
        versions = permissions.readable_versions(person)
        assert set(versions) == {shared.current_version}
    for person in (town.admin, town.technical):
        assert set(permissions.editable_documents(person)) == {shared}
    operations.restore(deletion=deletion, by=town.admin)
    assert set(permissions.readable_documents(town.elu)) == {alone, shared}


def test_a_document_that_no_page_carries(town):
    document = town.document(author=town.technical)
    with pytest.raises(PermissionDenied):
        operations.delete_document(document=document, by=town.finance)
    deletion = operations.delete_document(document=document, by=town.technical, why="Doublon")
    for person in (town.admin, town.technical):
        assert not permissions.readable_documents(person).exists()
        assert not permissions.editable_documents(person).exists()
        assert not permissions.readable_versions(person).exists()
    with pytest.raises(PermissionDenied):
        operations.restore(deletion=deletion, by=town.finance)
    operations.restore(deletion=deletion, by=town.technical)
    assert set(permissions.readable_documents(town.technical)) == {document}
    assert (Document.objects.count(), DocumentVersion.objects.count()) == (1, 1)


def test_a_document_that_a_page_carries_stays(town, branch):
    document = town.document()
    town.attach(branch, document)
    with pytest.raises(operations.Refused, match="porté par une page"):
        operations.delete_document(document=document, by=town.admin)


def test_an_image(town):
    image = Image.objects.create(title="Plan", uploaded_by_user=town.technical, width=1, height=1, file="plan.png")
    with pytest.raises(PermissionDenied):
        operations.delete_image(image=image, by=town.finance)
    deletion = operations.delete_image(image=image, by=town.technical)
    assert not permissions.readable_images(town.admin).exists()
    assert not permissions.editable_images(town.technical).exists()
    operations.restore(deletion=deletion, by=town.admin)
    assert set(permissions.editable_images(town.technical)) == {image}


def test_carried_again_a_document_leaves_the_trash(town, branch):
    """An old version of a page names it; that version is taken back."""
    document = town.document()
    town.attach(branch, document)
    old = branch.live_revision
    draft = branch.get_latest_revision_as_object()
    draft.attachments.clear()
    pages.publish_revision(page=branch, revision=draft.save_revision(user=town.admin), author=town.admin)
    deletion = operations.delete_document(document=document, by=town.admin)
    pages.restore_revision(page=Page.objects.get(pk=branch.pk).specific, revision=old, author=town.admin)
    deletion.refresh_from_db()
    assert deletion.restored_at is not None
    assert set(permissions.readable_documents(town.admin)) == {document}


def test_consequences_are_known_before(town, branch):
    link = f'<a linktype="page" id="{branch.pk}">École</a>'
    town.page("Cantine", f"<p>{link}</p>")
    document = town.document()
    town.attach(branch, document)
    found = queries.consequences(Page.objects.get(pk=branch.pk), Viewer(town.communication))
    assert (found.may, found.below, found.files, found.public) == (True, 2, 1, False)
    assert [node.title for node in found.links] == ["Cantine"]
    assert found.losing == sorted(map(str, (town.technical, town.finance, town.elu)))
    assert town.give(Role.READER, branch, person=town.outsider)
    again = queries.consequences(Page.objects.get(pk=branch.pk), Viewer(town.communication))
    assert str(town.outsider) in again.losing


def test_planned_deeds_wait_for_the_restoration(town):
    from datetime import timedelta

    from django.utils import timezone

    from kb.work import publishing
    from kb.work.models import Job

    page = town.page("Annonce")
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(hours=1))
    draft = page.get_latest_revision_as_object()
    draft.go_live_at = timezone.now() - timedelta(minutes=1)
    revision = draft.save_revision(user=town.admin)
    type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    operations.delete_page(page=page, by=town.admin, why="x")
    publishing.ask_for_planned()
    assert not Job.objects.filter(kind__in=["publish_planned", "unpublish_planned"]).exists()
    publishing.publish({"revision": revision.pk})
    publishing.unpublish({"page": page.pk})
    page.refresh_from_db()
    assert page.live
    assert page.live_revision_id != revision.pk
