"""Saving and publishing in the admin: one deed, one transaction, nobody overwritten in silence."""

import json

import pytest
from django.db import connection
from wagtail.models import Page, Revision
from wagtail.signals import page_published
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from kb.documents.models import VersionUse
from kb.links.models import MissingLink, PageLink
from kb.pages import operations as pages
from kb.pages.models import RevisionRecord

pytestmark = pytest.mark.both_databases


def form(title, text="<p>Texte</p>", **more):
    """What the editor posts for an article."""
    return nested_form_data(
        {
            "title": title,
            "summary": "",
            "kind": "note",
            "why": "",
            "slug": "ecole",
            "tags": "",
            "children_shown": "list",
            "go_live_at": "",
            "expire_at": "",
            "body": streamfield([("paragraph", rich_text(text))]),
            "attachments": inline_formset([]),
            "comments": inline_formset([]),
            **more,
        }
    )


def autosave(client, page, title, **more):
    """A tab saving by itself."""
    answer = client.post(
        f"/admin/pages/{page.pk}/edit/",
        form(title, **more),
        HTTP_ACCEPT="application/json",
        HTTP_X_REQUESTED_WITH="XMLHttpRequest",
    )
    return answer, json.loads(answer.content)


@pytest.fixture
def page(town):
    return town.page("École", "<p>Texte</p>", author=town.technical, publish=False)


def test_an_autosave_overwrites_its_own_draft_only(page, agent):
    _, first = autosave(agent, page, "École 1")
    _, second = autosave(agent, page, "École 2", overwrite_revision_id=first["revision_id"])
    assert second["revision_id"] == first["revision_id"]


def test_two_tabs_a_published_revision_never_changes(town, page, agent):
    """X saves R, somebody publishes R, X's tab autosaves over R: R keeps its words, a new one is written."""
    _, saved = autosave(agent, page, "Ce qui est approuvé")
    revision = Revision.objects.get(pk=saved["revision_id"])
    pages.publish_revision(page=page, revision=revision, author=town.communication)
    answer, again = autosave(agent, page, "Ce que X écrit après", overwrite_revision_id=revision.pk)
    assert answer.status_code == 200
    assert again["revision_id"] != revision.pk
    revision.refresh_from_db()
    page.refresh_from_db()
    assert (revision.content["title"], page.title, page.live_revision_id) == (
        "Ce qui est approuvé",
        "Ce qui est approuvé",
        revision.pk,
    )
    assert page.get_latest_revision().content["title"] == "Ce que X écrit après"


@pytest.mark.parametrize("how", ["scheduled", "restored from", "kept", "once published"])
def test_other_protected_revisions_never_change(town, page, agent, how):
    _, saved = autosave(agent, page, "Protégée")
    revision = Revision.objects.get(pk=saved["revision_id"])
    if how == "scheduled":
        from django.utils import timezone

        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now())
    elif how == "restored from":
        RevisionRecord.objects.filter(revision=revision).update(kept_because="reprise")
    elif how == "kept":
        from kb.pages import revising

        revising.keep(revision, because="Figée avec la séance.")
    else:
        pages.publish_revision(page=page, revision=revision, author=town.admin)
        pages.unpublish(page=page, author=town.admin)
    _, again = autosave(agent, page, "Autre", overwrite_revision_id=revision.pk)
    revision.refresh_from_db()
    assert revision.content["title"] == "Protégée"
    assert again.get("revision_id") != revision.pk


def test_a_save_over_somebody_else_is_asked_first(town, page, agent, publisher):
    loaded = page.get_latest_revision()
    agent.post(f"/admin/pages/{page.pk}/edit/", form("Patrick a écrit"))
    stale = {
        "loaded_revision_id": loaded.pk,
        "loaded_revision_created_at": loaded.created_at.isoformat(),
    }
    answer = publisher.post(f"/admin/pages/{page.pk}/edit/", form("Inès a écrit", **stale))
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Patrick Brun a enregistré une version" in html
    assert "data-w-autosave-interval-value" not in html  # by itself, nothing passes over the other's version
    assert "Inès a écrit" in html  # what was typed is still in the form
    page.refresh_from_db()
    newest = page.get_latest_revision()
    assert newest.content["title"] == "Patrick a écrit"
    fresh = {
        "loaded_revision_id": newest.pk,
        "loaded_revision_created_at": newest.created_at.isoformat(),
    }
    assert publisher.post(f"/admin/pages/{page.pk}/edit/", form("Inès a écrit", **fresh)).status_code == 302
    titles = [r.content["title"] for r in page.revisions.order_by("pk")]
    assert titles[-2:] == ["Patrick a écrit", "Inès a écrit"]


