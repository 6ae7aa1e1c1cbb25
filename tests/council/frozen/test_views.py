"""The screens of what changes after a convocation: each works, then each refusal."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.agenda.models import AgendaItemPage, SittingPage
from council.convening import operations as deeds
from council.frozen import operations, queries
from council.frozen.models import PaperChange
from council.members.models import Population
from kb.access import operations as access
from kb.documents.extraction.models import ExtractedPage, Extraction
from kb.exchange import pdf as printing
from tests.council.convening.test_views import plain, read, text
from tests.council.frozen.test_operations import addition, annex_of, past, replaced, rewrite
from tests.council.papers.test_binding import pdf
from tests.leaks.forms import forms_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(convening):
    return convening.town.signed_in(convening.secretary)


@pytest.fixture
def elue(convening):
    return convening.town.signed_in(convening.elue)


def item_path(convening):
    return f"/p/{convening.item.pk}/"


# The editor.


def test_the_editor_says_it_before_one_types_and_saves_nothing(convening, convened, secretary):
    edit = f"/admin/pages/{convening.item.pk}/edit/"
    shown = text(secretary, edit)
    assert "Ce point est convoqué : il ne change plus." in shown and f"/p/{convening.item.pk}/#changer" in shown
    before = AgendaItemPage.objects.get(pk=convening.item.pk).latest_revision_id
    ((_address, fields),) = [
        one for one in forms_in(secretary.get(edit).content, edit) if "attachments-TOTAL_FORMS" in one[1]
    ]
    answer = secretary.post(edit, {**fields, "body-count": "0", "title": "Autre"})
    assert answer.status_code == 200
    assert "Remplacez une pièce ou corrigez son texte" in plain(answer)
    assert AgendaItemPage.objects.get(pk=convening.item.pk).latest_revision_id == before
    assert "ordre du jour complémentaire" in text(secretary, f"/admin/pages/{convened.pk}/edit/")
    page = text(secretary, item_path(convening))
    assert edit not in page and "/deposer/" not in page


def test_after_the_sitting_the_editor_offers_no_way_that_is_closed(convening, convened, secretary):
    past(convened)
    shown = text(secretary, f"/admin/pages/{convening.item.pk}/edit/")
    assert "son dossier reste celui sur lequel le conseil s’est prononcé" in shown and "#changer" not in shown
    assert "Changer ce qui est parti" not in text(secretary, item_path(convening))


def test_the_editor_opens_again_for_a_correction(convening, convened, secretary):
    operations.open_correction(item=convening.item, by=convening.secretary)
    assert "est convoqué : il ne change plus" not in text(secretary, f"/admin/pages/{convening.item.pk}/edit/")


def test_an_old_revision_is_not_taken_back(convening, convened, secretary):
    first = AgendaItemPage.objects.get(pk=convening.item.pk).revisions.order_by("pk").first()
    answer = secretary.post(f"/p/{convening.item.pk}/historique/{first.pk}/reprendre/", follow=True)
    assert answer.status_code == 200 and "est convoqué" in plain(answer)


def test_a_document_of_the_town_is_not_joined_to_it(convening, convened, secretary):
    other = convening.town.document(b"Une autre", "autre.txt", author=convening.secretary)
    answer = secretary.post(f"/p/{convening.item.pk}/joindre/?document={other.pk}")
    assert answer.status_code == 403 and "Remplacez une pièce ou corrigez son texte" in plain(answer)


# A piece replaced.


def test_a_piece_is_replaced_from_its_item(convening, convened, secretary, elue):
    first = annex_of(convened)
    assert f"{item_path(convening)}pieces/{first.pk}/remplacer/" in text(secretary, item_path(convening))
    path = f"{item_path(convening)}pieces/{first.pk}/remplacer/"
    assert "Remplacer « Tarifs »" in text(secretary, path)
    sent = {"file": SimpleUploadedFile("nouveau.pdf", pdf(4)), "reason": "Total corrigé"}
    assert secretary.post(path, sent)["Location"] == item_path(convening)
    change = PaperChange.objects.get()
    said = f"Pièce remplacée le {queries.said_of(change).split(' le ')[1]}".replace("\u00a0", " ")
    shown = text(elue, item_path(convening))
    assert said in shown and "Total corrigé" in shown and "Changer ce qui est parti" not in shown
    assert said in text(elue, f"/p/{convened.pk}/")
    difference = text(elue, f"{item_path(convening)}changements/{change.pk}/")
    second = annex_of(convened)
    for words in ("tarifs.pdf", "nouveau.pdf", first.content["sha256"], second.content["sha256"], "version 2"):
        assert words.lower() in difference.lower()
    for row in (first, second):
        assert elue.get(f"{item_path(convening)}pieces/{row.pk}/")["ETag"] == f'"{row.content["sha256"]}"'


def test_the_difference_in_words_where_the_texts_were_read(convening, convened, elue):
    first = annex_of(convened)
    change = replaced(convening, convened)
    second = annex_of(convened)
    for row, words in ((first, "Le repas coûte 3 euros."), (second, "Le repas coûte 4 euros.")):
        done, _ = Extraction.objects.update_or_create(
            sha256=row.content["sha256"], defaults={"kind": "pdf", "state": "read"}
        )
        ExtractedPage.objects.create(extraction=done, number=1, text=words)
    shown = text(elue, f"{item_path(convening)}changements/{change.pk}/")
    assert "1 mot ajouté" in shown and "1 mot retiré" in shown and "Page 1" in shown


def test_a_refusal_is_read_beside_the_form(convening, convened, secretary):
    path = f"{item_path(convening)}pieces/{annex_of(convened).pk}/remplacer/"
    answer = secretary.post(path, {"file": SimpleUploadedFile("virus.exe", b"MZ\x90\x00"), "reason": "Essai"})
    assert answer.status_code == 422 and not PaperChange.objects.exists()
    assert "Remplacer et avertir les membres" in plain(answer)


def test_from_3500_inhabitants_the_screens_warn(convening, convened, secretary):
    Population.objects.create(instance=convening.council.instance, inhabitants=3500, since=date(2026, 3, 16))
    for path in (f"pieces/{annex_of(convened).pk}/remplacer/", "correction/"):
        assert "doit parvenir aux membres à temps" in text(secretary, item_path(convening) + path)


# A text corrected.


def test_a_text_is_corrected_in_three_gestures(convening, convened, secretary, elue):
    path = f"{item_path(convening)}correction/"
    assert "Commencer la correction" in text(secretary, path)
    assert secretary.post(path, {"deed": "open"})["Location"] == path
    assert "Écrire la correction" in text(secretary, path)
    rewrite(convening, note="Deux pages.")
    assert "Envoyer la correction aux membres" in text(secretary, path)
    refused = secretary.post(path, {"deed": "send", "reason": ""})
    assert refused.status_code == 422
    assert secretary.post(path, {"deed": "send", "reason": "Coquille"})["Location"] == item_path(convening)
    change = PaperChange.objects.get()
    assert "Deux pages." in text(elue, item_path(convening))
    shown = text(elue, f"{item_path(convening)}changements/{change.pk}/")
    assert "Texte corrigé" in shown and "Note de synthèse" in shown and "Coquille" in shown


def test_a_correction_is_dropped(convening, convened, secretary):
    path = f"{item_path(convening)}correction/"
    secretary.post(path, {"deed": "open"})
    assert secretary.post(path, {"deed": "drop"})["Location"] == item_path(convening)
    assert PaperChange.objects.get().dropped_at


# Items added.


@pytest.mark.skipif(not printing.is_available(), reason="Pango is not installed")
def test_an_item_is_added_signed_and_sent(convening, convened, secretary, elue):
    path, maire = f"/p/{convened.pk}/complement/", convening.town.signed_in(convening.maire)
    assert path in text(secretary, f"/p/{convened.pk}/")
    assert "Ouvrir un ordre du jour complémentaire" in text(secretary, path)
    assert secretary.get(f"/admin/pages/add/council/agendaitempage/{convened.pk}/").status_code != 200
    assert secretary.post(path, {"deed": "open", "reason": "Subvention notifiée"})["Location"] == path
    assert "Aucun point n’est encore écrit." in text(secretary, path)
    add = f"/admin/pages/add/council/agendaitempage/{convened.pk}/"
    assert add in text(secretary, f"/nouvelle/{convened.pk}/") and secretary.get(add).status_code == 200
    item = convening.council.item(SittingPage.objects.get(pk=convened.pk), "Subvention", note="Une note.")
    assert "Place de « Subvention »" in text(secretary, path)
    assert '<option value="" selected>À la fin</option>' in text(secretary, path)
    secretary.post(path, {"deed": "number", f"place-{item.pk}": "1 bis"})
    assert "1 bis. Subvention" in text(secretary, path).replace("</a>", "").replace(f'<a href="/p/{item.pk}/">', "")
    assert path in text(maire, f"/p/{convened.pk}/") and path not in text(elue, f"/p/{convened.pk}/")
    assert "Arrêter et signer" in text(maire, path)
    assert maire.post(path, {"deed": "sign"})["Location"] == path
    assert secretary.post(path, {"deed": "send"})["Location"] == f"/p/{convened.pk}/"
    assert "Affichez de nouveau la feuille de la porte" in text(secretary, f"/p/{convened.pk}/")
    shown = text(elue, f"/p/{convened.pk}/")
    assert "1 bis" in shown and "Subvention" in shown and "Ordre du jour complémentaire le" in shown
    assert "Subvention notifiée" in shown
    assert elue.get(f"/p/{item.pk}/").status_code == 200
    change = PaperChange.objects.get()
    paper = f"/p/{convened.pk}/changements/{change.pk}/papier/convocation/"
    assert "Ordre du jour complémentaire (PDF)" in text(secretary, f"/p/{convened.pk}/changements/{change.pk}/envois/")
    words = read(secretary.get(paper))
    assert "1 bis Subvention" in words and "Tarifs de la cantine" not in words
    assert elue.get(paper).status_code == 403
    assert secretary.get(paper.replace("convocation", "notes")).status_code == 404
    posted = read(secretary.get(f"/p/{convened.pk}/convocations/papier/affiche/"))
    assert "Tarifs de la cantine" in posted and "1 bis Subvention" in posted


def test_a_signature_on_paper_and_a_refusal(convening, convened, secretary):
    addition(convening, convened, "Subvention", signed=False)
    path = f"/p/{convened.pk}/complement/"
    assert secretary.post(path, {"deed": "send"}).status_code == 422
    data = {
        "deed": "paper",
        "mandate": convening.council.mandates[0].pk,
        "signed_on": "2020-01-01",
        "proof": "registre",
    }
    assert secretary.post(path, data)["Location"] == path
    assert "Envoyer aux membres" in text(secretary, path)
    assert secretary.post(path, {"deed": "autre"}).status_code == 404


def test_too_late_is_said_with_its_ways_out(convening, secretary):
    sitting = convening.sent(days=4)
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() + timedelta(days=3))
    answer = secretary.post(f"/p/{sitting.pk}/complement/", {"deed": "open", "reason": "Oubli"})
    assert answer.status_code == 422 and "Il est trop tard pour ajouter un point" in plain(answer)


# Who received what.


def test_each_sending_is_followed(convening, convened, secretary):
    change = replaced(convening, convened)
    path = f"/p/{convened.pk}/changements/{change.pk}/envois/"
    assert path in text(secretary, f"/p/{convened.pk}/")
    shown = text(secretary, path)
    assert "Nadia Benkacem" in shown and "À remettre sur papier" in shown and convening.elue.email in shown
    by_hand, by_mail = change.dispatches.get(mail=None), change.dispatches.get(mandate=convening.council.mandates[1])
    note = f"/p/{convened.pk}/changements/envois/{by_hand.pk}/remise/"
    assert "Remise en main propre : Nadia Benkacem" in text(secretary, note)
    today = timezone.localdate().isoformat()
    assert secretary.post(note, {"on": "2020-01-01", "how": "à la main"}).status_code == 422
    assert secretary.post(note, {"on": today, "how": "à la main"})["Location"] == path
    back = f"/p/{convened.pk}/changements/envois/{by_mail.pk}/retour/"
    assert "Courriel revenu" in text(secretary, back)
    assert secretary.post(back, {"on": today, "why": "boîte pleine"})["Location"] == path
    shown = text(secretary, path)
    assert "à la main" in shown and "boîte pleine" in shown
    told = json.loads(secretary.get(f"/p/{convened.pk}/convocations/papier/donnees/").content)
    assert [one["bounced_why"] for one in told["changes"][0]["dispatches"]] == ["", "boîte pleine", ""]


# Refusals.


def test_an_elu_changes_nothing(convening, convened, elue):
    first = annex_of(convened)
    change = replaced(convening, convened)
    row = change.dispatches.first()
    own = [f"pieces/{first.pk}/remplacer/", "correction/"]
    for path in (
        *(f"{item_path(convening)}{one}" for one in own),
        f"/p/{convened.pk}/complement/",
        f"/p/{convened.pk}/changements/{change.pk}/envois/",
        f"/p/{convened.pk}/changements/envois/{row.pk}/remise/",
        f"/p/{convened.pk}/changements/envois/{row.pk}/retour/",
    ):
        assert elue.get(path).status_code == 403, path
        assert elue.post(path).status_code in {403, 405}, path
    shown = text(elue, f"/p/{convened.pk}/")
    assert "Suivre l’envoi" not in shown and "Nadia Benkacem" not in shown


def test_who_does_not_read_the_sitting_knows_of_nothing(convening, convened):
    change = replaced(convening, convened)
    outsider = convening.town.signed_in(convening.town.outsider)
    for path in (
        f"pieces/{annex_of(convened).pk}/",
        f"pieces/{annex_of(convened).pk}/remplacer/",
        "correction/",
        f"changements/{change.pk}/",
    ):
        assert outsider.get(item_path(convening) + path).status_code == 404, path


def test_a_paper_of_another_item_is_not_there(convening, convened, secretary):
    other = convening.council.item(convening.council.sitting(title="Une autre"), "Autre")
    change = replaced(convening, convened)
    for path in (f"pieces/{annex_of(convened).pk}/", f"changements/{change.pk}/", "correction/"):
        assert secretary.get(f"/p/{other.pk}/{path}").status_code == 404, path


def test_queries_do_not_follow_the_number_of_items(convening, convened, elue):
    def asked(sitting):
        elue.get(f"/p/{sitting.pk}/")
        with CaptureQueriesContext(
            connection,
        ) as found:
            elue.get(f"/p/{sitting.pk}/")
        return len(found)

    one = asked(convened)
    wide = convening.sitting(title="Trois points", signed=False)
    for title in ("Deux", "Trois"):
        convening.council.item(wide, title, note="Une note.")
    deeds.sign(sitting=wide, by=convening.maire)
    deeds.send(sitting=wide, by=convening.secretary)
    assert asked(wide) == one


def test_a_responsable_who_does_not_read_an_item_follows_it_by_its_number(convening, convened, secretary):
    """Whoever holds the sitting places an added item and proves that a change left: never what either is about."""
    change = replaced(convening, convened, reason="zqxmarque-raison")
    operations.open_addition(sitting=convened, reason="Subvention notifiée", by=convening.secretary)
    under = SittingPage.objects.get(pk=convened.pk)
    for name in ("zqxmarque-un", "zqxmarque-deux"):
        added = convening.town.page(name, model=AgendaItemPage, under=under, author=convening.secretary, publish=False)
        access.reserve(page=added, by=convening.town.admin, why="Affaire sensible")
    access.reserve(page=convening.item, by=convening.town.admin, why="Affaire sensible")
    base = f"/p/{convened.pk}/"
    shown = text(secretary, f"{base}complement/")
    assert "zqxmarque" not in shown and f"/p/{added.pk}/" not in shown
    assert "Place de « Affaire réservée n° 1 »" in shown and "Affaire réservée n° 2" in shown
    for deed in ("drop", "send"):
        answer = secretary.post(f"{base}complement/", {"deed": deed})
        assert answer.status_code == 422 and "zqxmarque" not in plain(answer)
    followed = f"{base}changements/{change.pk}/envois/"
    assert "point 1" in text(secretary, followed) and "zqxmarque" not in text(secretary, followed)
    assert secretary.get(f"{base}changements/{change.pk}/papier/notes/").status_code == 404
    assert secretary.get(f"{base}convocations/papier/notes/").status_code == 404
