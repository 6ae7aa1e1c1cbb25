"""Deeds of the follow-up of an act: note the money and the contract, give a task, do it, remind."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from council.follow_up.models import FollowUp, Task
from council.publication.models import Act
from council.publication.operations import locked
from kb.notices import operations as notices
from kb.people.account import User
from kb.refusals import Refused
from kb.typography import day

BEFORE = timedelta(days=7)  # when the owner is reminded


@transaction.atomic
def note(*, act: Act, values: Mapping[str, Any], by: User) -> FollowUp:
    """The money, the contract, where it stands (fields of FollowUp). Raises PermissionDenied, Refused."""
    act = locked(act, by)
    if bool(values.get("budget_year")) != bool(values.get("budget_name")):
        raise Refused("Un budget se note avec son exercice : donnez les deux, ou aucun.")
    followed, _ = FollowUp.objects.update_or_create(
        act=act, defaults={**values, "changed_by": by, "changed_at": timezone.now()}
    )
    log(act.instance, "council.act.follow", user=by, data={"number": act.number})
    return followed


@transaction.atomic
def give_task(*, act: Act, what: str, owner: Any, service: str, due: date, by: User) -> Task:
    """Somebody has something to do about an act; he is told at once. Raises PermissionDenied, Refused."""
    act = locked(act, by)
    if not owner.is_active:
        raise Refused(f"Le compte de {owner} est fermé : confiez la tâche à quelqu’un d’autre.")
    if due < timezone.localdate():
        raise Refused(f"Le {day(due)} est passé : donnez un jour à venir.")
    task = Task.objects.create(act=act, what=what.strip(), owner=owner, service=service.strip(), due=due, made_by=by)
    if owner != by:
        _tell(task, "task_given", by=by)
    log(act.instance, "council.act.follow", user=by, data={"number": act.number, "owner": str(owner)})
    return task


@transaction.atomic
def finish(*, task: Task, on: date, words: str, by: User) -> Task:
    """Done, said by its owner or by who keeps the act; saying it again corrects it. Raises PermissionDenied, Refused."""
    task = Task.objects.select_for_update().select_related("act").get(pk=task.pk)
    if task.owner_id != by.pk:
        locked(task.act, by)
    if not by.is_active:
        raise PermissionDenied("Ce compte est fermé.")
    if on > timezone.localdate():
        raise Refused(f"Le {day(on)} n’est pas encore passé : notez la tâche une fois faite.")
    task.done_on, task.done_words, task.done_by = on, words.strip(), by
    task.save()
    log(task.act.instance, "council.act.follow", user=by, data={"number": task.act.number, "done": True})
    return task


def remind(today: date | None = None) -> int:
    """Each owner once the week before, once when the day has passed. Doing it twice changes nothing. Returns how many."""
    today, told = today or timezone.localdate(), 0
    waiting = Task.objects.filter(done_on=None, owner__is_active=True)
    soon = waiting.filter(reminded_on=None, due__gte=today, due__lte=today + BEFORE).exclude(made_at__date=today)
    for pk in [
        *soon.values_list("pk", flat=True),
        *waiting.filter(late_told_on=None, due__lt=today).values_list("pk", flat=True),
    ]:
        told += _remind(pk, today)
    return told


@transaction.atomic
def _remind(pk: int, today: date) -> int:
    task = Task.objects.select_for_update().select_related("act", "owner").get(pk=pk)
    late = task.due < today
    if task.done_on or (task.late_told_on if late else task.reminded_on):
        return 0
    if late:
        task.late_told_on = today
    else:
        task.reminded_on = today
    task.save(update_fields=["late_told_on", "reminded_on"])
    _tell(task, "task_late" if late else "task_due")
    return 1


def _tell(task: Task, kind: str, by: User | None = None) -> None:
    """In the journal, and by mail as the owner has chosen. A task is his: no page is needed to know of it."""
    notices.tell(
        kind=kind, to=task.owner, by=by, task=task.pk, what=task.what, act=str(task.act), due=task.due.isoformat()
    )
