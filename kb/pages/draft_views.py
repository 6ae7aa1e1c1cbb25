"""The draft of a page, as its readers would see it, for who edits; and its publication, for who may."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from wagtail.models import Page, Revision

from kb import typography
from kb.documents.widening import sentence, widened_by_publishing
from kb.exchange.models import ImportRecord, ImportState
from kb.moderation.standing import where_it_stands
from kb.pages import operations, presentation
from kb.pages.knowledge import KnowledgePage
from kb.pages.views import draft_node_for, page_for, show_content, signed_in
from kb.permissions import Denied, abilities, viewer_of


@require_GET
@signed_in
def draft(request: HttpRequest, page_id: int) -> HttpResponse:
    """The draft as its readers would see it, for who edits the page and whom he invites. Without one, the page."""
    viewer, node = viewer_of(request), draft_node_for(request, page_id)
    if node.live and not node.has_draft:
        return redirect("page", page_id=page_id)
    band: dict[str, Any] = {}
    if viewer.can_edit(node):
        page = Page.objects.get(pk=node.id).specific
        band = _band(page, page.get_latest_revision(), viewer)
    return show_content(request, node, presentation.draft(node), draft=True, band=band)


def _band(page: KnowledgePage, revision: Revision, viewer: Any) -> dict[str, Any]:
    """What stands above the draft: whose it is, what readers see, and its publication."""
    may = abilities(viewer, page)["publish"] and not page.published_apart
    who = f" par {revision.user}" if revision.user else ""
    widened = widened_by_publishing(page) if may else []
    live = page.live_revision_id
    return {
        "line": f"Brouillon du {typography.moment(revision.created_at)}{who}.",
        "readers": "Ses lecteurs voient encore la version publiée."
        if page.live
        else "Cette page n’a jamais été publiée, ou ne l’est plus.",
        "page_url": f"/p/{page.pk}/" if page.live else "",
        "difference_url": f"/p/{page.pk}/historique/{live}/{revision.pk}/" if page.live and live else "",
        "publish_url": f"/p/{page.pk}/publier/" if may else "",
        "seen": _seen(revision, widened),
        "changed_by_import": import_report(page),
        "gains": [sentence(document, change) for document, change in widened],
        **where_it_stands(page, revision, viewer),
    }


def import_report(page: KnowledgePage) -> list[str]:
    """What was changed or dropped when the page was made from a file, line by line."""
    record = ImportRecord.objects.filter(page=page.pk, state=ImportState.IMPORTED).order_by("pk").first()
    return list(record.report) if record else []


def _seen(revision: Revision, widened: list[Any]) -> str:
    """What the person has before his eyes: the revision, and the files that more people would read."""
    return "-".join(str(pk) for pk in (revision.pk, *sorted(document.pk for document, _ in widened)))


@require_POST
@signed_in
def publish_draft(request: HttpRequest, page_id: int) -> HttpResponse:
    """Publishes the draft that was read; one that has changed since is shown again first."""
    page = page_for(request, page_id, "publish")
    if page.published_apart:
        raise Denied(page.published_apart)
    revision = page.get_latest_revision()
    if revision is None or request.POST.get("seen") != _seen(revision, widened_by_publishing(page)):
        messages.error(request, "Ce brouillon a changé depuis que vous l’avez ouvert. Relisez-le, puis publiez-le.")
        return redirect("draft", page_id=page_id)
    try:
        operations.publish_draft(page=page, revision=revision, author=viewer_of(request).user)
    except operations.Refused as refused:
        messages.error(request, str(refused))
        return redirect("draft", page_id=page_id)
    planned = revision.as_object().go_live_at
    if planned and planned > timezone.now():
        messages.success(request, f"« {page.title} » sera publiée le {typography.moment(planned)}.")
    else:
        messages.success(request, "Le brouillon est publié : ses lecteurs le voient.")
    return redirect("page", page_id=page_id)
