"""Deeds: put in the trash, take out. Each asks the right, changes, logs and tells, in one transaction."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from kb import permissions
from kb.access import inheritance
from kb.access.models import Inheritance
from kb.documents.models import Document, Image
from kb.pages import tree
from kb.pages.tree import known_title
from kb.people.account import User
from kb.permissions import Viewer
from kb.refusals import Refused
from kb.trash import queries
from kb.trash.models import Deletion, Trashed
from kb.trash.signals import branch_hidden_or_shown

LONGEST_TITLE = 255


@transaction.atomic
def delete_page(*, page: Page, by: User, why: str = "") -> Deletion:
    """`page` and all below it exist for nobody any more, but in the trash. Nothing moves, nothing is lost.

    Raises PermissionDenied, Refused (a live page without a reason, something below that `by` may not delete).
    """
    tree.one_writer()  # then all is read again: it may have moved, or been deleted by somebody else
    fresh = Page.objects.filter(pk=page.pk).first()
    viewer = Viewer(by)
    if fresh is None or not viewer.can_view(fresh) or not viewer.can_delete(fresh):
        raise PermissionDenied(f"Vous ne pouvez pas supprimer « {page.title} ».")
    if fresh.live and not why.strip():
        raise Refused("Cette page est publiée : dites en une ligne pourquoi elle part.")
    branch = queries.branch_of(fresh)
    if branch.exclude(viewer.deletable()).exists():
        raise Refused(queries.NOT_ALL_YOURS)
    deletion = Deletion.objects.create(
        page_id=fresh.pk, title=known_title(fresh)[:LONGEST_TITLE], deleted_by=by, why=why.strip()[:200]
    )
    ids = list(branch.values_list("pk", flat=True))
    Trashed.objects.bulk_create((Trashed(page_id=pk, deletion=deletion) for pk in ids), batch_size=500)
    Inheritance.objects.filter(page__in=Trashed.objects.filter(deletion=deletion).values("page")).delete()
    _tell(fresh.path)
    log(fresh, "kb.trash.delete", user=by, data={"why": deletion.why, "pages": len(ids)})
    return deletion


@transaction.atomic
def delete_document(*, document: Document, by: User, why: str = "") -> Deletion:
    """A document that no page carries goes to the trash, with its versions. Raises PermissionDenied, Refused."""
    tree.one_writer()
    if not permissions.can_edit_document(by, document):
        raise PermissionDenied(f"Vous ne pouvez pas supprimer « {document.title} ».")
    return _delete_file("document", document, by, why)


@transaction.atomic
def delete_image(*, image: Image, by: User, why: str = "") -> Deletion:
    """An image that no page shows goes to the trash. Raises PermissionDenied, Refused."""
    tree.one_writer()
    if not permissions.editable_images(by).filter(pk=image.pk).exists():
        raise PermissionDenied(f"Vous ne pouvez pas supprimer « {image.title} ».")
    return _delete_file("image", image, by, why)


def _delete_file(thing: str, file: Document | Image, by: User, why: str) -> Deletion:
    if queries.is_carried(file):
        raise Refused(f"« {file.title} » est encore porté par une page : retirez-le de la page, puis supprimez-le.")
    deletion = Deletion.objects.create(
        title=file.title[:LONGEST_TITLE], deleted_by=by, why=why.strip()[:200], **{thing: file}
    )
    log(file, "kb.trash.delete", user=by, data={"why": deletion.why, "pages": 0})
    return deletion


@transaction.atomic
def restore(*, deletion: Deletion, by: User) -> Deletion:
    """What was deleted is back where it was, as it was. Raises PermissionDenied, Refused."""
    tree.one_writer()
    locked = Deletion.objects.select_for_update(of=("self",)).get(pk=deletion.pk)
    if not queries.may_restore(Viewer(by), locked):
        raise PermissionDenied("Vous ne pouvez pas restaurer ce qui est à la corbeille ici.")
    if locked.emptied_at:
        raise Refused(
            f"« {locked.title} » a été vidé de la corbeille le {timezone.localtime(locked.emptied_at):%d/%m/%Y}."
        )
    if locked.restored_at:
        raise Refused(f"« {locked.title} » est déjà restauré.")
    locked.restored_at, locked.restored_by = timezone.now(), by
    locked.save(update_fields=["restored_at", "restored_by"])
    if locked.page is not None:
        _bring_back(locked, locked.page)
    thing: Any = locked.page or locked.document or locked.image
    log(thing, "kb.trash.restore", user=by, data={"title": locked.title})
    return locked


def _bring_back(deletion: Deletion, page: Page) -> None:
    """The pages of one deletion; what was deleted apart, below or before, stays in the trash."""
    above = Trashed.objects.filter(page__path=page.path[: -Page.steplen]).select_related("deletion").first()
    if above is not None:
        raise Refused(
            f"« {deletion.title} » se trouve sous une page qui est aussi à la corbeille : "
            "faites d’abord restaurer celle-là."
        )
    Trashed.objects.filter(deletion=deletion).delete()
    inheritance.recompute(page)
    _tell(page.path)


def _tell(path: str) -> None:
    tree.changed(None)
    branch_hidden_or_shown.send(sender=Deletion, path=path)
