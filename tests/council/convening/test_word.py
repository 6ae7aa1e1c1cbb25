"""The convocation as Word: what it says, the model that dresses it, who may have it."""

import io
import zipfile

import pytest

from kb.access.models import Role
from kb.documents.extraction import pandoc
from kb.documents.models import Attachment, VersionUse

pytestmark = pytest.mark.django_db


def word_of(convening, sitting, person=None):
    client = convening.town.signed_in(person or convening.secretary)
    return client.get(f"/p/{sitting.pk}/convocations/papier/word/")


def plain(answer):
    return pandoc.plain(answer.content, "docx").replace("\u00a0", " ")


def part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def test_it_says_what_was_convened(convening):
    sitting = convening.sent()
    answer = word_of(convening, sitting)
    assert (answer.status_code, answer["Content-Disposition"]) == (200, 'attachment; filename="convocation.docx"')
    said = plain(answer)
    assert "J’ai l’honneur de vous convoquer à cette séance" in said
    assert "Tarifs de la cantine" in said
    assert "Hélène Marchetti" in said
    page = convening.town.signed_in(convening.secretary).get(f"/p/{sitting.pk}/convocations/").content.decode()
    assert 'href="papier/word/"' in page


def test_the_instance_s_own_model_dresses_it(convening):
    sitting = convening.sent()
    made = word_of(convening, sitting).content
    styles = part(made, "word/styles.xml")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            body = source.read(item)
            target.writestr(
                item,
                styles.replace(
                    "</w:styles>",
                    '<w:style w:type="paragraph" w:styleId="Blason"><w:name w:val="Blason"/></w:style></w:styles>',
                ).encode()
                if item.filename == "word/styles.xml"
                else body,
            )
    model = convening.town.document(out.getvalue(), "modele.docx")
    convening.town.attach(convening.town.page("Modèles", "<p>x</p>"), model)
    client, instance = convening.town.signed_in(convening.town.admin), convening.council.instance
    address = f"/conseil/reglages/?instance={instance.pk}"
    assert f">{model.title}" in client.get(address).content.decode()
    told = {
        "name": instance.name,
        "body": "commune",
        "inhabitants": 2380,
        "since": "2026-03-15",
        "letterhead": model.pk,
    }
    assert client.post(address, told).status_code == 302
    answer = word_of(convening, sitting)
    assert "Blason" in part(answer.content, "word/styles.xml")
    assert "Tarifs de la cantine" in plain(answer)
    Attachment.objects.all().delete()
    VersionUse.objects.all().delete()  # carried by no page: its depositor alone reads it
    other = convening.town.person("Rose", "Responsable")
    convening.town.give(Role.MANAGER, convening.town.home, person=other)
    client = convening.town.signed_in(other)
    assert model.title not in client.get(address).content.decode()
    assert client.post(address, {**told, "letterhead": ""}).status_code == 302
    instance.refresh_from_db()
    assert instance.letterhead == model  # who may not read it does not take it away


def test_a_model_that_cannot_be_read_is_said(convening, monkeypatch):
    from kb.documents.extraction.sandbox import SandboxError

    def fails(*args, **kwargs):
        raise SandboxError("no")

    sitting = convening.sent()
    monkeypatch.setattr(pandoc, "write", fails)
    client = convening.town.signed_in(convening.secretary)
    page = client.get(f"/p/{sitting.pk}/convocations/papier/word/", follow=True).content.decode()
    assert "vérifiez le modèle choisi dans les réglages" in page


def test_not_for_others_nor_before_the_convocation(convening):
    assert word_of(convening, convening.sitting(30)).status_code == 404
    sitting = convening.sent()
    assert word_of(convening, sitting, convening.elue).status_code == 403
    assert word_of(convening, sitting, convening.town.outsider).status_code == 404
