"""Deeds of a convocation: signing, sending, delivering, answering; each refusal leaves nothing half-done."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import PageLogEntry

from council.agenda import operations as agenda
from council.agenda import queries as agenda_queries
from council.agenda.enums import Channel, SittingState
from council.agenda.models import SittingPage, SittingRecord, stage_of
from council.convening import operations, queries
from council.convening.models import Answer, Convocation, Signature, Way
from council.frozen.queries import announced
from council.members import operations as members
from council.members.models import Population, WhyEnded
from council.papers.content import Papers
from kb.access import operations as access
from kb.access.models import Grant
from kb.buttons.models import PersonalButton
from kb.notices.models import Mail, MailState, Notice
from kb.pages import operations as pages
from kb.permissions import Viewer
from kb.refusals import Refused

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def nothing_left(sitting):
    return (stage_of(sitting), Convocation.objects.count(), Mail.objects.filter(kind="convocation").count()) == (
        SittingState.PREPARATION,
        0,
        0,
    )


# The signature.


def test_the_maire_signs(convening):
    sitting = convening.sitting(signed=False)
    signature = operations.sign(sitting=sitting, by=convening.maire)
    assert (str(signature.mandate), signature.quality, signature.on_screen) == ("Hélène Marchetti", "Maire", True)
    assert queries.is_signed(sitting)
    assert PageLogEntry.objects.get(action="council.agenda.sign").user == convening.maire


def test_nobody_else_signs(convening):
    sitting = convening.sitting(signed=False)
    for person in (convening.secretary, convening.elue, convening.town.outsider):
        with pytest.raises(PermissionDenied, match="Seul le maire"):
            operations.sign(sitting=sitting, by=person)
    mandate = convening.council.mandates[0]
    members.end_mandate(
        mandate=mandate, on=TODAY(), why=WhyEnded.RESIGNED, letter="", successor=None, by=convening.town.admin
    )
    with pytest.raises(PermissionDenied, match="Seul le maire"):
        operations.sign(sitting=sitting, by=convening.maire)
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("office", "signs"),
    [
        ("Maire", True),
        ("Président", True),
        ("Présidente, affaires sociales", True),
        ("1er adjoint au maire", False),
        ("", False),
    ],
)
def test_who_presides(convening, office, signs):
    mandate = convening.council.mandates[0]
    mandate.office = office
    assert queries.presides(mandate) is signs


def test_a_signature_on_paper_never_blocks_and_leaves_its_trace(convening):
    sitting, deputy = convening.sitting(signed=False), convening.council.mandates[1]
    given = {"sitting": sitting, "mandate": deputy, "signed_on": TODAY(), "by": convening.secretary}
    with pytest.raises(Refused, match="où est la feuille"):
        operations.record_signature(proof=" ", **given)
    with pytest.raises(Refused, match="une fois donnée"):
        operations.record_signature(proof="registre", **given | {"signed_on": TODAY() + timedelta(days=1)})
    with pytest.raises(PermissionDenied, match="faire signer"):
        operations.record_signature(proof="registre", **given | {"by": convening.elue})
    signature = operations.record_signature(proof="registre", **given)
    assert (signature.on_screen, signature.proof, signature.by) == (False, "registre", convening.secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.filter(pk=signature.pk).update(proof="")


def test_an_empty_agenda_is_not_signed(convening):
    with pytest.raises(Refused, match="inscrivez au moins un point"):
        operations.sign(sitting=convening.council.sitting(), by=convening.maire)


# The sending.


@pytest.mark.both_databases
def test_each_councillor_in_office_is_convened_once(convening):
    sitting = convening.sent()
    rows = {str(row.mandate): row for row in queries.convocations_of(sitting)}
    assert {name: (row.way, row.address) for name, row in rows.items()} == {
        "Hélène Marchetti": (Way.MAIL, convening.maire.email),
        "Bernard Aubanel": (Way.MAIL, convening.elue.email),
        "Nadia Benkacem": (Way.PAPER, ""),
    }
    record = SittingRecord.objects.get(page=sitting)
    assert (record.state, record.sent_on, record.channel) == (SittingState.CONVENED, TODAY(), "mail")
    button = rows["Bernard Aubanel"].button
    assert (button.person, button.path, button.until) == (
        convening.elue,
        f"/p/{sitting.pk}/",
        queries.button_until(sitting),
    )
    assert Notice.objects.filter(kind="convocation", always=True, mail__isnull=False).count() == 2
    with pytest.raises(Refused, match="déjà convoquée"):
        operations.send(sitting=sitting, by=convening.secretary)
    assert Convocation.objects.count() == 3


def test_a_member_who_left_is_not_convened(convening):
    members.end_mandate(
        mandate=convening.council.mandates[1],
        on=TODAY(),
        why=WhyEnded.DECEASED,
        letter="",
        successor=None,
        by=convening.town.admin,
    )
    sitting = convening.sent()
    assert [str(row.mandate) for row in queries.convocations_of(sitting)] == ["Hélène Marchetti", "Nadia Benkacem"]


def test_an_administrator_has_a_mail_and_no_button(convening):
    convening.elue.is_superuser = True
    convening.elue.save()
    row = convening.sent().convocations.get(mandate=convening.council.mandates[1])
    assert row.mail is not None and row.button is None


def test_who_may_send(convening):
    sitting = convening.sitting()
    for person in (convening.maire, convening.elue):
        with pytest.raises(PermissionDenied, match="convoquer"):
            operations.send(sitting=sitting, by=person)
    assert nothing_left(sitting)


def test_nothing_leaves_before_the_signature(convening):
    sitting = convening.sitting(signed=False)
    with pytest.raises(Refused, match="demandez au maire"):
        operations.send(sitting=sitting, by=convening.secretary)
    assert nothing_left(sitting)


@pytest.mark.parametrize("change", ["item", "order", "added", "sitting"])
def test_what_changed_after_the_signature_is_signed_again(convening, change):
    sitting = convening.sitting(signed=False)
    second = convening.council.item(sitting, "Deux")
    operations.sign(sitting=sitting, by=convening.maire)
    if change == "added":
        convening.council.item(sitting, "Trois")
    elif change == "order":
        agenda.move_item(item=second, step=-1, by=convening.secretary)
    else:
        page = (second if change == "item" else sitting).get_latest_revision_as_object()
        page.summary = "Autre chose."
        pages.save_draft(page=page, author=convening.secretary)
    with pytest.raises(Refused, match="signer de nouveau"):
        operations.send(sitting=sitting, by=convening.secretary)
    assert nothing_left(sitting)
    operations.sign(sitting=sitting, by=convening.maire)
    operations.send(sitting=sitting, by=convening.secretary)
    assert stage_of(sitting) == SittingState.CONVENED


def test_outside_the_delay_nothing_is_sent_and_three_ways_out_are_named(convening):
    sitting = convening.sitting(3)
    said = r"autre date de séance, convoquez en urgence, ou notez un envoi plus ancien avec sa preuve"
    with pytest.raises(Refused, match=said):
        operations.send(sitting=sitting, by=convening.secretary)
    assert nothing_left(sitting)


def test_from_3500_inhabitants_nothing_leaves_without_its_note(convening):
    Population.objects.create(instance=convening.council.instance, inhabitants=3500, since=date(2026, 3, 16))
    sitting = convening.sitting(signed=False)
    convening.council.item(sitting, "Budget")
    operations.sign(sitting=sitting, by=convening.maire)
    with pytest.raises(Refused, match=r"manque pour « Budget »"):
        operations.send(sitting=sitting, by=convening.secretary)
    assert nothing_left(sitting)


def test_a_button_that_would_open_nothing_stops_the_sending(convening):
    for grant in Grant.objects.filter(group__name="Élus"):
        access.end(grant=grant, by=None)
    sitting = convening.sitting()
    with pytest.raises(Refused, match=r"Bernard Aubanel ne peut pas lire la séance"):
        operations.send(sitting=sitting, by=convening.secretary)
    assert nothing_left(sitting)


def test_without_pango_the_way_out_is_said(convening, monkeypatch):
    monkeypatch.setattr("kb.exchange.pdf.is_available", lambda: False)
    sitting = convening.sitting()
    with pytest.raises(Refused, match="moyens habituels"):
        operations.send(sitting=sitting, by=convening.secretary)
    assert nothing_left(sitting)


def test_what_left_a_draft_agenda_takes_no_number_anywhere(convening):
    sitting = convening.sitting(signed=False)
    convening.council.item(sitting, "Deux")
    agenda.take_off(item=convening.item, reason="Pièces incomplètes", by=convening.secretary)
    operations.sign(sitting=sitting, by=convening.maire)
    operations.send(sitting=sitting, by=convening.secretary)
    sitting = SittingPage.objects.get(pk=sitting.pk)
    shown = [(row["title"], row["number"]) for row in agenda_queries.agenda(Viewer(convening.secretary), sitting)]
    assert shown == [("Tarifs de la cantine", "–"), ("Deux", "1")]
    assert [item.line for item in announced(sitting)] == ["1. Deux"]
    assert [(source.number, source.place.item.title) for source in Papers(sitting).sources] == [("1", "Deux")]


# Where each stands.


def lines(sitting):
    return queries.lines(sitting, queries.law_of(sitting).due)


def alarms(sitting):
    return [row["name"] for row in lines(sitting) if row["state"].alarm]


def test_a_failure_and_a_paper_are_alarms_until_they_are_delivered(convening):
    sitting = convening.sent()
    assert alarms(sitting) == ["Nadia Benkacem"]
    row = sitting.convocations.get(mandate=convening.council.mandates[1])
    Mail.objects.filter(pk=row.mail_id).update(state=MailState.FAILED, reason="Boîte inconnue")
    assert alarms(sitting) == ["Bernard Aubanel", "Nadia Benkacem"]
    assert lines(sitting)[1]["state"].words == "Échec : Boîte inconnue"
    for one in sitting.convocations.exclude(mandate=convening.council.mandates[0]):
        operations.note_delivery(convocation=one, on=TODAY(), how="à l’intéressé", by=convening.secretary)
    assert alarms(sitting) == []


def test_a_mail_that_left_after_the_last_day_is_an_alarm(convening):
    sitting = convening.sent(days=4)
    row = sitting.convocations.get(mandate=convening.council.mandates[1])
    at = queries.midnight_after(queries.law_of(sitting).due)
    Mail.objects.filter(pk=row.mail_id).update(state=MailState.SENT, sent_at=at - timedelta(seconds=1))
    assert alarms(sitting) == ["Nadia Benkacem"]
    Mail.objects.filter(pk=row.mail_id).update(sent_at=at)
    assert alarms(sitting) == ["Bernard Aubanel", "Nadia Benkacem"]


def test_a_mail_that_came_back_is_an_alarm(convening):
    sitting = convening.sent()
    row = sitting.convocations.get(mandate=convening.council.mandates[1])
    Mail.objects.filter(pk=row.mail_id).update(state=MailState.SENT, sent_at=timezone.now())
    given = {"convocation": row, "on": TODAY(), "why": "boîte pleine", "by": convening.secretary}
    for day in (1, -1):
        with pytest.raises(Refused, match="après son envoi"):
            operations.note_bounce(**given | {"on": TODAY() + timedelta(days=day)})
    with pytest.raises(PermissionDenied):
        operations.note_bounce(**given | {"by": convening.elue})
    with pytest.raises(Refused, match="notez plutôt la remise"):
        operations.note_bounce(**given | {"convocation": sitting.convocations.get(way=Way.PAPER)})
    operations.note_bounce(**given)
    assert alarms(sitting) == ["Bernard Aubanel", "Nadia Benkacem"]
    assert lines(sitting)[1]["state"].words.endswith(": boîte pleine")
    operations.note_delivery(convocation=row, on=TODAY(), how="à l’intéressé", by=convening.secretary)
    assert alarms(sitting) == ["Nadia Benkacem"]


def test_refused_deliveries(convening):
    one = convening.sent().convocations.get(way=Way.PAPER)
    given = {"convocation": one, "on": TODAY(), "how": "au domicile", "by": convening.secretary}
    with pytest.raises(Refused, match="une fois faite"):
        operations.note_delivery(**given | {"on": TODAY() + timedelta(days=1)})
    with pytest.raises(Refused, match="La convocation est du"):
        operations.note_delivery(**given | {"on": TODAY() - timedelta(days=1)})
    with pytest.raises(Refused, match="à qui et comment"):
        operations.note_delivery(**given | {"how": " "})
    with pytest.raises(PermissionDenied):
        operations.note_delivery(**given | {"by": convening.elue})


def test_the_hours_left():
    due = date(2026, 10, 24)
    end = queries.midnight_after(due)
    assert queries.time_left(due, end - timedelta(hours=31, minutes=20)).startswith("Il reste 31\u00a0heures")
    assert queries.time_left(due, end - timedelta(days=5, hours=1)).startswith("Il reste 5\u00a0jours")
    assert "moins d’une heure" in queries.time_left(due, end - timedelta(minutes=5))
    assert "passé depuis le 24 octobre 2026" in queries.time_left(due, end + timedelta(hours=2)).replace("\u00a0", " ")
    assert queries.time_left(None, end) == ""
    # The night of the change of hour has 25 hours.
    assert (queries.midnight_after(date(2026, 10, 25)) - queries.midnight_after(due)).total_seconds() >= 24 * 3600


# The councillor's own.


def test_he_acknowledges_once_and_answers_until_the_sitting(convening):
    sitting = convening.sent()
    first = operations.acknowledge(sitting=sitting, by=convening.elue)
    assert operations.acknowledge(sitting=sitting, by=convening.elue).acknowledged_at == first.acknowledged_at
    operations.answer(sitting=sitting, answer=Answer.UNKNOWN, by=convening.elue)
    operations.answer(sitting=sitting, answer=Answer.PRESENT, by=convening.elue)
    line = lines(sitting)[1]
    assert line["acknowledged"].startswith("Accusé de réception du") and line["answer"].startswith("Présent (le")
    assert (
        queries.answers_line(lines(sitting))
        == "1\u00a0accusé de réception sur 3. Présents\u00a0: 1. Sans réponse\u00a0: 2"
    )
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="a commencé"):
        operations.answer(sitting=SittingPage.objects.get(pk=sitting.pk), answer=Answer.ABSENT, by=convening.elue)


def test_only_members_answer(convening):
    sitting = convening.sent()
    for person in (convening.secretary, convening.town.outsider, convening.town.technical):
        with pytest.raises(PermissionDenied, match="membres convoqués"):
            operations.acknowledge(sitting=sitting, by=person)
    assert not Convocation.objects.exclude(acknowledged_at=None).exists()


def test_a_sitting_convened_elsewhere_is_acknowledged_too(convening):
    sitting = convening.sitting(signed=False)
    with pytest.raises(PermissionDenied):
        operations.acknowledge(sitting=sitting, by=convening.elue)
    agenda.record_convocation(
        sitting=sitting, sent_on=TODAY(), channel=Channel.PLATFORM, proof="accusés", by=convening.secretary
    )
    sitting = SittingPage.objects.get(pk=sitting.pk)
    operations.acknowledge(sitting=sitting, by=convening.elue)
    assert [(row.way, row.mail) for row in Convocation.objects.all()] == [(Way.ELSEWHERE, None)]
    assert alarms(sitting) == []


# The end of a button.


def working():
    return PersonalButton.objects.filter(ended_at=None).count()


def test_buttons_end_when_the_minutes_are_approved(convening):
    sitting = convening.sent()
    assert working() == 2
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() - timedelta(days=1))
    sitting = SittingPage.objects.get(pk=sitting.pk)
    agenda.note_done(sitting=sitting, code="list", on=TODAY(), by=convening.secretary)
    assert working() == 2
    agenda.note_done(sitting=sitting, code="minutes_approved", on=TODAY(), by=convening.secretary)
    assert working() == 0


def test_a_button_ends_with_the_mandate(convening):
    convening.sent()
    mandate = convening.council.mandates[1]
    mandate.until, mandate.why_ended = TODAY() + timedelta(days=1), WhyEnded.RESIGNED
    mandate.save()
    assert working() == 2
    type(mandate).objects.filter(pk=mandate.pk).update(until=TODAY())
    operations.end_buttons_of_past_mandates()
    operations.end_buttons_of_past_mandates()
    ended = PersonalButton.objects.exclude(ended_at=None)
    assert [(button.person, button.ended_because) for button in ended] == [(convening.elue, "Le mandat a pris fin.")]
