"""Deeds: a page, or a page and all below it, as PDF, Word or ODT, with the rights of who asks."""

from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from kb import permissions, typography
from kb.documents.extraction.sandbox import SandboxError
from kb.exchange import office, pdf, printing
from kb.exchange.models import Export, Format
from kb.pages import tree as trees
from kb.pages.tree import Node
from kb.people.models import Town
from kb.permissions import Viewer
from kb.work import operations as work

MIME = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.ODT: "application/vnd.oasis.opendocument.text",
}


class CannotExport(Exception):
    """The export cannot be made; the message is a French sentence with its way out."""


def bytes_of(nodes: list[Node], viewer: Viewer, target: str, *, step: Any = None) -> bytes:
    """The pages in the format asked for. Raises CannotExport."""
    tree = trees.current()
    printed = printing.document(nodes, tree, viewer, base_url=settings.BASE_URL, paper=target == Format.PDF, step=step)
    town = Town.current().name
    around = office.Around(
        header=f"{town} – {printed.title}", footer=f"{town}, exporté le {typography.day(timezone.localdate())}"
    )
    try:
        if target == Format.PDF:
            return pdf.pdf(printed)
        return (office.docx if target == Format.DOCX else office.odt)(printed, around)
    except pdf.PdfUnavailable as missing:
        raise CannotExport(str(missing)) from missing
    except SandboxError as failed:
        raise CannotExport(
            f"« {printed.title} » n’a pas pu être mise en forme pour ce format. "
            "Essayez le PDF, ou exportez moins de pages à la fois."
        ) from failed


@transaction.atomic
def ask(*, node: Node, viewer: Viewer, target: str, with_below: bool) -> Export:
    """Queues an export for the worker. Raises CannotExport where the person may not read the page."""
    if not viewer.can_view(node):
        raise CannotExport("Cette page n’existe pas.")
    export = Export.objects.create(person_id=viewer.user.pk, page_id=node.id, format=target, with_below=with_below)
    work.enqueue(
        kind="export",
        payload={"export": export.pk},
        queue="slow",
        key=f"export-{export.pk}",
        requested_by=viewer.user,
    )
    return export


def make(export_id: int, *, progress: Any = None) -> None:
    """Makes the file of an Export that has none; a refusal is written on the row for the person to read."""
    export = Export.objects.select_related("person", "page").get(pk=export_id)
    if export.file or export.problem:
        return
    viewer = Viewer(export.person)
    tree = viewer.tree
    node = tree.nodes.get(export.page_id)
    if node is None or not viewer.can_view(node):
        export.problem = "Cette page n’est plus lisible."
        export.save(update_fields=["problem"])
        return
    nodes = printing.nodes_of(node, tree, viewer, with_below=export.with_below)
    Export.objects.filter(pk=export.pk).update(pages_total=len(nodes))

    def step(done: int) -> None:
        Export.objects.filter(pk=export.pk).update(pages_done=done)
        if progress:
            progress(done, len(nodes))

    try:
        body = bytes_of(nodes, viewer, export.format, step=step)
    except CannotExport as refused:
        export.problem = str(refused)[:300]
        export.save(update_fields=["problem"])
        return
    export.file.save(f"export.{export.format}", ContentFile(body), save=False)
    export.save(update_fields=["file"])
    log(export.page, "kb.page.export", user=export.person, data={"pages": len(nodes)})


def may_fetch(export: Export, user: Any) -> bool:
    """Whether this person may download it: it was made for him, and he may still read the page."""
    return export.person_id == user.pk and permissions.can_view(user, export.page)
