"""What an answer says, in whatever it is packed, and how it is asked."""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pypdfium2
from django.db import transaction
from django.test import Client
from PIL import Image as Picture

from tests.leaks.planted import COLOUR, MARK, Planted

NEARLY = 12  # what a lossy format may change of a colour, out of 255


def client_of(planted: Planted, name: str) -> Client:
    """A browser of one of the cast."""
    client = Client(raise_request_exception=False)
    person = planted.cast[name]
    if person.is_authenticated:
        client.force_login(person, backend="kb.people.backends.SignInNameOrEmail")
    return client


def asked(client: Client, method: str, address: str, data: Any = None, **headers: str) -> tuple[Any, bytes]:
    """One request, undone; the answer and all that it says, in lower case."""
    with transaction.atomic():
        answer = getattr(client, method)(address, data or {}, headers=headers)
        said = everything_said(answer)
        transaction.set_rollback(True)
    return answer, said


def everything_said(answer: Any) -> bytes:
    """Body, unpacked where it is packed, headers and cookies."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return (body + unpacked(body) + headers.encode() + answer.cookies.output().encode()).lower()


def unpacked(body: bytes) -> bytes:
    """The words of a PDF or of an archive (Word, ODT, spreadsheets); the mark for a picture of the planted colour."""
    if body.startswith(b"%PDF"):
        with pypdfium2.PdfDocument(body) as document:
            return "\n".join(page.get_textpage().get_text_bounded() for page in document).encode()
    if body.startswith(b"PK\3\4"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = [name.encode() + archive.read(name) for name in archive.namelist()]
        return b"\n".join(part + unpacked(part) for part in parts)
    if body.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")):
        with Picture.open(io.BytesIO(body)) as picture:
            middle = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))
        return MARK.encode() if all(abs(a - b) < NEARLY for a, b in zip(middle, COLOUR, strict=True)) else b""
    return b""


def without(said: bytes, address: str) -> bytes:
    """What is said, less the address that was asked, which an answer may repeat."""
    return said.replace(address.encode().lower(), b"").replace(quote(address, safe="").encode().lower(), b"")


def around(said: bytes) -> str:
    """The words about the mark."""
    place = said.find(MARK.encode())
    return said[max(0, place - 60) : place + 60].decode(errors="replace")


class Told(logging.Handler):
    """What the log of a town says (warnings and worse), less the address of a request."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        request = getattr(record, "request", None)
        said = self.format(record)
        self.lines.append(said.replace(request.path, "") if request is not None else said)


@contextmanager
def log_told() -> Iterator[list[str]]:
    """The lines that bear a mark, known at the end of the block."""
    told, found = Told(), []
    root = logging.getLogger()
    root.addHandler(told)
    try:
        yield found
    finally:
        root.removeHandler(told)
        found += [line for line in told.lines if re.search(MARK, line, re.IGNORECASE)]
