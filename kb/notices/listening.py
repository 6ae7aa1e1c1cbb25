"""Whom the words said beside a page concern: one rule for what is told as it is said, and for what is replayed."""

from typing import NamedTuple

from kb.comments.models import CommentAnswer, PageComment
from kb.people.models import User


class Heard(NamedTuple):
    """What one person hears of a comment."""

    kind: str
    to: User
    by: User
    asks: bool  # for an answer


def who_hears(comment: PageComment, answer: CommentAnswer | None = None) -> Heard | None:
    """A comment goes to the page's author, who is asked where it is a question; an answer, to whom it answers."""
    if answer is not None:
        heard = Heard("comment_answer", comment.author, answer.author, False)
    elif comment.page.owner is not None:
        heard = Heard("comment", comment.page.owner, comment.author, "?" in comment.text)
    else:
        return None
    return heard if heard.to.is_active and heard.to.pk != heard.by.pk else None
