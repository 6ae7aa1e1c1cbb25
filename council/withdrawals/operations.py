"""Deeds of a withdrawal: say it, take it back before the sitting."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from council.agenda.models import AgendaItemPage, SittingPage
from council.convening.queries import own
from council.members.models import Mandate
from council.questions.queries import sitting_of
from council.withdrawals import queries
from council.withdrawals.models import Ground, Withdrawal
from kb import permissions
from kb.notices import operations as notices
from kb.pages import tree
from kb.people.account import User
from kb.refusals import Refused
from kb.sharing.queries import who_answers


@transaction.atomic
def declare(*, item: AgendaItemPage, ground: Ground, why: str, by: User) -> Withdrawal:
    """« Je ne prends pas part à cette affaire », by the member himself: from now on he only reads its file.

    Raises PermissionDenied, Refused.
    """
    tree.one_writer()
    sitting, mandate = _member(item, by)
    if queries.of_member(item, mandate):
        raise Refused("Vous l’avez déjà dit pour ce point : rouvrez sa page.")
    made = Withdrawal.objects.create(
        item=item, sitting=sitting, mandate=mandate, ground=Ground(ground), why=why.strip(), by=by
    )
    log(item, "council.withdrawal.declare", user=by, data={"who": str(mandate), "ground": str(made.ground)})
    _tell("withdrawal_declared", made, by=by)
    return made


@transaction.atomic
def take_back(*, item: AgendaItemPage, by: User) -> Withdrawal:
    """Before the sitting. Raises PermissionDenied, Refused."""
    tree.one_writer()
    _sitting, mandate = _member(item, by)
    found = queries.of_member(item, mandate)
    if found is None:
        raise Refused("Vous prenez part à cette affaire : il n’y a rien à reprendre.")
    found.ended_at = timezone.now()
    found.save(update_fields=["ended_at"])
    log(item, "council.withdrawal.end", user=by, data={"who": str(mandate)})
    _tell("withdrawal_ended", found, by=by)
    return found


def _tell(kind: str, withdrawal: Withdrawal, *, by: User) -> None:
    """Who manages the sitting: the roll, the quorum and the pouvoirs of that item follow from it."""
    item = withdrawal.item
    for person in who_answers(withdrawal.sitting):
        if person != by and permissions.can_view(person, item):
            notices.tell(kind=kind, to=person, page=item, by=by, withdrawal=withdrawal.pk, who=str(withdrawal.mandate))


def _member(item: AgendaItemPage, by: User) -> tuple[SittingPage, Mandate]:
    sitting = sitting_of(item)
    mandate = own(sitting, by) if sitting and permissions.can_view(by, item) else None
    if sitting is None or mandate is None:
        raise PermissionDenied("Seuls les membres convoqués à cette séance le disent, chacun pour soi.")
    if sitting.starts_at <= timezone.now():
        raise Refused("La séance a commencé : dites-le au président avant le débat, il le fait noter.")
    return sitting, mandate
