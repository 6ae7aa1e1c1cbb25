"""Deeds on pages. Each asks the right, changes, logs and tells, in one transaction."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from kb import permissions
from kb.documents.models import Attachment, Document, DocumentVersion
from kb.pages import revising, slugs, tree
from kb.pages.knowledge import KnowledgePage
from kb.people.account import User
from kb.refusals import Refused


@transaction.atomic
def create_page(
    *, parent: Page, page: KnowledgePage, author: User, why: str = "", publish: bool = False
) -> KnowledgePage:
    """A new page below `parent`, as a draft, or published where `author` may.

    Raises PermissionDenied, Refused (a type that cannot stand there), ValidationError (fields).
    """
    tree.one_writer()
    parent.refresh_from_db(fields=["path", "depth", "numchild", "url_path"])  # its place, and whether it has children
    if not permissions.abilities(author, parent)["create_below"]:
        raise PermissionDenied(f"Vous ne pouvez pas créer de page sous « {parent.title} ».")
    if not type(page).can_create_at(parent.specific):
        raise Refused(
            f"Un « {page._meta.verbose_name} » ne peut pas se placer sous « {parent.title} ». "
            "Choisissez une autre page."
        )
    page.owner = author
    page.live = False
    page.slug = page.slug or slugs.drawn(page.title)
    parent.add_child(instance=page)
    page.why = why
    revision = page.save_revision(user=author, clean=False)  # add_child has logged the creation
    if publish:
        publish_revision(page=page, revision=revision, author=author)
        page.refresh_from_db()
    return page


@transaction.atomic
def save_draft(*, page: KnowledgePage, author: User, why: str = "") -> Revision:
    """A new revision of `page` as it stands in memory; readers see nothing of it."""
    _require(author, page, "edit", "modifier")
    page.why = why
    return page.save_revision(user=author, log_action=True)


@transaction.atomic
def publish_revision(*, page: Page, revision: Revision, author: User) -> None:
    """What this revision says becomes what readers see."""
    _require(author, page, "publish", "publier")
    revision.publish(user=author, skip_permission_checks=True)


@transaction.atomic
def publish_draft(*, page: KnowledgePage, revision: Revision, author: User) -> None:
    """Publishes the newest draft, whole: drafts may be saved with something missing, pages are not published so.

    Raises PermissionDenied, Refused (a newer draft exists, something is missing).
    """
    newest = Page.objects.select_for_update().get(pk=page.pk).latest_revision_id
    if revision.pk != newest:
        raise Refused(f"Un brouillon plus récent de « {page.title} » existe. Relisez-le, puis publiez-le.")
    require_complete(revision.as_object())
    publish_revision(page=page, revision=revision, author=author)


def require_complete(draft: KnowledgePage) -> None:
    """Drafts may be saved with something missing; pages are neither submitted nor published so. Raises Refused."""
    try:
        draft.full_clean()
        draft.body.stream_block.clean(draft.body)
    except ValidationError as incomplete:
        raise Refused(
            f"« {draft.title} » n’est pas complète : {_missing_in(draft, incomplete)}. "
            "Modifiez la page, remplissez ce qui manque, puis recommencez."
        ) from incomplete


def _missing_in(page: Any, error: ValidationError) -> str:
    """The fields at fault, by their names on the screen."""
    if not hasattr(error, "error_dict"):
        return "un bloc du contenu est à remplir"
    return ", ".join(f"« {page._meta.get_field(name).verbose_name} »" for name in error.error_dict)


@transaction.atomic
def unpublish(*, page: Page, author: User) -> None:
    """The page leaves its readers; its draft and history stay."""
    _require(author, page, "publish", "dépublier")
    fresh = Page.objects.get(pk=page.pk).specific  # what is in memory may be a draft
    UnpublishPageAction(fresh, user=author).execute(skip_permission_checks=True)


@transaction.atomic
def restore_revision(*, page: Page, revision: Revision, author: User, why: str = "") -> Revision:
    """An old revision's content becomes the newest draft. What it is restored from is kept for good."""
    _require(author, page, "restore", "modifier")
    if int(revision.object_id) != page.pk:
        raise Refused("Cette version n’est pas une version de cette page.")
    revising.keep(revision, because="Une version en a été reprise.")
    old = revision.as_object()
    old.taken_from = revision
    old.why = why or f"Retour à la version du {revision.created_at:%d/%m/%Y %H:%M}"
    return old.save_revision(user=author, log_action=True, previous_revision=revision)


