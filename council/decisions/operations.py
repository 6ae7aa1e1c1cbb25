"""Deeds of the maire's decisions: note a delegation, write a draft, take it. Each asks the right, changes, logs."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from wagtail.log_actions import log

from council.decisions import queries
from council.decisions.models import Decision, DelegatedPower
from council.decisions.points import POINTS
from council.members.models import Instance
from kb.people.account import User
from kb.refusals import Refused
from kb.typography import day

decision_taken = Signal()  # decision=: numbered in this transaction


def _require(by: User, instance: Instance) -> None:
    if not queries.keeps(by, instance):
        raise PermissionDenied(f"Seuls les responsables des séances tiennent les actes de « {instance} ».")


@transaction.atomic
def note_delegation(
    *, instance: Instance, deliberation: str, since: date, points: list[int], until: date | None, by: User
) -> DelegatedPower:
    """What the council delegated, by which délibération. Raises PermissionDenied, Refused."""
    _require(by, instance)
    if not points or not set(points) <= set(POINTS):
        raise Refused("Cochez au moins une des matières que la délibération délègue.")
    if until is not None and until <= since:
        raise Refused("Une délégation finit après son début : corrigez l’une des deux dates.")
    if instance.delegations.filter(deliberation=deliberation.strip()).exists():
        raise Refused(f"La délibération {deliberation.strip()} est déjà notée : choisissez-la dans la décision.")
    noted = DelegatedPower.objects.create(
        instance=instance,
        deliberation=deliberation.strip(),
        since=since,
        until=until,
        points=sorted(points),
        noted_by=by,
    )
    log(instance, "council.delegation.note", user=by, data={"deliberation": noted.deliberation})
    return noted


@transaction.atomic
def write(*, decision: Decision, by: User) -> Decision:
    """A draft, new or written again. Raises PermissionDenied, Refused (it is taken)."""
    _require(by, decision.instance)
    if decision.pk and Decision.objects.select_for_update().get(pk=decision.pk).number:
        raise Refused(
            f"La décision {decision.number} est prise : elle ne change plus. Prenez-en une autre qui la modifie."
        )
    if not decision.pk:
        decision.written_by = by
    decision.save()
    return decision


@transaction.atomic
def take(*, decision: Decision, by: User) -> Decision:
    """The draft gets its number in the register of the year, and never changes. Raises PermissionDenied, Refused."""
    # The instance is locked: two decisions taken at once have two numbers.
    instance = Instance.objects.select_for_update().get(pk=decision.instance_id)
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    _require(by, instance)
    _check(decision)
    decision.year = decision.taken_on.year
    decision.rank = queries.next_rank(instance, decision.year)
    decision.number = f"DEC_{decision.year}_{decision.rank:03d}"
    if Decision.objects.filter(number=decision.number).exists():  # two instances of one town share its addresses
        decision.number = f"DEC{instance.pk}_{decision.year}_{decision.rank:03d}"
    decision.numbered_at, decision.numbered_by = timezone.now(), by
    decision.quality = decision.signer.office
    decision.save()
    log(instance, "council.decision.take", user=by, data={"number": decision.number})
    decision_taken.send(Decision, decision=decision, by=by)
    return decision


def _check(decision: Decision) -> None:
    if decision.number:
        raise Refused(f"La décision {decision.number} est déjà prise.")
    if decision.delegation is None or decision.point is None:
        raise Refused(
            "Une décision du maire repose sur une délégation du conseil (art. L2122-22) : choisissez la délibération et la "
            "matière déléguée. Si la délibération manque, notez-la sous « Délégations »."
        )
    if not decision.delegation.covers(decision.point, decision.taken_on):
        raise Refused(
            f"La {decision.delegation} ne couvre pas « {POINTS[decision.point]} » au {day(decision.taken_on)} : choisissez "
            "une autre délégation, ou portez l’affaire au conseil."
        )
    if decision.taken_on > timezone.localdate():
        raise Refused(f"Le {day(decision.taken_on)} n’est pas encore passé : prenez la décision ce jour-là.")
    last = decision.instance.decisions.filter(year=decision.taken_on.year).order_by("-rank").first()
    if last is not None and last.taken_on > decision.taken_on:
        raise Refused(
            f"La décision {last.number} est du {day(last.taken_on)} : le registre suit les dates, donnez ce jour-là ou un "
            "jour d’après."
        )
