"""The screens of what fills an agenda: each works, then each refusal."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from council.agenda import operations as agenda
from council.agenda.enums import Channel
from council.agenda.models import AgendaItemPage, SittingPage
from council.items import operations
from council.items.models import AnnexToRenew, YearlyItem
from kb.access.models import Role
from kb.documents.models import Attachment
from kb.pages import operations as pages
from kb.pages.models import PageModel
from kb.work import operations as work
from tests.council.items.test_screens import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(way):
    return way.town.signed_in(way.secretary)


@pytest.fixture
def past(way):
    """An item convened, that bore a file."""
    sitting = way.council.sitting(4, "Conseil d’avant")
    item = way.town.page(
        "Subvention à la chorale",
        "<p>300 €</p>",
        model=AgendaItemPage,
        under=sitting,
        author=way.secretary,
        publish=False,
    )
    draft = item.get_latest_revision_as_object()
    draft.attachments.add(Attachment(document=way.town.document(author=way.secretary), label="Bilan"))
    pages.save_draft(page=draft, author=way.secretary)
    agenda.record_convocation(
        sitting=sitting, sent_on=timezone.localdate(), channel=Channel.MAIL, proof="", by=way.secretary
    )
    return AgendaItemPage.objects.get(pk=item.pk)


def test_a_deliberation_is_found_and_taken_up(way, secretary, past):
    path = f"/p/{way.sitting.pk}/reprise/"
    assert "Reprendre une délibération" in text(secretary, f"/p/{way.sitting.pk}/")
    assert "Subvention à la chorale" in text(secretary, f"{path}?mots=chorale")
    assert "n’a ces mots dans son titre" in text(secretary, f"{path}?mots=piscine")
    answer = secretary.post(path, {"source": past.pk})
    item = AgendaItemPage.objects.child_of(way.sitting).get()
    assert answer.url == f"/p/{item.pk}/"
    shown = text(secretary, f"/p/{item.pk}/")
    for words in ("1 chiffre à vérifier", "300 € [à vérifier]", "Annexes à renouveler", "Bilan", "Noter comme réglée"):
        assert words in shown
    advice = text(secretary, f"/p/{item.pk}/soumettre/")
    for words in ("1 chiffre repris d’une année passée", "1 annexe à renouveler", "Le point n’a pas de matière"):
        assert words in advice
    assert "déjà reprise" in secretary.post(path, {"source": past.pk}, follow=True).content.decode()


def test_what_is_not_taken_up_on_the_screen(way, secretary, past):
    path = f"/p/{way.sitting.pk}/reprise/"
    for wrong in ("", "abc", "999999", str(way.project.pk)):
        assert secretary.post(path, {"source": wrong}).status_code == 404
    assert secretary.get(f"/p/{past.get_parent().pk}/reprise/").status_code == 404  # convened: nothing is created there
    outsider = way.town.signed_in(way.head)
    assert outsider.get(path).status_code == 404


def test_an_old_annex_is_settled_by_who_edits_the_item(way, secretary, past):
    item = operations.resume(source=past, sitting=way.sitting, by=way.secretary)
    annex = AnnexToRenew.objects.get()
    path = f"/p/{item.pk}/annexes/{annex.pk}/"
    assert way.town.signed_in(way.head).post(path).status_code == 404
    assert secretary.post(f"/p/{past.pk}/annexes/{annex.pk}/").status_code == 404  # of another item
    assert secretary.post(path).url == f"/p/{item.pk}/#annexes-a-renouveler"
    annex.refresh_from_db()
    assert annex.settled_by == way.secretary and "Réglée" in text(secretary, f"/p/{item.pk}/")


def test_a_sitting_is_duplicated_from_its_page(way, secretary):
    kept = way.council.item(way.sitting, "Secrétaire de séance", item_kind="appointment", comes_back=True)
    way.council.item(way.sitting, "Tarifs de la cantine")
    path = f"/p/{way.sitting.pk}/dupliquer/"
    shown = text(secretary, path)
    assert "Secrétaire de séance" in shown and "Tarifs de la cantine" not in shown
    day = timezone.localdate() + timedelta(days=90)
    filled = {"day": day.isoformat(), "hour": "18:30", "place": "mairie", "items": [kept.pk]}
    answer = secretary.post(path, filled)
    made = SittingPage.objects.order_by("-pk").first()
    assert answer.url == f"/p/{made.pk}/" and timezone.localtime(made.starts_at).date() == day
    assert [one.title for one in AgendaItemPage.objects.child_of(made)] == ["Secrétaire de séance"]
    again = secretary.post(path, filled)
    assert again.status_code == 422 and "déjà prévue" in again.content.decode()
    assert way.town.signed_in(way.head).get(path).status_code == 404


def test_the_plan_is_put_on_the_agenda_with_one_press(way, secretary):
    planned = YearlyItem.objects.first()
    planned.month = timezone.localtime(way.sitting.starts_at).month
    planned.save()
    assert planned.title in text(secretary, f"/p/{way.sitting.pk}/")
    path = f"/p/{way.sitting.pk}/plan/{planned.pk}/"
    assert secretary.get(path).status_code == 405
    item = None
    answer = secretary.post(path)
    item = AgendaItemPage.objects.child_of(way.sitting).get()
    assert answer.url == f"/p/{way.sitting.pk}/#point-{item.pk}"
    assert "est déjà inscrit pour" in secretary.post(path, follow=True).content.decode()
    assert way.town.signed_in(way.head).post(path).status_code == 404


def test_the_plan_is_read_by_all_and_kept_by_the_responsables_of_the_town(way, secretary):
    way.town.give(Role.READER, person=way.secretary)
    planned = YearlyItem.objects.get(title="Budget primitif")
    shown = text(secretary, "/conseil/plan/")
    assert "Budget primitif" in shown and "avant le 15 avril" in shown and "Ajouter un point" not in shown
    for path in ("/conseil/plan/nouveau/", f"/conseil/plan/{planned.pk}/"):
        assert secretary.get(path).status_code == 403
    admin = way.town.signed_in(way.town.admin)
    assert "Changer" in text(admin, "/conseil/plan/")
    fields = {"month": 5, "title": "Repas des aînés", "item_kind": "deliberation"}
    assert admin.post("/conseil/plan/nouveau/", fields).url == "/conseil/plan/"
    assert YearlyItem.objects.get(title="Repas des aînés").month == 5
    wrong = {**fields, "since": "2027-01-01", "until": "2026-01-01"}
    answer = admin.post(f"/conseil/plan/{planned.pk}/", wrong)
    assert answer.status_code == 422 and "La fin ne peut pas précéder le début" in answer.content.decode()
    assert admin.get("/conseil/plan/9999/").status_code == 404


def test_an_item_starts_from_the_model_of_the_town(way, secretary):
    model = PageModel.objects.get(page_type="agendaitempage")
    assert f"?modele={model.pk}" in text(secretary, f"/nouvelle/{way.sitting.pk}/")
    started = secretary.get(f"/admin/pages/add/council/agendaitempage/{way.sitting.pk}/?modele={model.pk}")
    assert "le conseil municipal d" in started.content.decode()


def test_the_rapporteur_agrees_from_the_mail_without_a_session(way, client):
    item = way.item(about=[])
    way.submit(item, by=way.secretary)
    work.drain()
    (letter,) = [one for one in mail.outbox if one.to == [f"Nadia Benkacem <{way.rapporteur.email}>"]]
    assert "Prochaine étape : le maire." in letter.body.replace("\u00a0", " ")
    path = re.search(r"http://[^/\s]+(/a-valider/courriel/\S+)", letter.body)[1]
    shown = text(client, path)
    assert "Tarifs de la cantine" in shown and "Approuver et publier" not in shown and "À la publication" not in shown
    assert client.post(path, {"deed": "approve"}).status_code == 200
    assert way.stands(item) == "maire: Hélène Marchetti"
    way.approve(item, way.maire)
    work.drain()
    told = [one.body.replace("\u00a0", " ") for one in mail.outbox if one.subject.startswith("Prêt")]
    assert len(told) == 1 and "il est prêt pour la convocation de la séance" in told[0]


def test_the_town_says_which_service_keeps_the_finances(way):
    admin = way.town.signed_in(way.town.admin)
    assert "Service des finances" in text(admin, f"/conseil/reglages/?instance={way.council.instance.pk}")
