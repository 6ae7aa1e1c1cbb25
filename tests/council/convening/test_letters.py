"""The mail that convenes: what travels with it, what holds it back, and each councillor exactly one."""

import io
from datetime import date, timedelta

import pikepdf
import pypdfium2
import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from council.agenda.models import SittingPage
from council.convening.models import SentPaper
from council.members.models import Mandate, Population
from kb.buttons import operations as buttons
from kb.buttons import tokens
from kb.buttons.models import PersonalButton
from kb.notices.models import Mail, MailState
from kb.refusals import Refused
from kb.work import operations as work

pytestmark = pytest.mark.django_db


def received(person):
    (message,) = [message for message in mail.outbox if person.email in message.to[0]]
    return message


def plain(text):
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def read(data):
    return plain(" ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)))


def test_the_mail_and_what_travels(convening):
    sitting = convening.sent()
    work.drain()
    message = received(convening.elue)
    button = PersonalButton.objects.get(person=convening.elue)
    body = plain(message.body)
    for words in (
        "J’ai l’honneur de vous convoquer",
        "salle du conseil",
        "1. Tarifs de la cantine",
        "Hélène Marchetti, Maire",
        f"/entrer/{tokens.token_of(button)}/",
    ):
        assert words in body
    assert "Ne plus recevoir" not in body and "List-Unsubscribe" not in message.extra_headers
    files = {name: (data, mime) for name, data, mime in message.attachments}
    (paper,), (event,) = (
        [data for name, (data, mime) in files.items() if mime == wanted]
        for wanted in ("application/pdf", "text/calendar")
    )
    for words in ("Convocation", "Tarifs de la cantine", "Hélène Marchetti"):
        assert words in read(paper)
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert pdf.Root.MarkInfo.Marked
    (meeting,) = Calendar.from_ical(event).walk("VEVENT")
    assert meeting["uid"].startswith(f"sitting-{sitting.pk}@") and meeting["location"] == "salle du conseil"
    assert sorted(message.to[0].split("<")[-1] for message in mail.outbox) == [
        f"{convening.maire.email}>",
        f"{convening.elue.email}>",
    ]


def test_all_have_the_same_bytes_and_the_proof_knows_them(convening):
    sitting = convening.sent()
    work.drain()
    sent = {
        bytes(data) for message in mail.outbox for _name, data, mime in message.attachments if mime == "application/pdf"
    }
    row = SentPaper.objects.get(sitting=sitting)
    assert (row.code, sent) == ("convocation", {bytes(row.data)})


def test_from_3500_inhabitants_the_notes_travel(convening):
    Population.objects.create(instance=convening.council.instance, inhabitants=3500, since=date(2026, 3, 16))
    convening.sent()
    work.drain()
    names = [
        name.split(" 2")[0] for name, _data, mime in received(convening.elue).attachments if mime == "application/pdf"
    ]
    assert names == ["Convocation", "Notes de synthèse"]
    notes = next(data for name, data, _mime in received(convening.elue).attachments if name.startswith("Notes"))
    assert "Une page." in read(notes)


def test_what_was_frozen_leaves_even_if_a_draft_changes(convening):
    convening.sent()
    draft = type(convening.item).objects.get(pk=convening.item.pk)
    draft.title = "Autre titre"
    with pytest.raises(Refused, match="est convoqué"):
        draft.save_revision(user=convening.secretary)
    type(draft).objects.filter(pk=draft.pk).update(title="Autre titre")
    work.drain()
    assert "Autre titre" not in received(convening.elue).body


def test_an_ended_button_holds_no_convocation_back(convening):
    sitting = convening.sent()
    buttons.end(button=PersonalButton.objects.get(person=convening.elue), by=None, because="Téléphone perdu")
    work.drain()
    body = received(convening.elue).body
    assert "/entrer/" not in body and f"/p/{sitting.pk}/" in body


def test_a_member_who_left_and_a_sitting_that_took_place(convening):
    sitting = convening.sent()
    Mandate.objects.filter(account=convening.elue).update(until=timezone.localdate(), why_ended="resigned")
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() - timedelta(hours=1))
    work.drain()
    assert mail.outbox == []
    assert dict(Mail.objects.values_list("to__username", "reason")) == {
        convening.elue.username: "Le mandat a pris fin : un membre parti n’est pas convoqué.",
        convening.maire.username: "La séance a eu lieu.",
    }
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.WITHHELD}
