"""The life of a procès-verbal: typed, sent, arrêté at the next sitting, published after; each refusal."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from council.acts import minutes
from council.acts.content import Content
from council.acts.models import MinutesState, ProcesVerbal
from council.agenda import operations as agenda
from council.agenda.models import DoneStep
from kb.exchange import pdf
from kb.notices.models import Mail, Notice
from kb.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not pdf.is_available(), reason="Pango is not installed")]


def test_from_the_debates_to_the_arrete(acts):
    sitting, item = acts.run(), acts.items[0]
    elue = acts.seated()
    assert minutes.type_discussions(sitting=sitting, texts={item.pk: " Le prix. ", 999: "?"}, by=acts.secretary) == 1
    assert minutes.type_discussions(sitting=sitting, texts={item.pk: "Le prix."}, by=acts.secretary) == 0
    without = minutes.send(sitting=sitting, by=acts.secretary)
    assert without == [str(one) for one in acts.council.mandates[1:]]
    assert [notice.person for notice in Notice.objects.filter(kind="minutes")] == [elue]
    then = acts.following()
    done = minutes.approve(sitting=sitting, remarks="Mme Une précise.", by=acts.secretary)
    assert (done.state, done.approved_in, done.approved_on) == (
        MinutesState.APPROVED,
        then,
        timezone.localdate() + timedelta(2),
    )
    assert bytes(done.file).startswith(b"%PDF") and len(done.sha256) == 64
    assert DoneStep.objects.get(sitting=sitting).code == "minutes_approved"
    assert Content(then).previous[0].sitting == sitting


def test_the_end_of_the_life_ends_the_buttons(acts, monkeypatch):
    sitting, ended = acts.run(), []
    monkeypatch.setattr(
        "council.convening.signals.operations.end_buttons_of_sitting", lambda **told: ended.append(told["sitting"])
    )
    minutes.send(sitting=sitting, by=acts.secretary)
    acts.following()
    minutes.approve(sitting=sitting, remarks="", by=acts.secretary)
    assert ended == [sitting]


def test_each_step_waits_for_the_one_before(acts):
    acts.open(5)
    with pytest.raises(Refused, match="n’est pas levée"):
        minutes.send(sitting=acts.sitting, by=acts.secretary)
    acts.close()
    with pytest.raises(Refused, match="envoyez-le d’abord"):
        minutes.approve(sitting=acts.sitting, remarks="", by=acts.secretary)
    minutes.send(sitting=acts.sitting, by=acts.secretary)
    with pytest.raises(Refused, match="faites-en d’abord l’appel"):
        minutes.approve(sitting=acts.sitting, remarks="", by=acts.secretary)
    with pytest.raises(Refused, match="n’est pas arrêté, il ne se publie pas encore"):
        minutes.public_file(acts.sitting)
    for code in ("minutes_approved", "minutes_published"):
        with pytest.raises(Refused, match="n’est pas arrêté"):
            agenda.note_done(sitting=acts.sitting, code=code, on=timezone.localdate(), by=acts.secretary)
    acts.following()
    minutes.approve(sitting=acts.sitting, remarks="", by=acts.secretary)
    assert minutes.public_file(acts.sitting).startswith(b"%PDF")
    for deed in (
        lambda: minutes.type_discussions(sitting=acts.sitting, texts={}, by=acts.secretary),
        lambda: minutes.send(sitting=acts.sitting, by=acts.secretary),
        lambda: minutes.approve(sitting=acts.sitting, remarks="", by=acts.secretary),
    ):
        with pytest.raises(Refused, match="son texte ne change plus"):
            deed()


def test_only_who_holds_the_sitting_writes_its_minutes(acts):
    sitting, outsider = acts.run(), acts.town.outsider
    for deed in (
        lambda: minutes.type_discussions(sitting=sitting, texts={}, by=outsider),
        lambda: minutes.send(sitting=sitting, by=outsider),
        lambda: minutes.approve(sitting=sitting, remarks="", by=outsider),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    assert not ProcesVerbal.objects.exists()


def test_nothing_is_typed_before_the_roll_call(acts):
    with pytest.raises(Refused, match="une fois l’appel fait"):
        minutes.type_discussions(sitting=acts.sitting, texts={}, by=acts.secretary)


def test_the_mail_names_the_sitting_and_is_withheld_once_it_is_arrete(acts):
    from kb.notices.letters import Withheld, letter_for

    sitting = acts.run()
    acts.seated()
    minutes.send(sitting=sitting, by=acts.secretary)
    mail = Mail.objects.filter(kind="minutes").first() or Mail(
        kind="minutes", to=Notice.objects.get(kind="minutes").person, page=sitting
    )
    letter = letter_for(mail)
    assert letter.path == f"/p/{sitting.pk}/papiers/" and "Procès-verbal à relire" in letter.subject
    ProcesVerbal.objects.update(state=MinutesState.DRAFT)
    with pytest.raises(Withheld):
        letter_for(mail)
