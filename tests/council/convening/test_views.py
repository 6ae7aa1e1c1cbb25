"""The screens of a convocation: each works, then each refusal."""

import json

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.agenda.enums import SittingState
from council.agenda.models import stage_of
from council.convening import operations, proof
from council.convening.models import Convocation, Signature, Way
from kb.access.models import Role
from kb.notices.models import Mail
from kb.pages import operations as pages
from kb.work import operations as work

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(convening):
    return convening.town.signed_in(convening.secretary)


@pytest.fixture
def elue(convening):
    return convening.town.signed_in(convening.elue)


def text(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return plain(answer)


def plain(answer):
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def read(answer):
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    found = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content))
    return " ".join(found.replace("\u00a0", " ").replace("\u202f", " ").split())


# From the agenda to the sending.


def test_the_maire_signs_in_one_gesture_then_the_secretary_sends(convening, secretary):
    sitting = convening.sitting(signed=False)
    maire = convening.town.signed_in(convening.maire)
    assert "Arrêter l’ordre du jour et signer" in text(maire, f"/p/{sitting.pk}/")
    assert "Tarifs de la cantine" in text(maire, f"/p/{sitting.pk}/signature/")
    assert maire.post(f"/p/{sitting.pk}/signature/").status_code == 302
    shown = text(secretary, f"/p/{sitting.pk}/")
    assert "Envoyer la convocation" in shown and "Signé par Hélène Marchetti (Maire)" in shown
    offered = text(secretary, f"/p/{sitting.pk}/envoi/")
    assert "2 courriels" in offered and "Nadia Benkacem" in offered
    assert secretary.post(f"/p/{sitting.pk}/envoi/")["Location"] == f"/p/{sitting.pk}/convocations/"
    assert stage_of(sitting) == SittingState.CONVENED


def test_the_secretary_notes_a_signature_on_paper(convening, secretary):
    sitting = convening.sitting(signed=False)
    assert "Signature donnée sur papier" in text(secretary, f"/p/{sitting.pk}/signature/")
    data = {"mandate": convening.council.mandates[1].pk, "signed_on": "2020-01-01", "proof": "registre"}
    assert secretary.post(f"/p/{sitting.pk}/signature/", data).status_code == 302
    assert Signature.objects.get().proof == "registre"


def test_a_refusal_is_read_on_the_screen(convening, secretary):
    sitting = convening.sitting(signed=False)
    assert "rien ne part avant" in text(secretary, f"/p/{sitting.pk}/envoi/")
    refused = secretary.post(f"/p/{sitting.pk}/envoi/")
    assert refused.status_code == 422 and "demandez au maire" in plain(refused)
    assert not Convocation.objects.exists()
    operations.sign(sitting=sitting, by=convening.maire)
    page = sitting.get_latest_revision_as_object()
    page.summary = "Autre chose."
    pages.save_draft(page=page, author=convening.secretary)
    assert "il est à signer de nouveau" in text(secretary, f"/p/{sitting.pk}/")


def test_who_signs_and_who_sends(convening, secretary, elue):
    sitting = convening.sitting(signed=False)
    editor = convening.town.person("Edith", "Éditrice")
    convening.town.give(Role.EDITOR, convening.council.shelf, person=editor)
    for client, statuses in ((elue, (404, 404)), (convening.town.signed_in(editor), (403, 403))):
        assert tuple(client.post(f"/p/{sitting.pk}/{path}/").status_code for path in ("signature", "envoi")) == statuses
    assert not Signature.objects.exists()


# Following.


def test_who_was_sent_what(convening, secretary):
    sitting = convening.sent()
    shown = text(secretary, f"/p/{sitting.pk}/convocations/")
    for words in (
        "À remettre en main propre : Nadia Benkacem",
        "Il reste",
        "À envoyer",
        convening.elue.email,
        "Mention à porter au registre",
    ):
        assert words in shown
    on_page = text(secretary, f"/p/{sitting.pk}/")
    assert "Convocation à remettre en main propre : Nadia Benkacem" in on_page and "Suivre les convocations" in on_page
    work.drain()
    assert "Remis au serveur de courriel" in text(secretary, f"/p/{sitting.pk}/convocations/")


def test_the_list_asks_as_much_for_one_as_for_three(convening, secretary):
    sitting = convening.sent()
    text(secretary, f"/p/{sitting.pk}/convocations/")  # what is read once and kept
    counted = []
    for kept in (3, 1):
        Convocation.objects.exclude(
            pk__in=list(Convocation.objects.order_by("-pk").values_list("pk", flat=True)[:kept])
        ).delete()
        with CaptureQueriesContext(connection) as asked:
            text(secretary, f"/p/{sitting.pk}/convocations/")
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_a_delivery_by_hand_is_noted(convening, secretary):
    sitting = convening.sent()
    one = sitting.convocations.get(way=Way.PAPER)
    path = f"/p/{sitting.pk}/convocations/{one.pk}/remise/"
    assert "Remise en main propre : Nadia Benkacem" in text(secretary, path)
    late = secretary.post(path, {"on": "2020-01-01", "how": "au domicile"})
    assert late.status_code == 422 and "La convocation est du" in plain(late)
    assert secretary.post(path, {"on": str(timezone.localdate()), "how": "au domicile"}).status_code == 302
    assert "Remise en main propre : au domicile" in text(secretary, f"/p/{sitting.pk}/convocations/")
    assert secretary.get(f"/p/{sitting.pk}/convocations/{one.pk + 99}/remise/").status_code == 404


