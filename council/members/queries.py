"""Reads about instances and mandates."""

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from council import rules
from council.members.models import Delegation, Instance, Mandate, Quorum


def held_on(day: date) -> Q:
    """Mandates held on that day, as a filter."""
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))


def letterhead(instance: Instance, target: str) -> bytes:
    """The instance's own model for papers in that format (« docx », « odt »); empty where it gave none."""
    model = instance.letterhead.current_version if instance.letterhead else None
    if model is None or model.kind != target:
        return b""
    with model.file.storage.open(str(model.file.name), "rb") as source:
        return bytes(source.read())


def seats_of(person: Any) -> QuerySet[Instance]:
    """The instances where the person sits today."""
    held = Mandate.objects.filter(held_on(timezone.localdate()), account=person.pk, account__isnull=False)
    return Instance.objects.filter(pk__in=held.values("instance"))


def in_office(instance: Instance, on: date) -> QuerySet[Mandate]:
    """The members in office on that day, in the order of the table."""
    return instance.mandates.filter(held_on(on)).select_related("account").order_by("position", "list_rank", "pk")


def quorum_rule(instance: Instance, on: date) -> rules.Rule | None:
    """The share of the members in office that must be exceeded, 0 for none; None where no row and no answer says it."""
    return rules.Instance(0, instance.department, instance.body, instance.answers).rule("quorum", on)


def quorum(instance: Instance, members: int, on: date) -> int | None:
    """How many of the members in office must be present; None where it is asked of nobody, or is not known."""
    rule = quorum_rule(instance, on)
    return int(members * rule.value) + 1 if rule and rule.value else None


def without_quorum(instance: Instance) -> str:
    """What is said where there is no figure: never another instance's."""
    if instance.own_quorum == Quorum.NONE:
        return "Sans condition de quorum"
    return "Sans quorum légal" if instance.body == "commission" else "Quorum à demander"


def delegations(instance: Instance, on: date) -> dict[int, list[Delegation]]:
    """Mandate's id → what is delegated to that member on that day, or will be. One query."""
    found: dict[int, list[Delegation]] = {}
    for one in Delegation.objects.filter(Q(until=None) | Q(until__gte=on), mandate__instance=instance):
        found.setdefault(one.mandate_id, []).append(one)
    return found


def waiting(instance: Instance) -> QuerySet[Mandate]:
    """Those of the lists who have no seat yet, in the order of their list."""
    return instance.mandates.filter(since__isnull=True, why_ended="").order_by("list_name", "list_rank", "pk")


def next_of_list(mandate: Mandate) -> Mandate | None:
    """Who takes the seat of that member (L270 code électoral): the next of the same list."""
    if not mandate.list_name:
        return None
    return (
        waiting(mandate.instance)
        .filter(list_name=mandate.list_name)
        .order_by(F("list_rank").asc(nulls_last=True))
        .first()
    )
