"""Emptying the trash: the one deed that loses something for good. By an administrator, one thing at a time, after a delay.

A file goes only if nothing else could ever name it: no other page, no former version of another page, no model of
pages, no row that keeps it. In doubt it stays, in the trash by itself.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from kb.access import operations as access
from kb.access.models import Grant
from kb.comments.models import CommentAnswer, DraftInvitation, PageComment
from kb.documents.extraction.models import Extraction
from kb.documents.models import Document, DocumentVersion, Image, ImageUse, VersionUse
from kb.pages import tree
from kb.pages.models import ProjectPage
from kb.people.account import User
from kb.refusals import Refused
from kb.trash import queries
from kb.trash.models import Deletion

# A file's number as contents write it, once the quotes of nested JSON are bare: blocks, rows of attachments, links.
_NAMED = re.compile(r'"(?:document|image|document_link|document_id|image_id)": ?"?(\d+)|\bid="(\d+)"')


@dataclass(frozen=True)
class Losses:
    """What emptying one deletion loses for good."""

    pages: QuerySet[Page]
    documents: QuerySet[Document]
    images: QuerySet[Image]

    @property
    def comments(self) -> QuerySet[PageComment]:
        """With their answers."""
        return PageComment.objects.filter(page__in=self.pages.values("pk"))

    @property
    def revisions(self) -> QuerySet[Revision]:
        """The history."""
        return Revision.objects.filter(base_content_type__model="page", object_id__in=_as_texts(self.pages))


def losses(deletion: Deletion) -> Losses:
    """The pages (what was deleted in them before goes too), and the files that only they carry; or the file alone."""
    if deletion.page is None:
        return Losses(
            Page.objects.none(),
            Document.objects.filter(pk=deletion.document_id),
            Image.objects.filter(pk=deletion.image_id),
        )
    pages = Page.objects.filter(path__startswith=deletion.page.path)
    ids = pages.values("pk")
    versions = VersionUse.objects.filter(page__in=ids).values("version__document")
    shared = VersionUse.objects.exclude(page__in=ids).values("version__document")
    shown = ImageUse.objects.filter(page__in=ids).values("image")
    others = ImageUse.objects.exclude(page__in=ids).values("image")
    return Losses(
        pages,
        Document.objects.filter(pk__in=versions).exclude(pk__in=shared),
        Image.objects.filter(pk__in=shown).exclude(pk__in=others),
    )


def empty(*, deletion: Deletion, by: User) -> None:
    """What was deleted is lost for good; the audit log keeps its name, who, when and why.

    Raises PermissionDenied (administrators alone), Refused (too early, out of the trash, held by something else).
    """
    # Read before being alone, for it may be long: what is in the trash, nobody can name anew.
    kept = named_elsewhere(losses(deletion))
    try:
        _empty(deletion, by, kept)
    except ProtectedError as held:
        raise Refused(
            f"« {deletion.title} » est encore tenu par autre chose dans l’outil : il reste à la corbeille."
        ) from held


@transaction.atomic
def _empty(deletion: Deletion, by: User, kept: set[int]) -> None:
    tree.one_writer()
    locked = Deletion.objects.select_for_update(of=("self",)).get(pk=deletion.pk)
    _require(locked, by)
    lost = losses(locked)
    files: list[Document | Image] = [*lost.documents, *lost.images]
    if locked.page is None and {file.pk for file in files} & kept:
        raise Refused(f"Une ancienne version d’une page nomme encore « {locked.title} » : il reste à la corbeille.")
    thing: Any = locked.page or locked.document or locked.image
    log(thing, "kb.trash.empty", user=by, data={"why": locked.why, "pages": lost.pages.count(), "what": locked.title})
    _close([locked, *Deletion.objects.open().filter(page__in=lost.pages.values("pk")).exclude(pk=locked.pk)], by)
    if locked.page is not None:
        _end_what_its_teams_hold(lost.pages, by)
        _lose_pages(locked.page, lost, by)
        tree.changed(None)
    for file in files:
        if locked.document_id or locked.image_id:
            _lose(file)
        else:
            _lose_or_keep(file, locked, by, in_doubt=file.pk in kept)


def _require(deletion: Deletion, by: User) -> None:
    if not (by.is_active and by.is_superuser):
        raise PermissionDenied("Seul un administrateur vide la corbeille.")
    if deletion.restored_at or deletion.emptied_at:
        raise Refused(f"« {deletion.title} » n’est plus à la corbeille.")
    if queries.emptied_from(deletion) > timezone.now():
        raise Refused(f"Trop tôt : gardé jusqu’au {timezone.localtime(queries.emptied_from(deletion)):%d/%m/%Y}.")


def _close(deletions: list[Deletion], by: User) -> None:
    for one in deletions:
        one.emptied_at, one.emptied_by = timezone.now(), by
        one.save(update_fields=["emptied_at", "emptied_by"])


def _end_what_its_teams_hold(pages: QuerySet[Page], by: User) -> None:
    """The team of a project that is no more holds nothing elsewhere: said in the log, before the rows go with it."""
    teams = ProjectPage.objects.filter(pk__in=pages.values("pk"))
    held = Grant.objects.in_force().filter(team__in=teams, page__trashed=None)
    for grant in held.select_related("page", "team"):
        access.end(grant=grant, by=by, why="Le projet a été vidé de la corbeille.")


def _lose_pages(page: Page, lost: Losses, by: User) -> None:
    """What is written about the pages first: those rows protect them from every other deletion."""
    CommentAnswer.objects.filter(comment__in=lost.comments.values("pk")).delete()
    lost.comments.delete()
    DraftInvitation.objects.filter(page__in=lost.pages.values("pk")).delete()
    # Wagtail unpublishes what it deletes, and tells: rows would be written again about pages half deleted.
    lost.pages.update(live=False)
    fresh = Page.objects.get(pk=page.pk).specific
    fresh.delete(user=by, skip_permission_checks=True)  # it was asked, of what is in no other screen


def _lose_or_keep(file: Document | Image, deletion: Deletion, by: User, *, in_doubt: bool) -> None:
    """The file's rows; its bytes go at night, when no row names them (kb.documents.orphans)."""
    if not in_doubt:
        with suppress(ProtectedError), transaction.atomic():
            _lose(file)
            return
    thing = "document" if isinstance(file, Document) else "image"
    Deletion.objects.create(
        title=file.title[:255],
        deleted_by=by,
        why=f"Porté par « {deletion.title} », vidé de la corbeille"[:200],
        **{thing: file},
    )


