"""What the worker does with mails and digests, and the clock that asks for digests."""

from datetime import date
from typing import Any

from django.utils import timezone

from kb.notices import operations, rules, sending
from kb.notices.models import Mail
from kb.pages.models import RevisionRecord
from kb.people.models import User
from kb.work import operations as work
from kb.work.registry import handles, nightly


@handles("mail")
def send(payload: dict[str, Any], **kwargs: Any) -> None:
    """Sends one mail."""
    mail = Mail.objects.select_related("to", "by", "page", "document").filter(pk=payload["mail"]).first()
    if mail is not None:
        sending.send(mail)


@handles("tell_followers")
def tell_followers(payload: dict[str, Any], **kwargs: Any) -> None:
    """Writes a publication in the journal of those who follow the page."""
    records = RevisionRecord.objects.select_related("revision").filter(revision=payload["revision"])
    for record in records.exclude(published_at=None):
        operations.tell_followers(record=record)


@nightly(hour=rules.MORNING.hour, minute=rules.MORNING.minute)
def ask_for_digests() -> None:
    """One turn each morning for each person whom a mail can reach; most mornings there is nothing to say."""
    today = timezone.localdate()
    for pk in User.objects.filter(is_active=True, email__isnull=False).values_list("pk", flat=True):
        work.enqueue(kind="digest", payload={"person": pk, "day": today.isoformat()}, key=f"digest-{pk}")


@handles("digest")
def digest(payload: dict[str, Any], **kwargs: Any) -> None:
    """Writes the digest of one person, if it is due."""
    person = User.objects.filter(pk=payload["person"], is_active=True).first()
    if person is not None:
        operations.write_digest(person=person, today=date.fromisoformat(payload["day"]))
