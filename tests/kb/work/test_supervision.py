"""The clock: bells rung again, killers given up, routines neither doubled nor forgotten, old rows gone."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from kb.work import operations as work
from kb.work import supervision
from kb.work.models import Job, JobState, Routine
from kb.work.registry import Schedule, routines

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
PARIS = ZoneInfo("Europe/Paris")


def ago(**how_long: int) -> datetime:
    return timezone.now() - timedelta(**how_long)


def a_task(path: str, status: str, *, started: datetime, args: tuple[Any, ...] = (), tries: int = 1) -> DBTaskResult:
    task: DBTaskResult = DBTaskResult.objects.create(
        task_path=path,
        status=status,
        args_kwargs={"args": list(args), "kwargs": {}},
        run_after=started,
        backend_name="default",
        started_at=started,
        worker_ids=["w"] * tries,
        finished_at=None if status in {TaskResultStatus.READY, TaskResultStatus.RUNNING} else started,
    )
    return task


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The jobs that somebody rang for."""
    heard: list[int] = []
    monkeypatch.setattr(work, "ring", lambda job_id, queue: heard.append(job_id))
    return heard


@pytest.fixture
def routine() -> Iterator[Callable[[str, Schedule], None]]:
    """Only the routines of one test."""
    before = dict(routines)
    routines.clear()
    yield routines.__setitem__
    routines.clear()
    routines.update(before)


def test_it_rings_for_what_nobody_does(rung: list[int]) -> None:
    unheard = Job.objects.create(kind="note", due_at=ago(minutes=2))
    orphaned = Job.objects.create(kind="note", state=JobState.RUNNING, lease_until=ago(minutes=1))
    Job.objects.create(kind="note", due_at=timezone.now() + timedelta(minutes=2))
    Job.objects.create(kind="note")
    Job.objects.create(kind="note", state=JobState.RUNNING, lease_until=timezone.now() + timedelta(minutes=1))
    Job.objects.create(kind="note", state=JobState.FAILED, due_at=ago(minutes=2))
    assert supervision.ring_again() == 2
    assert sorted(rung) == [unheard.pk, orphaned.pk]


def test_it_rings_at_once_for_what_was_planned(rung: list[int]) -> None:
    planned = Job.objects.create(kind="note")
    Job.objects.filter(pk=planned.pk).update(created_at=ago(hours=1), due_at=ago(seconds=1))
    assert supervision.ring_again() == 1


def test_it_does_not_ring_twice_before_somebody_hears(rung: list[int]) -> None:
    job = Job.objects.create(kind="note", due_at=ago(minutes=2))
    a_task(supervision.BELL, TaskResultStatus.READY, started=ago(minutes=2), args=(job.pk,))
    assert supervision.ring_again() == 0


def test_a_job_that_kills_every_worker_is_given_up() -> None:
    killer = Job.objects.create(kind="note", state=JobState.RUNNING, attempts=5, lease_until=ago(minutes=1))
    young = Job.objects.create(kind="note", state=JobState.RUNNING, attempts=4, lease_until=ago(minutes=1))
    assert work.run(killer.pk) is False
    assert supervision.give_up() == 1
    killer.refresh_from_db()
    young.refresh_from_db()
    assert (killer.state, killer.reason) == (JobState.FAILED, supervision.KILLER)
    assert young.state == JobState.RUNNING


def test_tasks_left_running_are_put_back_or_closed() -> None:
    held = Job.objects.create(kind="a", state=JobState.RUNNING, lease_until=timezone.now() + timedelta(minutes=3))
    gone = Job.objects.create(kind="b", state=JobState.DONE)
    running, long_ago = TaskResultStatus.RUNNING, ago(hours=1)
    tasks = {
        "held bell": a_task(supervision.BELL, running, started=long_ago, args=(held.pk,)),
        "dead bell": a_task(supervision.BELL, running, started=long_ago, args=(gone.pk,)),
        "wagtail's": a_task("wagtail.tasks.update_reference_index_task", running, started=long_ago),
        "killer": a_task("wagtail.tasks.update_reference_index_task", running, started=long_ago, tries=3),
        "young": a_task("wagtail.tasks.update_reference_index_task", running, started=ago(minutes=1)),
    }
    assert supervision.unstick() == 3
    assert {name: DBTaskResult.objects.get(pk=task.pk).status for name, task in tasks.items()} == {
        "held bell": "RUNNING",
        "dead bell": "FAILED",
        "wagtail's": "READY",
        "killer": "FAILED",
        "young": "RUNNING",
    }


