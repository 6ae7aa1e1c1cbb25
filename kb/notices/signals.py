"""What this room hears of the others: publications, and comments."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published

from kb.comments.models import CommentAnswer, PageComment
from kb.comments.signals import comment_changed
from kb.notices import operations
from kb.pages.models import RevisionRecord
from kb.work import operations as work


@receiver(page_published)
def published(sender: Any, instance: Any, revision: Any = None, **kwargs: Any) -> None:
    """A publication with « Prévenir » is told to those who follow the page: by a job, written in its transaction.

    It is told when the job runs, once Wagtail has said who published.
    """
    if revision is not None and RevisionRecord.objects.filter(revision=revision, announce=True).exists():
        work.enqueue(kind="tell_followers", payload={"revision": revision.pk}, key=f"followers-{revision.pk}")


@receiver(comment_changed)
def commented(
    sender: Any, comment: PageComment, answer: CommentAnswer | None, by: Any, event: str, **kwargs: Any
) -> None:
    """A question goes to the page's author, at once; an answer, to whom it answers, with his next digest."""
    if event == "answered" and answer is not None and comment.author_id != by.pk:
        operations.tell(
            kind="comment_answer", to=comment.author, by=by, page=comment.page, asks=False, comment=comment.pk,
            answer=answer.pk,
        )  # fmt: skip
    owner = comment.page.owner
    if event == "written" and owner is not None and owner.is_active and owner.pk != by.pk:
        operations.tell(
            kind="comment", to=owner, by=by, page=comment.page, asks="?" in comment.text, comment=comment.pk
        )