@transaction.atomic
def publish_newest_version(*, page: KnowledgePage, document: Document, author: User, why: str) -> None:
    """Publishes the page's live content with the newest version of `document`, and nothing else changed."""
    _require(author, page, "publish", "publier")
    _amend(page, lambda version: None, author, why, moving={document.pk})


@transaction.atomic
def amend(*, page: KnowledgePage, change: Callable[[Any], None], author: User, why: str) -> None:
    """Makes the same `change` in what readers see, published again, and in the draft, which stays a draft.

    The versions of documents stay those that each of the two names.
    """
    _require(author, page, "publish", "publier")
    _amend(page, change, author, why, moving=set())


def _amend(page: KnowledgePage, change: Callable[[Any], None], author: User, why: str, *, moving: set[int]) -> None:
    """A draft in progress is not published with it: it is written again on top.

    `moving`: the documents that take their latest version; what others show was approved as it is.
    """
    _as_it_stands(page)
    draft = page.get_latest_revision() if page.has_unpublished_changes or not page.live else None
    if page.live:
        live = page.live_revision.as_object() if page.live_revision else page
        change(live)
        live.why, live.beside_draft = why, draft is not None
        revision = live.save_revision(user=author, log_action=True, moving=moving)
        revision.publish(user=author, skip_permission_checks=True)
    if draft:
        again = draft.as_object()
        change(again)
        again.taken_from = draft
        again.why = "Brouillon en cours, repris"
        again.save_revision(user=draft.user, log_action=False, moving=moving)


@transaction.atomic
def attach_document(
    *, page: KnowledgePage, document: Document, author: User, label: str = "", note: str = ""
) -> Revision:
    """Adds a document at the end of the page's attachments, as a new draft."""
    _require(author, page, "attach", "modifier")
    if not permissions.readable_documents(author).filter(pk=document.pk).exists():
        raise PermissionDenied("Vous ne pouvez pas lire ce document.")
    _as_it_stands(page)
    draft = page.get_latest_revision_as_object()
    draft.attachments.add(Attachment(document=document, label=label, note=note, sort_order=draft.attachments.count()))
    draft.why = f"Pièce jointe : {document.title}"
    return draft.save_revision(user=author, log_action=True, clean=False)


@transaction.atomic
def pin_version(*, page: KnowledgePage, version: DocumentVersion, author: User) -> Revision:
    """The page's attachments of this document keep this version, as a new draft."""
    _require(author, page, "edit", "modifier")
    if not permissions.can_read_version(author, version):
        raise PermissionDenied("Vous ne pouvez pas lire cette version.")
    _as_it_stands(page)
    draft = page.get_latest_revision_as_object()
    rows = [row for row in draft.attachments.all() if row.document_id == version.document_id]
    if not rows:
        raise Refused(f"« {page.title} » ne porte pas ce document parmi ses pièces jointes.")
    for row in rows:
        row.version, row.pinned = version, True
    draft.attachments.set([row for row in draft.attachments.all() if row not in rows] + rows)
    draft.why = f"« {version.document.title} » : version {version.number} gardée"
    log(page, "kb.attachment.pin", user=author, data={"version": version.pk})
    return draft.save_revision(user=author, log_action=True, clean=False)


def _as_it_stands(page: Page) -> None:
    """Reads again, alone, which revision is the newest: a file dropped beside another must not undo it."""
    tree.one_writer()
    page.refresh_from_db(fields=["latest_revision", "live_revision", "has_unpublished_changes"])


def _require(author: User, page: Page, ability: str, verb: str) -> None:
    tree.one_writer()  # or the page could go to the trash between the question and the deed
    if not permissions.abilities(author, page)[ability]:
        raise PermissionDenied(f"Vous ne pouvez pas {verb} « {page.title} ».")
