"""Deeds on a mail's way out: hand it to the mail server, once; put it back; give up; send it again when asked.

Once, whatever happens. A mail is `handing` from just before its last byte leaves until the server's answer is
written down. Stopped before: the server has nothing, the mail waits and leaves later. Stopped in between (some
milliseconds): nobody can know, and the mail becomes `unsure`. It is then never sent again by itself, because a
server that has the whole message nearly always delivers it; an administrator sees it and may send it again. Its
Message-ID is its row's, so that mail programs know the two copies for one.
"""

import smtplib
from datetime import timedelta
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from kb.notices import stopping
from kb.notices.letters import Later, Letter, Withheld, letter_for
from kb.notices.models import Mail, MailState
from kb.people.account import User
from kb.people.models import Town
from kb.work import operations as work
from kb.work.reasons import in_french

# After each try, until the next: two days in all, a week-end without a mail server.
PATIENCE = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
LATER = timedelta(minutes=1)  # until a mail that waits for a file is looked at again
SENT_AGAIN = (MailState.FAILED, MailState.UNSURE)
LONGEST_LINE = 998  # RFC 5321
_FOR_GOOD = 500  # SMTP answers from there on are final
NOT_KNOWN = "Le site s’est arrêté pendant la remise : ce courriel est peut-être arrivé."


def send(mail: Mail) -> None:
    """Hands the mail to the town's mail server, unless it left already or must not leave any more."""
    if mail.state == MailState.HANDING:  # whoever was handing it is dead: a mail has one job
        _close(mail, MailState.UNSURE, NOT_KNOWN)
    if mail.state != MailState.WAITING:
        return
    try:
        letter = letter_for(mail)
    except Withheld as withheld:
        _close(mail, MailState.WITHHELD, str(withheld))
        return
    except Later as later:
        _close(mail, MailState.WAITING, str(later))
        work.enqueue(kind="mail", payload={"mail": mail.pk}, key=f"mail-{mail.pk}", due_at=timezone.now() + LATER)
        return
    try:
        _hand(mail, composed(mail, letter))
    except (OSError, smtplib.SMTPException) as error:
        _not_sent(mail, error)
    else:
        _close(mail, MailState.SENT)


def _hand(mail: Mail, message: EmailMultiAlternatives) -> None:
    """Through the configured way out; another one than ours (tests, console) is told of before it starts."""
    message.connection = get_connection()
    if hasattr(message.connection, "before_last_byte"):
        message.connection.before_last_byte = lambda: _close(mail, MailState.HANDING)
    else:
        _close(mail, MailState.HANDING)
    message.send()


def _not_sent(mail: Mail, error: Exception) -> None:
    """Refused for good, to be tried again, or lost on the way."""
    code = _code(error)
    if mail.state == MailState.HANDING and code is None:
        _close(mail, MailState.UNSURE, NOT_KNOWN)
        return
    mail.tries += 1
    final = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) and (code or 0) >= _FOR_GOOD
    if final or mail.tries > len(PATIENCE):
        _close(mail, MailState.FAILED, _reason(error))
        return
    _close(mail, MailState.WAITING, _reason(error))
    due_at = timezone.now() + PATIENCE[mail.tries - 1]
    work.enqueue(kind="mail", payload={"mail": mail.pk}, key=f"mail-{mail.pk}", due_at=due_at)


def _code(error: Exception) -> int | None:
    """What the server answered, if it did."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return f"Le serveur de courriel refuse cette adresse : {code} {_words(words)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"Le serveur de courriel répond : {error.smtp_code} {_words(error.smtp_error)}"
    if isinstance(error, OSError):
        return "Le serveur de courriel ne répond pas."
    return in_french(error)


def _words(said: Any) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


@transaction.atomic
def send_again(*, state: str, by: User) -> int:
    """What failed, or what may have been lost, is to be sent once more. Returns how many. Raises PermissionDenied."""
    if not by.is_superuser:
        raise PermissionDenied("Seul un administrateur renvoie des courriels.")
    if state not in SENT_AGAIN:
        return 0
    mails = list(Mail.objects.select_for_update().filter(state=state))
    Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(state=MailState.WAITING, tries=0, reason="")
    for mail in mails:
        work.enqueue(kind="mail", payload={"mail": mail.pk}, key=f"mail-{mail.pk}")
    return len(mails)


class Message(EmailMultiAlternatives):
    """Django's, whose headers are not folded: mail programs look for the address of RFC 8058 on its header's line."""

    def message(self, **kwargs: Any) -> Any:
        """Lines as long as SMTP takes them."""
        built = super().message(**kwargs)
        built.policy = built.policy.clone(max_line_length=LONGEST_LINE)
        return built


def composed(mail: Mail, letter: Letter) -> EmailMultiAlternatives:
    """The message, in text and in HTML. Its Message-ID is the row's: two copies are known as one."""
    town = Town.current()
    stop = f"{settings.BASE_URL}{stopping.path_for(mail)}" if stopping.can_be_stopped(mail) else ""
    context = {
        "letter": letter,
        "town": town,
        "url": f"{settings.BASE_URL}{letter.path}",
        "site": settings.BASE_URL,
        "stop": stop,
    }
    host = urlsplit(settings.BASE_URL).hostname
    message = Message(
        subject=" ".join(letter.subject.splitlines()),
        body=render_to_string("mail/letter.txt", context),
        from_email=_address(town.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        to=[_address(str(mail.to), str(mail.to.email))],
        headers={
            "Message-ID": f"<seance-tenante-{mail.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
            **(
                {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if stop else {}
            ),
        },
    )
    message.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    for file in letter.files:
        message.attach(file.name, file.data, file.mime)
    return message


def _address(name: str, address: str) -> str:
    """« Inès Morel <ines@…> », quoted where the name has a comma."""
    return str(Address(display_name=name, addr_spec=address))


def _close(mail: Mail, state: MailState, reason: str = "") -> None:
    mail.state, mail.reason = state, reason[:200]
    mail.sent_at = timezone.now() if state == MailState.SENT else None
    mail.save(update_fields=["state", "reason", "sent_at", "tries"])
