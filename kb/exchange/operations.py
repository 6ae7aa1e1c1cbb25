"""Deeds: a Word file becomes a draft page, a mail is filed, any other file is joined to a page."""

import io
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from PIL.Image import DecompressionBombError as PictureBomb
from wagtail.log_actions import log
from wagtail.models import Page

from kb import permissions
from kb.documents import file_types
from kb.documents import operations as documents
from kb.documents.file_types import Kind
from kb.documents.models import Attachment, Document, Image
from kb.exchange.mail_reader import read_mail
from kb.exchange.models import ImportRecord, ImportState
from kb.exchange.reading import Image as ReadImage
from kb.exchange.reading import ReadText, RichText, Table, Unreadable
from kb.exchange.word_reader import read_word
from kb.pages import operations as pages
from kb.pages.models import ArticlePage

WORD_KINDS = frozenset({Kind.DOCX, Kind.ODT, Kind.RTF, Kind.DOC})
MAIL_KINDS = frozenset({Kind.EML, Kind.MSG})
MAX_TITLE = 200


@dataclass
class Brought:
    """What became of one file."""

    state: ImportState
    message: str
    page: Page | None = None
    document: Document | None = None
    report: list[str] = field(default_factory=list)
    sha256: str = ""


def bring_in(*, parent: Page, file: Any, file_name: str, author: Any) -> Brought:
    """A file as a page below `parent` where its text can be read; else joined to `parent`'s draft.

    `file` is a binary file open for reading. Never raises for a bad file: the state is `refused` and the
    message says why. Raises PermissionDenied when the person may not write below `parent`.
    """
    if not permissions.abilities(author, parent)["create_below"]:
        raise PermissionDenied(f"Vous ne pouvez pas créer de page sous « {parent.title} ».")
    name = file_types.safe_name(file_name)
    digest = documents.sha256_of(file)
    try:
        kind = file_types.judge(file, name)
        file.seek(0)
        brought = _bring(parent, file, name, kind, author)
    except file_types.RefusedFile as refused:
        brought = Brought(ImportState.REFUSED, str(refused))
    except pages.Refused as refused:
        brought = Brought(ImportState.REFUSED, str(refused))
    brought.sha256 = digest
    ImportRecord.objects.create(
        file_name=name[:255], sha256=digest, state=brought.state, message=brought.message,
        report=brought.report, page=brought.page, document=brought.document, by=author,
    )  # fmt: skip
    return brought


def _bring(parent: Page, file: Any, name: str, kind: Any, author: Any) -> Brought:
    if kind.kind in MAIL_KINDS:
        return bring_mail(parent=parent, file=file, name=name, author=author)
    if kind.kind in WORD_KINDS:
        try:
            text = read_word(file.read(), name)
        except Unreadable as unreadable:
            return _join(parent, file, name, author, problem=unreadable.message)
        if not text.is_empty:
            return bring_text(parent=parent, text=text, file=file, name=name, author=author)
        return _join(parent, file, name, author, problem=f"« {name} » ne contient pas de texte lisible.")
    return _join(parent, file, name, author, problem=kind.problem)


@transaction.atomic
def _join(parent: Page, file: Any, name: str, author: Any, *, problem: str = "") -> Brought:
    file.seek(0)
    document = documents.deposit(file=file, file_name=name, author=author)
    pages.attach_document(page=parent.specific, document=document, author=author)
    where = f"« {name} » est joint au brouillon de « {parent.title} »."
    if problem:
        return Brought(ImportState.WITHOUT_TEXT, f"{problem} {where}", parent, document)
    return Brought(ImportState.ATTACHED, where, parent, document)


