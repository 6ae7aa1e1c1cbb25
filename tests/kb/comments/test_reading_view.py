"""Commenting from the reading view: it works, then each refusal; what a reader who may not comment is told: nothing."""

import re

import pytest
from django.test import Client

from kb.access import operations as access
from kb.access.models import Role
from kb.comments import operations
from kb.comments.models import CommentAnswer, CommentState, PageComment
from kb.comments.places import PAGE, Place
from kb.pages import operations as pages
from tests.kb.comments.conftest import FIRST, ONE, TWO

COMMENTS_AT_MOST = 12  # a page view, whatever its comments


def url(comment, deed):
    return f"/commentaires/{comment.pk}/{deed}/"


def test_a_paragraph_is_commented_answered_resolved_and_reopened(commented, commenter, agent):
    answer = commenter.post(f"{commented.url}commentaires/", {"place": FIRST.key, "text": "Est-ce sûr ?"})
    said = PageComment.objects.get()
    assert answer.url == f"{commented.url}?fil={said.pk}#fil-{said.pk}"
    assert (said.block, said.quote, said.author, said.revision_id) == (
        ONE,
        "Les travaux commencent en juin.",
        commented.commenter,
        commented.page.live_revision_id,
    )
    html = commenter.get(answer.url).content.decode()
    place = html[html.index(f'id="c-b-{ONE}"') : html.index(f'id="b-{TWO}"')]
    assert "1 commentaire" in place and "Est-ce sûr ?" in place and " open>" in place
    agent.post(url(said, "repondre"), {"text": "Oui, depuis hier."})
    assert "Oui, depuis hier." in commenter.get(commented.url).content.decode()
    commenter.post(url(said, "etat"), {"deed": "resolve"})
    said.refresh_from_db()
    assert (said.state, said.state_by) == (CommentState.RESOLVED, commented.commenter)
    html = commenter.get(commented.url).content.decode()
    assert "Résolus (1)" in html and f'id="c-b-{ONE}"' not in html
    agent.post(url(said, "etat"), {"deed": "reopen"})
    said.refresh_from_db()
    assert (said.state, said.state_by) == (CommentState.REOPENED, commented.town.technical)
    assert "Rouvert par Patrick Brun" in commenter.get(commented.url).content.decode()


def test_an_attachment_and_the_page_are_commented(commented, commenter):
    for place, text in ((Place(document=commented.document.pk), "Périmé."), (PAGE, "Très clair.")):
        commenter.post(f"{commented.url}commentaires/", {"place": place.key, "text": text})
    html = commenter.get(commented.url).content.decode()
    row = html[html.index(f'id="piece-{commented.document.pk}"') :]
    assert "Périmé." in row[: row.index("</li>")]
    assert "Très clair." in html[html.index('id="commentaires"') :]


def test_the_forms_stand_at_each_place_when_one_asks_to_comment(commented, commenter):
    html = commenter.get(commented.url).content.decode()
    assert 'href="/p/' in html and f'value="{FIRST.key}"' not in html
    html = commenter.get(f"{commented.url}?commenter=1").content.decode()
    for place in (FIRST, Place(block=TWO), Place(document=commented.document.pk), PAGE):
        assert html.count(f'value="{place.key}"') == 1, place


def test_what_is_typed_is_shown_as_it_was_typed(commented, commenter):
    typed = '<script>alert(1)</script> http://exemple.fr\n\n<a href="javascript:x">ici</a>\x07'
    commenter.post(f"{commented.url}commentaires/", {"place": "page", "text": typed})
    html = commenter.get(commented.url).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; http://exemple.fr" in html
    assert "<script>alert" not in html and 'href="http://exemple.fr"' not in html and "\x07" not in html
    assert PageComment.objects.get().text.endswith("ici</a>")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  \n ", "Le commentaire est vide"),
        ("é" * 4001, "Le commentaire compte 4001 caractères, pour 4000 au plus"),
    ],
)
def test_words_that_cannot_be_taken_come_back_with_the_reason(commented, commenter, text, sentence):
    said = commented.say()
    for address in (f"{commented.url}commentaires/", url(said, "repondre")):
        answer = commenter.post(address, {"place": FIRST.key, "text": text})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in html and (not text.strip() or text in html)
    assert (PageComment.objects.count(), CommentAnswer.objects.count()) == (1, 0)


def test_the_longest_text_is_taken(commented, commenter):
    commenter.post(f"{commented.url}commentaires/", {"place": "page", "text": "é" * 4000})
    assert len(PageComment.objects.get().text) == 4000


