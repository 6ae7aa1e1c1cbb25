"""Jobs: done once, tried again, taken up when their worker dies."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kb.work import operations as work
from kb.work import registry, supervision
from kb.work.models import Job, JobState, Routine

pytestmark = pytest.mark.both_databases


@pytest.fixture
def done(monkeypatch):
    """A kind of job that writes down what it is given, and fails when told."""
    seen = []

    def handler(payload, **kwargs):
        seen.append(payload["n"])
        if payload["n"] < 0:
            raise ValueError("Le fichier est illisible.")

    monkeypatch.setitem(registry._handlers, "test", handler)
    return seen


def test_a_job_is_done_once(db, done):
    job = work.enqueue(kind="test", payload={"n": 1})
    assert work.run(job.pk) is True
    assert work.run(job.pk) is False
    job.refresh_from_db()
    assert (done, job.state, job.attempts) == ([1], JobState.DONE, 1)


def test_the_same_key_is_asked_once(db, done):
    first = work.enqueue(kind="test", payload={"n": 1}, key="a")
    assert work.enqueue(kind="test", payload={"n": 2}, key="a") == first
    work.run(first.pk)
    assert work.enqueue(kind="test", payload={"n": 3}, key="a") != first


def test_a_failure_is_written_and_tried_again_later(db, done):
    job = work.enqueue(kind="test", payload={"n": -1})
    for attempt in range(1, job.max_attempts + 1):
        Job.objects.update(due_at=timezone.now())
        assert work.run(job.pk) is False
        job.refresh_from_db()
        assert job.attempts == attempt
        assert "Le fichier est illisible." in job.reason
    assert job.state == JobState.FAILED
    work.retry(job=job)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)


def test_a_job_whose_worker_died_is_taken_up_when_its_lease_ends(db, done):
    job = work.enqueue(kind="test", payload={"n": 1})
    Job.objects.update(state=JobState.RUNNING, lease_until=timezone.now() + timedelta(minutes=1))
    assert work.run(job.pk) is False
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    rung = []
    supervision.operations.ring, ring = lambda job_id, queue: rung.append(job_id), supervision.operations.ring
    try:
        assert supervision.ring_again() == 1
    finally:
        supervision.operations.ring = ring
    assert rung == [job.pk]
    assert work.run(job.pk) is True


def test_a_rolled_back_deed_leaves_no_job(db, done):
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        work.enqueue(kind="test", payload={"n": 1})
        raise RuntimeError
    assert not Job.objects.exists()


def test_routines_run_when_due_and_once(db, monkeypatch):
    ran = []
    monkeypatch.setattr(
        supervision, "routines", {"r": registry.Schedule(lambda: ran.append(1), every=timedelta(hours=1))}
    )
    assert supervision.run_due_routines() == ["r"]
    assert supervision.run_due_routines() == []
    Routine.objects.update(last_run_at=timezone.now() - timedelta(hours=2))
    assert supervision.run_due_routines() == ["r"]
    assert ran == [1, 1]


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, "2026-03-29T02:00+01:00", True),
        ("2026-03-28T03:10+01:00", "2026-03-29T03:05+02:00", False),
        ("2026-03-28T03:10+01:00", "2026-03-29T03:11+02:00", True),
        ("2026-10-24T03:10+02:00", "2026-10-25T03:11+01:00", True),
        ("2026-10-25T03:10+01:00", "2026-10-25T23:00+01:00", False),
    ],
)
def test_the_night_is_the_towns_even_when_the_hour_changes(last, now, due):
    from datetime import datetime

    schedule = registry.Schedule(lambda: None, at=(3, 10))
    assert schedule.is_due(last and datetime.fromisoformat(last), datetime.fromisoformat(now)) is due
