"""Deeds: send a link, ask for access, answer a request. Each asks the right, changes, logs and tells, in one transaction."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from kb import permissions
from kb.access import operations as access
from kb.access.models import Grant, Role
from kb.access.queries import boundary_on
from kb.documents.models import Document
from kb.notices import operations as notices
from kb.notices.models import Notice
from kb.people.account import User
from kb.refusals import Refused
from kb.sharing import queries
from kb.sharing.models import AccessRequest, Answer

MOST_WAITING = 20  # of one person: nobody needs more, and a script must not fill the desks


@transaction.atomic
def send_link(
    *, to: Any, by: User, page: Page | None = None, document: Document | None = None, words: str = ""
) -> Notice:
    """A line in the journal of `to` with the address of a page or of a file, and a mail unless he wants none at once.

    Raises PermissionDenied (the sender cannot read it), Refused (the other cannot, or has no address).
    """
    thing: Any = page or document
    if not queries.reads(by, page=page, document=document):
        raise PermissionDenied("Vous ne pouvez pas lire ce que vous envoyez.")
    if not to.email:
        raise Refused(f"{to} n’a pas d’adresse e-mail : remettez-lui l’adresse de la page autrement.")
    if not queries.reads(to, page=page, document=document):
        raise Refused(f"{to} ne peut pas lire « {thing.title} » : rien n’est envoyé.")
    log(thing, "kb.link.send", user=by, data={"to": str(to)})
    return notices.tell(kind="link", to=to, by=by, page=page, document=document, words=words.strip())


@transaction.atomic
def give_and_send(*, page: Page, to: Any, by: User, until: date, words: str = "") -> Notice:
    """`to` may read `page` through `until`, and has its address: both, or neither.

    A right already held is left as it is. Raises PermissionDenied, Refused (no e-mail address).
    """
    if not queries.reads(to, page=page):
        access.give(
            page=page, grantee=access.Grantee(person=to), role=Role.READER, by=by, until=until, why="Lien envoyé."
        )
    return send_link(to=to, by=by, page=page, words=words)


@transaction.atomic
def ask(*, page: Page, person: Any, why: str = "", passed_on_by: Any = None) -> AccessRequest | None:
    """`person` asks to read `page`: its responsables are told. None where nothing is to be asked.

    Nothing may be asked, and nothing is told, where the page is in a reserved branch, is a draft, or is
    readable already: the caller says the same words in every case. A request passed on by somebody who reads
    the page tells nothing either, so it may be about a reserved one. Raises Refused (too many wait).
    """
    open_to_asking = page.live and (boundary_on(page) is None or passed_on_by is not None)
    if not open_to_asking or permissions.can_view(person, page):
        return None
    waiting = AccessRequest.objects.filter(person=person, answer=Answer.WAITING)
    if known := waiting.filter(page=page.pk).first():
        return known
    if waiting.count() >= MOST_WAITING:
        raise Refused("Vous avez déjà vingt demandes en attente. Attendez les réponses, ou appelez la mairie.")
    request = AccessRequest.objects.create(page_id=page.pk, person=person, why=why, passed_on_by=passed_on_by)
    log(page, "kb.access.ask", user=passed_on_by or person, data={"who": str(person), "why": why})
    for manager in queries.who_answers(page):
        notices.tell(kind="access_request", to=manager, by=person, page=page, request=request.pk)
    return request


@transaction.atomic
def give(
    *, request: AccessRequest, by: User, role: Role = Role.READER, until: date | None, words: str = ""
) -> Grant | None:
    """The access is given through `until`, and the person told. None where he has as much already. Raises PermissionDenied, Refused."""
    locked = _open_request(request, by)
    why = f"Demandé le {timezone.localtime(locked.asked_at):%d/%m/%Y}. {locked.why}".strip()[:200]
    grant = None
    if permissions.Viewer(locked.person).granted(locked.page).role < role:  # given meanwhile: never lowered
        grant = access.give(
            page=locked.page, grantee=access.Grantee(person=locked.person), role=role, by=by, until=until, why=why
        )
    _close(locked, by, Answer.GIVEN, words, grant)
    return grant


@transaction.atomic
def refuse(*, request: AccessRequest, by: User, words: str = "") -> None:
    """The access is not given, and the person told. Raises PermissionDenied, Refused."""
    locked = _open_request(request, by)
    _close(locked, by, Answer.REFUSED, words, None)


def _open_request(request: AccessRequest, by: User) -> AccessRequest:
    locked = AccessRequest.objects.select_for_update(of=("self",)).select_related("page", "person").get(pk=request.pk)
    if not permissions.abilities(by, locked.page)["manage_access"]:
        raise PermissionDenied(f"Vous ne gérez pas les accès de « {locked.page.title} ».")
    if locked.answer != Answer.WAITING:
        raise Refused(f"{locked.answered_by} a déjà répondu à cette demande : {locked.get_answer_display().lower()}.")
    return locked


def _close(request: AccessRequest, by: User, answer: Answer, words: str, grant: Grant | None) -> None:
    request.answer, request.answered_by, request.answered_at = answer, by, timezone.now()
    request.answer_words, request.grant = words[:300], grant
    request.save()
    action = "kb.access.ask.given" if answer == Answer.GIVEN else "kb.access.ask.refused"
    log(request.page, action, user=by, data={"who": str(request.person), "why": words})
    for person in {request.person, request.passed_on_by} - {None}:
        notices.tell(kind="access_answer", to=person, by=by, page=request.page, words=words, request=request.pk)
