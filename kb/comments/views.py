"""Writing, answering and settling comments from the reading view; reading a draft; inviting to read it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from wagtail.models import Page

from kb import permissions
from kb.access import passages
from kb.comments import invitations, operations, places, queries, rights
from kb.comments.models import LONGEST_TEXT, DraftInvitation, PageComment
from kb.comments.places import Place
from kb.pages import presentation
from kb.pages.frame import frame_for
from kb.pages.tree import Node
from kb.pages.views import draft_node_for, signed_in
from kb.people.models import User
from kb.permissions import abilities, viewer_of


@require_POST
@signed_in
def write(request: HttpRequest, page_id: int) -> HttpResponse:
    """A new comment (`place`, `text`; `brouillon` when the draft is read). 404 for who may not comment there."""
    node, on_draft = _commented_node(request, page_id)
    content = (
        presentation.draft(node) if on_draft or not node.live else presentation.published(node, viewer_of(request).tree)
    )
    place = places.named(request.POST.get("place", ""))
    if place is None:
        raise Http404
    page, text = Page.objects.get(pk=node.id), request.POST.get("text", "")
    where = {"place": place.key, "label": "Votre commentaire", "quote": places.quote(place, content)}
    if not places.stands_in(place, content):
        return _again(request, page, text, _gone(place), {**where, "place": places.PAGE.key}, on_draft)
    try:
        comment = operations.write(
            page=page, text=text, by=viewer_of(request).user, place=place, on_draft=on_draft, quote=where["quote"]
        )
    except operations.Refused as refused:
        return _again(request, page, text, str(refused), where, on_draft)
    return _back_to(request, comment, "Votre commentaire est envoyé.")


def _commented_node(request: HttpRequest, page_id: int) -> tuple[Node, bool]:
    """The page that the person may comment, as it is read: live, or its draft. Raises Http404."""
    viewer = viewer_of(request)
    node = viewer.tree.nodes.get(page_id)
    if node is None:
        raise Http404
    can, on_draft = abilities(viewer, node), bool(request.POST.get("brouillon"))
    if not can["read_draft" if on_draft or not node.live else "comment"]:
        raise Http404
    passages.note(viewer, node, door=request.path)
    return node, on_draft


def _gone(place: Place) -> str:
    what = "La pièce jointe que vous commentiez" if place.document else "Le passage que vous commentiez"
    return f"{what} n’est plus dans la page. Dites-le de la page entière, ou renoncez."


@require_POST
@signed_in
def answer(request: HttpRequest, comment_id: int) -> HttpResponse:
    """An answer (`text`)."""
    comment = _comment(request, comment_id)
    if not rights.can_answer(viewer_of(request), comment):
        raise Http404
    text = request.POST.get("text", "")
    try:
        operations.answer(comment=comment, text=text, by=viewer_of(request).user)
    except operations.Refused as refused:
        where = {
            "place": "",
            "label": "Votre réponse",
            "quote": "" if comment.withdrawn_at else places.shortened(comment.text),
        }
        return _again(request, comment.page, text, str(refused), where, bool(request.POST.get("brouillon")))
    return _back_to(request, comment, "Votre réponse est envoyée.")


@require_POST
@signed_in
def settle(request: HttpRequest, comment_id: int) -> HttpResponse:
    """`deed`: resolve or reopen."""
    comment = _comment(request, comment_id)
    deeds = {
        "resolve": (operations.resolve, "Le commentaire est résolu : il se retrouve au bas de la page."),
        "reopen": (operations.reopen, "Le commentaire est rouvert."),
    }
    chosen = deeds.get(request.POST.get("deed", ""))
    if chosen is None:
        raise Http404
    deed, done = chosen
    deed(comment=comment, by=viewer_of(request).user)
    return _back_to(request, comment, done)


@require_POST
@signed_in
def show_to_readers(request: HttpRequest, comment_id: int) -> HttpResponse:
    """`shown`: 1 opens the thread to the page's readers, 0 closes it."""
    comment = _comment(request, comment_id)
    shown = request.POST.get("shown") == "1"
    operations.show_to_readers(comment=comment, shown=shown, by=viewer_of(request).user)
    done = "Les lecteurs de la page voient ce commentaire." if shown else "Les lecteurs ne voient plus ce commentaire."
    return _back_to(request, comment, done)


@require_POST
@signed_in
def invite(request: HttpRequest, page_id: int) -> HttpResponse:
    """`person` is invited to read the draft, or the invitation `end` is ended."""
    node = draft_node_for(request, page_id)
    page, by = Page.objects.get(pk=node.id), viewer_of(request).user
    if request.POST.get("end"):
        invitation = get_object_or_404(DraftInvitation, pk=_number(request, "end"), page=page)
        invitations.end(invitation=invitation, by=by)
        messages.success(request, f"{invitation.person} ne lit plus ce brouillon.")
    else:
        person = _guest(request, page)
        try:
            invitations.invite(page=page, person=person, by=by)
            messages.success(request, f"{person} peut lire et commenter ce brouillon, à l’adresse de cet écran.")
        except operations.Refused as refused:
            messages.error(request, str(refused))
    return redirect("draft", page_id=page.pk)


def _guest(request: HttpRequest, page: Page) -> User:
    """The person chosen, among those the list offers; an editor learns no other name."""
    if not abilities(viewer_of(request), page)["edit"]:
        raise permissions.Denied("Vous ne pouvez pas inviter à relire ce brouillon.")
    chosen = _number(request, "person")
    for person in invitations.guests_possible(page):
        if person.pk == chosen:
            return person
    raise Http404


def _number(request: HttpRequest, name: str) -> int:
    """A whole number of the form, or 0, which no row has."""
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else 0


def _comment(request: HttpRequest, comment_id: int) -> PageComment:
    """A comment that the person may read, or Http404."""
    found = queries.comment_for(viewer_of(request), comment_id)
    if found is None:
        raise Http404
    passages.note(viewer_of(request), found.page, door=request.path)
    return found


def _address(page: Page, on_draft: bool) -> str:
    return f"/p/{page.pk}/brouillon/" if on_draft else f"/p/{page.pk}/"


def _back_to(request: HttpRequest, comment: PageComment, done: str) -> HttpResponse:
    """The page again, the thread unfolded."""
    messages.success(request, done)
    address = _address(comment.page, bool(request.POST.get("brouillon")))
    return redirect(f"{address}?fil={comment.pk}#fil-{comment.pk}")


def _again(
    request: HttpRequest, page: Page, text: str, error: str, where: dict[str, Any], on_draft: bool
) -> HttpResponse:
    """The words as they were typed, what stops them, and the way out. Nothing is written."""
    context = {
        "frame": frame_for(request, "Votre commentaire n’est pas envoyé"),
        "title": page.draft_title if on_draft else page.title,
        "error": error,
        "text": text,
        "action": request.path,
        "draft": on_draft,
        "longest": LONGEST_TEXT,
        "back_url": _address(page, on_draft),
        **where,
    }
    return render(request, "kb/comments/again.html", context, status=422)