@transaction.atomic
def bring_text(*, parent: Page, text: ReadText, file: Any, name: str, author: Any) -> Brought:
    """A read text becomes a draft page, with its original joined."""
    file.seek(0)
    document = documents.deposit(file=file, file_name=name, author=author)
    report = list(text.report)
    page = ArticlePage(
        title=(text.title or document.title)[:MAX_TITLE],
        body=[block for passage in text.passages if (block := _block(passage, author, report))],
    )
    page.attachments.add(Attachment(document=document, sort_order=0))
    made = pages.create_page(parent=parent, page=page, author=author, why=f"Tirée de « {name} »"[:200])
    log(made, "kb.page.import", user=author, data={"file": name, "report": report})
    message = f"« {name} » est devenu le brouillon « {made.title} »."
    return Brought(ImportState.IMPORTED, message, made, document, report)


def _block(passage: Any, author: Any, report: list[str]) -> tuple[str, Any] | None:
    if isinstance(passage, RichText):
        return ("paragraph", passage.html)
    if isinstance(passage, Table):
        return ("table", {"caption": passage.caption[:200], "table": _table(passage)})
    image = _image(passage, author)
    if image is None:
        report.append(f"L’image « {passage.name} » n’a pas pu être lue : elle manque sur la page.")
        return None
    return ("image", {"image": image, "alt_text": passage.alt[:250], "caption": ""})


def _table(table: Table) -> dict[str, Any]:
    """A table in the form of Wagtail's TableBlock."""
    return {
        "data": table.rows,
        "cell": [],
        "first_row_is_table_header": table.header_row,
        "first_col_is_header": table.header_col,
        "table_header_choice": {(True, True): "both", (True, False): "row", (False, True): "column"}.get(
            (table.header_row, table.header_col), "neither"
        ),
        "table_caption": table.caption,
        "mergeCells": table.merged,
    }


def _image(passage: ReadImage, author: Any) -> Image | None:
    try:
        image = Image(
            title=(passage.alt or passage.name)[:200], uploaded_by_user=author,
            file=ContentFile(passage.data, name=passage.name),
        )  # fmt: skip
        image.file_size = len(passage.data)
        with transaction.atomic():
            image.save()
    except (OSError, ValueError, SyntaxError, OverflowError, PictureBomb):  # what Pillow raises for a damaged image
        return None
    return image


def file_on_page(*, page: Any, file: Any, file_name: str, author: Any) -> str:
    """A file dropped on a page: joined to its draft; a mail is filed with its text and its attachments.

    Returns the French sentence of what was done. Raises RefusedFile, PermissionDenied, pages.Refused.
    """
    name = file_types.safe_name(file_name)
    kind = file_types.judge(file, name)
    file.seek(0)
    if kind.kind in MAIL_KINDS:
        return bring_mail(parent=page, file=file, name=name, author=author).message
    return _join(page, file, name, author, problem=kind.problem).message


@transaction.atomic
def bring_mail(*, parent: Page, file: Any, name: str, author: Any) -> Brought:
    """A mail becomes a draft page with its text; the mail and its attachments are joined to it."""
    file.seek(0)
    data = file.read()
    try:
        mail = read_mail(data, name)
    except Unreadable as unreadable:
        return _join(parent, file, name, author, problem=unreadable.message)
    report = list(mail.report)
    original = documents.deposit(file=io.BytesIO(data), file_name=name, author=author)
    page = ArticlePage(
        title=(mail.subject or original.title)[:MAX_TITLE],
        summary=f"Courriel de {mail.sender}, {mail.date[:10]}"[:400] if mail.sender else "",
        body=[("paragraph", passage.html) for passage in mail.passages],
    )
    page.attachments.add(Attachment(document=original, sort_order=0))
    for place, (inner_name, inner) in enumerate(mail.attachments, 1):
        try:
            document = documents.deposit(file=io.BytesIO(inner), file_name=inner_name, author=author)
        except file_types.RefusedFile as refused:
            report.append(str(refused))
            continue
        page.attachments.add(Attachment(document=document, sort_order=place))
    made = pages.create_page(parent=parent, page=page, author=author, why=f"Courriel « {name} »"[:200])
    log(made, "kb.page.import", user=author, data={"file": name, "report": report})
    message = f"Le courriel « {made.title} » est classé en brouillon, avec ses pièces jointes."
    return Brought(ImportState.IMPORTED, message, made, original, report)
