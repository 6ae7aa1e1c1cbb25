"""What the quick worker does with mails."""

from typing import Any

from kb.notices import operations
from kb.notices.models import Mail
from kb.work.registry import handles


@handles("mail")
def send(payload: dict[str, Any], **kwargs: Any) -> None:
    """Sends one mail."""
    mail = Mail.objects.select_related("to", "by", "page", "document").filter(pk=payload["mail"]).first()
    if mail is not None:
        operations.send(mail)
