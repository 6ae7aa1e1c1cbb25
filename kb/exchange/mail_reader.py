"""Mails (.eml and Outlook's .msg) read into their text and their attachments."""

import json

from kb.documents.extraction import sandbox
from kb.documents.extraction.sandbox import MB, Limits, SandboxError
from kb.documents.file_types import Kind, State, judge, safe_name
from kb.exchange.reading import READ_FEATURES, ReadMail, RichText, Unreadable
from kb.exchange.word_reader import paragraphs
from kb.sanitizing import clean_pasted_word, plain_text

LIMITS = Limits(memory=1024 * MB, cpu=20, wall=40, output=200 * MB)
CHILD = {Kind.EML: "kb.documents.extraction.mail_parsing:eml", Kind.MSG: "kb.documents.extraction.mail_parsing:msg"}
MOST_TEXT = 2_000_000


def read_mail(data: bytes, name: str) -> ReadMail:
    """The mail in `data`, judged from its bytes; `name` gives words only.

    The text is the HTML part cleaned, or the plain one; a forwarded mail is an attachment. Raises
    Unreadable (a French sentence; the original can be kept) and file_types.RefusedFile (empty, too heavy).
    """
    name = safe_name(name)
    file_type = judge(data, name, accepted=frozenset(Kind))
    if file_type.kind not in CHILD:
        raise Unreadable(name, "not_a_text")
    if file_type.state is not State.SOUND:
        raise Unreadable(name, "damaged")
    try:
        answer = sandbox.run_python(CHILD[file_type.kind], stdin=data, limits=LIMITS)
    except sandbox.Failed as error:
        raise Unreadable(name, "too_deep" if b"RecursionError" in error.stderr else "damaged") from error
    except SandboxError as error:
        raise Unreadable(name, "too_long") from error
    header, _, attached = answer.partition(b"\n")
    told = json.loads(header)
    left = told["left"]
    report = [f"{left} pièces jointes de trop n’ont pas été reprises."] if left else []
    return ReadMail(
        told["subject"][:255],
        told["sender"][:255],
        told["date"],
        _passages(told),
        _attachments(told, attached),
        report,
    )


def _passages(told: dict) -> list[RichText]:
    if told["html"].strip():
        html = clean_pasted_word(told["html"][:MOST_TEXT], features=READ_FEATURES)
        if plain_text(html):
            return [RichText(html)]
    return paragraphs(told["text"][:MOST_TEXT])


def _attachments(told: dict, attached: bytes) -> list[tuple[str, bytes]]:
    cut, place = [], 0
    for name, length in told["attachments"]:
        cut.append((safe_name(name), attached[place : place + length]))
        place += length
    return cut
