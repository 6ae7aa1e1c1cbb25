"""What pages tell, heard by circuits, in the same transaction; and Wagtail's own mails, which ours replace."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.admin import signal_handlers
from wagtail.models import PageLogEntry, Revision

from kb.moderation import operations, queries
from kb.moderation.models import ReviewTask
from kb.pages.revising import revision_written
from kb.people.account import User

ReviewTask.takes = staticmethod(queries.takes_page)
ReviewTask.states_taken_by = staticmethod(queries.states_taken_by)
ReviewTask.settled = staticmethod(queries.settled)
PUBLISHED = frozenset({"wagtail.publish", "wagtail.publish.schedule"})


@receiver(revision_written)
def written(sender: Any, page: Any, revision: Revision, author: User, **kwargs: Any) -> None:
    """A draft that waits may have changed."""
    operations.follow_revision(page=page, revision=revision, author=author)


@receiver(post_save, sender=PageLogEntry)
def published(sender: Any, instance: PageLogEntry, created: bool, **kwargs: Any) -> None:
    """Somebody published: the log entry says who. What the worker publishes by the clock was decided before."""
    if created and instance.action in PUBLISHED and instance.user_id and instance.revision_id:
        page = instance.page.specific
        operations.follow_publication(page=page, revision=instance.revision, by=instance.user)


def keep_wagtail_quiet() -> None:
    """Wagtail mails reviewers and authors by itself, in its own words, within the request: kb.notices does.

    Its handlers are connected when its own application is ready, after ours: what connects them is replaced.
    """
    signal_handlers.register_signal_handlers = lambda: None
