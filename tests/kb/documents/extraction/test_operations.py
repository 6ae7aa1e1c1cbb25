"""Texts by their bytes: asked for with the deposit, read once, taken up when forgotten, read again on demand."""

import io

import pytest

from kb.documents import operations as documents
from kb.documents.extraction import operations, queries, readers
from kb.documents.extraction.models import ExtractedPage, Extraction
from kb.documents.extraction.reading import PageText
from kb.documents.extraction.taking_up import take_up
from kb.permissions import Denied
from kb.work import operations as work
from kb.work.models import Job
from tests.kb.documents.made_files import docx


def nothing(*far):
    """No progress to tell."""


def of(document):
    return Extraction.objects.get(sha256=document.current_version.sha256)


def test_a_deposit_asks_and_the_worker_reads(town):
    document = town.document("Délibération".encode(), "note.txt")
    assert (of(document).state, of(document).words) == ("waiting", "lecture en attente")
    assert Job.objects.filter(kind="extraction", queue="slow").count() == 1
    work.drain()
    row = of(document)
    assert (row.state, row.kind, row.characters, row.readers, row.attempts) == ("ok", "text", 12, readers.OURS, 1)
    assert queries.text_of(row.sha256) == [PageText(1, "Délibération")]


def test_a_deposit_that_is_undone_asks_for_nothing(town, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("log")

    monkeypatch.setattr(documents, "log", broken)
    with pytest.raises(RuntimeError):
        town.document()
    assert (Extraction.objects.count(), Job.objects.count()) == (0, 0)


def test_the_same_bytes_are_read_once(town, monkeypatch):
    calls = []
    read = readers.read
    monkeypatch.setattr(readers, "read", lambda *a, **k: calls.append(1) or read(*a, **k))
    first, second = town.document(b"Memes octets", "a.txt"), town.document(b"Memes octets", "b.txt")
    work.drain()
    documents.add_version(document=first, file=io.BytesIO(b"Autres"), file_name="a.txt", author=town.admin)
    documents.restore_version(version=first.versions.get(number=1), author=town.admin)
    third = town.document(b"Memes octets", "c.txt")
    work.drain()
    assert of(second) == of(third)
    assert (len(calls), Extraction.objects.count()) == (2, 2)


def test_a_job_done_twice_reads_once(town, monkeypatch):
    document = town.document(b"Bonjour", "a.txt")
    operations.read_text(sha256=of(document).sha256, progress=nothing)
    monkeypatch.setattr(readers, "read", None)
    operations.read_text(sha256=of(document).sha256, progress=nothing)
    assert ExtractedPage.objects.count() == 1


def test_a_file_whose_bytes_are_lost_says_so(town):
    document = town.document(b"Bonjour", "a.txt")
    document.current_version.file.storage.delete(document.current_version.file.name)
    work.drain()
    assert of(document).sentence == (
        "Illisible : le fichier manque sur le serveur. Rétablissez-le depuis une sauvegarde."
    )


def test_what_stops_the_worker_each_time_is_given_up_with_a_word(town):
    document = town.document(b"Bonjour", "a.txt")
    Extraction.objects.update(attempts=operations.MOST_ATTEMPTS)
    work.drain()
    assert of(document).words == "illisible : la lecture s’est arrêtée net à chaque essai"


def test_versions_from_before_are_taken_up(town):
    old, new = town.document(b"Ancien", "a.txt"), town.document(b"Nouveau", "b.txt")
    work.drain()
    Extraction.objects.filter(sha256=old.current_version.sha256).delete()
    assert take_up() == 1
    assert take_up() == 0 or of(old).state == "waiting"
    work.drain()
    assert (of(old).state, of(new).state) == ("ok", "ok")


def test_a_reading_whose_job_is_gone_is_taken_up(town):
    from datetime import timedelta

    from django.utils import timezone

    document = town.document(b"Bonjour", "a.txt")
    Job.objects.filter(kind="extraction").delete()
    assert take_up() == 0  # just asked for
    Extraction.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    assert take_up() == 1
    assert take_up() == 0  # its job waits
    work.drain()
    assert of(document).state == "ok"


def test_what_waited_for_libreoffice_is_read_when_it_is_there(town, monkeypatch):
    from kb.documents.extraction import libreoffice

    document = town.document(b"Bonjour", "a.txt")
    work.drain()
    Extraction.objects.update(state="waiting_for_program", reason="no_libreoffice")
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    assert take_up() == 0
    monkeypatch.setattr(libreoffice, "program", lambda: "/usr/bin/soffice")
    assert take_up() == 1
    work.drain()
    assert (of(document).state, of(document).reason) == ("ok", "")


def test_reading_again_keeps_the_text_until_the_new_one(town):
    document = town.document(b"Bonjour", "a.txt")
    work.drain()
    operations.read_again(version=document.current_version, author=town.admin)
    row = of(document)
    assert (row.state, row.attempts) == ("waiting", 0)
    assert queries.text_of(row.sha256) == [PageText(1, "Bonjour")]
    work.drain()
    assert (of(document).state, ExtractedPage.objects.count()) == ("ok", 1)


def test_only_who_edits_the_document_has_it_read_again(town):
    document = town.document(b"Bonjour", "a.txt")
    town.attach(town.page("Note"), document)
    operations.read_again(version=document.current_version, author=town.technical)
    with pytest.raises(Denied):
        operations.read_again(version=document.current_version, author=town.elu)


def test_all_of_a_state_or_of_a_kind_for_administrators(town):
    bad, good = town.document(docx()[:300], "a.docx"), town.document(b"Bonjour", "a.txt")
    work.drain()
    with pytest.raises(Denied):
        operations.read_all_again(author=town.communication, state="failed")
    with pytest.raises(operations.ChooseFirst):
        operations.read_all_again(author=town.admin)
    assert operations.read_all_again(author=town.admin, state="ok", reason="damaged") == 0
    assert operations.read_all_again(author=town.admin, reason="damaged") == 1
    assert (of(bad).state, of(good).state) == ("waiting", "ok")
    assert operations.read_all_again(author=town.admin, kind="text") == 1


def test_texts_and_healths_of_many_files_are_one_query(town, django_assert_num_queries):
    digests = [town.document(f"Texte {n}".encode(), f"{n}.txt").current_version.sha256 for n in range(3)]
    work.drain()
    with django_assert_num_queries(1):
        assert queries.texts_of(digests) == {d: [PageText(1, f"Texte {n}")] for n, d in enumerate(digests)}
    with django_assert_num_queries(1):
        healths = queries.healths_of([*digests, "0" * 64])
    assert [healths[d].words for d in (*digests, "0" * 64)] == ["texte trouvé"] * 3 + ["lecture en attente"]


def test_the_text_of_a_version_is_for_who_may_read_it(town):
    document = town.document(b"Bonjour", "a.txt", author=town.technical)
    work.drain()
    assert queries.readable_text(town.technical, document.current_version) == [PageText(1, "Bonjour")]
    with pytest.raises(Denied):
        queries.readable_text(town.finance, document.current_version)
