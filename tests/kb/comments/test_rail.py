"""The editor's rail: our comments appear there, what is said there is ours, and ours survive what Wagtail erases."""

import json

import pytest
from django.db.models import ProtectedError
from wagtail.models import Comment, CommentReply, Page, PageLogEntry, Revision
from wagtail.signals import page_published

from kb.comments import operations, rail
from kb.comments.editing import KEPT
from kb.comments.models import CommentAnswer, CommentState, PageComment
from kb.comments.places import PAGE, Place
from tests.kb.comments.conftest import ONE, TWO, faces, rail_in


def answered(comment, text="Oui."):
    """A row of the rail with one more answer."""
    return {**comment, "replies": [*comment["replies"], {"text": text}]}


def test_a_comment_of_the_reading_view_stands_beside_its_block(commented, agent):
    said = commented.say("Est-ce sûr ?")
    (row,) = commented.opened(agent)
    assert (row["text"], row["contentpath"], row["user"]) == ("Est-ce sûr ?", f"body.{ONE}", commented.commenter.pk)
    said.refresh_from_db()
    assert said.rail_id == row["pk"]
    assert row["created_at"] == said.written_at.isoformat().replace("+00:00", "Z")[:23] + "Z"
    assert commented.opened(agent) == [row]  # nothing is written twice


def test_a_comment_on_the_page_stands_beside_its_title(commented, agent):
    commented.say(place=PAGE)
    assert [row["contentpath"] for row in commented.opened(agent)] == ["title"]


def test_answering_and_resolving_in_the_rail_comes_back(commented, agent):
    said = commented.say()
    (row,) = commented.opened(agent)
    commented.save(agent, [answered(row)])
    answer = CommentAnswer.objects.get()
    assert (answer.comment, answer.text, answer.author) == (said, "Oui.", commented.town.technical)
    (row,) = commented.opened(agent)
    assert [reply["text"] for reply in row["replies"]] == ["Oui."]
    commented.save(agent, [{**row, "resolved": True}])
    said.refresh_from_db()
    assert (said.state, said.state_by) == (CommentState.RESOLVED, commented.town.technical)
    assert commented.opened(agent) == []
    assert CommentAnswer.objects.count() == 1
    actions = PageLogEntry.objects.filter(page=commented.page.pk, action__startswith="kb.comment")
    assert list(actions.order_by("pk").values_list("action", flat=True)) == [
        "kb.comment.write",
        "kb.comment.answer",
        "kb.comment.resolve",
    ]


def test_a_comment_written_in_the_rail_is_ours(commented, agent):
    new = {"text": "À vérifier.", "contentpath": f"body.{TWO}", "position": "[]"}
    commented.save(agent, [new])
    said = PageComment.objects.get()
    assert (said.text, said.block, said.author, said.quote) == (
        "À vérifier.",
        TWO,
        commented.town.technical,
        "Ils finissent en août.",
    )
    commented.page.refresh_from_db()
    assert said.revision == commented.page.latest_revision
    (row,) = commented.opened(agent)
    assert row["pk"] == said.rail_id and len(faces(commented.page)) == 1


def test_an_autosave_does_not_write_it_twice(commented, agent):
    new = {"text": "À vérifier.", "contentpath": f"body.{TWO}"}
    status, first = commented.autosave(agent, [new])
    assert (status, [row["text"] for row in first["comments"]["comments"]]) == (200, ["À vérifier."])
    status, _ = commented.autosave(agent, first["comments"]["comments"], overwrite_revision_id=first["revision_id"])
    assert (status, PageComment.objects.count(), Comment.objects.count()) == (200, 1, 1)


