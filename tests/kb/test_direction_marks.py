"""What is typed never hides how it reads: titles, labels, notes, file names."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile

from kb.documents import operations as documents
from kb.documents.models import Attachment
from kb.pages import operations as pages
from kb.pages.models import NextStep, ProjectPage

MARKED = "Plan \u202egpj.exe\u202c \u2066a\u2069"
CLEAN = "Plan gpj.exe a"


def test_pages_and_their_rows(town):
    document = town.document(b"plan", "plan.txt")
    page = town.page(MARKED, model=ProjectPage, summary=MARKED)
    draft = page.get_latest_revision_as_object()
    draft.title = f"{MARKED} 2"
    draft.next_steps = [NextStep(title=MARKED)]
    draft.attachments.add(Attachment(document=document, label=MARKED, note=MARKED))
    draft.body = [("document", {"document": document, "label": MARKED, "note": "", "pinned": False})]
    revision = pages.save_draft(page=draft, author=town.admin)
    page.refresh_from_db()
    assert (page.title, page.summary, page.draft_title) == (CLEAN, CLEAN, f"{CLEAN} 2")
    kept = revision.as_object()
    assert (kept.title, kept.next_steps.first().title) == (f"{CLEAN} 2", CLEAN)
    assert [(row.label, row.note) for row in kept.attachments.all()] == [(CLEAN, CLEAN)]
    assert kept.body.raw_data[0]["value"]["label"] == CLEAN
    assert not any(mark in str(revision.content) for mark in ("\u202e", "\\u202e", "\u2066"))


def test_files(town, agent):
    document = documents.deposit(
        file=io.BytesIO(b"plan"), file_name="plan\u202etxt.txt", author=town.admin, title=MARKED, why=MARKED
    )
    document.refresh_from_db()
    version = document.current_version
    assert (document.title, version.file_name, version.why) == (CLEAN, "plantxt.txt", CLEAN)
    page = town.page("Cour")
    answer = agent.post(
        f"/p/{page.pk}/deposer/",
        {"file": SimpleUploadedFile("a\u202eb.txt", b"autre")},
        headers={"Accept": "application/json"},
    ).json()
    assert answer["name"] == "ab.txt" and "\u202e" not in answer["message"]


def test_right_to_left_words_stay(town):
    assert town.page("مرحبا", "<p>שלום</p>").title == "مرحبا"
