"""A question to the rapporteur: asked, told, answered; who reads it, who does not."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from council.agenda.models import AgendaItemPage, SittingPage
from council.members.models import Mandate
from council.questions import operations
from council.questions.models import Question
from council.questions.operations import Refused
from kb.notices.models import Notice
from kb.work import operations as work
from tests.council.convening.test_views import plain, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(convening):
    """An item that the maire reports on, convened."""
    sitting = convening.sitting(signed=False)
    draft = convening.item.get_latest_revision_as_object()
    draft.rapporteur = convening.council.mandates[0]
    draft.save_revision(user=convening.secretary)
    from council.convening import operations as convocations

    convocations.sign(sitting=sitting, by=convening.maire)
    convocations.send(sitting=sitting, by=convening.secretary)
    return AgendaItemPage.objects.get(pk=convening.item.pk)


@pytest.fixture
def third(convening):
    """A third member, with an account."""
    person = convening.town.person("Nadia", "Benkacem", "Élus")
    Mandate.objects.filter(last_name="Benkacem").update(account=person)
    return person


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("person__last_name", flat=True))


def test_asked_on_the_phone_and_answered(convening, item):
    elue, maire = convening.town.signed_in(convening.elue), convening.town.signed_in(convening.maire)
    assert "Poser une question" in text(elue, f"/p/{item.pk}/")
    assert "Rapporteur : Hélène Marchetti" in text(elue, f"/p/{item.pk}/questions/")
    asked = elue.post(f"/p/{item.pk}/questions/", {"text": "Pourquoi un euro ?", "seen_by": "tous"})
    question = Question.objects.get()
    assert asked["Location"] == f"/p/{item.pk}/#question-{question.pk}" and told("question_asked") == {"Marchetti"}
    assert "En attente de réponse" in text(elue, f"/p/{item.pk}/")
    work.drain()
    (letter,) = [message for message in mail.outbox if message.subject.endswith("vous pose une question")]
    assert convening.maire.email in letter.to[0] and "Pourquoi un euro" in letter.body
    path = f"/p/{item.pk}/questions/{question.pk}/"
    assert path in text(maire, f"/p/{item.pk}/") and "Tous les membres la liront" in text(maire, path)
    assert maire.post(path, {"text": "Parce que l’État compense."}).status_code == 302
    shown = text(elue, f"/p/{item.pk}/")
    assert "Parce que l’État compense." in shown and "Réponse de Hélène Marchetti" in shown
    assert told("question_answered") == {"Roussillon"}
    again = maire.post(path, {"text": "Encore"})
    assert again.status_code == 422 and "a déjà répondu" in plain(again)


def test_to_all_or_to_him_alone(convening, item, third):
    operations.ask(item=item, text="Devant tous", to_all=True, by=convening.elue)
    operations.ask(item=item, text="Entre nous", to_all=False, by=convening.elue)
    address = f"/p/{item.pk}/"
    for person in (convening.elue, convening.maire, convening.secretary):
        shown = text(convening.town.signed_in(person), address)
        assert "Devant tous" in shown and "Entre nous" in shown
    shown = text(convening.town.signed_in(third), address)
    assert "Devant tous" in shown and "Entre nous" not in shown
    reader = text(convening.town.signed_in(convening.town.communication), address)
    assert "Devant tous" in reader  # she manages the whole town
    agent = text(convening.town.signed_in(convening.town.technical), address)
    assert "Devant tous" not in agent and "Poser une question" not in agent


def test_without_a_rapporteur_who_manages_answers(convening):
    sitting = convening.sent()
    item = AgendaItemPage.objects.get(pk=convening.item.pk)
    question = operations.ask(item=item, text="Qui ?", to_all=True, by=convening.elue)
    assert "Secrète" in told("question_asked") and "Marchetti" not in told("question_asked")
    answered = operations.answer(question=question, text="Moi.", by=convening.secretary)
    assert answered.answered_by == convening.secretary and sitting.pk


def test_who_may_not(convening, item, third):
    question = operations.ask(item=item, text="Entre nous", to_all=False, by=convening.elue)
    for person in (third, convening.elue, convening.town.technical):
        with pytest.raises(PermissionDenied):
            operations.answer(question=question, text="x", by=person)
        assert convening.town.signed_in(person).get(f"/p/{item.pk}/questions/{question.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        operations.ask(item=item, text="x", to_all=True, by=convening.secretary)
    assert convening.town.signed_in(convening.secretary).get(f"/p/{item.pk}/questions/").status_code == 403
    assert convening.town.signed_in(convening.town.outsider).get(f"/p/{item.pk}/questions/").status_code == 404


def test_refusals(convening, item):
    with pytest.raises(Refused, match="Écrivez votre question"):
        operations.ask(item=item, text="  ", to_all=True, by=convening.elue)
    with pytest.raises(Refused, match="Coupez en plusieurs"):
        operations.ask(item=item, text="x" * 2001, to_all=True, by=convening.elue)
    SittingPage.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="de vive voix"):
        operations.ask(item=item, text="Trop tard ?", to_all=True, by=convening.elue)
    assert "Poser une question" not in text(convening.town.signed_in(convening.elue), f"/p/{item.pk}/")


def test_a_mail_that_tells_nothing_any_more(convening, item):
    question = operations.ask(item=item, text="Qui ?", to_all=True, by=convening.elue)
    operations.answer(question=question, text="Moi.", by=convening.secretary)
    work.drain()
    assert not [message for message in mail.outbox if message.subject.endswith("vous pose une question")]
    assert [message.subject for message in mail.outbox if "a répondu" in message.subject]
