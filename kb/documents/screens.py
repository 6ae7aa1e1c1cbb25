"""The screens about a document: its sheet, its preview, its replacement, several files dropped on a page."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_GET, require_POST
from wagtail.models import Page

from kb import permissions, typography
from kb.access.audience import gained_by_attaching
from kb.documents import file_types, operations, storage, text_encoding
from kb.documents.models import Attachment, Document, DocumentVersion, VersionUse
from kb.documents.presentation import preview_kind, version_row, with_health
from kb.documents.twins import twin_of
from kb.documents.views import version_for
from kb.documents.widening import sentence
from kb.exchange import operations as exchange
from kb.pages import operations as pages
from kb.pages.frame import frame_for
from kb.pages.presentation import line_of
from kb.pages.views import page_for, signed_in
from kb.permissions import viewer_of
from kb.refusals import Refused

TEXT_PREVIEW = 200_000  # characters


@require_GET
@signed_in
def sheet(request: HttpRequest, document_id: int) -> HttpResponse:
    """A document: its versions that the person may read, where it is carried, what he may do."""
    user = viewer_of(request).user
    readable = permissions.readable_versions(user).filter(document=document_id)
    versions = list(readable.select_related("document", "deposited_by", "restored_from"))
    if not versions:
        raise Http404
    document = versions[0].document
    editable = permissions.can_edit_document(user, document)
    behind = operations.pages_behind(document, user) if editable else []
    pins = _pages_to_pin_on(request, document)
    context = {
        "frame": frame_for(request, document.title),
        "document": {
            "id": document.pk,
            "title": document.title,
            "editable": editable,
            "permalink": document.url,
            "replace_url": reverse("document_replace", args=[document.pk]),
            "delete_url": reverse("delete_document", args=[document.pk]),
            "publish_url": reverse("document_publish", args=[document.pk]) if behind else "",
            "behind": [{"title": page.title, "url": f"/p/{page.pk}/"} for page in behind],
            "behind_label": _behind_label(len(behind)),
        },
        "versions": with_health(
            _version(version, document, editable, pins, newest=version.number == max(one.number for one in versions))
            for version in versions
        ),
        "pages": _carrying(request, document),
    }
    return render(request, "kb/documents/sheet.html", context)


def _behind_label(pages: int) -> str:
    if pages == 1:
        return "Publier la nouvelle version sur la page qui la porte"
    return f"Publier la nouvelle version sur les {pages} pages qui la portent"


def _version(
    version: DocumentVersion, document: Document, editable: bool, pins: list[Page], *, newest: bool
) -> dict[str, Any]:
    """`newest`: of those that the person may read; a reader is not told that another waits for publication."""
    return {
        **version_row(version, title=version.file_name),
        "number": version.number,
        "who": str(version.deposited_by or ""),
        "when": typography.moment(version.deposited_at),
        "why": version.why,
        "current": newest,
        "read_again_url": reverse("document_read_again", args=[document.pk, version.number]) if editable else "",
        "pins": [
            {"title": page.title, "url": reverse("pin_version", args=[document.pk, version.number, page.pk])}
            for page in pins
        ],
        "restore_url": reverse("document_restore", args=[document.pk, version.number])
        if editable and not newest
        else "",
    }


def _pages_to_pin_on(request: HttpRequest, document: Document) -> list[Page]:
    """The pages that carry the document among their attachments and that the person edits."""
    carrying = Attachment.objects.filter(document=document).values("page")
    return list(permissions.editable_by(Page.objects.filter(pk__in=carrying), viewer_of(request).user))


def _carrying(request: HttpRequest, document: Document) -> list[dict[str, Any]]:
    """The pages that carry the document, each with the version it names, that the person may know of."""
    viewer = viewer_of(request)
    tree = viewer.tree
    uses = VersionUse.objects.filter(version__document=document).select_related("version")
    rows = []
    for use in uses:
        node = tree.nodes.get(use.page_id)
        if node is None or not viewer.can_view(node):
            continue
        if not use.in_live and not viewer.can_edit(node):
            continue
        state = "publiée" if use.in_live else "en brouillon"
        rows.append({**line_of(viewer, node), "version_label": f"version {use.version.number}, {state}"})
    return rows


@require_GET
@signed_in
def preview(request: HttpRequest, document_id: int, number: int) -> HttpResponse:
    """A PDF, an image or a text, read without downloading it."""
    version = version_for(request, document_id, number)
    [row] = with_health([version_row(version, title=version.document.title)])
    if not row["preview_url"]:
        return redirect(version.get_absolute_url())
    text = ""
    if preview_kind(version) == "text":
        with storage.documents().open(str(version.file.name), "rb") as source:
            text = text_encoding.decoded(source.read(TEXT_PREVIEW * 2))[:TEXT_PREVIEW]
    context = {
        "frame": frame_for(request, version.document.title),
        "version": row,
        "kind": preview_kind(version),
        "text": text,
        "sheet_url": reverse("document_sheet", args=[document_id]),
    }
    return render(request, "kb/documents/preview.html", context)


def _document_for(request: HttpRequest, document_id: int) -> Document:
    user = viewer_of(request).user
    return get_object_or_404(permissions.readable_documents(user), pk=document_id)


@require_POST
@signed_in
def replace(request: HttpRequest, document_id: int) -> HttpResponse:
    """New bytes for a document, with a reason."""
    document = _document_for(request, document_id)
    upload: Any = request.FILES.get("file")
    if upload is None:
        messages.error(request, "Aucun fichier n’a été choisi. Choisissez-en un, puis envoyez.")
    elif upload.size > settings.WAGTAILDOCS_MAX_UPLOAD_SIZE:
        messages.error(request, operations.too_big(upload.name))
    else:
        try:
            version = operations.add_version(
                document=document,
                file=upload,
                file_name=upload.name,
                author=viewer_of(request).user,
                why=request.POST.get("why", ""),
            )
        except file_types.RefusedFile as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request,
                f"Version {version.number} enregistrée. Les lecteurs gardent l’ancienne "
                "jusqu’à la publication des pages qui portent ce document.",
            )
    return redirect("document_sheet", document_id=document.pk)


@require_POST
@signed_in
def restore(request: HttpRequest, document_id: int, number: int) -> HttpResponse:
    """An old version becomes the newest one."""
    version = version_for(request, document_id, number)
    again = operations.restore_version(version=version, author=viewer_of(request).user)
    messages.success(request, f"La version {number} est remise : c’est la version {again.number}.")
    return redirect("document_sheet", document_id=document_id)


@require_POST
@signed_in
def publish(request: HttpRequest, document_id: int) -> HttpResponse:
    """The new version reaches the readers of the pages that carry the document."""
    document = _document_for(request, document_id)
    if not permissions.can_edit_document(viewer_of(request).user, document):
        raise Http404  # to a reader, no newer version exists
    done = operations.publish_current_version(document=document, author=viewer_of(request).user)
    if not done:
        messages.info(request, f"Les pages que vous publiez portent déjà la dernière version de « {document.title} ».")
        return redirect("document_sheet", document_id=document.pk)
    names = ", ".join(f"« {page.title} »" for page in done)
    newest = f", version {document.current_version.number}" if document.current_version else ""
    what = f"« {document.title} »{newest}"
    messages.success(request, f"{what}, publiée sur {names}. Rien d’autre n’a changé sur ces pages.")
    return redirect("document_sheet", document_id=document.pk)


@signed_in
def drop(request: HttpRequest, page_id: int) -> HttpResponse:
    """The drop zone of a page: GET shows it, each POST takes one file and answers JSON (or the page again)."""
    page = page_for(request, page_id, "attach")
    if request.method != "POST":
        context = {
            "frame": frame_for(request, f"Déposer des fichiers sur « {page.title} »"),
            "page": {"title": page.title, "url": f"/p/{page.pk}/"},
            "drop_url": request.path,
            "limit_label": f"{settings.MAX_UPLOAD_MB}{typography.NBSP}Mo",
        }
        return render(request, "kb/documents/drop.html", context)
    answers = [take(request, page, upload) for upload in request.FILES.getlist("file")]
    if request.headers.get("Accept", "").startswith("application/json"):
        for answer in answers:
            answer["message"] = typography.typeset(answer["message"])
        return JsonResponse(
            answers[0] if len(answers) == 1 else {"files": answers},
            status=answers[0]["status"] if len(answers) == 1 else 200,
        )
    for answer in answers:
        (messages.success if answer["ok"] else messages.error)(request, _told(answer))
    return redirect(request.path)


def _told(answer: dict[str, Any]) -> str:
    """An answer in one message: what was done, what was left, the way to the draft."""
    said = format_html_join(" ", "{}", ((line,) for line in (answer["message"], *answer.get("report", ()))))
    if not answer.get("draft_url"):
        return said
    return format_html('{} <a href="{}">Relire le brouillon</a>', said, answer["draft_url"])


def take(request: HttpRequest, page: Any, upload: Any) -> dict[str, Any]:
    """One dropped file: attached to the page's draft, or a sentence that says why not."""
    user, name = viewer_of(request).user, file_types.safe_name(upload.name)
    if upload.size > settings.WAGTAILDOCS_MAX_UPLOAD_SIZE:
        return {"ok": False, "status": 413, "name": name, "message": operations.too_big(name)}
    twin = twin_of(upload, user)
    if twin and not request.POST.get("garder_les_deux"):
        return {
            "ok": False,
            "status": 409,
            "name": name,
            "duplicate": {"title": twin.title, "url": reverse("document_sheet", args=[twin.pk])},
            "attach_url": f"{reverse('attach_existing', args=[page.pk])}?document={twin.pk}",
            "message": f"« {name} » est déjà là, sous le titre « {twin.title} ». {_readers_gained(twin, page)}"
            "Voulez-vous joindre celui-là, ou garder les deux ?",
        }
    try:
        brought = exchange.file_on_page(page=page, file=upload, file_name=upload.name, author=user)
    except (file_types.RefusedFile, Refused, PermissionDenied) as refused:
        return {"ok": False, "status": 422, "name": name, "message": str(refused)}
    filed = brought.page if brought.page and brought.page.pk != page.pk else None
    return {
        "ok": True,
        "status": 200,
        "name": name,
        "message": brought.message,
        "report": brought.report,
        "draft_url": f"/admin/pages/{filed.pk}/edit/" if filed else "",
    }


