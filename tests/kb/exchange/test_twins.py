"""The same bytes brought in twice: noticed in every way in, among what the person may read, and asked."""

import io
import json
from email.message import EmailMessage

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from kb.access import operations as access
from kb.documents.models import Document
from kb.pages import operations as pages
from kb.pages.models import ArticlePage
from kb.work.operations import drain
from tests.kb.documents.made_files import docx

KNOWN = "Ces octets étaient déjà là, sous le titre « Note » : c’est ce document qui est joint."


def upload(content=b"Bonjour", name="copie.txt"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def note(town):
    """A document that everybody of the town reads, on a published page."""
    document = town.document(b"Bonjour", "note.txt")
    town.attach(town.page("École"), document)
    return document


@pytest.fixture
def hidden(town):
    """A document of the same bytes as « secret.txt », where Patrick may not read."""
    page = town.page("Réservée")
    access.reserve(page=page, by=town.admin, why="")
    return town.attach(page, town.document(b"Secret", "titre-cache.txt"))


def imported(client, page, file):
    """The screen of what became of a file, once the worker has read it."""
    answer = client.post(f"/p/{page.pk}/importer/", {"file": file})
    drain()
    return client.get(answer["Location"])


def rows(answer):
    return [(row["message"], row["tone"]) for row in answer.context["rows"]]


def test_the_import_screen_asks_and_nothing_is_given_twice(town, agent, note):
    target = town.page("Cour")
    answer = imported(agent, target, upload())
    assert rows(answer) == [("Déjà là, sous le titre « Note ». Rien n’a été importé.", "watch")]
    html = answer.content.decode()
    assert f"/documents/{note.pk}/fiche/" in html and 'value="reprendre"' in html and 'value="deux"' in html
    assert Document.objects.count() == 1
    url = answer.context["rows"][0]["answer_url"]
    for _ in range(2):  # pressed twice, done once
        agent.post(url, {"deja_la": "reprendre"})
    drain()
    answer = agent.get(answer.request["PATH_INFO"])
    assert rows(answer) == [(f"« copie.txt » est joint au brouillon de « Cour ». {KNOWN}", "done")]
    assert Document.objects.count() == 1
    target.refresh_from_db()
    assert [row.document_id for row in target.get_latest_revision_as_object().attachments.all()] == [note.pk]


def test_both_are_kept_where_one_says_so(town, agent, note):
    target = town.page("Cour")
    answer = imported(agent, target, upload())
    agent.post(answer.context["rows"][0]["answer_url"], {"deja_la": "deux"})
    drain()
    assert rows(agent.get(answer.request["PATH_INFO"])) == [
        ("« copie.txt » est joint au brouillon de « Cour ».", "done")
    ]
    assert Document.objects.count() == 2


def test_what_is_joined_already_is_not_joined_twice(town, agent, note):
    target = town.attach(town.page("Cour"), note)
    answer = imported(agent, target, upload())
    agent.post(answer.context["rows"][0]["answer_url"], {"deja_la": "reprendre"})
    drain()
    answer = agent.get(answer.request["PATH_INFO"])
    assert rows(answer) == [("« copie.txt » est déjà joint à « Cour », sous le titre « Note ».", "done")]


def test_bytes_that_one_may_not_read_are_never_told(town, agent, hidden):
    target = town.page("Cour")
    answer = imported(agent, target, upload(b"Secret", "x.txt"))
    assert rows(answer) == [("« x.txt » est joint au brouillon de « Cour ».", "done")]


def test_nor_by_wagtails_own_screen(town, agent, hidden):
    data = {"title": "x", "file": upload(b"Secret"), "tags": ""}
    assert agent.post("/admin/documents/add/", data).status_code == 302
    assert Document.objects.count() == 2


def test_a_text_takes_the_original_that_is_there(town):
    original = town.document(docx(), "compte rendu.docx", author=town.technical)
    brought = bring(town, docx(), "cr.docx", reuse=True)
    assert brought.document == original
    assert brought.message.endswith(
        "Ces octets étaient déjà là, sous le titre « Compte rendu » : c’est ce document qui est joint."
    )


def bring(town, data, name, **options):
    from kb.exchange.operations import bring_in

    return bring_in(parent=town.home, file=io.BytesIO(data), file_name=name, author=town.technical, **options)


def test_the_command_takes_it_and_says_so(town, note, tmp_path):
    (tmp_path / "copie.txt").write_bytes(b"Bonjour")
    out = io.StringIO()
    page = town.page("Cour")
    call_command(
        "import_document",
        str(tmp_path / "copie.txt"),
        "--into",
        str(page.pk),
        "--as",
        "patrick.brun",
        "--json",
        stdout=out,
    )
    answer = json.loads(out.getvalue())[0]
    assert (answer["state"], answer["document"]) == ("attached", note.pk)
    assert plain(answer["message"]) == f"« copie.txt » est joint au brouillon de « Cour ». {KNOWN}"


def test_the_command_fails_when_a_file_is_refused_and_its_json_says_each_state(town, tmp_path):
    for name, content in (("vide.txt", b""), ("note.txt", b"Bonjour")):
        (tmp_path / name).write_bytes(content)
    files = [str(tmp_path / name) for name in ("vide.txt", "note.txt")]
    out = io.StringIO()
    call_command("import_document", *files, "--into", "/", "--as", "patrick.brun", "--json", stdout=out)
    assert [answer["state"] for answer in json.loads(out.getvalue())] == ["refused", "attached"]
    with pytest.raises(CommandError) as failed:
        call_command("import_document", *files, "--into", "/", "--as", "patrick.brun", stdout=out)
    assert (failed.value.returncode, str(failed.value)) == (1, "1\u00a0fichier refusé sur 2.")


def mail(*attachments, subject="Devis", date="Thu, 12 Nov 2026 09:00:00 +0100"):
    message = EmailMessage()
    message["Subject"], message["From"], message["Date"] = subject, "Inès Noël <ines@valmorin.example>", date
    message.set_content("Bonjour, voici.")
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def plain(words):
    """Less the no-break spaces that messages are set with."""
    return words.replace("\u00a0", " ")


def drop(client, page, data, name="devis.eml"):
    return client.post(f"/p/{page.pk}/deposer/", {"file": upload(data, name)}, headers={"Accept": "application/json"})


def test_a_mail_reuses_the_attachment_that_is_there_and_says_so(town, agent, note):
    page = town.page("Cour")
    answer = drop(agent, page, mail(("copie.txt", b"Bonjour"), ("autre.txt", b"Autre"))).json()
    filed = ArticlePage.objects.get(title="Devis").get_latest_revision_as_object()
    assert [row.document.title for row in filed.attachments.all()] == ["Devis", "Note", "Autre"]
    assert [plain(line) for line in answer["report"]] == [
        "« copie.txt » était déjà là, sous le titre « Note » : ce document est joint."
    ]
    assert plain(answer["message"]) == "Le courriel « Devis » est classé en brouillon, avec ses 2 pièces jointes."
    assert answer["draft_url"] == f"/admin/pages/{filed.pk}/edit/"
    assert filed.summary == "Courriel de Inès Noël <ines@valmorin.example>, le 12\u00a0novembre\u00a02026"


@pytest.mark.parametrize(
    ("attachments", "what", "refused"),
    [
        ((), "sans pièce jointe", 0),
        ((("a.txt", b"a"),), "avec sa pièce jointe", 0),
        ((("a.txt", b"a"), ("b.exe", b"MZ\x90\0" + b"\0" * 300)), "avec 1 de ses 2 pièces jointes", 1),
        ((("b.exe", b"MZ\x90\0" + b"\0" * 300),), "sans sa pièce jointe, refusée", 1),
    ],
)
def test_a_mail_dropped_on_a_page_is_told_as_it_is(town, agent, attachments, what, refused):
    page = town.page("Cour")
    answer = drop(agent, page, mail(*attachments)).json()
    assert plain(answer["message"]) == f"Le courriel « Devis » est classé en brouillon, {what}."
    assert len(answer["report"]) == refused and all("« b.exe »" in plain(line) for line in answer["report"])


def test_without_javascript_the_mail_is_told_with_its_draft(town, agent):
    page = town.page("Cour")
    data = mail(("b.exe", b"MZ\x90\0" + b"\0" * 300))
    html = agent.post(f"/p/{page.pk}/deposer/", {"file": upload(data, "d.eml")}, follow=True).content.decode()
    filed = ArticlePage.objects.get(title="Devis")
    assert f'<a href="/admin/pages/{filed.pk}/edit/">Relire le brouillon</a>' in html
    assert "« b.exe » n’est pas accepté" in plain(html)


def test_a_control_character_in_a_name_refuses_no_mail(town, agent):
    data = mail(("a.txt", b"a")).replace(b'filename="a.txt"', b'filename="a\x01.txt"')
    assert b"\x01" in data
    answer = drop(agent, town.page("Cour"), data).json()
    assert plain(answer["message"]) == "Le courriel « Devis » est classé en brouillon, avec sa pièce jointe."
    assert Document.objects.get(title="A").current_version.file_name == "a.txt"


def test_wagtails_own_screens_ask_too(town, agent, note):
    data = {"title": "Copie", "tags": ""}
    answer = agent.post("/admin/documents/add/", data | {"file": upload()})
    html = answer.content.decode()
    assert "« copie.txt » est déjà là, sous le titre « Note »." in html and "Garder les deux" in html
    several = agent.post("/admin/documents/multiple/add/", {"files[]": upload(), "title": "Copie"}).json()
    assert several["success"] is False and "sous le titre « Note »" in several["error_message"]
    assert Document.objects.count() == 1
    agent.post("/admin/documents/add/", data | {"file": upload(), "keep_both": "on"})
    assert Document.objects.count() == 2


def test_the_report_stays_with_the_draft_for_who_edits(town, agent, reader):
    page = town.page("Cour")
    drop(agent, page, mail(("b.exe", b"MZ\x90\0" + b"\0" * 300)))
    filed = ArticlePage.objects.get(title="Devis")
    for path in ("brouillon/", "historique/"):
        html = agent.get(f"/p/{filed.pk}/{path}").content.decode()
        assert "Ce que l’import a changé" in html and "« b.exe » n’est pas accepté" in html
    pages.publish_revision(page=filed, revision=filed.get_latest_revision(), author=town.admin)
    assert "import a changé" not in reader.get(f"/p/{filed.pk}/historique/").content.decode()
    assert "import a changé" in agent.get(f"/p/{filed.pk}/historique/").content.decode()


def test_a_title_without_a_letter_is_filed_all_the_same(town, agent):
    answer = drop(agent, town.page("Cour"), mail(subject="🎉")).json()
    assert plain(answer["message"]) == "Le courriel « 🎉 » est classé en brouillon, sans pièce jointe."
    assert ArticlePage.objects.get(title="🎉").slug == "page"
