"""The doors files leave by. Each asks the right first; a refusal is a 404, as for a file that is not there."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import IO, Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from wagtail.models import Page

from kb import permissions
from kb.access import passages
from kb.documents import storage
from kb.documents.models import Document, DocumentVersion, Rendition, VersionUse
from kb.pages.views import open_door
from kb.permissions import viewer_of

PIECE = 256 * 1024
# What a browser may show in place: nothing that can carry a script of its own.
SHOWN_IN_PLACE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"})
_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


@require_safe
@open_door
def document(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """The stable address: the version that the reader's live page names.

    Where several pages name several, the newest; where none does, the current one for who may edit it.
    """
    user = viewer_of(request).user
    found = get_object_or_404(Document, pk=document_id)
    version = served_version(found, user)
    if version is None:
        raise Http404
    passages.note_file(viewer_of(request), found, door=request.path)
    return serve_version(request, version)


def served_version(found: Document, user: Any) -> DocumentVersion | None:
    """The version that the stable address gives this person, or None."""
    readable = permissions.readable_versions(user).filter(document=found)
    live_pages = permissions.visible_to(_live_pages(), user)
    named = VersionUse.objects.filter(in_live=True, page__in=live_pages).values("version")
    return readable.filter(pk__in=named).first() or readable.first()


def _live_pages() -> Any:
    return Page.objects.live()


def version_for(request: HttpRequest, document_id: int, number: int) -> DocumentVersion:
    """A version that the person may read, or Http404."""
    readable = permissions.readable_versions(viewer_of(request).user)
    version = get_object_or_404(readable.select_related("document"), document=document_id, number=number)
    passages.note_file(viewer_of(request), version.document, door=request.path)
    return version


@require_safe
@open_door
def document_version(request: HttpRequest, document_id: int, number: int) -> HttpResponseBase:
    """These very bytes."""
    return serve_version(request, version_for(request, document_id, number))


@require_safe
@open_door
def thumbnail(request: HttpRequest, document_id: int, number: int) -> HttpResponseBase:
    """The first page of a version, small."""
    version = version_for(request, document_id, number)
    if not version.thumbnail:
        raise Http404
    return serve(
        request,
        storage.derived(),
        str(version.thumbnail.name),
        mime="image/webp",
        etag=f"{version.sha256}-thumbnail",
    )


@require_safe
@open_door
def rendition(request: HttpRequest, rendition_id: int) -> HttpResponseBase:
    """An image cut to size, for who may see the image."""
    images = permissions.readable_images(viewer_of(request).user)
    found = get_object_or_404(Rendition, pk=rendition_id, image__in=images)
    name = found.file.name
    mime = {"png": "image/png", "gif": "image/gif", "webp": "image/webp"}.get(name.rsplit(".", 1)[-1], "image/jpeg")
    return serve(request, found.file.storage, name, mime=mime, etag=f"rendition-{found.pk}-{name[-20:]}")


def serve_version(request: HttpRequest, version: DocumentVersion) -> HttpResponseBase:
    """A version's bytes, in place where the browser may show them, else as a download."""
    in_place = version.mime in SHOWN_IN_PLACE and not request.GET.get("telecharger")
    return serve(
        request,
        storage.documents(),
        str(version.file.name),
        mime=version.mime,
        etag=version.sha256,
        file_name=version.file_name,
        attachment=not in_place,
    )


def serve(
    request: HttpRequest,
    place: Any,
    name: str,
    *,
    mime: str,
    etag: str,
    file_name: str = "",
    attachment: bool = False,
) -> HttpResponseBase:
    """Bytes of a private storage (kb.documents.storage, kb.documents.bucket), with ranges, ETag, and headers that keep them inert.

    Raises Http404 when the storage has lost the file.
    """
    tag = f'"{etag}"'
    headers = _headers(tag, mime, file_name, attachment)
    if request.headers.get("If-None-Match") in {tag, "*"}:
        return HttpResponse(status=304, headers={k: headers[k] for k in ("ETag", "Cache-Control")})
    try:
        total = place.size(name)
        span = _asked_range(request, total, tag)
        start, end = span or (0, total - 1)
        source = None if span == () or request.method == "HEAD" else place.open_at(name, start)
    except FileNotFoundError as lost:
        raise Http404("Ce fichier manque sur le serveur.") from lost
    if span == ():
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{total}"})
    headers["Content-Length"] = str(end - start + 1)
    if span:
        headers["Content-Range"] = f"bytes {start}-{end}/{total}"
    if source is None:
        return HttpResponse(status=206 if span else 200, headers=headers)
    return StreamingHttpResponse(_pieces(source, end - start + 1), status=206 if span else 200, headers=headers)


def _headers(tag: str, mime: str, file_name: str, attachment: bool) -> dict[str, str]:
    headers = {
        "Content-Type": f"{mime}; charset=utf-8" if mime == "text/plain" else mime,
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    if mime == "application/pdf":  # the browser's own reader does not work inside a sandbox
        headers["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; frame-ancestors 'self'"
    if file_name:
        disposition = content_disposition_header(attachment, file_name)
        if disposition:
            headers["Content-Disposition"] = disposition
    return headers


def _asked_range(request: HttpRequest, total: int, tag: str) -> tuple[int, int] | tuple[()] | None:
    """(start, end) inclusive; None for the whole; () for a range that cannot be satisfied."""
    found = _RANGE.match(request.headers.get("Range", ""))
    if not found or request.headers.get("If-Range", tag) != tag:
        return None
    first, last = found[1], found[2]
    if not first and not last:
        return None
    if not first:
        length = min(int(last), total)
        return (total - length, total - 1) if length else ()
    start, end = int(first), min(int(last) if last else total - 1, total - 1)
    return (start, end) if start <= end else ()


def _pieces(source: IO[bytes], left: int) -> Iterator[bytes]:
    with closing(source):
        while left > 0 and (piece := source.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
