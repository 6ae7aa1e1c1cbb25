"""An answer come on paper or on the telephone, for who has no screen."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from council.agenda.models import SittingPage
from council.convening.models import Way
from tests.council.convening.test_views import plain, text
from tests.pictures import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(convening):
    return convening.town.signed_in(convening.secretary)


def test_an_answer_on_the_telephone_then_on_paper(convening, secretary):
    sitting = convening.sent()
    one = sitting.convocations.get(way=Way.PAPER)
    path = f"/p/{sitting.pk}/convocations/{one.pk}/reponse/"
    assert "Réponse reçue : Nadia Benkacem" in text(secretary, path)
    assert secretary.post(path, {"answer": "absent", "how": "au téléphone"}).status_code == 302
    shown = text(secretary, f"/p/{sitting.pk}/convocations/")
    assert "au téléphone, noté par Jeanne Secrète" in shown and "Voir sa réponse" not in shown
    assert secretary.get(f"{path}papier/").status_code == 404
    scan = png()
    data = {"answer": "present", "how": "carton rendu", "paper": SimpleUploadedFile("carton.png", scan)}
    assert secretary.post(path, data).status_code == 302
    assert secretary.get(f"{path}papier/").content == scan
    one.refresh_from_db()
    assert (one.answer, one.answered_how) == ("present", "carton rendu")


def test_his_own_answer_takes_the_place_of_what_was_heard(convening, secretary):
    sitting = convening.sent()
    one = sitting.convocations.get(mandate=convening.council.mandates[1])
    secretary.post(f"/p/{sitting.pk}/convocations/{one.pk}/reponse/", {"answer": "absent", "how": "au téléphone"})
    convening.town.signed_in(convening.elue).post(f"/p/{sitting.pk}/presence/", {"reponse": "present"})
    one.refresh_from_db()
    assert (one.answer, one.answered_how, one.answer_noted_by) == ("present", "", None)


def test_not_once_the_sitting_began_nor_by_another(convening, secretary):
    sitting = convening.sent()
    one = sitting.convocations.first()
    path = f"/p/{sitting.pk}/convocations/{one.pk}/reponse/"
    elue = convening.town.signed_in(convening.elue)
    assert elue.get(path).status_code == elue.get(f"{path}papier/").status_code == 403
    assert secretary.post(path, {"answer": "absent", "how": ""}).status_code == 422
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
    late = secretary.post(path, {"answer": "absent", "how": "au téléphone"})
    assert late.status_code == 422 and "se note pendant la séance" in plain(late)
