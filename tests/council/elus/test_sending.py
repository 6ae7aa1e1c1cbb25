"""« Mes envois » : chosen once, kept with its date, and obeyed by the convocation."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from council.convening import operations
from council.convening.models import Sending, SendingChoice, Way
from council.convening.operations import Refused
from council.papers import operations as dossiers
from council.papers.models import BoundDossier
from kb.buttons.models import PersonalButton
from kb.notices.models import Mail, MailState
from kb.work import operations as work
from kb.work.models import Job
from tests.council.convening.test_letters import plain, read, received
from tests.council.convening.test_views import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def mandate(convening):
    return convening.council.mandates[1]


def test_chosen_on_the_screen(convening, mandate):
    elue = convening.town.signed_in(convening.elue)
    assert "Sur papier" in text(elue, "/elu/envois/")
    for _ in range(2):  # the same choice again writes nothing
        assert elue.post("/elu/envois/", {"sending": "paper"}).status_code == 302
    choice = SendingChoice.objects.get()
    assert (choice.mandate, choice.sending, choice.asked_on, choice.proof) == (
        mandate,
        "paper",
        timezone.localdate(),
        "",
    )
    assert "Choisi à l’écran" in text(elue, "/elu/envois/")


def test_noted_by_the_secretariat(convening, mandate):
    admin = convening.town.signed_in(convening.town.admin)
    path = f"/conseil/membres/{mandate.pk}/envois/"
    assert path in text(admin, "/conseil/")
    data = {"sending": "paper", "asked_on": str(timezone.localdate()), "proof": "lettre du 6"}
    assert admin.post(path, {**data, "proof": ""}).status_code == 422
    assert admin.post(path, data).status_code == 302
    assert "lettre du 6" in text(admin, path)
    assert text(admin, "/conseil/").count("Convoqué sur papier") == 2  # with who has no account
    assert convening.town.signed_in(convening.elue).get(path).status_code == 403
    by_account_less = f"/conseil/membres/{convening.on_paper.pk}/envois/"
    refused = admin.post(by_account_less, {**data, "sending": "mail"})
    assert refused.status_code == 422 and "n’a pas d’adresse e-mail" in refused.content.decode()


def test_refusals(convening, mandate):
    with pytest.raises(PermissionDenied):
        operations.choose_sending(mandate=mandate, sending=Sending.PAPER, by=convening.maire)
    with pytest.raises(PermissionDenied):
        operations.note_sending(
            mandate=mandate, sending=Sending.PAPER, asked_on=timezone.localdate(), proof="x", by=convening.elue
        )
    with pytest.raises(Refused, match="n’est pas encore passé"):
        operations.note_sending(
            mandate=mandate,
            sending=Sending.PAPER,
            asked_on=timezone.localdate() + timedelta(days=1),
            proof="x",
            by=convening.town.admin,
        )


def test_paper_makes_a_paper_row_and_keeps_his_way_in(convening, mandate):
    operations.choose_sending(mandate=mandate, sending=Sending.PAPER, by=convening.elue)
    sitting = convening.sitting()
    secretary = convening.town.signed_in(convening.secretary)
    assert "1 courriel" in text(secretary, f"/p/{sitting.pk}/envoi/")
    operations.send(sitting=sitting, by=convening.secretary)
    row = sitting.convocations.get(mandate=mandate)
    assert (row.way, row.address, row.mail) == (Way.PAPER, "", None)
    assert PersonalButton.objects.get(person=convening.elue) == row.button  # he asks for a code
    assert not Mail.objects.filter(to=convening.elue).exists()


def with_dossier(convening, mandate):
    operations.choose_sending(mandate=mandate, sending=Sending.DOSSIER, by=convening.elue)
    sitting = convening.sent()
    work.drain()
    return sitting


def names(message):
    return [name for name, _data, mime in message.attachments if mime == "application/pdf"]


def test_the_dossier_travels_once_it_is_bound(convening, mandate):
    """The mail waits for the worker that binds it: here both work in turn."""
    sitting = with_dossier(convening, mandate)
    waiting = Mail.objects.get(to=convening.elue)
    assert (waiting.state, waiting.reason) == (MailState.WAITING, "Le dossier en PDF se prépare.")
    assert names(received(convening.maire)) and Mail.objects.get(to=convening.maire).state == MailState.SENT
    dossiers.bind(BoundDossier.objects.get(sitting=sitting).pk)
    Job.objects.filter(kind="mail", key=f"mail-{waiting.pk}").update(due_at=timezone.now())
    work.drain()
    message = received(convening.elue)
    (dossier,) = [data for name, data, _mime in message.attachments if name.startswith("Dossier")]
    assert "Tarifs de la cantine" in read(dossier) and len(names(message)) == 2
    assert names(received(convening.maire)) == [names(message)[0]]


def test_a_dossier_whose_file_is_lost_is_bound_again_before_the_mail_leaves(convening, mandate):
    sitting = with_dossier(convening, mandate)
    bound = BoundDossier.objects.get(sitting=sitting)
    dossiers.bind(bound.pk)
    bound.refresh_from_db()
    bound.file.storage.delete(bound.file.name)
    Job.objects.filter(kind="mail").update(due_at=timezone.now())
    work.drain()
    bound.refresh_from_db()
    assert not bound.file and Mail.objects.get(to=convening.elue).state == MailState.WAITING
    dossiers.bind(bound.pk)
    Job.objects.filter(kind="mail").update(due_at=timezone.now())
    work.drain()
    assert len(names(received(convening.elue))) == 2


def test_a_dossier_too_heavy_stays_behind_the_button(convening, mandate, settings):
    settings.MAIL_DOSSIER_MB = 0
    sitting = with_dossier(convening, mandate)
    dossiers.bind(BoundDossier.objects.get(sitting=sitting).pk)
    Job.objects.filter(kind="mail").update(due_at=timezone.now())
    work.drain()
    message = received(convening.elue)
    assert "trop pour un courriel" in plain(message.body) and len(names(message)) == 1


def test_a_dossier_that_is_not_made_holds_no_convocation_back(convening, mandate):
    with_dossier(convening, mandate)
    BoundDossier.objects.update(file="")
    Mail.objects.filter(to=convening.elue).update(written_at=timezone.now() - timedelta(minutes=16))
    Job.objects.filter(kind="mail").update(due_at=timezone.now())
    Job.objects.filter(kind="dossier").delete()
    work.drain()
    assert "n’a pas pu être joint" in plain(received(convening.elue).body)
    assert len(mail.outbox) == 2


def test_the_rules_of_each_instance_are_shown(convening):
    admin = convening.town.signed_in(convening.town.admin)
    assert "<td>Séances de suite que sert un pouvoir</td><td>3</td>" in text(admin, "/conseil/")
    instance = convening.council.instance
    instance.body = "commission"
    instance.save()
    assert "<td>Séances de suite que sert un pouvoir</td><td>à demander</td>" in text(admin, "/conseil/")
    instance.own_pouvoir_sittings, instance.own_pouvoir_article = 0, "règlement intérieur, art. 7"
    instance.save()
    assert "<td>Séances de suite que sert un pouvoir</td><td>non</td>" in text(admin, "/conseil/")
