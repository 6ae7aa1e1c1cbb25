"""« Annuler la séance », « Reporter la séance » : a convened sitting does not take place, and each one who was convened is told.

The law knows no convened sitting that moves: another date is another convocation, in its own delay. So « reporter » calls
this sitting off and prepares another, with the same agenda.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page

from council.agenda import operations as agenda
from council.agenda.enums import PlaceState, SittingState
from council.agenda.models import AgendaItemPage, SittingPage, SittingRecord
from council.agenda.queries import placed
from council.convening import queries
from council.convening.models import Cancellation
from kb import permissions
from kb.notices import operations as notices
from kb.pages import operations as pages
from kb.pages import tree
from kb.people.account import User
from kb.refusals import Refused
from kb.typography import day, moment

WHY_NOT = {
    SittingState.PREPARATION: "n’est pas convoquée : changez sa date en modifiant la page, ou supprimez-la",
    SittingState.HELD: "a eu lieu : elle ne s’annule plus",
    SittingState.OPEN: "est ouverte : levez-la plutôt, ce qui reste à l’ordre du jour se renvoie",
    SittingState.CLOSED: "a eu lieu : elle ne s’annule plus",
    SittingState.CANCELLED: "est déjà annulée : ouvrez sa page pour en lire la raison",
}


@transaction.atomic
def call_off(*, sitting: SittingPage, reason: str, by: User) -> Cancellation:
    """The sitting does not take place; whoever was convened by mail gets one that takes it out of his calendar.

    Raises PermissionDenied, Refused.
    """
    sitting = _convened(sitting, reason, by)
    return _called_off(sitting, reason, by)


@transaction.atomic
def put_off(*, sitting: SittingPage, starts_at: datetime, reason: str, by: User) -> SittingPage:
    """The sitting is called off, and another is prepared for that moment with its items, to be convened in its own delay.

    Raises PermissionDenied, Refused.
    """
    sitting = _convened(sitting, reason, by)
    if starts_at <= sitting.starts_at:
        raise Refused(
            f"La séance est convoquée pour le {moment(sitting.starts_at)} : on la reporte à un jour plus tardif. Pour "
            "siéger plus tôt, annulez-la et convoquez en urgence."
        )
    later = pages.create_page(
        parent=Page.objects.get(pk=sitting.get_parent().pk),
        page=SittingPage(
            title=f"Séance du {day(starts_at)}",
            instance=sitting.instance,
            sitting_kind=sitting.sitting_kind,
            starts_at=starts_at,
            place=sitting.place,
        ),
        author=by,
        why=f"Report de « {sitting.title} »",
    )
    assert isinstance(later, SittingPage)
    _called_off(sitting, reason, by, moved_to=later)
    for row in placed(sitting):
        if row.state == PlaceState.ON:
            item = AgendaItemPage.objects.get(pk=row.item_id)
            agenda.postpone(item=item, to=later, reason=f"Séance reportée : {reason.strip()}"[:300], by=by)
    return later


def _convened(sitting: SittingPage, reason: str, by: User) -> SittingPage:
    tree.one_writer()
    sitting = SittingPage.objects.select_related("instance").get(pk=sitting.pk)
    if not permissions.abilities(by, sitting)["publish"]:
        raise PermissionDenied(f"Vous ne pouvez pas annuler « {sitting.title} ».")
    record = SittingRecord.objects.filter(page=sitting.pk).first()
    state = SittingState(record.state) if record else SittingState.PREPARATION
    if state in WHY_NOT:
        raise Refused(f"« {sitting.title} » {WHY_NOT[state]}.")
    if not reason.strip():
        raise Refused("Une séance convoquée ne s’annule pas sans raison : écrivez-la, les membres la liront.")
    return sitting


def _called_off(sitting: SittingPage, reason: str, by: User, moved_to: SittingPage | None = None) -> Cancellation:
    SittingRecord.objects.filter(page=sitting.pk).update(state=SittingState.CANCELLED)
    found = Cancellation.objects.create(sitting=sitting, reason=reason.strip(), by=by, moved_to=moved_to)
    for mandate in queries.to_convene(sitting):
        if queries.has_mail(mandate):
            notices.tell(kind="cancellation", to=mandate.account, page=sitting, by=by, always=True)
    data = {"why": found.reason, "to": moved_to.title if moved_to else ""}
    log(sitting, "council.sitting.cancel", user=by, data=data)
    return found
