"""Deeds on jobs: ask for one, do one, try one again."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from kb.work import registry
from kb.work.models import UNFINISHED, Job, JobState, Queue
from kb.work.reasons import in_french

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
FIRST_DELAY = timedelta(seconds=20)
DELAY_GROWS = 4  # 20 s, 80 s, 5 min, 21 min


class LeaseLost(Exception):
    """The job was given to another worker meanwhile: stop, nothing more that is said here counts."""


@transaction.atomic
def enqueue(
    *,
    kind: str,
    payload: dict[str, Any] | None = None,
    queue: str = Queue.QUICK,
    key: str = "",
    due_at: datetime | None = None,
    requested_by: Any = None,
) -> Job:
    """Writes a job in the caller's transaction; the bell rings when it commits.

    With a `key`, the job that is already waiting is returned instead of a second one, due at the earlier of
    the two moments, with the newer payload. One that is running is done once more afterwards: it may have
    read the data before they changed.
    """
    wanted: dict[str, Any] = {"payload": payload or {}, "due_at": due_at or timezone.now()}
    if key and (known := _asked_again(key, **wanted)):
        return known
    person = requested_by if requested_by is not None and requested_by.pk else None
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, queue=queue, key=key, requested_by=person, **wanted)
    except IntegrityError:  # another process wrote the same key at the same moment
        known = _asked_again(key, **wanted) if key else None
        if known is None:
            raise
        return known
    _ring_on_commit(job)
    return job


def _asked_again(key: str, *, payload: dict[str, Any], due_at: datetime) -> Job | None:
    # Locked until the caller commits: a worker must not start on data that are not there yet.
    job = Job.objects.select_for_update().filter(key=key, state__in=UNFINISHED).first()
    if job is None:
        return None
    sooner = job.state == JobState.RUNNING or due_at < job.due_at
    if sooner or job.payload != payload:
        job.due_at = due_at if sooner else job.due_at
        job.payload = payload
        job.save(update_fields=["due_at", "payload"])
    if sooner and job.state == JobState.WAITING:
        _ring_on_commit(job)
    return job


def _ring_on_commit(job: Job) -> None:
    def ring_it() -> None:  # not a partial: Django names a robust function that failed by its __qualname__
        ring(job.pk, job.queue)

    # Robust: what the caller did is committed, and the supervisor rings again for a bell that was lost.
    if job.due_at <= timezone.now():
        transaction.on_commit(ring_it, robust=True)


def ring(job_id: int, queue: str) -> None:
    """Tells the workers of the queue; a bell that does not ring is rung again by the supervisor."""
    from kb.work.tasks import do_job

    do_job.using(queue_name=queue).enqueue(job_id)


def run(job_id: int) -> bool:
    """Does a job that is waiting, or whose worker died. True if it was done here; nothing is done twice at once."""
    claim = _claim(job_id)
    if claim is None:
        return False
    job = Job.objects.get(pk=job_id)
    try:
        registry.handler_of(job.kind)(job.payload, progress=partial(_progress, job_id, claim))
    except LeaseLost:
        logger.warning("Job %s (%s) was given to another worker", job_id, job.kind)
        return False
    except Exception as error:  # whatever a handler raises is written down and tried again
        logger.exception("Job %s (%s) failed", job_id, job.kind)
        _put_back(job, claim, error)
        return False
    except BaseException:  # the worker is told to stop now: the next one starts it again, without waiting
        _held(job_id, claim).update(state=JobState.WAITING, lease_until=None, attempts=F("attempts") - 1)
        raise
    return _finish(job, claim)


def _claim(job_id: int) -> datetime | None:
    """The moment of the claim, which names it from then on; None when the job is not to be taken."""
    now = timezone.now()
    free = Job.objects.filter(pk=job_id, state=JobState.WAITING, due_at__lte=now)
    orphaned = Job.objects.filter(
        pk=job_id, state=JobState.RUNNING, lease_until__lt=now, attempts__lt=F("max_attempts")
    )
    taken = {
        "state": JobState.RUNNING,
        "started_at": now,
        "lease_until": now + LEASE,
        "attempts": F("attempts") + 1,
    }
    return now if free.update(**taken) or orphaned.update(**taken) else None


def _held(job_id: int, claim: datetime) -> QuerySet[Job]:
    return Job.objects.filter(pk=job_id, state=JobState.RUNNING, started_at=claim)


def _progress(job_id: int, claim: datetime, done: int = 0, total: int = 0) -> None:
    """Says how far a job is, and keeps its lease. Raises LeaseLost."""
    lease = timezone.now() + LEASE
    if not _held(job_id, claim).update(progress_done=done, progress_total=total, lease_until=lease):
        raise LeaseLost(f"job {job_id}")


def _finish(job: Job, claim: datetime) -> bool:
    held, over = _held(job.pk, claim), {"lease_until": None, "reason": ""}
    if held.filter(due_at__lte=claim).update(state=JobState.DONE, finished_at=timezone.now(), **over):
        return True
    if held.update(state=JobState.WAITING, attempts=0, **over):  # asked for again while it ran
        ring(job.pk, job.queue)
        return True
    logger.warning("Job %s (%s) ended after another worker took it", job.pk, job.kind)
    return False


def _put_back(job: Job, claim: datetime, error: Exception) -> None:
    over = job.attempts >= job.max_attempts
    _held(job.pk, claim).update(
        state=JobState.FAILED if over else JobState.WAITING,
        reason=in_french(error),
        lease_until=None,
        due_at=timezone.now() + FIRST_DELAY * DELAY_GROWS ** (job.attempts - 1),
        finished_at=timezone.now() if over else None,
    )


@transaction.atomic
def retry(*, job: Job) -> bool:
    """A failed job is tried again, from the start of its attempts. False if it is no longer failed, or if
    another with its key waits already.
    """
    if job.key and Job.objects.filter(key=job.key, state__in=UNFINISHED).exists():
        return False
    updated = Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
        state=JobState.WAITING, attempts=0, due_at=timezone.now(), finished_at=None
    )
    if updated:
        job.refresh_from_db()
        _ring_on_commit(job)
    return bool(updated)


def drain() -> int:
    """Does all that is due, here and now (tests have no worker). Returns how many were done."""
    due = Job.objects.filter(state=JobState.WAITING, due_at__lte=timezone.now()).order_by("due_at", "pk")
    return sum(run(job_id) for job_id in list(due.values_list("pk", flat=True)))
