"""Wagtail's planned publications: each is a job of its own, so that one that fails is seen and stops no other."""

from typing import Any

from django.db import transaction
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Page, Revision

from kb.pages import tree
from kb.trash.models import Trashed
from kb.work.models import Job, JobState
from kb.work.operations import enqueue
from kb.work.registry import every, handles


@every(minutes=1)
def ask_for_planned() -> None:
    """Asks for what was planned for now or earlier. What failed for good waits for a person; the trash, to be restored."""
    now = timezone.now()
    over = Page.objects.filter(live=True, expire_at__lt=now, trashed=None)
    for page_id, until in over.values_list("pk", "expire_at"):
        _ask("unpublish_planned", f"unpublish-{page_id}-{until:%Y%m%d%H%M%S}", {"page": page_id})
    planned = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
    gone = Trashed.objects.annotate(number=Cast("page", CharField())).values("number")
    for revision_id, at in planned.exclude(object_id__in=gone).values_list("pk", "approved_go_live_at"):
        _ask("publish_planned", f"publish-{revision_id}-{at:%Y%m%d%H%M%S}", {"revision": revision_id})


def _ask(kind: str, key: str, payload: dict[str, Any]) -> None:
    if not Job.objects.filter(key=key, state=JobState.FAILED).exists():
        enqueue(kind=kind, key=key, payload=payload)


@handles("publish_planned")
def publish(payload: dict[str, Any], **kwargs: Any) -> None:
    """Publishes a revision whose hour has come; unless it was taken back meanwhile."""
    with transaction.atomic():
        tree.one_writer()  # before the revision's row, as every deed on pages
        planned = Revision.objects.select_for_update().filter(approved_go_live_at__lt=timezone.now())
        revision = planned.filter(pk=payload["revision"]).first()
        if revision and not Trashed.objects.filter(page=int(revision.object_id)).exists():
            revision.publish(log_action="wagtail.publish.scheduled")


@handles("unpublish_planned")
def unpublish(payload: dict[str, Any], **kwargs: Any) -> None:
    """Takes a page from its readers when its time is over; unless it was given more meanwhile."""
    with transaction.atomic():
        tree.one_writer()
        over = Page.objects.select_for_update(of=("self",)).filter(
            live=True, expire_at__lt=timezone.now(), trashed=None
        )
        page = over.filter(pk=payload["page"]).first()
        if page:
            page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
