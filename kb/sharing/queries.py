"""Who may read what is sent, who answers a request, which requests wait for a person."""

from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page

from kb import permissions
from kb.access.audience import people_on
from kb.documents.models import Document, VersionUse
from kb.pages.tree import Node
from kb.people.models import User
from kb.permissions import Viewer
from kb.sharing.models import AccessRequest, Answer


def reads(person: Any, *, page: Page | None = None, document: Document | None = None) -> bool:
    """Whether `person` would open what a link leads to."""
    if page is not None:
        return permissions.can_view(person, page)
    return document is not None and permissions.readable_documents(person).filter(pk=document.pk).exists()


def who_answers(page: Page) -> list[User]:
    """The responsables of a page; its administrators where there is none."""
    managers = [held.person for held in people_on(page).values() if held.standing.manages]
    return managers or list(User.objects.filter(is_superuser=True, is_active=True))


def waiting_for(viewer: Viewer) -> list[AccessRequest]:
    """The requests that the person may answer, the oldest first. One query."""
    pages = Page.objects.filter(viewer.managed()).values("pk")
    requests: QuerySet[AccessRequest] = AccessRequest.objects.filter(answer=Answer.WAITING, page__in=pages)
    return list(requests.select_related("page", "person", "passed_on_by").order_by("asked_at"))


def pages_that_carry(document: Document, viewer: Viewer) -> list[Node]:
    """The live pages that carry a document and that the person may read."""
    uses = VersionUse.objects.filter(version__document=document, in_live=True).values_list("page", flat=True)
    nodes = [viewer.tree.nodes[pk] for pk in sorted(set(uses)) if pk in viewer.tree.nodes]
    return [node for node in nodes if viewer.can_view(node)]