def _readers_gained(document: Document, page: Any) -> str:
    """Who would read the document with the page, in a sentence; nothing where nobody would."""
    change = gained_by_attaching(document, page)
    if not change.widens:
        return ""
    return f"Qui modifie la page peut le lire dès maintenant. Une fois la page publiée, {sentence(document, change)} "


@require_POST
@signed_in
def attach_existing(request: HttpRequest, page_id: int) -> HttpResponse:
    """Joins a document that is already there to a page."""
    page = page_for(request, page_id, "attach")
    chosen = request.GET.get("document", "")
    document = _document_for(request, int(chosen) if chosen.isdecimal() else 0)
    pages.attach_document(page=page, document=document, author=viewer_of(request).user)
    message = (
        f"« {document.title} » est joint au brouillon de « {page.title} ». {_readers_gained(document, page)}".strip()
    )
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"ok": True, "status": 200, "name": document.title, "message": typography.typeset(message)})
    messages.success(request, message)
    return redirect("page", page_id=page.pk)


@require_POST
@signed_in
def pin(request: HttpRequest, document_id: int, number: int, page_id: int) -> HttpResponse:
    """A page keeps this version of the document, in its draft."""
    page = page_for(request, page_id, "edit")
    version = version_for(request, document_id, number)
    try:
        pages.pin_version(page=page, version=version, author=viewer_of(request).user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, f"Le brouillon de « {page.title} » garde la version {number}. Publiez-le pour ses lecteurs."
        )
    return redirect("document_sheet", document_id=document_id)
