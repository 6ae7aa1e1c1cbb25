"""Files brought in from a screen: kept at once, read by the worker, each with its sentence."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kb.access import operations as access
from kb.access.models import Role
from kb.documents import storage
from kb.documents.models import Document
from kb.exchange import operations as exchange
from kb.exchange import receiving
from kb.exchange.models import Import, ImportRecord, ImportState
from kb.exchange.reading import Image, ReadText
from kb.pages.models import ArticlePage
from kb.work.models import Job, JobState
from kb.work.operations import drain
from tests.kb.documents.made_files import docx
from tests.pictures import png


def give(client, page, *files):
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(f"/p/{page.pk}/importer/", {"file": uploads})["Location"]


def seen(client, url):
    return [(row["tone"], row["message"].replace("\u00a0", " ")) for row in client.get(url).context["rows"]]


def test_files_wait_are_read_and_become_drafts(town, agent):
    page = town.page("Réunions")
    url = give(agent, page, ("cr.docx", docx()), ("note.txt", b"Bonjour"), ("vide.txt", b""))
    html = agent.get(url).content.decode()
    assert "data-refresh" in html and "0 sur 3" in html.replace("\u00a0", " ")
    assert seen(agent, url) == [("waiting", "En attente de lecture.")] * 3
    drain()
    made = ArticlePage.objects.child_of(page).get()
    tones = [tone for tone, _ in seen(agent, url)]
    assert tones == ["done", "done", "error"]
    html = agent.get(url).content.decode()
    assert "data-refresh" not in html and f"/admin/pages/{made.pk}/edit/" in html
    assert not ImportRecord.objects.exclude(upload="").exists()


def test_the_bytes_that_waited_are_let_go(town, agent):
    url = give(agent, town.page("Réunions"), ("note.txt", b"Bonjour"))
    kept = ImportRecord.objects.get().upload.name
    assert storage.documents().exists(kept)
    drain()
    assert not storage.documents().exists(kept)
    assert seen(agent, url)[0][0] == "done"


def test_a_file_over_the_limit_is_refused_at_once(town, agent, settings):
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 3
    url = give(agent, town.page("Réunions"), ("gros.txt", b"Bonjour"))
    [(tone, message)] = seen(agent, url)
    assert tone == "error" and message.startswith("« gros.txt » est trop lourd")
    assert not Job.objects.filter(kind="import").exists()


def test_who_lost_the_right_meanwhile_imports_nothing(town):
    grant = town.give(Role.EDITOR, page := town.page("Réunions"), person=(person := town.person("Paul", "Rey")))
    client = town.signed_in(person)
    url = give(client, page, ("note.txt", b"Bonjour"))
    access.end(grant=grant, by=town.admin)
    drain()
    record = ImportRecord.objects.get()
    assert (record.state, record.message) == (ImportState.REFUSED, receiving.GONE)
    assert not Document.objects.exists()
    assert client.get(url).status_code == 404


def test_nothing_chosen_is_said(town, agent):
    answer = agent.post(f"/p/{town.page('Réunions').pk}/importer/")
    assert "Aucun fichier n’a été choisi." in answer.content.decode()


def test_an_import_is_its_persons_alone(town, agent, publisher, note_asked):
    url, answer_url = note_asked
    assert agent.get(url).status_code == 200
    for client in (publisher, town.signed_in(town.admin), town.signed_in(town.outsider)):
        assert client.get(url).status_code == 404
        assert client.post(answer_url, {"deja_la": "deux"}).status_code == 404
    assert agent.post(answer_url, {"deja_la": "autre"}).status_code == 404
    assert ImportRecord.objects.get().state == ImportState.ASKED


@pytest.fixture
def note_asked(town, agent):
    page = town.page("Réunions")
    town.attach(page, town.document())
    url = give(agent, page, ("copie.txt", b"Bonjour"))
    return url, agent.get(url).context["rows"][0]["answer_url"]


def test_a_question_without_an_answer_ends(town, agent, note_asked):
    receiving.tidy()
    assert ImportRecord.objects.get().state == ImportState.ASKED
    ImportRecord.objects.update(at=timezone.now() - timedelta(days=31))
    receiving.tidy()
    assert seen(agent, note_asked[0]) == [("error", receiving.NO_ANSWER)]
    assert ImportRecord.objects.get().upload.name == ""


def test_a_worker_killed_after_its_deed_does_it_once(town, agent, monkeypatch):
    page = town.page("Réunions")
    url = give(agent, page, ("cr.docx", docx()))
    record = ImportRecord.objects.get()

    class Killed(BaseException):
        pass

    def killed(record):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "_let_go", killed)
        with pytest.raises(Killed):
            receiving.take_in(record.pk, reuse=False)
    drain()
    assert ArticlePage.objects.child_of(page).count() == 1
    receiving.tidy()
    assert ImportRecord.objects.get().upload.name == ""
    assert seen(agent, url)[0][0] == "done"


def test_a_worker_killed_within_its_deed_leaves_nothing(town, agent, monkeypatch):
    page = town.page("Réunions")
    give(agent, page, ("cr.docx", docx()))

    class Killed(BaseException):
        pass

    def killed(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(exchange, "_recorded", killed)
        with pytest.raises(Killed):
            receiving.take_in(ImportRecord.objects.get().pk, reuse=False)
    assert (Document.objects.count(), ArticlePage.objects.child_of(page).count()) == (0, 0)
    drain()
    assert (Document.objects.count(), ArticlePage.objects.child_of(page).count()) == (1, 1)


def test_a_reading_that_failed_says_so(town, agent):
    url = give(agent, town.page("Réunions"), ("note.txt", b"Bonjour"))
    Job.objects.filter(kind="import").update(state=JobState.FAILED, reason="Le disque est plein.")
    [(tone, message)] = seen(agent, url)
    assert (tone, message.startswith("La lecture a échoué : Le disque est plein.")) == ("error", True)


def test_queries_do_not_follow_the_number_of_files(town, agent, django_assert_max_num_queries):
    page = town.page("Réunions")
    urls = [give(agent, page, *((f"{n}.txt", f"Texte {n} {many}".encode()) for n in range(many))) for many in (1, 6)]
    drain()
    agent.get(urls[0])
    assert Import.objects.count() == 2
    for url in urls:
        with django_assert_max_num_queries(12):
            agent.get(url)


def test_pictures_without_words_are_asked_about(town):
    passages = [Image(png(), "a.png", ""), Image(png(), "b.png", "Le plan")]
    text = ReadText(title="Note", passages=passages, report=[])
    brought = exchange.bring_text(
        parent=town.home, text=text, file=io.BytesIO(b"x"), name="note.txt", author=town.technical
    )
    assert [line.replace("\u00a0", " ") for line in brought.report] == [
        "1 image sans description : écrivez ce qu’on y voit."
    ]