def test_what_dead_workers_were_doing_is_taken_up_at_once(rung: list[int]) -> None:
    later = timezone.now() + timedelta(minutes=4)
    slow = Job.objects.create(kind="a", queue="slow", state=JobState.RUNNING, lease_until=later)
    quick = Job.objects.create(kind="b", queue="quick", state=JobState.RUNNING, lease_until=later)
    bell = a_task(supervision.BELL, TaskResultStatus.RUNNING, started=timezone.now(), args=(slow.pk,))
    DBTaskResult.objects.update(queue_name="slow")
    own = a_task("wagtail.tasks.update_reference_index_task", TaskResultStatus.RUNNING, started=timezone.now())
    assert supervision.workers_died("slow") == 1
    assert supervision.ring_again() == 1
    assert rung == [slow.pk]
    assert supervision.workers_died("default", "quick") == 1
    assert supervision.ring_again() == 2
    assert set(rung) == {slow.pk, quick.pk}
    assert [DBTaskResult.objects.get(pk=task.pk).status for task in (bell, own)] == ["FAILED", "READY"]


def test_old_rows_go_and_failures_stay() -> None:
    old = ago(days=8)
    a_task("x.y", TaskResultStatus.SUCCESSFUL, started=old)
    kept = a_task("x.y", TaskResultStatus.FAILED, started=ago(days=6))
    Job.objects.create(kind="old", state=JobState.DONE, finished_at=old)
    Job.objects.create(kind="recent", state=JobState.DONE, finished_at=ago(days=6))
    Job.objects.create(kind="failed", state=JobState.FAILED, finished_at=old)
    supervision.prune()
    assert list(DBTaskResult.objects.all()) == [kept]
    assert set(Job.objects.values_list("kind", flat=True)) == {"recent", "failed"}


# Routines


def test_a_routine_runs_when_due_even_after_a_restart(routine: Any) -> None:
    runs: list[int] = []
    routine("hourly", Schedule(lambda: runs.append(1), every=timedelta(hours=1)))
    assert [supervision.run_due_routines(), supervision.run_due_routines()] == [["hourly"], []]
    Routine.objects.update(last_run_at=ago(minutes=61))
    assert supervision.run_due_routines() == ["hourly"]
    assert len(runs) == 2


def test_one_that_fails_stops_no_other(routine: Any) -> None:
    runs: list[int] = []
    routine("broken", Schedule(lambda: 1 / 0, every=timedelta(hours=1)))
    routine("sound", Schedule(lambda: runs.append(1), every=timedelta(hours=1)))
    assert supervision.run_due_routines() == ["sound"]
    assert (runs, supervision.run_due_routines()) == ([1], [])


def test_a_nightly_one_that_fails_is_not_forgotten(routine: Any) -> None:
    routine("backup", Schedule(lambda: 1 / 0, at=(3, 10)))
    assert supervision.run_due_routines() == []
    assert not Routine.objects.exists()


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, (2026, 11, 24, 9, 0), True),
        ((2026, 11, 23, 3, 10), (2026, 11, 24, 3, 9), False),
        ((2026, 11, 23, 3, 10), (2026, 11, 24, 3, 10), True),
        ((2026, 11, 24, 3, 10), (2026, 11, 24, 23, 0), False),
        ((2026, 11, 22, 3, 10), (2026, 11, 24, 2, 0), True),  # the machine was off last night
        ((2026, 3, 28, 3, 10), (2026, 3, 29, 3, 10), True),  # the night that has no 2 h 30
        ((2026, 10, 25, 3, 10), (2026, 10, 25, 3, 50), False),  # the night that has two
    ],
)
def test_a_night(last: tuple[int, ...] | None, now: tuple[int, ...], due: bool) -> None:
    def moment(parts: tuple[int, ...]) -> datetime:
        return datetime(*parts, tzinfo=PARIS).astimezone(UTC)  # type: ignore[misc,arg-type]

    assert Schedule(lambda: None, at=(3, 10)).is_due(moment(last) if last else None, moment(now)) is due


def test_the_real_routines() -> None:
    assert {name: schedule.every or schedule.at for name, schedule in routines.items()} == {
        "kb.work.supervision.unstick": timedelta(minutes=5),
        "kb.work.supervision.prune": timedelta(hours=1),
        "kb.work.publishing.ask_for_planned": timedelta(minutes=1),
        "kb.backup.tasks.ask_for_backup": (3, 10),
        "kb.documents.tasks.sweep_sandboxes": timedelta(hours=1),
        "kb.documents.tasks.ask_for_sweeping": (4, 20),
        "kb.documents.extraction.tasks.take_up_readings": timedelta(minutes=15),
        "kb.access.tasks.ask_for_comparing": (4, 40),
        "kb.exchange.tasks.ask_for_tidying": (4, 35),
        "kb.notices.tasks.ask_for_digests": (6, 30),
        "council.papers.tasks.keep_ready": timedelta(minutes=10),
        "council.convening.tasks.end_buttons": (0, 10),
        "council.frozen.tasks.copy_what_was_convened_before": (0, 20),
        "council.pouvoirs.tasks.end_pouvoirs": (0, 12),
        "council.follow_up.tasks.remind": (5, 20),
        "search.tasks.ask_for_missing_entries": (3, 20),
    }
