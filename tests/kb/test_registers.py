"""The registers are the administrator's, and nobody edits them; a failed job is tried again."""

import pytest

from kb.exchange.models import ImportRecord
from kb.work.models import Job, JobState

REGISTERS = ("importrecord", "job", "backuprecord")


@pytest.mark.parametrize("name", REGISTERS)
def test_read_by_administrators_alone(town, agent, reader, name):
    ImportRecord.objects.create(file_name="plan.docx", state="refused", by=town.admin)
    job = Job.objects.create(kind="thumbnail", state=JobState.FAILED, reason="Illisible")
    admin = town.signed_in(town.admin)
    assert admin.get(f"/admin/kb/{name}/").status_code == 200
    assert admin.get(f"/admin/kb/{name}/?export=csv").status_code == 200
    for nobody in (agent, reader):
        assert nobody.get(f"/admin/kb/{name}/").status_code in {302, 403, 404}
    for deed in ("create/", f"edit/{job.pk}/", f"delete/{job.pk}/"):
        assert admin.post(f"/admin/kb/{name}/{deed}").status_code in {302, 403, 404}
    assert (ImportRecord.objects.count(), Job.objects.count()) == (1, 1)


def test_a_failed_job_is_tried_again(town, agent):
    job = Job.objects.create(kind="thumbnail", state=JobState.FAILED, reason="Illisible", attempts=5)
    assert "Essayer à nouveau" in town.signed_in(town.admin).get(f"/admin/kb/job/inspect/{job.pk}/").content.decode()
    assert agent.post(f"/travaux/{job.pk}/relancer/").status_code == 403
    town.signed_in(town.admin).post(f"/travaux/{job.pk}/relancer/")
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_an_address_that_asks_about_no_field_leads_nowhere(town):
    admin = town.signed_in(town.admin)
    assert admin.get("/admin/kb/grant/?search_all=1").status_code == 404
    assert admin.get("/admin/kb/grant/?q=titre").status_code == 200
