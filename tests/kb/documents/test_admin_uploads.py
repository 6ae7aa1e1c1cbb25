"""Wagtail's own upload screens go through our deposit: type judged, version made, old bytes kept."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kb.documents.models import Document, DocumentVersion
from tests.pictures import png


def upload(name="note.txt", content=b"Bonjour"):
    return SimpleUploadedFile(name, content)


def test_one_document(town, agent):
    agent.post("/admin/documents/add/", {"title": "Note", "file": upload(), "tags": ""})
    version = DocumentVersion.objects.get()
    assert (version.document.title, version.number, version.deposited_by) == ("Note", 1, town.technical)


def test_several_documents(town, agent):
    answer = agent.post("/admin/documents/multiple/add/", {"files[]": upload("été.txt"), "title": "Été"})
    assert json.loads(answer.content)["success"] is True
    version = DocumentVersion.objects.get()
    assert (version.file_name, version.document.current_version) == ("été.txt", version)


def test_from_the_chooser(town, agent):
    answer = agent.post(
        "/admin/documents/chooser/create/",
        {"document-chooser-upload-title": "Note", "document-chooser-upload-file": upload()},
    )
    assert answer.status_code == 200
    assert DocumentVersion.objects.get().document.title == "Note"


def test_replacing_keeps_the_old_bytes(town, agent):
    document = town.document(b"un", author=town.technical)
    agent.post(f"/admin/documents/edit/{document.pk}/", {"title": "Autre", "file": upload(content=b"deux"), "tags": ""})
    assert [v.file.open().read() for v in document.versions.order_by("number")] == [b"un", b"deux"]
    assert Document.objects.get().title == "Autre"


def test_a_program_is_refused_in_french(town, agent):
    answer = agent.post("/admin/documents/add/", {"title": "x", "file": upload("x.txt", b"MZ\x90\x00" + b"\0" * 200)})
    assert "« x.txt »" in answer.content.decode()
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("photo.jpg", b"rien", "« photo.jpg » est abîmé, ou n’est pas une image."),
        ("photo.jpg", png(), "« photo.jpg » n’est pas ce que son nom dit."),
        ("photo.tif", png(), "« photo.tif » n’est pas d’un genre accepté."),
    ],
)
def test_a_refused_image_is_named_with_the_way_out(town, agent, name, content, said):
    answer = agent.post("/admin/images/multiple/add/", {"files[]": upload(name, content), "title": "Photo"}).json()
    assert answer["success"] is False
    assert answer["error_message"].replace("\u00a0", " ").startswith(said)