def test_a_passage_that_left_meanwhile_is_said(commented, commenter):
    gone = Place(block="33333333-3333-4333-8333-333333333333")
    answer = commenter.post(f"{commented.url}commentaires/", {"place": gone.key, "text": "Mes mots"})
    html = answer.content.decode()
    assert answer.status_code == 422 and "n’est plus dans la page" in html and "Mes mots" in html
    assert 'value="page"' in html  # sent again, it is of the page
    for key in ("bloc:../x", "piece:-1", "piece:9999999999999999999", "", "autre"):
        assert commenter.post(f"{commented.url}commentaires/", {"place": key, "text": "x"}).status_code == 404
    assert not PageComment.objects.exists()


def test_a_button_pressed_twice_writes_once_and_a_flood_is_stopped(commented, commenter, monkeypatch):
    for _ in range(2):
        commenter.post(f"{commented.url}commentaires/", {"place": "page", "text": "Une fois"})
    said = PageComment.objects.get()
    for _ in range(2):
        commenter.post(url(said, "repondre"), {"text": "Une réponse"})
    assert CommentAnswer.objects.count() == 1
    monkeypatch.setattr(operations, "MOST_AT_ONCE", 2)
    answer = commenter.post(f"{commented.url}commentaires/", {"place": "page", "text": "Une de trop"})
    assert answer.status_code == 422 and "Attendez un peu" in answer.content.decode()
    assert PageComment.objects.count() == 1


def read(client, address):
    """The page, less its tokens, which are never the same."""
    return re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", client.get(address).content.decode())


def test_a_lecteur_is_told_nothing(commented, reader):
    before = read(reader, commented.url)
    said = commented.say("Propos tenus entre nous")
    operations.answer(comment=said, text="Et la suite", by=commented.town.technical)
    assert read(reader, commented.url) == before  # not a count, not a mark
    assert read(reader, f"{commented.url}?commenter=1&fil={said.pk}") == before
    for address, data in (
        (f"{commented.url}commentaires/", {"place": "page", "text": "x"}),
        (url(said, "repondre"), {"text": "x"}),
        (url(said, "etat"), {"deed": "resolve"}),
        (url(said, "lecteurs"), {"shown": "1"}),
    ):
        assert reader.post(address, data).status_code == 404, address
    assert (PageComment.objects.count(), CommentAnswer.objects.count()) == (1, 1)


def test_a_comment_opened_to_readers_is_read_and_no_more(commented, agent, reader, client):
    hidden = commented.say("Entre nous")
    said = commented.say("Pour tous", place=Place(block=TWO))
    agent.post(url(said, "lecteurs"), {"shown": "1"})
    html = reader.get(commented.url).content.decode()
    assert "Pour tous" in html and "Entre nous" not in html and "1 commentaire" in html
    assert "<textarea" not in html and "Répondre" not in html and "Résolu" not in html
    assert reader.post(url(said, "repondre"), {"text": "x"}).status_code == 404
    assert reader.post(url(said, "etat"), {"deed": "resolve"}).status_code == 403
    assert reader.post(url(hidden, "etat"), {"deed": "resolve"}).status_code == 404
    access.give(
        page=commented.page, grantee=access.Grantee(public=True), role=Role.READER, by=None
    )  # comments tell names: the public reads none
    assert "Pour tous" not in client.get(commented.url).content.decode()
    agent.post(url(said, "lecteurs"), {"shown": "0"})
    assert "Pour tous" not in reader.get(commented.url).content.decode()


def test_only_who_edits_opens_to_readers(commented, commenter):
    said = commented.say()
    assert commenter.post(url(said, "lecteurs"), {"shown": "1"}).status_code == 403
    said.refresh_from_db()
    assert said.open_to_readers is False


def test_only_its_author_and_who_edits_settle_a_comment(commented):
    said = commented.say()
    other = commented.town.person("Colette", "Commente")
    commented.town.give(Role.COMMENTER, commented.page, person=other)
    client = commented.town.signed_in(other)
    assert "Est-ce sûr ?" in client.get(commented.url).content.decode()
    assert client.post(url(said, "etat"), {"deed": "resolve"}).status_code == 403
    assert client.post(url(said, "etat"), {"deed": "autre"}).status_code == 404
    said.refresh_from_db()
    assert said.state == CommentState.OPEN


