"""Deeds: a Word file becomes a draft page, a mail is filed, any other file is joined to a page."""

import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from PIL.Image import DecompressionBombError as PictureBomb
from wagtail.log_actions import log
from wagtail.models import Page

from kb import permissions, typography
from kb.documents import file_types
from kb.documents import operations as documents
from kb.documents.file_types import Kind
from kb.documents.models import Attachment, Document, Image
from kb.documents.twins import twin_of
from kb.exchange.mail_reader import read_mail
from kb.exchange.models import ImportRecord, ImportState
from kb.exchange.reading import Image as ReadImage
from kb.exchange.reading import ReadMail, ReadText, RichText, Table, Unreadable
from kb.exchange.word_reader import read_word
from kb.pages import operations as pages
from kb.pages.models import ArticlePage
from kb.people.account import User
from kb.refusals import Refused

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


def bring_in(
    *, parent: Page, file: Any, file_name: str, author: User, reuse: bool = False, record: ImportRecord | None = None
) -> Brought:
    """A file as a page below `parent` where its text can be read; else joined to `parent`'s draft.

    `file` is a binary file open for reading. `reuse`: where the person may read a document of the same
    bytes, it is joined in the place of a second one, and the message says so. `record`: the row that waits for
    what becomes of the file; without one, a row is made. What is made and its row are one transaction.

    Never raises for a bad file: the state is `refused` and the message says why. Raises PermissionDenied when the
    person may not write below `parent`.
    """
    if not permissions.abilities(author, parent)["create_below"]:
        raise PermissionDenied(f"Vous ne pouvez pas créer de page sous « {parent.title} ».")
    name = file_types.safe_name(file_name)
    digest = documents.sha256_of(file)
    try:
        read = _read(file, name)
        with transaction.atomic():
            brought = _placed(parent, file, name, read, author, reuse)
            return _recorded(brought, name, digest, author, record)
    except (file_types.RefusedFile, Refused) as refused:
        return _recorded(Brought(ImportState.REFUSED, str(refused)), name, digest, author, record)


def _recorded(brought: Brought, name: str, digest: str, author: User, record: ImportRecord | None = None) -> Brought:
    """The row of the register, which keeps the report beside the page that was made."""
    brought.sha256 = digest
    record = record or ImportRecord(file_name=name[:255], by=author)
    record.sha256, record.state, record.message = digest, brought.state, brought.message
    record.report, record.page, record.document = brought.report, brought.page, brought.document
    record.save()
    return brought


def _read(file: Any, name: str) -> ReadText | ReadMail | str:
    """A text, a mail, or why there is no text (nothing, for a file that is only joined).

    Readers may take a minute: nothing is written, and no lock held. Raises RefusedFile.
    """
    kind = file_types.judge(file, name)
    file.seek(0)
    try:
        if kind.kind in MAIL_KINDS:
            return read_mail(file.read(), name)
        if kind.kind in WORD_KINDS:
            text = read_word(file.read(), name)
            return f"« {name} » ne contient pas de texte lisible." if text.is_empty else text
    except Unreadable as unreadable:
        return unreadable.message
    return kind.problem


def _placed(parent: Page, file: Any, name: str, read: ReadText | ReadMail | str, author: User, reuse: bool) -> Brought:
    """What was read, as pages and documents."""
    if isinstance(read, ReadMail):
        return bring_mail(parent=parent, mail=read, file=file, name=name, author=author, reuse=reuse)
    if isinstance(read, ReadText):
        return bring_text(parent=parent, text=read, file=file, name=name, author=author, reuse=reuse)
    return _join(parent, file, name, author, problem=read, reuse=reuse)


def _original(file: Any, name: str, author: User, *, reuse: bool) -> tuple[Document, str]:
    """The document of these bytes, and a sentence where it was there already."""
    twin = twin_of(file, author) if reuse else None
    if twin:
        return twin, f"Ces octets étaient déjà là, sous le titre « {twin.title} » : c’est ce document qui est joint."
    file.seek(0)
    return documents.deposit(file=file, file_name=name, author=author), ""


@transaction.atomic
def _join(parent: Page, file: Any, name: str, author: User, *, problem: str = "", reuse: bool = False) -> Brought:
    document, known = _original(file, name, author, reuse=reuse)
    page = parent.specific
    carried = page.get_latest_revision_as_object().attachments.all() if known else ()
    if any(row.document_id == document.pk for row in carried):
        where = f"« {name} » est déjà joint à « {parent.title} », sous le titre « {document.title} »."
    else:
        pages.attach_document(page=page, document=document, author=author)
        where = f"« {name} » est joint au brouillon de « {parent.title} ». {known}".strip()
    if problem:
        return Brought(ImportState.WITHOUT_TEXT, f"{problem} {where}", parent, document)
    return Brought(ImportState.ATTACHED, where, parent, document)


