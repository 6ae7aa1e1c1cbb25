"""What the supervisor does each minute: jobs left behind are rung again, routines run, old rows go."""

import logging
from datetime import timedelta

from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from kb.work import operations
from kb.work.models import Job, JobState, Routine
from kb.work.registry import every, routines

logger = logging.getLogger(__name__)
PATIENCE = timedelta(seconds=30)  # a bell just rung is given this long to be heard
STUCK_AFTER = timedelta(hours=2)
KEPT_DONE = timedelta(days=7)


def ring_again() -> int:
    """Rings for each job that is due and unheard, or whose worker died. Returns how many."""
    now = timezone.now()
    unheard = Q(state=JobState.WAITING, due_at__lt=now - PATIENCE)
    orphaned = Q(state=JobState.RUNNING, lease_until__lt=now)
    waiting = set(_rung())
    jobs = Job.objects.filter(unheard | orphaned).values_list("pk", "queue")[:200]
    count = 0
    for job_id, queue in jobs:
        if job_id not in waiting:
            operations.ring(job_id, queue)
            count += 1
    return count


def _rung() -> list[int]:
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path="kb.work.tasks.do_job")
    return [row["args"][0] for row in ready.values_list("args_kwargs", flat=True)[:2000] if row["args"]]


def run_due_routines() -> list[str]:
    """Runs each routine that is due; the row is written first, so two supervisors cannot both run it."""
    ran = []
    for name, schedule in routines.items():
        now = timezone.now()
        with transaction.atomic():
            row = Routine.objects.select_for_update().filter(name=name).first()
            if not schedule.is_due(row.last_run_at if row else None, now):
                continue
            Routine.objects.update_or_create(name=name, defaults={"last_run_at": now})
        try:
            schedule.run()
        except Exception:  # one routine's failure must not stop the others
            logger.exception("Routine %s failed", name)
            continue
        ran.append(name)
    return ran


def tick() -> None:
    """One turn of the supervisor."""
    run_due_routines()
    ring_again()


@every(minutes=1)
def publish_scheduled() -> None:
    """Publishes and unpublishes what was planned for now."""
    with transaction.atomic():
        call_command("publish_scheduled", verbosity=0)


@every(minutes=60)
def prune() -> None:
    """Forgets finished tasks and old finished jobs; a task whose worker died is closed."""
    now = timezone.now()
    old = now - KEPT_DONE
    finished = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    DBTaskResult.objects.filter(status__in=finished, finished_at__lt=old).delete()
    DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - STUCK_AFTER).update(
        status=TaskResultStatus.FAILED, finished_at=now
    )
    Job.objects.filter(state=JobState.DONE, finished_at__lt=old).delete()
