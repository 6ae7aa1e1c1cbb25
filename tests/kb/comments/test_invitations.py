"""Reading a draft by invitation: the draft and what it carries, nothing else; and its end."""

import io

import pytest
from django.core.files.base import ContentFile
from wagtail.models import PageLogEntry

from kb.access import operations as access
from kb.access.models import Role
from kb.comments import invitations
from kb.comments.models import DraftInvitation
from kb.documents import operations as documents
from kb.documents.models import Attachment, Image
from kb.pages import operations as pages
from kb.permissions import Denied, can_read_version, readable_images
from kb.refusals import Refused
from tests.pictures import png


@pytest.fixture
def draft(commented):
    """A draft newer than what is published, with a summary, a file and an image of its own."""
    town = commented.town
    commented.secret = town.document(b"Nouveau devis", "nouveau.txt", author=town.technical)
    commented.image = Image.objects.create(
        title="Plan", uploaded_by_user=town.technical, file=ContentFile(png(), "plan.png")
    )
    page = commented.page.get_latest_revision_as_object()
    page.summary = "Résumé en brouillon"
    page.attachments.add(Attachment(document=commented.secret))
    page.body.append(("image", {"image": commented.image, "alt_text": "", "caption": ""}))
    pages.save_draft(page=page, author=town.technical)
    commented.page.refresh_from_db()
    return commented


def invite(draft, **more):
    return invitations.invite(page=draft.page, person=draft.commenter, by=draft.town.technical, **more)


def everything(draft, client):
    """What of the draft the person reaches: its words, its file, its older version, its image, whether he comments it."""
    version = draft.secret.versions.order_by("-number").first()
    rendition = draft.image.get_rendition("width-40")
    answer = client.post(f"{draft.url}commentaires/", {"place": "page", "text": "Relu.", "brouillon": "1"})
    return (
        client.get(f"{draft.url}brouillon/").status_code,
        client.get(f"/documents/{draft.secret.pk}/v{version.number}/").status_code,
        client.get(f"/images/{rendition.pk}/").status_code,
        answer.status_code,
    )


def test_the_invited_reads_and_comments_the_draft_and_its_files(draft, commenter):
    assert everything(draft, commenter) == (404, 404, 404, 404)
    invite(draft)
    assert everything(draft, commenter) == (200, 200, 200, 302)
    html = commenter.get(f"{draft.url}brouillon/").content.decode()
    assert "Résumé en brouillon" in html and "Relu." in html
    assert "Modifier la page" not in html and "Qui relit ce brouillon" not in html
    html = commenter.get(draft.url).content.decode()
    assert "Résumé en brouillon" not in html and "Lire le brouillon" in html
    assert f"{draft.url}brouillon/" in commenter.get("/mes-pages/").content.decode()
    assert commenter.get(f"/admin/pages/{draft.page.pk}/edit/").status_code in {302, 403, 404}


def test_the_draft_closes_when_the_invitation_ends(draft, commenter):
    invitations.end(invitation=invite(draft), by=draft.town.technical)
    assert everything(draft, commenter) == (404, 404, 404, 404)
    assert f"{draft.url}brouillon/" not in commenter.get("/mes-pages/").content.decode()
    row = DraftInvitation.objects.get()
    assert (row.ended_by, bool(row.ended_at)) == (draft.town.technical, True)
    actions = PageLogEntry.objects.filter(page=draft.page.pk, action__startswith="kb.draft").order_by("pk")
    assert [(entry.action, entry.data["person"]) for entry in actions] == [
        ("kb.draft.invite", "Cyril Commente"),
        ("kb.draft.end", "Cyril Commente"),
    ]


def test_an_invitation_opens_nothing_to_who_may_not_comment_any_more(draft, commenter):
    invite(draft)
    access.end(grant=draft.page.grants.get(person=draft.commenter), by=None)
    assert everything(draft, commenter) == (404, 404, 404, 404)
    draft.town.give(Role.READER, draft.page, person=draft.commenter)
    assert everything(draft, commenter) == (404, 404, 404, 404)
    draft.town.give(Role.COMMENTER, draft.page, person=draft.commenter)
    assert everything(draft, commenter) == (200, 200, 200, 302)


