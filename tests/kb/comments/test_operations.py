"""The deeds: what each writes, logs and tells; nothing half-made."""

from typing import Any

import pytest
from django.db import transaction
from wagtail.models import PageLogEntry

from kb.comments import invitations, operations
from kb.comments.models import CommentState, PageComment
from kb.comments.places import PAGE, Place, named, shortened
from kb.comments.signals import comment_changed, invitation_changed
from kb.permissions import Denied
from tests.kb.comments.conftest import FIRST


@pytest.fixture
def heard():
    """What listeners are told."""
    told: list[Any] = []

    def listen(event: str, by: Any, comment: Any = None, answer: Any = None, **kwargs: Any) -> None:
        told.append((event, str(by), getattr(comment, "pk", None), getattr(answer, "text", None)))

    comment_changed.connect(listen)
    invitation_changed.connect(listen)
    yield told
    comment_changed.disconnect(listen)
    invitation_changed.disconnect(listen)


def test_each_deed_is_told_on_commit_and_logged(commented, heard, django_capture_on_commit_callbacks):
    town = commented.town
    with django_capture_on_commit_callbacks(execute=True):
        said = commented.say("Un")
        assert heard == []  # not before it is written for good
        answer = operations.answer(comment=said, text="Deux", by=town.technical)
        operations.resolve(comment=said, by=commented.commenter)
        operations.resolve(comment=said, by=town.technical)  # already so: nothing to say
        operations.reopen(comment=said, by=town.technical)
        operations.edit(said=said, text="Un bis", by=commented.commenter)
        operations.show_to_readers(comment=said, shown=True, by=town.technical)
        operations.show_to_readers(comment=said, shown=False, by=town.technical)
        operations.withdraw(said=answer, by=town.technical)
        invitations.end(
            invitation=invitations.invite(page=commented.page, person=commented.commenter, by=town.technical),
            by=town.technical,
        )
    cyril, patrick = "Cyril Commente", "Patrick Brun"
    assert heard == [
        ("written", cyril, said.pk, None),
        ("answered", patrick, said.pk, "Deux"),
        ("resolved", cyril, said.pk, None),
        ("reopened", patrick, said.pk, None),
        ("edited", cyril, said.pk, None),
        ("opened", patrick, said.pk, None),
        ("closed", patrick, said.pk, None),
        ("withdrawn", patrick, said.pk, "Deux"),
        ("invited", patrick, None, None),
        ("ended", patrick, None, None),
    ]
    entries = PageLogEntry.objects.filter(page=commented.page.pk, action__regex=r"^kb\.(comment|draft)").order_by("pk")
    assert [entry.formatter.format_message(entry) for entry in entries] == [
        f"Commentaire n° {said.pk} écrit",
        f"Réponse au commentaire n° {said.pk}",
        f"Commentaire n° {said.pk} résolu",
        f"Commentaire n° {said.pk} rouvert",
        f"Commentaire n° {said.pk} : texte repris par son auteur",
        f"Commentaire n° {said.pk} ouvert aux lecteurs",
        f"Commentaire n° {said.pk} fermé aux lecteurs",
        f"Commentaire n° {said.pk} : texte retiré par son auteur",
        "Cyril Commente peut relire le brouillon",
        "Cyril Commente ne relit plus le brouillon",
    ]
    assert [str(entry.user) for entry in entries] == [cyril, patrick, cyril, patrick, cyril, *[patrick] * 5]


def test_what_is_undone_is_told_to_nobody(commented, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        commented.say()
        transaction.set_rollback(True)
    assert heard == [] and not PageComment.objects.exists()


def test_one_takes_back_ones_own_words_alone(commented):
    said = commented.say("Mes mots")
    for deed in (
        lambda by: operations.edit(said=said, text="Tes mots", by=by),
        lambda by: operations.withdraw(said=said, by=by),
    ):
        for by in (commented.town.technical, commented.town.admin, commented.town.elu):
            with pytest.raises(Denied):
                deed(by)
    operations.withdraw(said=said, by=commented.commenter)
    said.refresh_from_db()
    assert (said.text, said.state, bool(said.withdrawn_at)) == ("Mes mots", CommentState.RESOLVED, True)


def test_words_taken_back_are_shown_to_nobody(commented, commenter, agent):
    said = commented.say("Mots à ne plus lire")
    operations.withdraw(said=said, by=commented.commenter)
    for client in (commenter, agent):
        html = client.get(commented.url).content.decode()
        assert "Retiré par son auteur" in html and "Mots à ne plus lire" not in html


@pytest.mark.parametrize("by", ["elu", "outsider"])
def test_who_may_not_comment_writes_nothing(commented, by):
    person = getattr(commented.town, by)
    said = commented.say()
    for deed in (
        lambda: commented.say("x", by=person),
        lambda: commented.say("x", by=person, on_draft=True),
        lambda: operations.answer(comment=said, text="x", by=person),
        lambda: operations.resolve(comment=said, by=person),
        lambda: operations.reopen(comment=said, by=person),
        lambda: operations.show_to_readers(comment=said, shown=True, by=person),
    ):
        with pytest.raises(Denied):
            deed()
    assert PageComment.objects.count() == 1


def test_a_commentateur_without_invitation_does_not_comment_the_draft(commented):
    with pytest.raises(Denied):
        commented.say(on_draft=True)


def test_the_name_of_a_place_is_its_own():
    for place in (FIRST, Place(document=12), PAGE):
        assert named(place.key) == place
    assert [named(key) for key in ("bloc:", "bloc:x", "piece:", "piece:²", "pages", "")] == [None] * 6


def test_a_quote_is_cut_between_two_words():
    assert shortened("  deux\n mots ") == "deux mots"
    long = shortened("mot " * 60)
    assert long.endswith("mot …") and len(long) <= 142
