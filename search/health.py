"""The health of the index: what it holds, what is late, what has no text and why."""

from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from kb import typography
from kb.documents.extraction.queries import without_text
from kb.work.models import Job, JobState
from search import operations
from search.models import Entry, Figures, Kind, Passage


def facts() -> dict[str, Any]:
    """Numbers in words, the job that runs, and the last one done."""
    figures = Figures.objects.first()
    late = operations.missing()
    jobs = Job.objects.filter(kind=operations.JOB)
    running = jobs.filter(state__in=(JobState.WAITING, JobState.RUNNING)).order_by("-pk").first()
    last = jobs.filter(state=JobState.DONE).order_by("-finished_at").first()
    failed = jobs.filter(state=JobState.FAILED).order_by("-pk").first()
    return {
        "rows": [
            ("Pages", typography.number(Entry.objects.filter(kind=Kind.PAGE).count())),
            ("Versions de fichiers", typography.number(Entry.objects.filter(kind=Kind.FILE).count())),
            ("Actes du conseil et leurs suites", typography.number(Entry.objects.filter(kind=Kind.ACT).count())),
            ("Passages", typography.number(Passage.objects.count())),
            ("Mots analysés", typography.number(figures.tokens if figures else 0)),
            ("Taille", typography.size(size())),
            ("Entrées à écrire ou à refaire", typography.number(late)),
            ("Dernière reconstruction", typography.moment(last.finished_at) if last and last.finished_at else "jamais"),
        ],
        "without_text": [
            {"why": why, "number": typography.number(files), "url": _in_the_register(state, reason)}
            for why, state, reason, files in without_text()
        ],
        "to_rebuild": operations.is_to_be_rebuilt(),
        "running": {"done": running.progress_done, "total": running.progress_total} if running else None,
        "failed": failed.reason if failed and not running else "",
        "now": typography.moment(timezone.now()),
    }


def _in_the_register(state: str, reason: str) -> str:
    query = urlencode({"state__exact": state} | ({"raison": reason} if reason else {}))
    return f"{reverse('kb_extraction_modeladmin_index')}?{query}"


def size() -> int:
    """Bytes of the index's tables on the disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class"
                " WHERE relkind = 'r' AND relname LIKE 'search\\_%'"
            )
        else:
            cursor.execute("SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name LIKE 'search%'")
        return int(cursor.fetchone()[0])
