"""What the mail child runs: the mail on standard input as a line of JSON, then the attachments one after
another.

Never imported by the server. Both formats give the same answer: subject, sender, date (ISO 8601), `html` or
`text`, and for each attachment its name and length.
"""

import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime

from kb.documents.text_encoding import decoded

MOST_ATTACHMENTS = 200
MBOX_START = re.compile(rb"\A(?:>?From [^\n]*\n)+")


def eml() -> bytes:
    """The .eml on standard input, however ill-formed."""
    message = message_from_bytes(MBOX_START.sub(b"", sys.stdin.buffer.read()), policy=policy.default)
    text, html = "", ""
    attachments: list[tuple[str, bytes]] = []
    for part in _leaves(message):
        kind, name = part.get_content_type(), _name(part)
        is_text = kind.startswith(("text/plain", "multipart/")) and not name and not _is_attached(part)
        if is_text and not text:
            text = _text(part)
        elif kind == "text/html" and not name and not _is_attached(part) and not html:
            html = _text(part)
        elif name or not is_text:
            attachments.append((name or _invented_name(part, len(attachments)), _bytes(part)))
    return _answer(_header(message, "subject"), _header(message, "from"), _date(message), text, html, attachments)


def msg() -> bytes:
    """The Outlook .msg on standard input."""
    from oxmsg import Message as OutlookMessage

    message = OutlookMessage.load(io.BytesIO(sys.stdin.buffer.read()))
    attachments: list[tuple[str, bytes]] = []
    for attachment in message.attachments:
        data = attachment.file_bytes
        if data is not None:
            attachments.append((attachment.file_name or f"pièce jointe {len(attachments) + 1}", data))
    date = message.sent_date.isoformat() if message.sent_date else ""
    html = message.html_body or ""
    return _answer(
        _words(message.subject or ""),
        _words(message.sender or ""),
        date,
        message.body or "",
        html,
        attachments,
    )


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, a forwarded mail counting as one."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in _inside(message):
        yield from _leaves(part)


def _inside(message: Message) -> list[Message]:
    parts = message.get_payload() if message.is_multipart() else []
    return [part for part in parts if isinstance(part, Message)]


def _name(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except (AttributeError, LookupError, TypeError, ValueError):
        return ""


def _is_attached(part: Message) -> bool:
    try:
        return part.get_content_disposition() == "attachment"
    except (AttributeError, TypeError, ValueError):
        return False


def _invented_name(part: Message, place: int) -> str:
    if part.get_content_type() == "message/rfc822":
        subject = next((_header(inner, "subject") for inner in _inside(part)), "")
        return f"{subject or 'message'}.eml"
    extension = part.get_content_subtype().split("+")[0].lower()
    return f"pièce jointe {place + 1}.{extension}"


def _bytes(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        return b"".join(inner.as_bytes(policy=policy.compat32) for inner in _inside(part))
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _text(part: Message) -> str:
    """In the encoding it declares, else in the one that reads as French."""
    data, charset = _bytes(part), part.get_content_charset()
    try:
        text = data.decode(charset) if charset else decoded(data)
    except (LookupError, UnicodeError):
        text = decoded(data)
    if str(part.get_param("format", "")).lower() == "flowed":
        text = re.sub(r" \r?\n(?!-- |>)", " ", text)
    return text.replace("\r\n", "\n")


def _words(raw: str) -> str:
    """A header that Outlook kept as it travelled (`=?iso-8859-1?Q?…?=`), in letters."""
    with suppress(LookupError, UnicodeError, ValueError):
        raw = str(make_header(decode_header(raw)))
    return _one_line(raw)


def _header(message: EmailMessage | Message, name: str) -> str:
    try:
        value = str(message.get(name, "") or "")
    except Exception:  # the header parser lets many errors out of hostile headers
        value = ""
    return _one_line(value)


def _one_line(value: str) -> str:
    value = value.encode("utf-8", "replace").decode()
    return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())


def _date(message: Message) -> str:
    try:
        return parsedate_to_datetime(_header(message, "date")).isoformat()
    except (TypeError, ValueError, IndexError):
        return ""


def _answer(subject: str, sender: str, date: str, text: str, html: str, attachments: list[tuple[str, bytes]]) -> bytes:
    kept = attachments[:MOST_ATTACHMENTS]
    header = {
        "subject": subject,
        "sender": sender,
        "date": date,
        "text": text,
        "html": html,
        "attachments": [(name, len(data)) for name, data in kept],
        "left": len(attachments) - len(kept),
    }
    return json.dumps(header).encode() + b"\n" + b"".join(data for _, data in kept)