def test_publication_is_one_transaction(town, page, publisher):
    """A failure at the very end of a publication leaves the page as it was, with its links and revisions."""

    def fails(**kwargs):
        assert connection.in_atomic_block
        raise RuntimeError("power cut")

    before = (page.revisions.count(), PageLink.objects.count(), MissingLink.objects.count())
    page_published.connect(fails)
    try:
        with pytest.raises(RuntimeError):
            publisher.post(
                f"/admin/pages/{page.pk}/edit/",
                {**form("Publiée", "<p>[[Inconnue]]</p>"), "action-publish": "1"},
            )
    finally:
        page_published.disconnect(fails)
    page.refresh_from_db()
    assert (page.live, page.title) == (False, "École")
    assert (page.revisions.count(), PageLink.objects.count(), MissingLink.objects.count()) == before


def test_links_and_uses_are_written_with_the_save(town, page, publisher):
    target = town.page("Chaufferie")
    document = town.document(author=town.communication)
    row = {"id": "", "document": document.pk, "label": "", "note": "", "version": "", "ORDER": 1}
    data = form("École", "<p>[[chaufferie]] [[Nulle part]]</p>", attachments=inline_formset([row]))
    answer = publisher.post(f"/admin/pages/{page.pk}/edit/", {**data, "action-publish": "1"})
    assert answer.status_code == 302
    assert list(PageLink.objects.values_list("page", "target", "in_live", "in_draft")) == [
        (page.pk, target.pk, True, True)
    ]
    assert list(MissingLink.objects.values_list("title", "in_live")) == [("Nulle part", True)]
    assert list(VersionUse.objects.values_list("page", "version", "in_live")) == [
        (page.pk, document.current_version_id, True)
    ]


def test_the_reason_and_the_publisher_are_kept(town, page, publisher):
    data = form("École", why="montants de l’avenant n° 2")
    publisher.post(f"/admin/pages/{page.pk}/edit/", {**data, "action-publish": "1"})
    page.refresh_from_db()
    record = RevisionRecord.objects.get(revision=page.live_revision)
    assert (record.why, record.published_by) == ("montants de l’avenant n° 2", town.communication)


def test_an_agent_does_not_publish(page, agent):
    agent.post(f"/admin/pages/{page.pk}/edit/", {**form("École"), "action-publish": "1"})
    page.refresh_from_db()
    assert not page.live


def test_restoring_an_old_revision(town, page):
    old = page.get_latest_revision()
    page.title = "Nouvelle"
    pages.save_draft(page=page, author=town.admin)
    again = pages.restore_revision(page=page, revision=old, author=town.admin)
    assert again.content["title"] == "École"
    assert RevisionRecord.objects.get(revision=old).kept_because == "Une version en a été reprise."


def test_a_page_starts_from_a_model(town, agent):
    from kb.pages.models import PageModel

    model = PageModel.objects.get(name="Procédure")
    answer = agent.get(f"/admin/pages/add/kb/articlepage/{town.home.pk}/", {"modele": model.pk})
    assert "Quand s\\\\u2019en servir" in answer.content.decode()
    assert Page.objects.filter(depth__gt=2).count() == 0  # nothing is written before the save


def test_who_publishes_from_the_editor_reads_the_page(town, page, publisher):
    answer = publisher.post(f"/admin/pages/{page.pk}/edit/", {**form("Publiée"), "action-publish": "1"}, follow=True)
    assert answer.redirect_chain == [(f"/p/{page.pk}/", 302)]
    said = [str(message).replace("\u00a0", " ") for message in answer.context["messages"]]
    assert said == ["« Publiée » est publiée : ses lecteurs la voient."]