def _lose(file: Document | Image) -> None:
    if isinstance(file, Document):
        _lose_document(file)
    else:
        file.delete()


def _lose_document(document: Document) -> None:
    """With its versions, and the text read in them where no other file has the same bytes."""
    versions = DocumentVersion.objects.filter(document=document)
    digests = list(versions.values_list("sha256", flat=True))
    Document.objects.filter(pk=document.pk).update(current_version=None)  # each protects the other
    versions.update(restored_from=None)
    versions.delete()
    document.delete()
    others = DocumentVersion.objects.filter(sha256__in=digests).values("sha256")
    Extraction.objects.filter(sha256__in=digests).exclude(sha256__in=others).delete()


def named_elsewhere(lost: Losses) -> set[int]:
    """The ids among these files that something else may name: a former version of another page, a model of pages.

    Documents and images are not told apart: in doubt, both stay. Reads every revision of the other pages once.
    """
    files: list[Document | Image] = [*lost.documents, *lost.images]
    wanted = {file.pk for file in files}
    if not wanted:
        return set()
    others = Revision.objects.exclude(base_content_type__model="page", object_id__in=_as_texts(lost.pages))
    texts = others.annotate(text=Cast("content", TextField())).values_list("text", flat=True).order_by()
    found = {pk for text in texts.iterator(chunk_size=200) for pk in _numbers(text) if pk in wanted}
    return found | {file.pk for file in files if queries.models_with(file)}


def _numbers(text: str) -> Iterable[int]:
    for one, other in _NAMED.findall(text.replace("\\", "")):
        yield int(one or other)


def _as_texts(pages: QuerySet[Page]) -> list[str]:
    return [str(pk) for pk in pages.values_list("pk", flat=True)]
