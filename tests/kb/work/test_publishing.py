"""What is planned is published at its hour; one that cannot be stops no other and is seen."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Revision

from kb.pages.models import ArticlePage
from kb.work import operations as work
from kb.work.models import Job, JobState
from kb.work.publishing import ask_for_planned

pytestmark = pytest.mark.both_databases


def minute_ago() -> datetime:
    return timezone.now() - timedelta(minutes=1)


def planned(town: Any, title: str) -> ArticlePage:
    """A draft approved for an hour that has just come."""
    page: ArticlePage = town.page(title, publish=False)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision(user=town.admin).publish(user=town.admin)
    approved, just_now = Revision.objects.get(approved_go_live_at__isnull=False, object_id=page.pk), minute_ago()
    approved.content["go_live_at"] = just_now.isoformat()
    approved.approved_go_live_at = just_now
    approved.save(update_fields=["content", "approved_go_live_at"])
    page.refresh_from_db()
    assert not page.live
    return page


def clock() -> None:
    ask_for_planned()
    work.drain()


def test_it_is_published_then_taken_back(town: Any) -> None:
    page = planned(town, "Marché de Noël")
    clock()
    page.refresh_from_db()
    assert page.live
    ArticlePage.objects.filter(pk=page.pk).update(expire_at=minute_ago())
    clock()
    page.refresh_from_db()
    assert (page.live, page.expired) == (False, True)
    clock()
    assert set(Job.objects.filter(kind__endswith="planned").values_list("kind", "state")) == {
        ("publish_planned", JobState.DONE),
        ("unpublish_planned", JobState.DONE),
    }


def test_one_that_fails_stops_no_other(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = planned(town, "Mauvaise"), planned(town, "Bonne")
    publish = Revision.publish

    def refuse(self: Revision, **kwargs: Any) -> None:
        if int(self.object_id) == bad.pk:
            raise ValueError("broken")
        publish(self, **kwargs)

    monkeypatch.setattr(Revision, "publish", refuse)
    clock()
    good.refresh_from_db()
    assert good.live
    job = Job.objects.get(kind="publish_planned", state=JobState.WAITING)
    Job.objects.filter(pk=job.pk).update(attempts=4, due_at=timezone.now())
    clock()
    clock()
    job.refresh_from_db()
    assert (job.state, Job.objects.filter(key=job.key).count()) == (JobState.FAILED, 1)


def test_taken_back_meanwhile_nothing_happens(town: Any) -> None:
    page = planned(town, "Reprise")
    ask_for_planned()
    Revision.objects.filter(object_id=page.pk).update(approved_go_live_at=None)
    work.drain()
    page.refresh_from_db()
    assert not page.live