def test_the_author_takes_his_words_up_again_and_back(commented, agent):
    commented.save(agent, [{"text": "À vérifer.", "contentpath": "title", "replies": [{"text": "Moi ?"}]}])
    (row,) = commented.opened(agent)
    commented.save(agent, [{**row, "text": "À vérifier."}])
    said, answer = PageComment.objects.get(), CommentAnswer.objects.get()
    assert (said.text, bool(said.edited_at)) == ("À vérifier.", True)
    log = PageLogEntry.objects.get(action="kb.comment.edit")
    assert log.data["before"] == "À vérifer."
    (row,) = commented.opened(agent)
    commented.save(agent, [{**row, "replies": [{**row["replies"][0], "deleted": True}]}])
    answer.refresh_from_db()
    assert answer.withdrawn_at and answer.text == "Moi ?"
    (row,) = commented.opened(agent)
    assert row["replies"] == []
    commented.save(agent, [{**row, "deleted": True}])
    said.refresh_from_db()
    assert said.withdrawn_at and (said.state, said.text) == (CommentState.RESOLVED, "À vérifier.")
    assert commented.opened(agent) == [] and Comment.objects.count() == 0


def test_publication_erases_the_faces_of_what_is_resolved_and_not_ours(commented, publisher):
    said = commented.say()
    (row,) = commented.opened(publisher)
    both = {**answered(row, "C’est fait."), "resolved": True}
    commented.save(publisher, [both], **{"action-publish": "1"})
    assert (Comment.objects.count(), CommentReply.objects.count()) == (0, 0)  # the trap: Wagtail's are gone
    said.refresh_from_db()
    assert (said.state, [a.text for a in said.answers.all()]) == (CommentState.RESOLVED, ["C’est fait."])
    operations.reopen(comment=said, by=commented.commenter)
    (row,) = commented.opened(publisher)
    assert (row["pk"], [reply["text"] for reply in row["replies"]]) == (said.rail_id, ["C’est fait."])


def test_a_comment_written_while_a_publication_runs_stays(commented, publisher):
    commented.opened(publisher)

    def meanwhile(**kwargs):
        commented.say("Pendant ce temps")

    page_published.connect(meanwhile, weak=False)
    try:
        commented.save(publisher, **{"action-publish": "1"})
    finally:
        page_published.disconnect(meanwhile)
    assert [row["text"] for row in commented.opened(publisher)] == ["Pendant ce temps"]


def test_a_face_written_while_a_publication_runs_is_made_again(commented, publisher):
    said = commented.say()
    (row,) = commented.opened(publisher)
    Comment.objects.all().delete()  # what Wagtail does of a face that its form did not know
    assert commented.opened(publisher) == [row]
    said.refresh_from_db()
    assert said.rail_id == row["pk"]


def test_a_block_that_left_the_draft_leaves_its_comment_in_a_panel(commented, agent):
    said = commented.say("Et ce passage ?", place=Place(block=TWO), quote="Ils finissent en août.")
    (row,) = commented.opened(agent)
    commented.save(agent, [row], blocks=(ONE,))
    answer = agent.get(commented.editor)
    html = answer.content.decode()
    assert rail_in(answer) == []
    assert "Commentaires sans place dans le texte" in html and "Et ce passage ?" in html
    assert f"/p/{commented.page.pk}/brouillon/?fil={said.pk}#fil-{said.pk}" in html
    said.refresh_from_db()
    assert said.is_open
    commented.save(agent, blocks=(ONE, TWO))
    assert [row["text"] for row in commented.opened(agent)] == ["Et ce passage ?"]  # it is back with its block


def test_a_comment_on_an_attachment_stands_in_the_panel(commented, agent):
    commented.say("Ce devis est périmé.", place=Place(document=commented.document.pk))
    answer = agent.get(commented.editor)
    assert rail_in(answer) == []
    assert "Sur une pièce jointe : «\u00a0Devis\u00a0»" in answer.content.decode()
    assert "Ce devis est périmé." in answer.content.decode()


def test_no_panel_where_all_have_a_place(commented, agent):
    commented.say()
    assert "Commentaires sans place dans le texte" not in agent.get(commented.editor).content.decode()


