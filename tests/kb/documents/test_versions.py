"""A page names versions: a replaced file reaches readers with the next publication, in every door."""

import hashlib
import io

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import ModelLogEntry

from kb.documents import operations as documents
from kb.documents.models import Document, DocumentVersion, VersionUse
from kb.pages import operations as pages

pytestmark = pytest.mark.both_databases


@pytest.fixture
def plan(town):
    """A document on a published page, then replaced."""
    document = town.document(b"Version un", "plan.txt")
    page = town.attach(town.page("École"), document)
    second = documents.add_version(
        document=document,
        file=io.BytesIO(b"Version deux"),
        file_name="plan-v2.txt",
        author=town.admin,
        why="Cotes corrigées",
    )
    document.refresh_from_db()
    return document, page, second


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_versions_keep_their_bytes_and_their_story(town, plan):
    document, _, second = plan
    rows = document.versions.order_by("number").values_list("number", "file_name", "sha256", "size", "why")
    assert list(rows) == [
        (1, "plan.txt", hashlib.sha256(b"Version un").hexdigest(), 10, ""),
        (2, "plan-v2.txt", hashlib.sha256(b"Version deux").hexdigest(), 12, "Cotes corrigées"),
    ]
    assert document.current_version == second
    assert [v.file.open().read() for v in document.versions.order_by("number")] == [
        b"Version un",
        b"Version deux",
    ]


def test_a_reader_gets_the_approved_bytes_in_every_door(town, plan, reader):
    document, page, _ = plan
    assert body(reader.get(f"/documents/{document.pk}/")) == b"Version un"
    assert body(reader.get(f"/documents/{document.pk}/v1/")) == b"Version un"
    for hidden in ("v2/", "v2/apercu/", "v2/vignette/"):
        assert reader.get(f"/documents/{document.pk}/{hidden}").status_code == 404
    assert "Version un" in reader.get(f"/documents/{document.pk}/v1/apercu/").content.decode()
    html = reader.get(f"/p/{page.pk}/").content.decode()
    assert f"/documents/{document.pk}/v1/" in html
    assert "v2" not in html
    sheet = reader.get(f"/documents/{document.pk}/fiche/")
    assert [row["number"] for row in sheet.context["versions"]] == [1]
    history = reader.get(f"/p/{page.pk}/historique/").content.decode()
    assert "plan-v2" not in history


def test_the_agent_who_edits_the_page_reads_both(town, plan, agent):
    document, _, _ = plan
    assert body(agent.get(f"/documents/{document.pk}/v2/")) == b"Version deux"
    assert body(agent.get(f"/documents/{document.pk}/")) == b"Version un"


def test_publishing_the_page_gives_the_new_version(town, plan, reader):
    document, page, _second = plan
    pages.publish_revision(page=page, revision=pages.save_draft(page=page, author=town.admin), author=town.admin)
    assert body(reader.get(f"/documents/{document.pk}/")) == b"Version deux"
    assert reader.get(f"/documents/{document.pk}/v1/").status_code == 404
    assert list(VersionUse.objects.values_list("version__number", "in_live", "in_draft")) == [(2, True, True)]


def test_one_click_publishes_on_every_page_that_carries_it(town, plan, publisher, reader):
    document, page, _ = plan
    other = town.page("Chantier")
    town.attach(other, document)  # carries version 2 at once
    third = documents.add_version(
        document=document, file=io.BytesIO(b"Version trois"), file_name="plan.txt", author=town.admin
    )
    draft = page.get_latest_revision_as_object()
    draft.title = "École, titre en cours"
    pages.save_draft(page=draft, author=town.technical)
    answer = publisher.post(f"/documents/{document.pk}/publier/")
    assert answer.status_code == 302
    page.refresh_from_db()
    assert page.title == "École"  # the draft's other changes stay in the draft
    assert page.get_latest_revision_as_object().title == "École, titre en cours"
    live = VersionUse.objects.filter(in_live=True).values_list("page", "version")
    assert set(live) == {(page.pk, third.pk), (other.pk, third.pk)}
    assert body(reader.get(f"/documents/{document.pk}/")) == b"Version trois"


def test_a_pinned_version_stays(town, plan, reader):
    document, page, _second = plan
    first = document.versions.get(number=1)
    revision = pages.pin_version(page=page, version=first, author=town.admin)
    pages.publish_revision(page=page, revision=revision, author=town.admin)
    pages.publish_revision(
        page=page,
        revision=pages.save_draft(page=page.get_latest_revision_as_object(), author=town.admin),
        author=town.admin,
    )
    assert body(reader.get(f"/documents/{document.pk}/")) == b"Version un"
    assert documents.pages_behind(document, town.admin) == []


def test_an_old_version_is_restored_as_the_newest(town, plan):
    document, _, _ = plan
    again = documents.restore_version(version=document.versions.get(number=1), author=town.admin)
    assert (again.number, again.file.open().read(), again.restored_from.number) == (3, b"Version un", 1)


