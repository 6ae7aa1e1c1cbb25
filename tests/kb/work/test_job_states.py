"""What a job goes through: its bell, its key, its failures in French, and the claim that fences its worker."""

import errno
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from kb.documents.extraction.sandbox import TookTooLong
from kb.people.models import User
from kb.refusals import Refused
from kb.work import operations as work
from kb.work.models import Job, JobState
from kb.work.reasons import in_french

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
MINUTE = timedelta(minutes=1)


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def make_due(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - MINUTE)


def expire_lease(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - MINUTE)


def test_it_is_given_its_payload_and_tells_its_progress(handler: Any) -> None:
    seen = []

    @handler
    def note(payload: dict[str, Any], *, progress: Any) -> None:
        progress(1, 2)
        seen.append((payload, Job.objects.get().progress_done, Job.objects.get().progress_total))

    job = work.enqueue(kind="note", payload={"page": 3})
    assert work.run(job.pk) is True
    assert seen == [({"page": 3}, 1, 2)]
    done = fresh(job)
    assert (done.state, done.reason, done.lease_until) == (JobState.DONE, "", None)
    assert done.finished_at is not None


def test_it_waits_for_its_hour(handler: Any) -> None:
    handler(lambda payload, progress: None)
    job = work.enqueue(kind="<lambda>", due_at=timezone.now() + MINUTE)
    assert work.run(job.pk) is False
    make_due(job)
    assert work.run(job.pk) is True


def test_the_bell_rings_on_commit_and_not_for_later(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[tuple[int, str]] = []
    monkeypatch.setattr(work, "ring", lambda job_id, queue: rung.append((job_id, queue)))
    with django_capture_on_commit_callbacks(execute=True):
        now = work.enqueue(kind="note", queue="slow")
        work.enqueue(kind="note", due_at=timezone.now() + MINUTE)
        assert rung == []
    assert rung == [(now.pk, "slow")]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_bell_that_cannot_ring_does_not_fail_what_was_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(job_id: int, queue: str) -> None:
        raise RuntimeError("no bell")

    monkeypatch.setattr(work, "ring", broken)
    with transaction.atomic():
        work.enqueue(kind="note")
    assert Job.objects.get().state == JobState.WAITING


def test_it_remembers_who_asked(town: Any) -> None:
    assert work.enqueue(kind="note", requested_by=town.elu).requested_by == town.elu
    assert work.enqueue(kind="note", requested_by=User()).requested_by is None


# Keys


def test_one_job_for_many_requests_with_the_newest_payload() -> None:
    first = work.enqueue(kind="note", key="a", payload={"n": 1}, due_at=timezone.now() + MINUTE)
    second = work.enqueue(kind="note", key="a", payload={"n": 2})
    other = work.enqueue(kind="note", key="b")
    assert (first.pk == second.pk, first.pk == other.pk) == (True, False)
    kept = fresh(first)
    assert kept.payload == {"n": 2}
    assert kept.due_at <= timezone.now()


def test_asked_for_while_it_runs_it_is_done_once_more(handler: Any) -> None:
    seen = []

    @handler
    def note(payload: dict[str, Any], *, progress: Any) -> None:
        seen.append(payload["n"])
        if payload["n"] == 1:
            assert work.enqueue(kind="note", key="a", payload={"n": 2}).pk == job.pk

    job = work.enqueue(kind="note", key="a", payload={"n": 1})
    assert work.run(job.pk) is True
    assert (fresh(job).state, fresh(job).attempts) == (JobState.WAITING, 0)
    assert work.run(job.pk) is True
    assert (seen, fresh(job).state) == ([1, 2], JobState.DONE)


def test_the_database_holds_the_key() -> None:
    Job.objects.create(kind="note", key="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="note", key="a", state=JobState.RUNNING)
    Job.objects.create(kind="note", key="a", state=JobState.FAILED)
    Job.objects.create(kind="note")
    Job.objects.create(kind="note")


# Failures


def test_it_fails_in_french_after_five_attempts_further_and_further_apart(handler: Any) -> None:
    @handler
    def note(payload: dict[str, Any], *, progress: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    job = work.enqueue(kind="note")
    delays = []
    for _ in range(4):
        assert work.run(job.pk) is False
        assert fresh(job).state == JobState.WAITING
        delays.append(round((fresh(job).due_at - timezone.now()).total_seconds()))
        make_due(job)
    assert delays == [20, 80, 320, 1280]
    work.run(job.pk)
    failed = fresh(job)
    assert (failed.state, failed.attempts, failed.reason, failed.lease_until) == (
        JobState.FAILED,
        5,
        "Le disque est plein. Libérez de la place, puis réessayez.",
        None,
    )


def test_a_person_tries_it_again(handler: Any) -> None:
    handler(lambda payload, progress: None)
    job = Job.objects.create(kind="<lambda>", key="a", state=JobState.FAILED, attempts=5, reason="Non.")
    assert work.retry(job=job) is True
    assert work.retry(job=job) is False
    assert work.run(job.pk) is True
    done = fresh(job)
    assert (done.state, done.attempts, done.reason) == (JobState.DONE, 1, "")


def test_a_retry_gives_way_to_the_job_that_waits() -> None:
    job = Job.objects.create(kind="note", key="a", state=JobState.FAILED)
    work.enqueue(kind="note", key="a")
    assert work.retry(job=job) is False


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Refused("Cette page est gelée."), "Cette page est gelée."),
        (ValidationError(["Trop court.", "Trop simple."]), "Trop court. Trop simple."),
        (TimeoutError(), "Personne n’a répondu à temps."),
        (TookTooLong("wall clock"), "Le fichier est abîmé, ou il demande trop de temps ou de mémoire."),
        (ConnectionRefusedError(), "La connexion a été refusée ou coupée."),
        (User.DoesNotExist("User matching query"), "Ce qu’il fallait traiter n’existe plus."),
        (ValueError("bad"), "Erreur imprévue, à signaler : ValueError (bad)."),
        (Refused(), "Erreur imprévue, à signaler : Refused ()."),
    ],
)
def test_reasons_are_french(error: Exception, reason: str) -> None:
    assert in_french(error) == reason


