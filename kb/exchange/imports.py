"""What became of files brought in together, for their person."""

from typing import Any

from django.urls import reverse

from kb.exchange.models import SETTLED, Import, ImportRecord, ImportState
from kb.exchange.receiving import JOB
from kb.work.models import Job, JobState

TONES = {
    ImportState.WAITING: "waiting",
    ImportState.ASKED: "watch",
    ImportState.IMPORTED: "done",
    ImportState.ATTACHED: "done",
    ImportState.WITHOUT_TEXT: "watch",
    ImportState.REFUSED: "error",
}
WAITS = "En attente de lecture."
READ = "Lecture en cours."


def rows_of(together: Import) -> list[dict[str, Any]]:
    """A row for each file, in the order given. Two queries."""
    jobs = {job.key: job for job in Job.objects.filter(key__in=[f"{JOB}-{pk}" for pk in _waiting(together)])}
    records = together.records.select_related("document").order_by("pk")
    return [_row(record, together, jobs.get(f"{JOB}-{record.pk}")) for record in records]


def _waiting(together: Import) -> list[int]:
    return list(together.records.filter(state=ImportState.WAITING).values_list("pk", flat=True))


def _row(record: ImportRecord, together: Import, job: Job | None) -> dict[str, Any]:
    made = record.page_id if record.state in SETTLED and record.page_id != together.parent_id else None
    row: dict[str, Any] = {
        "file": record.file_name,
        "tone": TONES[ImportState(record.state)],
        "message": record.message,
        "report": record.report,
        "edit_url": f"/admin/pages/{made}/edit/" if made else "",
        "twin": None,
        "answer_url": "",
    }
    if record.state == ImportState.WAITING:
        return row | _progress(job)
    if record.state == ImportState.ASKED and record.document:
        row["twin"] = {"title": record.document.title, "url": reverse("document_sheet", args=[record.document_id])}
        row["answer_url"] = reverse("answer_import", args=[together.pk, record.pk])
    return row


def _progress(job: Job | None) -> dict[str, str]:
    """How far the reading of a file is."""
    if job and job.state == JobState.FAILED:
        return {
            "tone": "error",
            "message": f"La lecture a échoué : {job.reason} Le fichier est gardé ; un administrateur peut la relancer.",
        }
    return {"message": READ if job and job.state == JobState.RUNNING else WAITS}