def test_nobody_else_comes_near(commented, client):
    said = commented.say()
    outsider = commented.town.signed_in(commented.town.outsider)
    for address in (f"{commented.url}commentaires/", url(said, "repondre"), url(said, "etat"), url(said, "lecteurs")):
        assert outsider.post(address, {"text": "x", "place": "page", "deed": "resolve"}).status_code == 404
        assert client.post(address, {"text": "x"}).url.startswith("/connexion/")
        assert outsider.get(address).status_code == 405


def test_who_lost_the_right_loses_sight_and_voice(commented, commenter):
    said = commented.say()
    grant = commented.page.grants.get(person=commented.commenter)
    access.end(grant=grant, by=None)
    assert commenter.get(commented.url).status_code == 404
    assert commenter.post(url(said, "etat"), {"deed": "resolve"}).status_code == 404
    commented.town.give(Role.READER, commented.page, person=commented.commenter)
    assert "Est-ce sûr ?" not in commenter.get(commented.url).content.decode()
    assert commenter.post(url(said, "repondre"), {"text": "x"}).status_code == 404


def test_a_comment_on_the_draft_waits_until_the_draft_is_published(commented, commenter, agent):
    draft = commented.page.get_latest_revision_as_object()
    draft.summary = "Neuf"
    revision = pages.save_draft(page=draft, author=commented.town.technical)
    commented.page.refresh_from_db()
    commented.say("Sur ce qui n’est pas public", by=commented.town.technical, on_draft=True)
    assert "pas public" not in commenter.get(commented.url).content.decode()
    html = agent.get(commented.url).content.decode()
    assert "pas public" not in html and "1\u00a0commentaire sur le brouillon" in html
    assert "pas public" in agent.get(f"{commented.url}brouillon/").content.decode()
    pages.publish_revision(page=commented.page, revision=revision, author=commented.town.admin)
    assert "pas public" in commenter.get(commented.url).content.decode()


def test_a_passage_that_left_keeps_its_comment_at_the_foot_with_its_words(commented, commenter):
    commented.say("Et ceci ?", place=Place(block=TWO), quote="Ils finissent en août.")
    draft = commented.page.get_latest_revision_as_object()
    del draft.body[1]
    revision = pages.save_draft(page=draft, author=commented.town.technical)
    pages.publish_revision(page=commented.page, revision=revision, author=commented.town.admin)
    html = commenter.get(commented.url).content.decode()
    foot = html[html.index('id="commentaires"') :]
    assert "Sur ce qui n’est plus là" in foot and "Et ceci ?" in foot and "«\u00a0Ils finissent en août.\u00a0»" in foot


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("number", [1, 3])
def test_the_queries_do_not_follow_the_number_of_comments(commented, commenter, django_assert_max_num_queries, number):
    for place in range(number):
        said = commented.say(f"Point {place}", place=Place(block=(ONE, TWO)[place % 2]))
        operations.answer(comment=said, text="Vu.", by=commented.town.technical)
    commenter.get(commented.url)
    with django_assert_max_num_queries(COMMENTS_AT_MOST) as asked:
        assert f"Point {number - 1}" in commenter.get(commented.url).content.decode()
    assert len(asked) == 10


def test_two_people_settle_at_once(commented, commenter, agent):
    said = commented.say()
    commenter.post(url(said, "etat"), {"deed": "resolve"})
    agent.post(url(said, "etat"), {"deed": "resolve"})  # his screen still showed it open
    said.refresh_from_db()
    assert (said.state, said.state_by) == (CommentState.RESOLVED, commented.commenter)


def test_a_block_whose_name_is_no_name_is_not_commented(commented, commenter):
    page = commented.page
    draft = page.get_latest_revision_as_object()
    odd = '"><img src=x onerror=alert(1)>'
    draft.body = draft.body.stream_block.to_python([{"type": "paragraph", "value": "<p>Mot.</p>", "id": odd}])
    draft.save_revision(user=commented.town.admin).publish(user=commented.town.admin, skip_permission_checks=True)
    html = commenter.get(f"{commented.url}?commenter=1").content.decode()
    assert "<p>Mot.</p>" in html and "onerror" not in html and "bloc:" not in html


def test_an_administrator_who_comments_a_reserved_branch_is_written_down(commented):
    from kb.people.models import AdministratorReading

    access.reserve(page=commented.page, by=commented.town.communication)
    client: Client = commented.town.signed_in(commented.town.admin)
    client.post(f"{commented.url}commentaires/", {"place": "page", "text": "Vu."})
    paths = AdministratorReading.objects.values_list("path", flat=True)
    assert list(paths) == [f"{commented.url}commentaires/"]
