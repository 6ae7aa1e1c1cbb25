"""The mail of a change, and the proof that keeps it: each councillor exactly one."""

from datetime import date

import pytest
from django.core import mail
from django.utils import timezone

from council.agenda.models import SittingPage
from council.convening import operations as deeds
from council.convening import papers, proof
from council.convening.models import SentPaper
from council.frozen import operations, queries
from council.members.models import Mandate, Population
from kb.buttons import tokens
from kb.buttons.models import PersonalButton
from kb.exchange import pdf as paper
from kb.notices.models import Mail, MailState
from kb.work import operations as work
from tests.council.convening.test_letters import plain, read, received
from tests.council.frozen.test_operations import addition, annex_of, past, replaced, rewrite

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not paper.is_available(), reason="Pango is not installed")]


@pytest.fixture
def told(convening, convened):
    """The convocations have left already."""
    work.drain()
    mail.outbox.clear()
    return convened


def test_a_replaced_piece_is_told_with_its_digest(convening, told):
    replaced(convening, told)
    work.drain()
    message = received(convening.elue)
    body, button = plain(message.body), PersonalButton.objects.get(person=convening.elue)
    for words in (
        "Une pièce du point 1 est remplacée : « Tarifs »",
        "tarifs-corriges.pdf",
        annex_of(told).content["sha256"],
        "Raison : Total corrigé",
        f"/entrer/{tokens.token_of(button)}/",
    ):
        assert words in body
    assert message.subject.startswith("Pièce remplacée : Conseil municipal")
    assert sorted(one.to[0].split("<")[-1] for one in mail.outbox) == [
        f"{convening.maire.email}>",
        f"{convening.elue.email}>",
    ]


def test_the_same_job_twice_sends_once(convening, told):
    replaced(convening, told)
    work.drain()
    for one in Mail.objects.filter(kind="paper_change"):
        work.enqueue(kind="mail", payload={"mail": one.pk}, key=f"again-{one.pk}")
    work.drain()
    assert len(mail.outbox) == 2


def test_an_added_item_travels_as_a_paper_signed_apart(convening, told):
    change = addition(convening, told, "Subvention de l’école")
    operations.send_addition(change=change, by=convening.secretary)
    work.drain()
    message = received(convening.elue)
    assert "2. Subvention de l’école" in plain(message.body) and "1. Tarifs" not in plain(message.body)
    ((_name, data, _mime),) = message.attachments
    words = read(data)
    for said in (
        "Ordre du jour complémentaire",
        "Subvention de l’école",
        "Subvention notifiée hier",
        "Hélène Marchetti",
    ):
        assert said in words
    assert "Tarifs de la cantine" not in words
    row = SentPaper.objects.get(change=change)
    assert bytes(row.data) == data and SentPaper.objects.filter(sitting=told, change=None).count() == 1


def test_from_3500_inhabitants_a_corrected_note_travels(convening, told):
    Population.objects.create(instance=convening.council.instance, inhabitants=3500, since=date(2026, 3, 16))
    change = operations.open_correction(item=convening.item, by=convening.secretary)
    rewrite(convening, note="Une page et demie.")
    operations.send_correction(change=change, reason="Coquille", by=convening.secretary)
    replaced(convening, told)
    work.drain()
    corrected = next(one for one in mail.outbox if "Texte corrigé" in one.subject and convening.elue.email in one.to[0])
    ((name, data, _mime),) = corrected.attachments
    assert name.startswith("Notes de synthèse") and "Une page et demie." in read(data)
    piece = next(one for one in mail.outbox if "Pièce remplacée" in one.subject and convening.elue.email in one.to[0])
    assert not piece.attachments


def test_the_notes_of_the_convocation_stay_those_that_left(convening, convened):
    Population.objects.create(instance=convening.council.instance, inhabitants=3500, since=date(2026, 3, 16))
    change = operations.open_correction(item=convening.item, by=convening.secretary)
    rewrite(convening, note="Une page et demie.")
    operations.send_correction(change=change, reason="Coquille", by=convening.secretary)
    sent = papers.sent_paper(SittingPage.objects.get(pk=convened.pk), SentPaper.Code.NOTES)  # made after the correction
    assert "Une page." in read(bytes(sent.data)) and "demie" not in read(bytes(sent.data))


def test_held_back_from_who_left_and_after_the_sitting(convening, told):
    replaced(convening, told)
    Mandate.objects.filter(account=convening.elue).update(until=timezone.localdate(), why_ended="resigned")
    past(told)
    work.drain()
    assert mail.outbox == []
    states = set(Mail.objects.filter(kind="paper_change").values_list("state", flat=True))
    assert states == {MailState.WITHHELD}


def test_the_proof_holds_each_change(convening, told):
    first = annex_of(told)
    change = replaced(convening, told)
    work.drain()
    sent = change.dispatches.get(mail=None)
    deeds.note_delivery(convocation=sent, on=timezone.localdate(), how="en main propre", by=convening.secretary)
    (one,) = proof.as_data(told)["changes"]
    (row,) = one["rows"]
    assert (one["kind"], one["number"], one["reason"]) == ("replaced", "1", "Total corrigé")
    assert (row["replaces"], row["sha256"]) == (first.sha256, annex_of(told).sha256)
    assert [(line["councillor"], line["way"]) for line in one["dispatches"]] == [
        ("Hélène Marchetti", "mail"),
        ("Bernard Aubanel", "mail"),
        ("Nadia Benkacem", "paper"),
    ]
    assert [bool(line["mail"] and line["mail"]["handed_over_at"]) for line in one["dispatches"]] == [True, True, False]
    assert one["dispatches"][2]["delivered_how"] == "en main propre"
    words = read(proof.as_pdf(told))
    assert "Pièce remplacée, point 1" in words and "en main propre" in words
    assert [item.title for item in queries.announced(told)] == ["Tarifs de la cantine"]
