"""What a person may keep of a sitting on his device, and his own notes. Rights are asked at each question."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac

from council.agenda.enums import SittingState
from council.agenda.models import AgendaItemPage, AgendaPlace, SittingPage, stage_of
from council.elus.homes import holds_a_mandate
from council.offline.models import PrivateNote
from council.papers.content import Papers
from council.papers.models import Shape
from council.papers.operations import standing
from kb.documents.models import Attachment
from kb.documents.presentation import preview_kind
from kb.pages.tree import Node
from kb.permissions import Viewer, readable_versions

NOT_HERE = (
    "La lecture sans réseau demande un site en https, et celui-ci n’y est pas : les navigateurs la refusent ailleurs. "
    "Emportez le dossier en PDF, ou demandez à qui tient le site de le mettre en https."
)
Entry = dict[str, Any]


def is_offered() -> bool:
    """Whether browsers allow it at this site's address: https, or the machine itself."""
    address = urlsplit(settings.BASE_URL)
    host = address.hostname or ""
    if address.scheme == "https" or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def name_on_devices(person: Any) -> str:
    """What a device calls the person by: it tells two people apart, and nothing of either."""
    return salted_hmac("council.offline.person", str(person.pk), algorithm="sha256").hexdigest()[:24]


def may_keep(viewer: Viewer, sitting: SittingPage) -> bool:
    """Whether the person may keep this sitting: it was announced, and he reads it."""
    known = viewer.signed_in and not viewer.looker and viewer.knows(sitting.pk)
    return known and stage_of(sitting) != SittingState.PREPARATION


def kept(viewer: Viewer, asked: list[int]) -> dict[str, dict[str, Any]]:
    """Of the sittings asked for, what may be on the device: those that the person may not read are not there."""
    found = SittingPage.objects.select_related("instance").filter(pk__in=asked).order_by("pk")
    return {str(one.pk): _kept(viewer, one) for one in found if may_keep(viewer, one)}


def _kept(viewer: Viewer, sitting: SittingPage) -> dict[str, Any]:
    papers = Papers(sitting)
    nodes = [viewer.tree.nodes[sitting.pk], *_items(viewer, papers)]
    notes = _notes_marks(viewer.user, [node.id for node in nodes])
    pages = [_page(viewer, node, papers.mark) for node in nodes]
    own = [
        {"url": f"/p/{node.id}/notes/", "also": [], "kind": "page", "version": notes.get(node.id, "")}
        for node in nodes[1:]
    ]
    screens = ["/hors-ligne/", *([reverse("elu_home")] if holds_a_mandate(viewer.user) else [])]
    around = [{"url": url, "also": [], "kind": "page", "version": papers.mark} for url in screens]
    return {
        "title": sitting.title,
        "mark": papers.mark,
        "entries": [*pages, *own, *_files(viewer, [node.id for node in nodes]), *_dossier(viewer, papers), *around],
    }


def _items(viewer: Viewer, papers: Papers) -> list[Node]:
    nodes = [viewer.tree.nodes.get(row.item_id) for row in papers.rows]
    return [node for node in nodes if node is not None and node.live and viewer.can_view(node)]


def _page(viewer: Viewer, node: Node, mark: str) -> Entry:
    readable = viewer.address(node)
    also = [readable] if readable != f"/p/{node.id}/" else []
    return {"url": f"/p/{node.id}/", "also": also, "kind": "page", "version": mark}


def _files(viewer: Viewer, pages: list[int]) -> list[Entry]:
    """The files that these pages name and that the person may read, each at its version. Two queries."""
    named = Attachment.objects.filter(page__in=pages).exclude(version=None).values("version")
    entries: list[Entry] = []
    for version in readable_versions(viewer.user).filter(pk__in=named).order_by("document", "number").distinct():
        address = version.get_absolute_url()
        entries.append(
            {
                "url": address,
                "also": [f"{address}?telecharger=1"],
                "kind": "file",
                "version": version.sha256,
                "size": version.size,
            }
        )
        if preview_kind(version):
            entries.append({"url": f"{address}apercu/", "also": [], "kind": "page", "version": version.sha256})
    return entries


def _dossier(viewer: Viewer, papers: Papers) -> list[Entry]:
    """The bound PDF and its screen, for who may have the whole; nothing while it is being bound. One query."""
    bound = standing(papers, Shape.PDF) if papers.may_be_had_by(viewer) else None
    if bound is None or not bound.file or bound.is_lost:
        return []  # being bound, or to be bound again from its screen
    address = reverse("dossier", args=[papers.sitting.pk, Shape.PDF.value])
    file = reverse("dossier_file", args=[papers.sitting.pk, Shape.PDF.value])
    return [
        {"url": address, "also": [], "kind": "page", "version": bound.sha256},
        {"url": file, "also": [], "kind": "file", "version": bound.sha256, "size": bound.file.size},
    ]


# Notes.


def item_with_notes(viewer: Viewer, page_id: int) -> AgendaItemPage | None:
    """An item that was sent with a convocation and that the person reads: there he may write notes."""
    node = viewer.tree.nodes.get(page_id)
    if node is None or not viewer.signed_in or viewer.looker or not viewer.can_view(node):
        return None
    sent = AgendaPlace.objects.filter(item=page_id, convened_revision__isnull=False)
    return AgendaItemPage.objects.filter(pk=page_id).first() if sent.exists() else None


def notes_of(person: Any, item_id: int) -> QuerySet[PrivateNote]:
    """The person's own, never another's; those that he took back are not there."""
    return PrivateNote.objects.filter(person=person.pk, item=item_id, removed_at=None)


def key_in_use(person: Any) -> str:
    """The name of the key of the person's newest note, so that another device asks for its code; "" without a note."""
    newest = PrivateNote.objects.filter(person=person.pk, removed_at=None).order_by("-received_at", "-pk").first()
    return newest.key_id if newest else ""


def _notes_marks(person: Any, items: list[int]) -> dict[int, str]:
    """Item → what changes when the person's notes on it do. One query."""
    own = PrivateNote.objects.filter(person=person.pk, item__in=items).order_by()
    rows = own.values("item").annotate(last=Max("pk"), there=Count("pk", filter=Q(removed_at=None)))
    return {row["item"]: f"{row['last']}-{row['there']}" for row in rows}
