"""What this room hears of the others: publications, and comments."""

from datetime import timedelta
from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import page_published

from kb.comments.models import CommentAnswer, PageComment
from kb.comments.signals import comment_changed
from kb.notices import operations
from kb.notices.listening import who_hears
from kb.pages.models import RevisionRecord
from kb.people.account import User
from kb.work import operations as work

JUST_SAID = timedelta(hours=1)


@receiver(page_published)
def published(sender: Any, instance: Any, revision: Any = None, **kwargs: Any) -> None:
    """A publication with « Prévenir » is told to those who follow the page: by a job, written in its transaction.

    It is told when the job runs, once Wagtail has said who published.
    """
    if revision is not None and RevisionRecord.objects.filter(revision=revision, announce=True).exists():
        work.enqueue(kind="tell_followers", payload={"revision": revision.pk}, key=f"followers-{revision.pk}")


@receiver(comment_changed)
def commented(
    sender: Any, comment: PageComment, answer: CommentAnswer | None, by: User, event: str, **kwargs: Any
) -> None:
    """What is said beside a page is told to whom it concerns; what was dated since (loading the demo) is no news."""
    if event not in {"written", "answered"}:
        return
    said = answer or comment
    said.refresh_from_db(fields=["written_at"])
    heard = who_hears(comment, answer)
    if heard is None or said.written_at < timezone.now() - JUST_SAID:
        return
    data: dict[str, Any] = {"comment": comment.pk, **({"answer": answer.pk} if answer else {})}
    operations.tell(kind=heard.kind, to=heard.to, by=heard.by, page=comment.page, asks=heard.asks, **data)
