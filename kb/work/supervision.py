"""What the supervisor does at each turn: jobs left behind are rung again, routines run, old rows go."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from kb.work import operations
from kb.work.models import Job, JobState, Routine
from kb.work.registry import Schedule, every, routines

logger = logging.getLogger(__name__)
BELL = "kb.work.tasks.do_job"
PATIENCE = timedelta(seconds=30)  # a bell just rung is given this long to be heard
FRESH = timedelta(seconds=1)  # a new job is rung for when its transaction commits
STUCK_AFTER = timedelta(minutes=15)  # Wagtail's own tasks take seconds
MOST_TRIES = 3  # for those tasks, which have no memory of ours
KEPT_DONE = timedelta(days=7)
AT_ONCE = 200
KILLER = (
    "Ce travail s’est arrêté net à chaque essai (mémoire épuisée, machine éteinte ?). "
    "Réessayez, et signalez-le s’il s’arrête encore."
)


def tick() -> None:
    """One turn of the supervisor."""
    run_due_routines()
    give_up()
    ring_again()


def give_up() -> int:
    """Fails the jobs whose worker died at every attempt: they would kill the next one too. Returns how many."""
    now = timezone.now()
    killers = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now, attempts__gte=F("max_attempts"))
    return killers.update(state=JobState.FAILED, finished_at=now, lease_until=None, reason=KILLER)


def ring_again() -> int:
    """Rings for each job that is due and unheard, or whose worker died. Returns how many."""
    now = timezone.now()
    unheard = Q(state=JobState.WAITING, due_at__lt=now - PATIENCE)
    # Put back after a failure, or planned for later: nobody rang for this moment.
    never_rung = Q(state=JobState.WAITING, due_at__lte=now, due_at__gt=F("created_at") + FRESH)
    orphaned = Q(state=JobState.RUNNING, lease_until__lt=now)
    jobs = Job.objects.filter(unheard | never_rung | orphaned).order_by("due_at").values_list("pk", "queue")[:AT_ONCE]
    rung = _rung() if jobs else set()
    left = [(job_id, queue) for job_id, queue in jobs if job_id not in rung]
    for job_id, queue in left:
        operations.ring(job_id, queue)
    return len(left)


def _rung() -> set[int]:
    """The jobs whose bell no worker has heard yet."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=BELL)
    return {said["args"][0] for said in ready.values_list("args_kwargs", flat=True).iterator()}


def run_due_routines() -> list[str]:
    """Runs each routine that is due, and returns their names. Two supervisors never both run one."""
    last = dict(Routine.objects.values_list("name", "last_run_at"))
    now = timezone.now()
    due = [name for name, schedule in routines.items() if schedule.is_due(last.get(name), now)]
    return [name for name in due if _run_routine(name, routines[name])]


def _run_routine(name: str, schedule: Schedule) -> bool:
    try:
        with transaction.atomic():
            if not _take_turn(name, schedule):
                return False
            if schedule.is_nightly:
                schedule.run()
        if not schedule.is_nightly:
            schedule.run()
    except Exception:  # one routine's failure must not stop the others
        logger.exception("Routine %s failed", name)
        return False
    return True


def _take_turn(name: str, schedule: Schedule) -> bool:
    now = timezone.now()
    row = Routine.objects.select_for_update().filter(name=name).first()
    if not schedule.is_due(row.last_run_at if row else None, now):
        return False  # another supervisor was quicker
    Routine.objects.update_or_create(name=name, defaults={"last_run_at": now})
    return True


def workers_died(*queues: str) -> int:
    """Takes up at once what the workers of these queues were doing, known to be dead. Returns how many tasks."""
    now = timezone.now()
    jobs = Job.objects.filter(state=JobState.RUNNING, queue__in=queues, lease_until__gte=now)
    jobs.update(lease_until=now - timedelta(seconds=1))
    tasks = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, queue_name__in=queues)
    return _put_back_or_close(tasks.iterator(), now)


@every(minutes=5)
def unstick() -> int:
    """Closes the tasks that a worker killed by `kill -9` left running. Returns how many."""
    now = timezone.now()
    return _put_back_or_close(_left_running(now), now)


def _put_back_or_close(tasks: Iterator[DBTaskResult[Any, Any]], now: datetime) -> int:
    """A bell is closed: its job will be rung for again. Wagtail's own tasks, idempotent, are put back."""
    count = 0
    for task in tasks:
        again = task.task_path != BELL and len(task.worker_ids) < MOST_TRIES
        status = TaskResultStatus.READY if again else TaskResultStatus.FAILED
        count += DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING).update(
            status=status, finished_at=None if again else now
        )
    return count


def _left_running(now: datetime) -> Iterator[DBTaskResult[Any, Any]]:
    held = set(Job.objects.filter(state=JobState.RUNNING, lease_until__gte=now).values_list("pk", flat=True))
    for task in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - STUCK_AFTER):
        if task.task_path != BELL or task.args_kwargs["args"][0] not in held:
            yield task


@every(minutes=60)
def prune() -> None:
    """Forgets finished tasks and old done jobs; failed jobs stay, for a person to see."""
    old = timezone.now() - KEPT_DONE
    finished = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    DBTaskResult.objects.filter(status__in=finished, finished_at__lt=old).delete()
    Job.objects.filter(state=JobState.DONE, finished_at__lt=old).delete()
