"""Inviting somebody to read and comment a page's draft, and ending it: deeds, and the lists that go with them."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from kb import permissions
from kb.access.audience import people_on
from kb.comments.models import DraftInvitation
from kb.comments.signals import invitation_changed
from kb.people.models import User
from kb.permissions import Denied, Viewer
from kb.refusals import Refused


@transaction.atomic
def invite(*, page: Page, person: User, by: User) -> DraftInvitation:
    """`person`, who may comment `page` already, reads its draft from now on. Raises Denied, Refused."""
    Page.objects.select_for_update().get(pk=page.pk)
    _require_an_editor(page, by)
    guest = Viewer(person)
    if guest.can_edit(page):
        raise Refused(f"{person} modifie cette page : son brouillon lui est déjà ouvert.")
    if not (guest.signed_in and guest.standing(page).comments):
        raise Refused(
            f"{person} n’est pas commentateur de cette page. Demandez à son responsable de lui donner ce rôle "
            "dans « Accès », puis invitez."
        )
    held, new = DraftInvitation.objects.get_or_create(
        page_id=page.pk, person=person, ended_at=None, defaults={"invited_by": by}
    )
    if new:
        _tell("invite", "invited", held, by)
    return held


@transaction.atomic
def end(*, invitation: DraftInvitation, by: User) -> None:
    """The draft closes to the person now; the row stays. Raises Denied."""
    found = (
        DraftInvitation.objects.select_for_update(of=("self",)).select_related("page", "person").get(pk=invitation.pk)
    )
    _require_an_editor(found.page, by)
    if found.ended_at:
        return
    found.ended_at, found.ended_by = timezone.now(), by
    found.save(update_fields=["ended_at", "ended_by"])
    _tell("end", "ended", found, by)


def open_on(page: Any) -> QuerySet[DraftInvitation]:
    """The invitations in force on a page, by name."""
    rows = DraftInvitation.objects.filter(page=page.pk, ended_at=None, person__is_active=True)
    return rows.select_related("person").order_by("person__last_name", "person__first_name", "pk")


def guests_possible(page: Any) -> list[User]:
    """The people who comment the page by a grant, do not edit it, and are not invited yet; by name."""
    invited = set(open_on(page).values_list("person", flat=True))
    held = people_on(page).values()
    found = [one.person for one in held if one.standing.comments and not one.standing.edits]
    return sorted(
        (person for person in found if person.pk not in invited),
        key=lambda person: (person.last_name, person.first_name, person.pk),
    )


def _require_an_editor(page: Page, by: User) -> None:
    if not permissions.abilities(by, page)["edit"]:
        raise Denied(f"Vous ne pouvez pas modifier « {page.title} » : vous n’invitez pas à relire son brouillon.")


def _tell(action: str, event: str, invitation: DraftInvitation, by: User) -> None:
    log(invitation.page, f"kb.draft.{action}", user=by, data={"person": str(invitation.person)})
    transaction.on_commit(lambda: invitation_changed.send(DraftInvitation, invitation=invitation, by=by, event=event))