def test_a_reason_is_never_too_long() -> None:
    assert len(in_french(ValueError("é" * 5000))) == 1000


# Leases


def test_a_slow_worker_cannot_overwrite_the_one_that_took_its_place(handler: Any) -> None:
    ends = []

    @handler
    def note(payload: dict[str, Any], *, progress: Any) -> None:
        ends.append("slow")
        expire_lease(job)
        assert work._claim(job.pk) is not None

    job = work.enqueue(kind="note")
    assert work.run(job.pk) is False
    assert (fresh(job).state, fresh(job).attempts, ends) == (JobState.RUNNING, 2, ["slow"])


def test_progress_keeps_the_lease_or_says_that_it_is_lost(handler: Any) -> None:
    @handler
    def note(payload: dict[str, Any], *, progress: Any) -> None:
        expire_lease(job)
        progress(1, 3)
        lease = fresh(job).lease_until
        assert lease is not None and lease > timezone.now() + 4 * MINUTE
        expire_lease(job)
        work._claim(job.pk)
        progress(2, 3)
        raise AssertionError("the lease is lost")

    job = work.enqueue(kind="note")
    assert work.run(job.pk) is False
    assert (fresh(job).state, fresh(job).progress_done, fresh(job).reason) == (JobState.RUNNING, 1, "")


def test_a_worker_told_to_stop_now_gives_the_job_back(handler: Any) -> None:
    @handler
    def note(payload: dict[str, Any], *, progress: Any) -> None:
        raise SystemExit(1)

    job = work.enqueue(kind="note")
    with pytest.raises(SystemExit):
        work.run(job.pk)
    assert (fresh(job).state, fresh(job).attempts, fresh(job).lease_until) == (JobState.WAITING, 0, None)


def test_drain_does_what_is_due_in_order(handler: Any) -> None:
    seen: list[int] = []
    handler(lambda payload, progress: seen.append(payload["n"]))
    for number in (1, 2, 3):
        work.enqueue(kind="<lambda>", payload={"n": number})
    work.enqueue(kind="<lambda>", payload={"n": 4}, due_at=timezone.now() + MINUTE)
    assert (work.drain(), seen) == (3, [1, 2, 3])
