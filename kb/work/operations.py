"""Deeds on jobs: ask for one, do one, try one again."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kb.work import registry
from kb.work.models import UNFINISHED, Job, JobState, Queue

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
FIRST_DELAY = timedelta(seconds=20)


def enqueue(
    *, kind: str, payload: dict[str, Any] | None = None, queue: str = Queue.QUICK, key: str = "",
    due_at: datetime | None = None, requested_by: Any = None,
) -> Job:  # fmt: skip
    """Writes a job in the caller's transaction; the bell rings when it commits.

    With a `key`, the job that is already waiting is returned instead of a second one.
    """
    if key:
        known = Job.objects.filter(key=key, state__in=UNFINISHED).first()
        if known:
            return known
    person = requested_by if requested_by is not None and requested_by.pk else None
    job = Job.objects.create(
        kind=kind, payload=payload or {}, queue=queue, key=key, requested_by=person,
        due_at=due_at or timezone.now(),
    )  # fmt: skip
    if due_at is None:
        transaction.on_commit(partial(ring, job.pk, queue))
    return job


def ring(job_id: int, queue: str) -> None:
    """Tells the workers of the queue; a bell that does not ring is rung again by the supervisor."""
    from kb.work.tasks import do_job

    do_job.using(queue_name=queue).enqueue(job_id)


def run(job_id: int) -> bool:
    """Does a job that is waiting, or whose worker died. True if it was done here; nothing is done twice at once."""
    if not _claim(job_id):
        return False
    job = Job.objects.get(pk=job_id)
    try:
        registry.handler_of(job.kind)(job.payload, progress=partial(progress, job_id))
    except Exception as error:  # whatever a handler raises is written down and tried again
        logger.exception("Job %s (%s) failed", job_id, job.kind)
        _put_back(job, error)
        return False
    Job.objects.filter(pk=job_id).update(state=JobState.DONE, finished_at=timezone.now(), lease_until=None, reason="")
    return True


def _claim(job_id: int) -> bool:
    now = timezone.now()
    free = Job.objects.filter(pk=job_id, state=JobState.WAITING, due_at__lte=now)
    orphaned = Job.objects.filter(pk=job_id, state=JobState.RUNNING, lease_until__lt=now)
    taken = {
        "state": JobState.RUNNING, "started_at": now, "lease_until": now + LEASE,
        "attempts": F("attempts") + 1,
    }  # fmt: skip
    return bool(free.update(**taken) or orphaned.update(**taken))


def progress(job_id: int, done: int, total: int = 0) -> None:
    """Says how far a job is, and keeps its lease."""
    Job.objects.filter(pk=job_id, state=JobState.RUNNING).update(
        progress_done=done, progress_total=total, lease_until=timezone.now() + LEASE
    )


def _put_back(job: Job, error: Exception) -> None:
    reason = str(error)[:1000] or type(error).__name__
    over = job.attempts >= job.max_attempts
    Job.objects.filter(pk=job.pk).update(
        state=JobState.FAILED if over else JobState.WAITING,
        reason=reason,
        lease_until=None,
        due_at=timezone.now() + FIRST_DELAY * 4 ** (job.attempts - 1),
        finished_at=timezone.now() if over else None,
    )


def retry(*, job: Job) -> None:
    """A failed job is tried again, from the start of its attempts."""
    updated = Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
        state=JobState.WAITING, attempts=0, due_at=timezone.now(), finished_at=None
    )
    if updated:
        transaction.on_commit(partial(ring, job.pk, job.queue))


def drain() -> int:
    """Does all that is due, here and now (loading the demo, tests). Returns how many were done."""
    done = 0
    for job_id in Job.objects.filter(state=JobState.WAITING, due_at__lte=timezone.now()).values_list("pk", flat=True):
        done += run(job_id)
    return done