def test_a_mail_that_came_back_is_noted(convening, secretary):
    sitting = convening.sent()
    one = sitting.convocations.get(mandate=convening.council.mandates[1])
    path = f"/p/{sitting.pk}/convocations/{one.pk}/retour/"
    assert "Noter un courriel revenu" in text(secretary, f"/p/{sitting.pk}/convocations/")
    assert secretary.post(path, {"on": "2020-01-01"}).status_code == 422
    assert secretary.post(path, {"on": str(timezone.localdate()), "why": "boîte pleine"}).status_code == 302
    assert "Bernard Aubanel" in text(secretary, f"/p/{sitting.pk}/").split("à remettre en main propre : ")[1]
    assert convening.town.signed_in(convening.elue).get(path).status_code == 403


def test_the_papers(convening, secretary):
    sitting = convening.sent()
    base = f"/p/{sitting.pk}/convocations/papier/"
    assert "Tarifs de la cantine" in read(secretary.get(f"{base}convocation/"))
    assert "Affiché le" in read(secretary.get(f"{base}affiche/"))
    receipts = read(secretary.get(f"{base}recepisses/"))
    assert "Récépissé" in receipts and "Nadia Benkacem" in receipts and "Bernard Aubanel" not in receipts
    alone = sitting.convocations.get(mandate=convening.council.mandates[1])
    assert "Bernard Aubanel" in read(secretary.get(f"{base}recepisses/?seul={alone.pk}"))
    for missing in ("notes/", "autre/", f"recepisses/?seul={alone.pk + 99}"):
        assert secretary.get(base + missing).status_code == 404


def test_the_proof(convening, secretary):
    sitting = convening.sitting(signed=False)
    document = convening.town.document(b"Une note", "note.txt", author=convening.secretary)
    item = type(convening.item).objects.get(pk=convening.item.pk)
    pages.attach_document(page=item, document=document, author=convening.secretary)
    operations.sign(sitting=sitting, by=convening.maire)
    operations.send(sitting=sitting, by=convening.secretary)
    work.drain()
    told = json.loads(secretary.get(f"/p/{sitting.pk}/convocations/papier/donnees/").content)
    assert [(one["councillor"], one["way"]) for one in told["convocations"]] == [
        ("Hélène Marchetti", "mail"),
        ("Bernard Aubanel", "mail"),
        ("Nadia Benkacem", "paper"),
    ]
    assert told["convocations"][1]["mail"]["state"] == "sent"
    assert told["convocations"][1]["mail"]["id"] == Mail.objects.get(to=convening.elue, kind="convocation").pk
    assert [one["code"] for one in told["papers"]] == ["convocation"]
    row = sitting.frozen.get(kind="annex")
    assert told["items"][0]["documents"] == [
        {
            "title": "Note",
            "file_name": "note.txt",
            "version": 1,
            "size": 8,
            "row_sha256": row.sha256,
            "sha256": document.current_version.sha256,
        }
    ]
    assert told["signatures"][0]["by"] == "Hélène Marchetti"
    assert proof.as_data(sitting)["items"] == told["items"]
    shown = read(secretary.get(f"/p/{sitting.pk}/convocations/papier/preuve/"))
    assert "Preuve de la convocation" in shown and convening.elue.email in shown


def test_nobody_else_follows(convening, elue):
    sitting = convening.sent()
    one = sitting.convocations.first()
    for path in ("", f"{one.pk}/remise/", "papier/preuve/", "papier/donnees/", "papier/convocation/"):
        assert elue.get(f"/p/{sitting.pk}/convocations/{path}").status_code == 403
    outsider = convening.town.signed_in(convening.town.outsider)
    assert outsider.get(f"/p/{sitting.pk}/convocations/").status_code == 404
    shown = text(elue, f"/p/{sitting.pk}/")
    assert "Suivre les convocations" not in shown and "Nadia Benkacem" not in shown


def test_before_the_convocation_there_is_nothing_to_follow(convening, secretary):
    sitting = convening.sitting()
    for path in ("", "papier/convocation/", "papier/donnees/"):
        assert secretary.get(f"/p/{sitting.pk}/convocations/{path}").status_code == 404


# The councillor's own.


def test_one_tap_each(convening, elue):
    sitting = convening.sent()
    shown = text(elue, f"/p/{sitting.pk}/")
    assert "J’ai bien reçu" in shown and "Je viens" in shown
    assert elue.post(f"/p/{sitting.pk}/recu/").status_code == 302
    assert elue.post(f"/p/{sitting.pk}/presence/", {"reponse": "absent"}).status_code == 302
    shown = text(elue, f"/p/{sitting.pk}/")
    assert "J’ai bien reçu" not in shown and "Votre réponse : <strong>Je ne viens pas</strong>" in shown
    row = sitting.convocations.get(mandate=convening.council.mandates[1])
    assert row.acknowledged_at and row.answer == "absent"


def test_who_is_not_convened_answers_nothing(convening, secretary, elue):
    sitting = convening.sent()
    assert "J’ai bien reçu" not in text(secretary, f"/p/{sitting.pk}/")
    for path in ("recu", "presence"):
        assert secretary.post(f"/p/{sitting.pk}/{path}/", {"reponse": "present"}).status_code == 403
        assert elue.get(f"/p/{sitting.pk}/{path}/").status_code == 405
    assert elue.post(f"/p/{sitting.pk}/presence/", {"reponse": "peut-être"}).status_code == 404
    assert not Convocation.objects.exclude(answer="").exists()


def test_the_button_leads_to_the_sitting(convening, client):
    from kb.buttons import tokens

    sitting = convening.sent()
    button = sitting.convocations.get(mandate=convening.council.mandates[1]).button
    assert client.post(f"/entrer/{tokens.token_of(button)}/")["Location"] == f"/p/{sitting.pk}/"
    assert "J’ai bien reçu" in text(client, f"/p/{sitting.pk}/")
