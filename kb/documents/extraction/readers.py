"""The text of any file, quickly: all but the recognition of scans, which comes later (see ocr.py)."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version

from django.conf import settings

from kb.documents import file_types
from kb.documents.extraction import libreoffice, ocr, old_word, pandoc, pdf, sandbox
from kb.documents.extraction.reading import MOST_CHARACTERS, CannotRead, PageText, Reading, concluded
from kb.documents.extraction.sandbox import MB, Limits, SandboxError
from kb.documents.extraction.states import Reason, TextState
from kb.documents.file_types import Kind, State
from kb.documents.text_encoding import decoded

OURS = "kb.extraction 1"  # our own readers: the number grows when they read more
LIMITS = Limits(memory=1024 * MB, cpu=20, wall=40, output=64 * MB)
MAIL_LIMITS = Limits(memory=1024 * MB, cpu=20, wall=40, output=200 * MB)
ROOM = "kb.documents.extraction."
CHILDREN = {
    Kind.DOCX: "word_texts:docx", Kind.ODT: "word_texts:odt", Kind.PPTX: "slide_texts:pptx",
    Kind.ODP: "slide_texts:odp", Kind.ODG: "slide_texts:odp", Kind.XLSX: "sheet_texts:xlsx",
    Kind.ODS: "sheet_texts:ods", Kind.XLS: "sheet_texts:binary", Kind.XLSB: "sheet_texts:binary",
    Kind.HTML: "markup_texts:html_page", Kind.XML: "markup_texts:xml",
    Kind.PPT: "old_powerpoint:ppt",
}  # fmt: skip
WITH_CALAMINE = {Kind.XLS, Kind.XLSB}
MAILS = {Kind.EML: "mail_parsing:eml", Kind.MSG: "mail_parsing:msg"}
MOST_MAIL_SECONDS = 150.0  # then what is joined is named, and not read
MOST_JOINED = 20  # files joined to a mail whose text is read
DEEPEST_MAIL = 2  # a mail joined to a mail is read, what is joined to that one is named

Progress = Callable[[], None]
Texts = tuple[list[PageText], list[str], Reason]


def no_progress() -> None:
    """For who does not ask how far it is."""


def read(data: bytes, name: str, *, progress: Progress = no_progress, depth: int = 0) -> Reading:
    """The text of a file, judged from its bytes; `name` gives words only. Raises nothing, whatever the bytes.

    Children do the work, each within the limits of the sandbox: some two minutes at most for a whole file
    (three with LibreOffice). Pages that are pictures come back as `waiting`. `progress` is called before
    each step, at least every two minutes.
    """
    try:
        found = file_types.judge(data, name, accepted=frozenset(Kind))
    except file_types.RefusedFile as refused:
        return _refused(data, refused.kind)
    kind = found.kind
    if found.state is State.ENCRYPTED:
        return Reading(kind, TextState.ENCRYPTED, Reason.ENCRYPTED)
    try:
        pages, readers, reason = _reader(kind)(data, kind, progress, depth)
    except CannotRead as error:
        if found.state is State.DAMAGED and error.state is TextState.WAITING_FOR_PROGRAM:
            return Reading(kind, TextState.FAILED, Reason.DAMAGED)  # no program would mend it
        return Reading(kind, error.state, error.reason)
    except SandboxError as error:
        cannot = CannotRead.after(error)
        return Reading(kind, cannot.state, cannot.reason)
    if found.state is State.DAMAGED and not any(page.text.strip() or page.waiting for page in pages):
        return Reading(kind, TextState.FAILED, Reason.DAMAGED)
    return concluded(kind, pages, readers=readers, reason=reason)


def read_whole(data: bytes, name: str) -> Reading:
    """As `read`, its scans recognised where this server has Tesseract: seconds a page, for a shell."""
    reading = read(data, name)
    if reading.state is not TextState.WAITING_FOR_OCR:
        return reading
    using = ocr.tesseract()
    if using.missing:
        return replace(reading, reason=using.missing)
    pages, reason = [], reading.reason
    for page in reading.pages:
        try:
            pages.append(ocr.read_scan(data, reading.kind, page, using) if page.waiting else page)
        except SandboxError:
            pages.append(replace(page, waiting=False))
            reason = Reason.PAGES_LOST
    return concluded(reading.kind, pages, readers=[*reading.readers, using.label], reason=reason)


def _refused(data: bytes, kind: Kind) -> Reading:
    """An empty file, one over the limit of the town, or one that unpacks without end."""
    if not data:
        return Reading(kind, TextState.EMPTY)
    heavy = len(data) > settings.MAX_UPLOAD_MB * MB
    return Reading(kind, TextState.TOO_BIG, Reason.TOO_HEAVY if heavy else Reason.UNPACKS)


def _reader(kind: Kind) -> Callable[[bytes, Kind, Progress, int], Texts]:
    if kind in CHILDREN:
        return OLD.get(kind, _from_child)
    return OTHERS.get(kind, _nothing)


def _nothing(data: bytes, kind: Kind, progress: Progress, depth: int) -> Texts:
    raise CannotRead(TextState.UNSUPPORTED, Reason.NO_READER)


def _from_child(data: bytes, kind: Kind, progress: Progress, depth: int) -> Texts:
    progress()
    told = json.loads(sandbox.run_python(ROOM + CHILDREN[kind], stdin=data, limits=LIMITS))
    if "refused" in told:
        raise _cannot(Reason(told["refused"]))
    pages = [PageText(number, text) for number, text in enumerate(told["pages"], 1)]
    only_pictures = told["pictures"] and not any(page.text.strip() for page in pages)
    reader = f"python-calamine {version('python-calamine')}" if kind in WITH_CALAMINE else OURS
    return pages, [reader], Reason.ONLY_PICTURES if only_pictures else Reason.NONE


def _cannot(reason: Reason) -> CannotRead:
    states = {Reason.ENCRYPTED: TextState.ENCRYPTED, Reason.UNPACKS: TextState.TOO_BIG}
    return CannotRead(states.get(reason, TextState.FAILED), reason)


def _old_spreadsheet_or_slides(data: bytes, kind: Kind, progress: Progress, depth: int) -> Texts:
    """Our reader, then LibreOffice where it fails."""
    try:
        return _from_child(data, kind, progress, depth)
    except (CannotRead, SandboxError) as failed:
        if isinstance(failed, CannotRead) and failed.state is TextState.ENCRYPTED:
            raise
        modern = Kind.PPTX if kind == Kind.PPT else Kind.XLSX
        return _through_libreoffice(data, kind, modern, progress, failed)


def _through_libreoffice(data: bytes, kind: Kind, modern: Kind, progress: Progress, failed: Exception | None) -> Texts:
    """Raises WAITING_FOR_PROGRAM without LibreOffice: the file is read when it is installed."""
    progress()
    try:
        converted = libreoffice.converted(data, source=kind.value, target=modern.value)
    except libreoffice.NotInstalled as error:
        raise CannotRead(TextState.WAITING_FOR_PROGRAM, Reason.NO_LIBREOFFICE) from error
    if not converted:
        raise CannotRead(TextState.FAILED, Reason.DAMAGED) from failed
    pages, _, reason = _from_child(converted, modern, progress, 0)
    return pages, ["LibreOffice", OURS], reason


def _old_word(data: bytes, kind: Kind, progress: Progress, depth: int) -> Texts:
    """antiword, then LibreOffice where it fails or finds nothing."""
    progress()
    try:
        text = old_word.text_with_antiword(data)
    except SandboxError:
        text = ""
    if text.strip():
        return [PageText(1, text)], ["antiword"], Reason.NONE
    return _through_libreoffice(data, kind, Kind.DOCX, progress, None)


def _rtf(data: bytes, kind: Kind, progress: Progress, depth: int) -> Texts:
    """Cleaned of what is deleted or hidden, then read by pandoc."""
    progress()
    answer = sandbox.run_python(f"{ROOM}word_cleaning_rtf:rtf", stdin=data, limits=LIMITS)
    header, _, cleaned = answer.partition(b"\n")
    told = json.loads(header)
    if "refused" in told:
        raise _cannot(Reason(told["refused"]))
    progress()
    return [PageText(1, pandoc.plain(cleaned, "rtf"))], [pandoc.label()], Reason.NONE


def _text(data: bytes, kind: Kind, progress: Progress, depth: int) -> Texts:
    kept = data[: 4 * MOST_CHARACTERS]
    return [PageText(1, decoded(kept))], [OURS], Reason.CUT if len(kept) < len(data) else Reason.NONE


def _pdf(data: bytes, kind: Kind, progress: Progress, depth: int) -> Texts:
    return pdf.read(data, progress)


def _image(data: bytes, kind: Kind, progress: Progress, depth: int) -> Texts:
    progress()
    return [PageText(number, "", waiting=True) for number in range(1, ocr.frames(data) + 1)], [], Reason.NONE


def _mail(data: bytes, kind: Kind, progress: Progress, depth: int) -> Texts:
    """Its headers and words, then the name and the text of each file joined to it: scans are not recognised."""
    progress()
    answer = sandbox.run_python(ROOM + MAILS[kind], stdin=data, limits=MAIL_LIMITS)
    header, _, joined = answer.partition(b"\n")
    told = json.loads(header)
    deadline = time.monotonic() + MOST_MAIL_SECONDS
    words = _words_of_html(told["html"], progress) or told["text"]
    above = [told["subject"], f"De : {told['sender']}" if told["sender"] else "", told["date"][:10], ""]
    pages, readers, place = [PageText(1, "\n".join([*filter(None, above), "", words]))], [OURS], 0
    for number, (name, length) in enumerate(told["attachments"], 2):
        inner, place = joined[place : place + length], place + length
        is_read = number <= MOST_JOINED + 1 and depth < DEEPEST_MAIL and time.monotonic() < deadline
        within = read(inner, name, progress=progress, depth=depth + 1) if is_read else None
        texts = [page.text for page in within.pages] if within else []
        readers += [reader for reader in (within.readers if within else []) if reader not in readers]
        pages.append(PageText(number, "\n".join([f"Pièce jointe : {file_types.safe_name(name)}", *texts])))
    return pages, readers, Reason.NONE


def _words_of_html(html: str, progress: Progress) -> str:
    if not html.strip():
        return ""
    progress()
    child = ROOM + CHILDREN[Kind.HTML]
    told = json.loads(sandbox.run_python(child, stdin=html.encode("utf-8", "ignore"), limits=LIMITS))
    return "\n".join(told.get("pages", []))


OLD = dict.fromkeys((Kind.XLS, Kind.XLSB, Kind.PPT), _old_spreadsheet_or_slides)
OTHERS: dict[Kind, Callable[[bytes, Kind, Progress, int], Texts]] = {
    Kind.PDF: _pdf,
    Kind.DOC: _old_word,
    Kind.RTF: _rtf,
    Kind.TEXT: _text,
    Kind.CSV: _text,
    **dict.fromkeys(MAILS, _mail),
    **dict.fromkeys(ocr.READ_BY_OCR, _image),
}
