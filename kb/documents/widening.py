"""A file joined to a second page gets a second audience: those who gain it are named before it is published there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.models import Page

from kb.access.audience import Change, gained_by_attaching
from kb.documents.models import Document, VersionUse
from kb.prepared import Prepared

SESSION_KEY = "files_shown"
_uses = Prepared(
    lambda page: VersionUse.objects.filter(page=page).values_list("version__document", "in_live", "in_draft"), slots=1
)
MOST_NAMED = 40  # a council and the services: nobody is told “and others” in a small town


def widened_by_publishing(page: Page) -> list[tuple[Document, Change]]:
    """The documents that the draft carries, the live page does not, and that would be read by more people."""
    uses = _uses(page.pk)
    live = {document for document, in_live, _ in uses if in_live}
    fresh = {document for document, _, in_draft in uses if in_draft} - live
    documents = Document.objects.filter(pk__in=fresh) if fresh else ()
    changes = [(document, gained_by_attaching(document, page)) for document in documents]
    return [(document, change) for document, change in changes if change.widens]


def sentence(document: Document, change: Change) -> str:
    """« « Plan » sera lu aussi par 2 personnes : … »."""
    if change.opens:
        return f"« {document.title} » sera lu par tout le monde, sans compte."
    names = ", ".join(change.gained[:MOST_NAMED])
    more = len(change.gained) - MOST_NAMED
    return f"« {document.title} » sera lu aussi par : {names}{f' et {more} autres' if more > 0 else ''}."


def show_before_publishing(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Wagtail's `before_publish_page`: the first time, the draft is saved and the new readers are named."""
    widened = widened_by_publishing(page)
    asked = [page.pk, sorted(document.pk for document, _ in widened)]
    shown = request.session.pop(SESSION_KEY, None)
    if not widened or shown == asked:
        return None
    request.session[SESSION_KEY] = asked
    said = " ".join(sentence(document, change) for document, change in widened)
    messages.warning(
        request, f"Le brouillon est enregistré, et rien n’est encore publié. {said} Publiez à nouveau pour confirmer."
    )
    return redirect("wagtailadmin_pages:edit", page.pk)
