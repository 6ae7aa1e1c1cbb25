"""Deeds on mails: write one, send one."""

from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from kb.notices.letters import Letter, Withheld, letter_for
from kb.notices.models import Mail, MailState
from kb.people.models import Town
from kb.work import operations as work


@transaction.atomic
def write(
    *, kind: str, to: Any, by: Any = None, page: Any = None, document: Any = None, words: str = "", **data: Any
) -> Mail:
    """A mail to one person, in the caller's transaction; the worker sends it when it commits."""
    mail = Mail.objects.create(
        kind=kind, to=to, by=by, page_id=page.pk if page else None, document=document, words=words, data=data
    )
    work.enqueue(kind="mail", payload={"mail": mail.pk}, key=f"mail-{mail.pk}")
    return mail


@transaction.atomic
def tell(
    *, kind: str, to: Any, page: Any = None, by: Any = None, document: Any = None, words: str = "", **data: Any
) -> None:
    """Tells one person what asks him for an act, or answers what he asked, in the caller's transaction."""
    write(kind=kind, to=to, by=by, page=page, document=document, words=words, **data)


def send(mail: Mail) -> None:
    """Hands the mail to the town's mail server, unless it left already or must not leave any more.

    Raises what the mail server answers (OSError, smtplib.SMTPException): the job is tried again.
    """
    if mail.state != MailState.WAITING:
        return
    try:
        letter = letter_for(mail)
    except Withheld as withheld:
        _close(mail, MailState.WITHHELD, str(withheld))
        return
    composed(mail, letter).send()
    _close(mail, MailState.SENT)


def composed(mail: Mail, letter: Letter) -> EmailMultiAlternatives:
    """The message, in text and in HTML. Its Message-ID is the row's: a copy sent after a crash is known as one."""
    town = Town.current()
    context = {"letter": letter, "town": town, "url": f"{settings.BASE_URL}{letter.path}", "site": settings.BASE_URL}
    host = urlsplit(settings.BASE_URL).hostname
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.splitlines()),
        body=render_to_string("mail/letter.txt", context),
        from_email=_address(town.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        to=[_address(str(mail.to), str(mail.to.email))],
        headers={"Message-ID": f"<seance-tenante-{mail.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    return message


def _address(name: str, address: str) -> str:
    """« Inès Morel <ines@…> », quoted where the name has a comma."""
    return str(Address(display_name=name, addr_spec=address))


def _close(mail: Mail, state: MailState, reason: str = "") -> None:
    mail.state, mail.reason = state, reason
    mail.sent_at = timezone.now() if state == MailState.SENT else None
    mail.save(update_fields=["state", "reason", "sent_at"])