def test_an_editor_opened_before_a_comment_was_resolved_still_saves(commented, agent):
    """Wagtail takes a comment that is there no more for an error of the form; what was typed would not be saved."""
    said = commented.say()
    (row,) = commented.opened(agent)
    operations.resolve(comment=said, by=commented.commenter)
    assert commented.opened(agent) == []  # another tab: the face is erased
    commented.save(agent, [answered(row, "Trop tard ?")], title="École neuve")
    commented.page.refresh_from_db()
    assert commented.page.draft_title == "École neuve"
    said.refresh_from_db()
    assert (said.state, [a.text for a in said.answers.all()]) == (CommentState.RESOLVED, ["Trop tard ?"])
    assert commented.opened(agent) == []


def test_an_editor_opened_before_an_answer_came_keeps_both(commented, agent):
    said = commented.say()
    (row,) = commented.opened(agent)
    operations.answer(comment=said, text="J’ajoute ceci.", by=commented.commenter)
    commented.save(agent, [answered(row)])
    assert [a.text for a in said.answers.all()] == ["J’ajoute ceci.", "Oui."]
    (row,) = commented.opened(agent)
    assert sorted(reply["text"] for reply in row["replies"]) == ["J’ajoute ceci.", "Oui."]


def test_a_comment_of_another_page_is_refused(commented, agent):
    other = commented.town.page("Autre", author=commented.town.technical, publish=False)
    hidden = operations.write(page=other, text="Ailleurs", by=commented.town.technical)
    agent.get(f"/admin/pages/{other.pk}/edit/")
    hidden.refresh_from_db()
    forged = {"pk": hidden.rail_id, "text": "Volé", "contentpath": "title"}
    assert agent.post(commented.editor, commented.form([forged])).status_code == 400
    hidden.refresh_from_db()
    assert hidden.text == "Ailleurs"


def test_nobody_edits_the_words_of_another(commented, agent):
    said = commented.say("Mes mots")
    (row,) = commented.opened(agent)
    answer = agent.post(commented.editor, commented.form([{**row, "text": "Tes mots"}]))
    assert answer.status_code == 200
    said.refresh_from_db()
    assert said.text == "Mes mots"


def test_a_text_too_long_is_said_at_the_head(commented, agent):
    new = {"text": "a" * 4001, "contentpath": "title"}
    answer = agent.post(commented.editor, commented.form([new]))
    assert answer.status_code == 200
    assert "Le commentaire compte 4001 caractères, pour 4000 au plus" in answer.content.decode()
    assert PageComment.objects.count() == 0


def test_who_may_edit_but_finds_the_page_locked_comments_all_the_same(commented, agent):
    page = commented.page
    said = commented.say()
    (row,) = commented.opened(agent)
    keyless = Revision.objects.get(pk=page.latest_revision_id)
    keyless.content["body"] = keyless.content["body"].replace(' data-block-key=\\"aaaa1\\"', "")
    keyless.save()  # the editor will put a mark on it: no change of the text
    page.locked, page.locked_by = True, commented.town.communication
    page.save()
    before = page.latest_revision_id
    status, data = commented.autosave(agent, [answered(row), {"text": "Verrouillée ?", "contentpath": "title"}])
    assert (status, data["success"], data["revision_id"]) == (200, True, before)
    assert [a.text for a in said.answers.all()] == ["Oui."]
    assert PageComment.objects.get(text="Verrouillée ?").author == commented.town.technical
    page.refresh_from_db()
    assert page.latest_revision_id == before
    status, data = commented.autosave(agent, title="Autre titre")
    assert (status, data["error_code"]) == (400, "locked")  # its text stays locked
    again = answered(commented.opened(agent)[0], "Et encore.")
    for _ in range(2):  # told that the text is refused, the editor sends the same words again
        status, data = commented.autosave(agent, [again, {"text": "Deux", "contentpath": "title"}], title="Autre titre")
        assert (status, data["error_code"], data["error_message"]) == (400, "locked", KEPT)
    assert CommentAnswer.objects.filter(text="Et encore.").count() == 1
    assert PageComment.objects.filter(text="Deux").count() == 1
    commented.save(agent, [answered(commented.opened(agent)[0], "Et enfin.")])
    assert CommentAnswer.objects.filter(text="Et enfin.").exists()


