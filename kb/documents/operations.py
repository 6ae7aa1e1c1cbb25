"""Deeds on documents: deposit, replace, restore a version, pin one, publish a new one where it is carried."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log
from wagtail.models import Page

from kb import permissions, typography
from kb.documents import file_types
from kb.documents.extraction import operations as extraction
from kb.documents.models import Document, DocumentVersion, VersionUse, summary_of
from kb.pages import operations as pages
from kb.people.account import User
from kb.work import operations as work

CHUNK = 1024 * 1024


class HashedFile(File):
    """A file whose SHA-256 and size are known once it has been read, in the pass that stores it."""

    def __init__(self, file: Any, name: str) -> None:
        super().__init__(file, name)
        self.source = file
        self.digest = hashlib.sha256()
        self.read_size = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The bytes, counted and hashed as they go."""
        self.source.seek(0)
        while piece := self.source.read(chunk_size or CHUNK):
            self.digest.update(piece)
            self.read_size += len(piece)
            yield piece


def sha256_of(file: Any) -> str:
    """The digest of a file, which is rewound after."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


def too_big(name: str) -> str:
    """Why a file is refused for its size, and the way out."""
    limit = f"{settings.MAX_UPLOAD_MB}{typography.NBSP}Mo"
    return f"« {name} » est trop lourd (limite : {limit}). Allégez-le ou découpez-le, puis recommencez."


@transaction.atomic
def deposit(*, file: Any, file_name: str, author: User, title: str = "", why: str = "") -> Document:
    """A new document with its first version.

    `file` is a binary file open for reading. Raises file_types.RefusedFile (a French sentence) when the
    bytes are not of an allowed kind, PermissionDenied when the person edits no page.
    """
    if not permissions.may_deposit(author):
        raise PermissionDenied("Vous ne modifiez aucune page : vous ne pouvez pas déposer de fichier.")
    name = file_types.safe_name(file_name)
    document = Document(title=(title or _title_from(name))[:255], uploaded_by_user=author)
    return _store(document, file, name, author, why).document


@transaction.atomic
def add_version(*, document: Document, file: Any, file_name: str, author: User, why: str = "") -> DocumentVersion:
    """New bytes for a document; the old ones are kept, and readers keep them until each page is published.

    Raises as `deposit`.
    """
    if not permissions.can_edit_document(author, document):
        raise PermissionDenied("Vous ne pouvez pas remplacer ce document.")
    Document.objects.select_for_update().get(pk=document.pk)
    return _store(document, file, file_types.safe_name(file_name), author, why)


def _title_from(name: str) -> str:
    stem = name.rsplit(".", 1)[0].replace("_", " ").strip()
    return stem[:1].upper() + stem[1:] or name


def _store(document: Document, file: Any, name: str, author: User, why: str) -> DocumentVersion:
    kind = file_types.judge(file, name)
    name = file_types.fitting_name(name, kind)
    hashed = HashedFile(file, name)
    version = DocumentVersion(file_name=name, kind=kind.kind.value, mime=kind.mime, deposited_by=author, why=why[:255])
    version.file.save(name, hashed, save=False)
    try:
        with transaction.atomic():
            version.sha256, version.size = hashed.digest.hexdigest(), hashed.read_size
            _attach(document, version)
            work.enqueue(
                kind="thumbnail",
                payload={"version": version.pk},
                queue="slow",
                key=f"thumbnail-{version.pk}",
            )
            extraction.ask(sha256=version.sha256, kind=version.kind)
            log(version.document, "kb.document.version", user=author, data=summary_of(version))
    except BaseException:
        version.file.storage.delete(str(version.file.name))  # no row names these bytes
        raise
    return version


def _attach(document: Document, version: DocumentVersion) -> None:
    """Writes the version as the document's current one."""
    document.file.name = version.file.name
    document.file_size = version.size
    document.file_hash = version.sha256[:40]
    if document.pk is None:
        document.save()
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version.document, version.number = document, last + 1
    version.save()
    document.current_version = version
    document.save()


@transaction.atomic
def restore_version(*, version: DocumentVersion, author: User, why: str = "") -> DocumentVersion:
    """The bytes of an old version become the newest version; nothing is lost, and readers change nothing."""
    document = Document.objects.select_for_update().get(pk=version.document_id)
    if not permissions.can_edit_document(author, document):
        raise PermissionDenied("Vous ne pouvez pas remplacer ce document.")
    again = DocumentVersion(
        file=version.file.name,
        file_name=version.file_name,
        sha256=version.sha256,
        size=version.size,
        kind=version.kind,
        mime=version.mime,
        pages=version.pages,
        thumbnail=version.thumbnail.name,
        deposited_by=author,
        restored_from=version,
        why=why or f"Version {version.number} remise",
    )
    _attach(document, again)
    log(document, "kb.document.restore", user=author, data=summary_of(again))
    return again


def pages_behind(document: Document, user: Any) -> list[Page]:
    """The live pages that show an older version than the current one and that `user` may publish."""
    carried = VersionUse.objects.filter(in_live=True, version__document=document).exclude(
        version=document.current_version_id
    )
    pages = Page.objects.filter(pk__in=carried.values("page"), live=True)
    viewer = permissions.Viewer(user)
    mine = [
        page for page in pages if viewer.can_publish(page) and not getattr(page.specific_class, "published_apart", "")
    ]
    return [page for page in mine if not _keeps(page, document)]


def _keeps(page: Page, document: Document) -> bool:
    """Whether the page pinned its version of the document."""
    return page.attachments.filter(document=document, pinned=True).exists()


@transaction.atomic
def publish_current_version(*, document: Document, author: User) -> list[Page]:
    """Publishes the new version on the pages that carry an older one and that `author` may publish.

    Only this file changes: the page's other files stay at the versions that its readers see, what its draft
    may hold besides is left in the draft. Returns the pages published.
    """
    published: list[Page] = []
    newest = document.current_version
    if newest is None:
        return published
    for page in pages_behind(document, author):
        pages.publish_newest_version(
            page=page.specific,
            document=document,
            author=author,
            why=f"« {document.title} » : version {newest.number} publiée",
        )
        published.append(page)
    if published:
        where = [page.pk for page in published]
        log(document, "kb.document.publish", user=author, data={**summary_of(newest), "pages": where})
    return published
