"""The list of délibérations and the procès-verbal online: each works, then each refusal; what the public has of them."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.acts import minutes
from council.acts import operations as acts
from council.agenda.models import DoneStep
from council.publication import sitting_papers
from council.publication.models import PublicPaper, SittingPaper
from kb.exchange import pdf
from kb.refusals import Refused
from tests.council.publication.test_views import plain, read, text
from tests.council.publication.world import NAMING

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not pdf.is_available(), reason="Pango is not installed")]


@pytest.fixture
def secretary(desk):
    return desk.town.signed_in(desk.secretary)


def address(desk, rest=""):
    return f"/p/{desk.sitting.pk}/{rest}"


def public(desk, paper):
    return f"/actes/seances/{desk.sitting.pk}/{paper}.pdf"


def steps(desk):
    return dict(DoneStep.objects.filter(sitting=desk.sitting).values_list("code", "on"))


def publish(desk, paper=SittingPaper.LIST):
    return sitting_papers.publish(sitting=desk.sitting, paper=paper, by=desk.secretary)


def approve(desk):
    minutes.send(sitting=desk.sitting, by=desk.secretary)
    desk.following()
    minutes.approve(sitting=desk.sitting, remarks="", by=desk.secretary)


def test_the_list_from_its_screen_to_the_public(desk, secretary):
    desk.run()
    assert "Mettre en ligne" in text(secretary, address(desk, "papiers/"))
    assert Client().get(public(desk, "liste")).status_code == 404
    answer = secretary.post(address(desk, "papiers/liste/publier/"), follow=True)
    assert "Liste des délibérations : en ligne, à une adresse qui ne change pas." in plain(answer)
    assert "En ligne depuis le" in plain(answer) and steps(desk) == {"list": timezone.localdate()}
    row = PublicPaper.objects.get()
    answer = Client().get(public(desk, "liste"))
    assert hashlib.sha256(answer.content).hexdigest() == row.sha256 and answer["ETag"] == f'"{row.sha256}"'
    assert "Tarifs de la cantine" in read(answer)
    shown = text(Client(), "/actes/")
    assert "Liste des délibérations de la séance du" in shown and row.sha256 in shown
    assert row.sha256 not in text(Client(), "/actes/?q=tarifs")


def test_the_proces_verbal_once_it_is_arrete(desk, secretary):
    desk.run()
    door = address(desk, "papiers/proces-verbal/publier/")
    assert "n’est pas arrêté, il ne se publie pas encore" in plain(secretary.post(door, follow=True))
    assert not PublicPaper.objects.exists() and steps(desk) == {}
    approve(desk)
    assert "Mettre en ligne" in text(secretary, address(desk, "pv/"))
    assert "Procès-verbal : en ligne" in plain(secretary.post(door, follow=True))
    assert steps(desk)["minutes_published"] == timezone.localdate()
    assert "Arrêté le" in read(Client().get(public(desk, "proces-verbal")))


def test_what_is_online_is_replaced_and_kept(desk):
    desk.run()
    first = publish(desk)
    day = timezone.localdate() - timedelta(days=2)
    DoneStep.objects.filter(sitting=desk.sitting, code="list").update(on=day)
    acts.correct(deliberation=desk.deliberations[0], object="Tarifs 2027", text="", reason="Année.", by=desk.secretary)
    second = publish(desk)
    assert "Tarifs 2027" in read(Client().get(public(desk, "liste")))
    assert [one.pk for one in sitting_papers.online()] == [second.pk]
    first.refresh_from_db()
    assert first.replaced_at is not None and steps(desk) == {"list": day}  # online since the first


def test_a_list_whose_objects_tell_of_people_waits_for_a_choice(desk):
    desk.run()
    acts.correct(deliberation=desk.deliberations[1], object="Comptes", text=NAMING, reason="Amendé.", by=desk.secretary)
    publish(desk)  # the list says nothing of the text
    acts.correct(
        deliberation=desk.deliberations[0],
        object="Bail à M. Paul Petit, demeurant 2 rue du Four",
        text="",
        reason="Erreur.",
        by=desk.secretary,
    )
    with pytest.raises(Refused, match=f"Sur la fiche de chaque acte .{desk.deliberations[0].written}."):
        publish(desk)
    assert sitting_papers.online().count() == 1


def test_nothing_before_the_closing_nor_of_a_ccas(desk):
    desk.open(5)
    with pytest.raises(Refused, match="n’est pas levée"):
        publish(desk)
    desk.close()
    desk.council.instance.body = "ccas"
    desk.council.instance.save()
    desk.sitting.refresh_from_db()
    with pytest.raises(Refused, match="ne sont jamais publics"):
        publish(desk)
    assert not PublicPaper.objects.exists()


def test_only_who_holds_the_sitting(desk):
    desk.run()
    member = desk.town.signed_in(desk.seated())
    assert member.post(address(desk, "papiers/liste/publier/")).status_code == 403
    assert "Mettre en ligne" not in text(member, address(desk, "papiers/"))
    for person in (desk.town.outsider, desk.town.technical):
        assert desk.town.signed_in(person).post(address(desk, "papiers/liste/publier/")).status_code == 404
    assert Client().post(address(desk, "papiers/liste/publier/")).status_code in {302, 404}
    assert not PublicPaper.objects.exists()


def test_what_is_no_such_paper(desk, secretary):
    desk.run()
    assert secretary.post(address(desk, "papiers/registre/publier/")).status_code == 404
    assert secretary.get(address(desk, "papiers/liste/publier/")).status_code == 405
    assert Client().get(public(desk, "registre")).status_code == 404
    assert Client().get(f"/actes/seances/{10**20}/liste.pdf").status_code == 404  # no base holds such a number


def test_the_public_list_costs_the_same_with_one_paper_and_with_two(desk):
    desk.run()
    publish(desk)
    Client().get("/actes/")
    with CaptureQueriesContext(connection) as one:
        Client().get("/actes/")
    approve(desk)
    publish(desk, SittingPaper.MINUTES)
    with CaptureQueriesContext(connection) as two:
        Client().get("/actes/")
    assert len(one) == len(two)