def test_what_is_said_while_a_page_is_created_is_ours(town, agent):
    from wagtail.test.utils.form_data import inline_formset

    from tests.kb.comments.conftest import row_of
    from tests.kb.pages.test_revisions import form

    rows = inline_formset([row_of({"text": "Note à moi-même", "contentpath": "title"})])
    answer = agent.post(f"/admin/pages/add/kb/articlepage/{town.home.pk}/", form("Neuve", comments=rows))
    assert answer.status_code == 302
    said = PageComment.objects.get()
    assert (said.text, said.author, said.page.title, said.block) == ("Note à moi-même", town.technical, "Neuve", "")


def test_a_person_is_not_deleted_and_a_closed_account_keeps_its_name(commented, reader):
    from kb.people.models import User
    from kb.people.operations import close_account

    said = commented.say()
    with pytest.raises(ProtectedError):
        User.objects.filter(pk=commented.commenter.pk).delete()
    close_account(person=commented.commenter, by=commented.town.admin)
    said.refresh_from_db()
    assert str(said.author) == "Cyril Commente"
    html = commented.town.signed_in(commented.town.technical).get(commented.url).content.decode()
    assert "Cyril Commente" in html and "Est-ce sûr ?" in html


def test_the_position_of_a_whole_paragraph(commented, agent):
    from kb.comments.rail import position_in

    said = commented.say()
    draft = commented.page.get_latest_revision_as_object()
    stream = draft.body.stream_block
    html = '<p data-block-key="ab12c">Vu &amp; relu 😀.</p>'
    draft.body = stream.to_python([{"type": "paragraph", "value": html, "id": ONE}])
    assert json.loads(position_in(draft, said)) == [{"key": "ab12c", "start": 0, "end": 13}]
    draft.body = stream.to_python([{"type": "paragraph", "value": "<p>Sans clef.</p>", "id": ONE}])
    assert position_in(draft, said) == "[]"


def test_taking_an_old_version_back_keeps_the_rail(commented, agent):
    said = commented.say()
    address = f"/admin/pages/{commented.page.pk}/revisions/{commented.page.live_revision_id}/revert/"
    (row,) = rail_in(agent.get(address))
    assert row["text"] == "Est-ce sûr ?"
    assert agent.post(address, commented.form([answered(row)])).status_code == 302
    assert [answer.text for answer in said.answers.all()] == ["Oui."]


def test_a_copy_of_the_page_has_none_of_its_comments(commented, publisher):
    from wagtail.actions.copy_page import CopyPageAction

    commented.say()
    commented.opened(publisher)
    copy = CopyPageAction(
        commented.page,
        to=commented.town.home,
        update_attrs={"slug": "copie", "title": "Copie"},
        user=commented.town.admin,
    ).execute(skip_permission_checks=True)
    assert (Comment.objects.filter(page=copy.pk).count(), PageComment.objects.filter(page=copy.pk).count()) == (0, 0)
    assert "Est-ce sûr ?" not in publisher.get(f"/p/{copy.pk}/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_an_editor_that_opens_again_writes_nothing(commented, number):
    """What the faces cost is a few queries, whatever the number of comments."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for place in range(number):
        operations.answer(comment=commented.say(f"Point {place}"), text="Vu.", by=commented.town.technical)
    page = Page.objects.get(pk=commented.page.pk)
    rail.show(page)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        rail.show(page)
    written = [query["sql"] for query in asked if not query["sql"].startswith("SELECT")]
    assert (written, len(asked)) == ([], 4)