def test_only_the_version_that_the_draft_names_is_read(draft):
    invite(draft)
    old = draft.secret.versions.get()
    documents.add_version(
        document=draft.secret, file=io.BytesIO(b"Plus neuf"), file_name="nouveau.txt", author=draft.town.technical
    )
    new = draft.secret.versions.exclude(pk=old.pk).get()
    assert (can_read_version(draft.commenter, old), can_read_version(draft.commenter, new)) == (True, False)
    assert draft.image in readable_images(draft.commenter)


def test_a_page_never_published_is_read_by_its_draft_alone(draft, commenter):
    page = draft.town.page("Projet secret", "<p>Mots</p>", under=draft.page, author=draft.town.technical, publish=False)
    invitations.invite(page=page, person=draft.commenter, by=draft.town.technical)
    assert commenter.get(f"/p/{page.pk}/brouillon/").status_code == 200
    assert commenter.get(f"/p/{page.pk}/").status_code == 404
    for path in (draft.url, "/", "/changements/", "/arbre/", f"/arbre/?sous={draft.page.pk}"):
        assert "Projet secret" not in commenter.get(path).content.decode(), path


def test_who_is_not_commentateur_is_not_invited(draft):
    for person, words in (
        (draft.town.elu, "n’est pas commentateur"),
        (draft.town.outsider, "n’est pas commentateur"),
        (draft.town.technical, "modifie cette page"),
    ):
        with pytest.raises(Refused, match=words):
            invitations.invite(page=draft.page, person=person, by=draft.town.communication)


def test_who_does_not_edit_does_not_invite(draft, commenter, reader):
    other = draft.town.person("Colette", "Commente")
    draft.town.give(Role.COMMENTER, draft.page, person=other)
    for by in (draft.commenter, draft.town.elu, other):
        with pytest.raises(Denied):
            invitations.invite(page=draft.page, person=other, by=by)
    address = f"{draft.url}brouillon/invitations/"
    assert commenter.post(address, {"person": other.pk}).status_code == 404
    invitation = invite(draft)
    assert commenter.post(address, {"person": other.pk}).status_code == 403
    assert commenter.post(address, {"end": invitation.pk}).status_code == 403
    assert reader.post(address, {"person": other.pk}).status_code == 404
    assert DraftInvitation.objects.filter(ended_at=None).count() == 1


def test_the_editor_invites_and_ends_from_the_draft(draft, agent, commenter):
    address = f"{draft.url}brouillon/"
    html = agent.get(address).content.decode()
    assert "Qui relit ce brouillon (0)" in html
    assert f'<option value="{draft.commenter.pk}">Cyril Commente</option>' in html
    assert draft.town.elu.last_name not in html  # he reads, and does not comment
    assert agent.post(f"{address}invitations/", {"person": draft.commenter.pk}).url == address
    html = agent.get(address).content.decode()
    assert "Qui relit ce brouillon (1)" in html and "<option value=" + f'"{draft.commenter.pk}"' not in html
    agent.post(f"{address}invitations/", {"end": DraftInvitation.objects.get().pk})
    assert commenter.get(address).status_code == 404


def test_no_name_is_learnt_by_inviting(draft, agent):
    address = f"{draft.url}brouillon/invitations/"
    for person in (draft.town.outsider.pk, draft.town.elu.pk, 987654, "", "x"):
        assert agent.post(address, {"person": person}).status_code == 404
    other = draft.town.page("Ailleurs")
    elsewhere = DraftInvitation.objects.create(page=other, person=draft.commenter, invited_by=draft.town.admin)
    assert agent.post(address, {"end": elsewhere.pk}).status_code == 404


def test_inviting_twice_is_one_invitation(draft):
    assert invite(draft) == invite(draft)