@transaction.atomic
def bring_text(*, parent: Page, text: ReadText, file: Any, name: str, author: User, reuse: bool = False) -> Brought:
    """A read text becomes a draft page, with its original joined."""
    document, known = _original(file, name, author, reuse=reuse)
    report = list(text.report)
    page = ArticlePage(
        title=(text.title or document.title)[:MAX_TITLE],
        body=[block for passage in text.passages if (block := _block(passage, author, report))],
    )
    if without := sum(block.block_type == "image" and not block.value["alt_text"] for block in page.body):
        report.append(f"{typography.count(without, 'image', 'images')} sans description : écrivez ce qu’on y voit.")
    page.attachments.add(Attachment(document=document, sort_order=0))
    made = pages.create_page(parent=parent, page=page, author=author, why=f"Tirée de « {name} »"[:200])
    log(made, "kb.page.import", user=author, data={"file": name, "report": report})
    message = f"« {name} » est devenu le brouillon « {made.title} ». {known}".strip()
    return Brought(ImportState.IMPORTED, message, made, document, report)


def _block(passage: Any, author: User, report: list[str]) -> tuple[str, Any] | None:
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


def _image(passage: ReadImage, author: User) -> Image | None:
    try:
        image = Image(
            title=(passage.alt or passage.name)[:200],
            uploaded_by_user=author,
            file=ContentFile(passage.data, name=passage.name),
        )
        image.file_size = len(passage.data)
        with transaction.atomic():
            image.save()
    except (OSError, ValueError, SyntaxError, OverflowError, PictureBomb):  # what Pillow raises for a damaged image
        return None
    return image


def file_on_page(*, page: Any, file: Any, file_name: str, author: User) -> Brought:
    """A file dropped on a page: joined to its draft; a mail is filed with its text and its attachments.

    Raises RefusedFile, PermissionDenied, Refused.
    """
    name = file_types.safe_name(file_name)
    kind = file_types.judge(file, name)
    if kind.kind not in MAIL_KINDS:
        return _join(page, file, name, author, problem=kind.problem)
    digest = documents.sha256_of(file)
    read = _read(file, name)
    with transaction.atomic():
        return _recorded(_placed(page, file, name, read, author, False), name, digest, author)


@transaction.atomic
def bring_mail(*, parent: Page, mail: ReadMail, file: Any, name: str, author: User, reuse: bool = False) -> Brought:
    """A read mail becomes a draft page with its text; the mail and its attachments are joined to it.

    An attachment that the person already has is joined as it is there, whatever `reuse`: nobody chose to
    deposit it.
    """
    original, known = _original(file, name, author, reuse=reuse)
    report = [*mail.report, *([known] if known else [])]
    page = ArticlePage(
        title=(mail.subject or original.title)[:MAX_TITLE],
        summary=_sent_line(mail),
        body=[("paragraph", passage.html) for passage in mail.passages],
    )
    page.attachments.add(Attachment(document=original, sort_order=0))
    joined = _mail_attachments(mail, author, report)
    for place, document in enumerate(joined, 1):
        page.attachments.add(Attachment(document=document, sort_order=place))
    made = pages.create_page(parent=parent, page=page, author=author, why=f"Courriel « {name} »"[:200])
    log(made, "kb.page.import", user=author, data={"file": name, "report": report})
    what = _joined_line(len(joined), len(mail.attachments))
    message = f"Le courriel « {made.title} » est classé en brouillon, {what}."
    return Brought(ImportState.IMPORTED, message, made, original, report)


def _sent_line(mail: ReadMail) -> str:
    """« Courriel de Inès Noël, le 3 mai 2024 »."""
    if not mail.sender:
        return ""
    sent = f", le {typography.day(datetime.fromisoformat(mail.date).date())}" if mail.date else ""
    return f"Courriel de {mail.sender}"[:350] + sent


def _mail_attachments(mail: ReadMail, author: User, report: list[str]) -> list[Document]:
    """The documents of a mail's attachments; `report` takes a sentence for each refused or known one."""
    joined: list[Document] = []
    for name, data in mail.attachments:
        file = io.BytesIO(data)
        twin = twin_of(file, author)
        try:
            document = twin or documents.deposit(file=file, file_name=name, author=author)
        except file_types.RefusedFile as refused:
            report.append(str(refused))
            continue
        if twin:
            report.append(f"« {name} » était déjà là, sous le titre « {twin.title} » : ce document est joint.")
        if document not in joined:
            joined.append(document)
    return joined


def _joined_line(joined: int, attached: int) -> str:
    """What is said of a mail's attachments, of which some may have been refused."""
    if not attached:
        return "sans pièce jointe"
    if not joined:
        return "sans " + ("sa pièce jointe, refusée" if attached == 1 else "aucune de ses pièces jointes, refusées")
    if joined < attached:
        return f"avec {joined} de ses {attached} pièces jointes"
    return "avec sa pièce jointe" if attached == 1 else f"avec ses {attached} pièces jointes"