def test_a_version_one_may_not_read_cannot_be_named(town, plan):
    """An agent posts the id of a version that is not his: the latest he may carry is written instead."""
    document, page, _ = plan
    hidden = town.document(b"Secret", "secret.txt")
    draft = page.get_latest_revision_as_object()
    row = draft.attachments.all()[0]
    row.version_id, row.pinned = hidden.current_version_id, True
    draft.attachments.set([row])
    pages.save_draft(page=draft, author=town.technical)
    named = page.get_latest_revision_as_object().attachments.all()[0].version_id
    assert named == document.current_version_id


def test_document_links_in_the_text_name_a_version(town, reader):
    document = town.document(b"Version un", "plan.txt")
    page = town.page("École", f'<p>Le <a linktype="document" id="{document.pk}">plan</a>.</p>')
    documents.add_version(document=document, file=io.BytesIO(b"Version deux"), file_name="plan.txt", author=town.admin)
    assert f'href="/documents/{document.pk}/v1/">plan</a>' in reader.get(f"/p/{page.pk}/").content.decode()


def test_only_its_depositor_reads_a_file_no_page_carries(town, agent, reader):
    document = town.document(b"Brouillon", "brouillon.txt", author=town.technical)
    assert body(agent.get(f"/documents/{document.pk}/")) == b"Brouillon"
    assert reader.get(f"/documents/{document.pk}/").status_code == 404
    assert town.signed_in(town.finance).get(f"/documents/{document.pk}/").status_code == 404


def test_who_edits_nothing_deposits_nothing(town):
    with pytest.raises(PermissionDenied):
        town.document(author=town.elu)
    assert not DocumentVersion.objects.exists()


def test_a_failed_deposit_leaves_no_bytes(town, monkeypatch, settings):
    def broken(*args, **kwargs):
        raise RuntimeError("disk")

    monkeypatch.setattr(documents, "_attach", broken)
    before = set((settings.FILES_ROOT / "documents").rglob("*"))
    with pytest.raises(RuntimeError):
        town.document()
    assert {f for f in (settings.FILES_ROOT / "documents").rglob("*") if f.is_file()} <= before


def replaced(town, document, content):
    documents.add_version(document=document, file=io.BytesIO(content), file_name="plan.txt", author=town.admin)
    document.refresh_from_db()


def live_versions(page):
    rows = VersionUse.objects.filter(page=page, in_live=True).values_list("version__document__title", "version__number")
    return dict(rows)


def test_publishing_a_file_moves_no_other_file_of_the_page(town, publisher):
    """Every way of naming: attachment rows, links in the text, document blocks."""
    plan, notice, letter = (town.document(name.encode(), f"{name}.txt") for name in ("plan", "notice", "lettre"))
    page = town.page("École", f'<p>La <a linktype="document" id="{notice.pk}">notice</a>.</p>')
    block = {"document": letter.pk, "version": None, "pinned": False}
    page.body = [*page.body.raw_data, {"type": "document", "value": block}]
    page = town.attach(town.attach(save_and_publish(town, page), plan), town.document(b"Avis", "avis.txt"))
    for document in (plan, notice, letter, Document.objects.get(title="Avis")):
        replaced(town, document, b"Version deux")
    answer = publisher.post(f"/documents/{plan.pk}/publier/", follow=True)
    assert live_versions(page) == {"Plan": 2, "Notice": 1, "Lettre": 1, "Avis": 1}
    said = [str(message).replace("\u00a0", " ") for message in answer.context["messages"]]
    assert said == ["« Plan », version 2, publiée sur « École ». Rien d’autre n’a changé sur ces pages."]
    entry = ModelLogEntry.objects.get(action="kb.document.publish")
    assert (entry.object_id, entry.data["version"], entry.data["pages"]) == (str(plan.pk), 2, [page.pk])
    page.refresh_from_db()
    assert page.live_revision.record.why == "« Plan » : version 2 publiée"


def save_and_publish(town, page):
    pages.publish_revision(page=page, revision=pages.save_draft(page=page, author=town.admin), author=town.admin)
    page.refresh_from_db()
    return page


def test_an_amendment_leaves_every_version_as_readers_see_it(town, plan):
    _, page, _ = plan
    pages.amend(page=page.specific, change=lambda version: None, author=town.admin, why="Passation")
    assert live_versions(page) == {"Plan": 1}


def test_a_reader_is_told_nothing_of_a_version_that_waits(town, agent, reader):
    document = town.document(b"Un", "note.txt")
    town.attach(town.page("Fiche"), document)
    documents.add_version(document=document, file=io.BytesIO(b"Deux"), file_name="note.txt", author=town.admin)
    assert reader.post(f"/documents/{document.pk}/publier/").status_code == 404
    sheet = reader.get(f"/documents/{document.pk}/fiche/")
    assert [(row["number"], row["current"]) for row in sheet.context["versions"]] == [(1, True)]
