"""Scans are recognised in French, page by page; a page once read is never read again."""

import shutil

import pytest

from kb.documents.extraction import ocr, operations, readers
from kb.documents.extraction.models import Extraction
from kb.documents.extraction.signals import text_extracted
from kb.documents.extraction.taking_up import take_up
from kb.typography import NBSP
from kb.work import operations as work
from kb.work.models import Job
from tests.kb.documents.extraction import made


def nothing(*far):
    """No progress to tell."""


@pytest.fixture
def heard():
    """The digests whose text was told."""
    told = []

    def hear(sender, sha256, **kwargs):
        told.append(sha256)

    text_extracted.connect(hear)
    yield told
    text_extracted.disconnect(hear)


@pytest.fixture
def recognised(monkeypatch):
    """Recognition that writes what it was given to do, at once."""
    done = []

    def read_scan(data, kind, page, using):
        done.append(page.number)
        return type(page)(page.number, f"Page {page.number} lue", by_ocr=True)

    monkeypatch.setattr(ocr, "read_scan", read_scan)
    monkeypatch.setattr(ocr, "tesseract", lambda: ocr.Tesseract(ocr.Reason.NONE, "/usr/bin/tesseract", "tesseract 5"))
    return done


def test_a_scan_is_read_with_its_accents():
    reading = readers.read_whole(made.scan(("Délibération n° 12", "École élémentaire, août 2026")), "scan.pdf")
    assert (reading.state, reading.words) == ("ok", f"texte trouvé (1{NBSP}page, dont 1 par reconnaissance)")
    assert reading.pages[0].text.split("\n")[0] == "Délibération n° 12"
    assert "École élémentaire, août 2026" in reading.pages[0].text
    assert reading.readers[1].startswith("tesseract ")


@pytest.mark.parametrize("format_name", ["PNG", "JPEG", "TIFF"])
def test_an_image_is_read(format_name):
    data = made.picture("Arrêté du maire", format_name=format_name)
    reading = readers.read_whole(data, f"photo.{format_name.lower()}")
    assert (reading.state, reading.pages[0].text) == ("ok", "Arrêté du maire")


def test_only_the_pages_without_text_are_recognised(town, recognised):
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(made.pdf(made.written("Une page tapée à la machine")))) as typed:
        with pikepdf.open(io.BytesIO(made.scan(("un",), ("deux",)))) as scanned:
            typed.pages.extend(scanned.pages)
        out = io.BytesIO()
        typed.save(out)
    document = town.document(out.getvalue(), "mixte.pdf")
    sha256 = document.current_version.sha256
    operations.read_text(sha256=sha256, progress=nothing)
    row = Extraction.objects.get(sha256=sha256)
    assert (row.state, row.words) == (
        "waiting_for_ocr",
        f"texte trouvé ; lecture en attente pour 2{NBSP}pages numérisées",
    )
    operations.recognise(sha256=sha256, progress=nothing)
    row.refresh_from_db()
    assert (recognised, row.state, row.by_ocr, row.waiting) == ([2, 3], "ok", 2, 0)
    assert list(row.texts.values_list("text", "by_ocr")) == [
        ("Une page tapée à la machine", False),
        ("Page 2 lue", True),
        ("Page 3 lue", True),
    ]


def test_a_worker_killed_at_page_three_resumes_there(town, recognised, monkeypatch):
    document = town.document(made.scan(*((f"page {n}",) for n in range(1, 6))), "scan.pdf")
    sha256 = document.current_version.sha256
    operations.read_text(sha256=sha256, progress=nothing)

    def dies(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        operations.recognise(sha256=sha256, progress=dies)
    assert Extraction.objects.get(sha256=sha256).words == f"scan : lecture en cours (2 sur 5{NBSP}pages)"
    assert recognised == [1, 2]
    operations.recognise(sha256=sha256, progress=nothing)
    assert recognised == [1, 2, 3, 4, 5]
    operations.recognise(sha256=sha256, progress=nothing)  # done: nothing more
    assert recognised == [1, 2, 3, 4, 5]


def test_after_its_turn_the_rest_goes_behind_the_others(town, recognised, monkeypatch):
    document = town.document(made.scan(("un",), ("deux",)), "scan.pdf")
    sha256 = document.current_version.sha256
    operations.read_text(sha256=sha256, progress=nothing)
    monkeypatch.setattr(operations, "TURN", -1.0)
    job = Job.objects.get(kind="ocr")
    assert work.run(job.pk) is True
    job.refresh_from_db()
    assert (job.state, recognised) == ("waiting", [])


def test_one_bad_page_costs_itself_alone(town, recognised, monkeypatch):
    read_scan = ocr.read_scan

    def fails_on_one(data, kind, page, using):
        if page.number == 1:
            raise ocr.sandbox.TookTooLong
        return read_scan(data, kind, page, using)

    monkeypatch.setattr(ocr, "read_scan", fails_on_one)
    document = town.document(made.scan(("un",), ("deux",)), "scan.pdf")
    work.drain()
    work.drain()
    row = Extraction.objects.get(sha256=document.current_version.sha256)
    assert row.words == (
        f"texte trouvé (2{NBSP}pages, dont 1 par reconnaissance) : quelques pages sont restées illisibles"
    )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_search_hears_of_the_quick_text_then_of_the_scans(town, recognised, heard):
    document = town.document(made.scan(("un",), ("deux",)), "scan.pdf")
    sha256 = document.current_version.sha256
    operations.read_text(sha256=sha256, progress=nothing)
    assert heard == [sha256]
    operations.recognise(sha256=sha256, progress=nothing)
    assert heard == [sha256, sha256]


def test_without_tesseract_it_waits_says_why_and_is_taken_up(town, monkeypatch, recognised):
    monkeypatch.undo()
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "tesseract" else which(name))
    document = town.document(made.scan(("Bonjour",)), "scan.pdf")
    work.drain()
    work.drain()
    row = Extraction.objects.get(sha256=document.current_version.sha256)
    assert row.sentence == (
        "Lecture en attente : Tesseract n’est pas installé. La personne qui administre le site peut l’installer : "
        "la lecture reprendra d’elle-même."
    )
    assert take_up() == 0
    monkeypatch.setattr(shutil, "which", which)
    assert take_up() == 1
    work.drain()
    row.refresh_from_db()
    assert (row.state, row.reason, row.texts.get().text) == ("ok", "", "Bonjour")


def test_without_french_it_says_so(monkeypatch, tmp_path):
    script = tmp_path / "tesseract"
    script.write_text("#!/bin/sh\necho 'List of available languages (1):'\necho eng\n")
    script.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(script))
    assert ocr.tesseract().missing.label == "le français de Tesseract n’est pas installé"
