"""Deeds on instances and mandates. The town's responsables do them."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone
from wagtail.log_actions import log

from council.members import queries
from council.members.models import Delegation, Instance, Mandate, Population, WhyEnded
from kb import permissions
from kb.pages.models import HomePage
from kb.people.account import User
from kb.refusals import Refused
from kb.typography import day

# An instance was written, new or not: `instance`. In its transaction.
instance_settled = Signal()


def may_manage(person: Any) -> bool:
    """Whether the person keeps the council's table: a responsable of the town's page."""
    home = HomePage.objects.first()
    return home is not None and permissions.abilities(person, home)["manage_access"]


def _require(by: User) -> None:
    if not may_manage(by):
        raise PermissionDenied("Seuls les responsables de la commune tiennent le tableau du conseil.")


@transaction.atomic
def settle_instance(*, instance: Instance, inhabitants: int, since: date, by: User) -> Instance:
    """Writes an instance, new or not, and the population that rules it from a renewal on."""
    _require(by)
    instance.full_clean()
    instance.save()
    frozen, new = Population.objects.get_or_create(
        instance=instance, since=since, defaults={"inhabitants": inhabitants}
    )
    if not new and since > timezone.localdate():  # announced: frozen by the renewal alone
        Population.objects.filter(pk=frozen.pk).update(inhabitants=inhabitants)
    elif not new and frozen.inhabitants != inhabitants:
        raise Refused(
            f"La population retenue au renouvellement du {day(since)} est de {frozen.inhabitants} habitants, et vaut pour "
            "tout le mandat : donnez la date d’un autre renouvellement."
        )
    instance_settled.send(sender=Instance, instance=instance)
    log(instance, "council.instance.settle", user=by, data={"inhabitants": inhabitants, "since": since.isoformat()})
    return instance


@transaction.atomic
def add_member(*, mandate: Mandate, by: User) -> Mandate:
    """Somebody elected, in office or waiting on a list."""
    _require(by)
    mandate.full_clean()
    mandate.save()
    log(mandate, "council.mandate.begin", user=by)
    return mandate


@transaction.atomic
def end_mandate(
    *, mandate: Mandate, on: date, why: WhyEnded, letter: str, successor: Mandate | None, by: User
) -> Mandate:
    """A member leaves; the next of the list, where there is one, takes the seat the same day, last at the table."""
    _require(by)
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    if mandate.since is None or mandate.until is not None:
        raise Refused(f"{mandate} n’est pas en fonction : choisissez un membre du tableau.")
    if on < mandate.since:
        raise Refused(f"{mandate} est en fonction depuis le {day(mandate.since)} : donnez une date plus tardive.")
    mandate.until, mandate.why_ended, mandate.letter = on, why, letter
    mandate.save()
    mandate.delegations.filter(Q(until=None) | Q(until__gt=on), since__lte=on).update(until=on)
    if successor:
        _seat(successor, instead_of=mandate, on=on)
    log(
        mandate,
        "council.mandate.end",
        user=by,
        data={"why": str(WhyEnded(why).label), "successor": str(successor or "")},
    )
    return mandate


def _seat(successor: Mandate, *, instead_of: Mandate, on: date) -> None:
    if successor != queries.next_of_list(instead_of):
        raise Refused(f"{successor} n’est pas le suivant de la liste : rouvrez cette page pour voir qui l’est.")
    last = queries.in_office(instead_of.instance, on).order_by("-position").values_list("position", flat=True).first()
    successor.since, successor.position = on, (last or 0) + 1
    successor.save()


# Outside instances.


@transaction.atomic
def note_outside(*, instance: Instance, by: User) -> Instance:
    """Writes an outside instance, new or not: others convene it, and the product computes nothing of it."""
    _require(by)
    if instance.pk and not instance.outside:
        raise Refused(f"« {instance} » se réunit ici : changez ses réglages.")
    instance.outside, instance.body = True, "epci"
    instance.full_clean()
    instance.save()
    log(instance, "council.instance.outside", user=by)
    return instance


# Delegations.


@transaction.atomic
def delegate(*, delegation: Delegation, by: User) -> Delegation:
    """The maire delegates something to a member in office, from a day. Raises PermissionDenied, Refused."""
    _require(by)
    mandate = Mandate.objects.select_for_update().get(pk=delegation.mandate_id)
    if mandate.since is None or mandate.until is not None:
        raise Refused(f"{mandate} n’est pas en fonction : choisissez un membre du tableau.")
    if delegation.since < mandate.since:
        raise Refused(
            f"{mandate} est en fonction depuis le {day(mandate.since)} : donnez ce jour-là ou un jour d’après."
        )
    delegation.full_clean()
    delegation.save()
    log(mandate, "council.delegation.give", user=by, data={"words": delegation.words, "act": delegation.act})
    return delegation


@transaction.atomic
def end_delegation(*, delegation: Delegation, on: date, by: User) -> Delegation:
    """The delegation ends on that day; its row stays. Raises PermissionDenied, Refused."""
    _require(by)
    delegation = Delegation.objects.select_for_update().select_related("mandate").get(pk=delegation.pk)
    if on < delegation.since:
        raise Refused(f"La délégation commence le {day(delegation.since)} : donnez ce jour-là ou un jour d’après.")
    delegation.until = on
    delegation.save(update_fields=["until"])
    data = {"words": delegation.words, "on": on.isoformat()}
    log(delegation.mandate, "council.delegation.end", user=by, data=data)
    return delegation
