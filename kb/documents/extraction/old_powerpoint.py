"""What the child runs for PowerPoint's old .ppt: its text, slide by slide. Never imported by the server.

The stream keeps what earlier saves left behind: only what the last one names is read, so that what was
deleted stays out. Comments are not in these records. Source: [MS-PPT] 2.1.2 and 2.3.
"""

import io
import struct
from collections.abc import Iterator
from typing import NamedTuple

import olefile

from kb.documents.extraction.child_answers import answered
from kb.documents.extraction.word_cleaning import Refused

CONTAINER = 0xF
DOCUMENT, SLIDE, NOTES = 0x03E8, 0x03EE, 0x03F0
SLIDE_LIST, SLIDE_PERSIST = 0x0FF0, 0x03F3
SLIDES_INSTANCE, NOTES_INSTANCE = 0, 2
SLIDE_SHOW_INFO, HIDDEN = 0x03F9, 0x0004
USER_EDIT, PERSIST_DIRECTORY = 0x0FF5, 0x1772
UTF16_TEXT, LATIN_TEXT = 0x0FA0, 0x0FA8
MOST_EDITS = 1_000
MOST_DEPTH = 30


class Record(NamedTuple):
    """One record: its instance, its type, and where its body stands."""

    instance: int
    kind: int
    is_container: bool
    start: int
    end: int


def ppt() -> bytes:
    """The .ppt on standard input, a text for each slide, hidden ones empty."""
    return answered(_ppt)


def _ppt(data: bytes) -> tuple[list[str], bool]:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            stream = ole.openstream("PowerPoint Document").read()
            user = ole.openstream("Current User").read()
            pictures = ole.exists("Pictures")
        return list(slides(stream, struct.unpack_from("<I", user, 16)[0])), pictures
    except RecursionError:
        raise
    except Exception as error:  # olefile and struct let many errors out of a damaged file
        raise Refused("damaged") from error


def slides(stream: bytes, last_edit: int) -> Iterator[str]:
    """The texts of the slides that the edit at `last_edit` names, each with its notes; "" for a hidden one."""
    places, document = _persisted(stream, last_edit)
    whole = _record(stream, places[document])
    lists = {found.instance: found for found in _inside(stream, whole) if found.kind == SLIDE_LIST}
    notes = dict(_notes(stream, places, lists.get(NOTES_INSTANCE)))
    for identity, reference, texts in _listed(stream, lists.get(SLIDES_INSTANCE)):
        slide = _record(stream, places[reference])
        if any(_is_hidden(stream, found) for found in _inside(stream, slide) if found.kind == SLIDE_SHOW_INFO):
            yield ""
        else:
            yield "\n".join([*texts, *_texts(stream, slide), *notes.get(identity, [])])


def _persisted(stream: bytes, edit: int) -> tuple[dict[int, int], int]:
    """Where each object stands according to the last edit and those before it, and which is the document."""
    places: dict[int, int] = {}
    document = 0
    for _ in range(MOST_EDITS):
        found = _record(stream, edit)
        if found.kind != USER_EDIT:
            raise Refused("damaged")
        previous, directory, main = struct.unpack_from("<III", stream, found.start + 8)
        document = document or main
        for number, place in _directory(stream, directory):
            places.setdefault(number, place)
        if not previous or previous == edit:
            break
        edit = previous
    return places, document


def _directory(stream: bytes, offset: int) -> Iterator[tuple[int, int]]:
    found = _record(stream, offset)
    place = found.start
    while found.kind == PERSIST_DIRECTORY and place + 4 <= found.end:
        head = struct.unpack_from("<I", stream, place)[0]
        first, count = head & 0xFFFFF, head >> 20
        yield from enumerate(struct.unpack_from(f"<{count}I", stream, place + 4), first)
        place += 4 + 4 * count


def _listed(stream: bytes, listed: Record | None) -> Iterator[tuple[int, int, list[str]]]:
    """For each slide of a list: its identity, the number of its object, and the texts of its outline."""
    current: tuple[int, int, list[str]] | None = None
    for found in _inside(stream, listed) if listed else ():
        if found.kind == SLIDE_PERSIST:
            if current:
                yield current
            reference, _, _, identity = struct.unpack_from("<IIiI", stream, found.start)
            current = (identity, reference, [])
        elif current and (text := _text(stream, found)):
            current[2].append(text)
    if current:
        yield current


def _notes(stream: bytes, places: dict[int, int], listed: Record | None) -> Iterator[tuple[int, list[str]]]:
    """The identity of each slide that has notes, and their texts."""
    for _, reference, texts in _listed(stream, listed):
        notes = _record(stream, places[reference])
        atom = next(_inside(stream, notes))
        yield struct.unpack_from("<I", stream, atom.start)[0], [*texts, *_texts(stream, notes)]


def _is_hidden(stream: bytes, info: Record) -> bool:
    return bool(struct.unpack_from("<H", stream, info.start + 10)[0] & HIDDEN)


def _texts(stream: bytes, record: Record, depth: int = 0) -> Iterator[str]:
    for found in _inside(stream, record):
        if found.is_container and depth < MOST_DEPTH:
            yield from _texts(stream, found, depth + 1)
        elif text := _text(stream, found):
            yield text


def _text(stream: bytes, record: Record) -> str:
    body = stream[record.start : record.end]
    if record.kind == UTF16_TEXT:
        text = body.decode("utf-16-le", errors="ignore")
    elif record.kind == LATIN_TEXT:
        text = body.decode("latin-1")
    else:
        return ""
    text = text.replace("\r", "\n").replace("\x0b", "\n")
    return text if text.strip("* \n") else ""  # « * » stands for a number or a date


def _record(stream: bytes, offset: int) -> Record:
    head, kind, length = struct.unpack_from("<HHI", stream, offset)
    return Record(head >> 4, kind, head & 0xF == CONTAINER, offset + 8, min(offset + 8 + length, len(stream)))


def _inside(stream: bytes, record: Record) -> Iterator[Record]:
    place = record.start
    while place + 8 <= record.end:
        found = _record(stream, place)
        yield found
        place = max(found.end, place + 8)
