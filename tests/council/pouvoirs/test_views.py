"""The screens of pouvoirs: each works, then each refusal."""

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.members.models import Mandate
from council.pouvoirs.models import Pouvoir, PouvoirCode, ServedSitting
from kb.buttons import operations as buttons
from kb.buttons.models import PersonalButton
from kb.buttons.tokens import digits_of, token_of
from tests.council.convening.test_views import plain, text
from tests.council.pouvoirs.test_operations import given, on_paper
from tests.pictures import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting(convening):
    return convening.sent()


@pytest.fixture
def elue(convening):
    return convening.town.signed_in(convening.elue)


@pytest.fixture
def secretary(convening):
    return convening.town.signed_in(convening.secretary)


def test_two_taps_and_a_code(convening, sitting, elue):
    base = f"/p/{sitting.pk}/"
    assert "Je donne pouvoir à…" in text(elue, base)
    shown = text(elue, f"{base}pouvoir/")
    assert "Hélène Marchetti" in shown and "Nadia Benkacem" in shown and "les 2 suivantes" in shown
    holder = convening.council.mandates[2]
    chosen = elue.post(f"{base}pouvoir/", {"porteur": holder.pk, "seances": "2"})
    assert chosen["Location"] == f"{base}pouvoir/code/"
    wrong = elue.post(f"{base}pouvoir/code/", {"digits": "12"})
    assert wrong.status_code == 422 and "n’est pas le bon" in plain(wrong)
    done = elue.post(f"{base}pouvoir/code/", {"digits": digits_of(PouvoirCode.objects.get())})
    assert done["Location"] == f"{base}pouvoir/"
    assert "Nadia Benkacem votera en votre nom" in text(elue, f"{base}pouvoir/")
    assert "Vous donnez pouvoir à <strong>Nadia Benkacem</strong>" in text(elue, base)
    assert Pouvoir.objects.get().sittings == 2
    assert elue.post(f"{base}pouvoir/retirer/").status_code == 302
    assert "Votre pouvoir est retiré" in text(elue, f"{base}pouvoir/")
    assert "il n’y a rien à retirer" in plain(elue.post(f"{base}pouvoir/retirer/", follow=True))


def test_each_refusal_is_beside_the_name(convening, sitting, elue):
    maire, _giver, holder = convening.council.mandates
    on_paper(convening, sitting, maire, holder)
    shown = text(elue, f"/p/{sitting.pk}/pouvoir/")
    assert "Porte déjà un pouvoir" in shown and "A donné pouvoir à un autre" in shown and 'name="porteur"' not in shown
    refused = elue.post(f"/p/{sitting.pk}/pouvoir/", {"porteur": holder.pk})
    assert refused.status_code == 422 and "Choisissez un autre membre" in plain(refused)
    too_long = elue.post(f"/p/{sitting.pk}/pouvoir/", {"porteur": maire.pk, "seances": "4"})
    assert too_long.status_code == 422 and "pas plus de 3 séances" in plain(too_long)
    assert elue.post(f"/p/{sitting.pk}/pouvoir/", {"porteur": "987654"}).status_code == 404
    assert elue.post(f"/p/{sitting.pk}/pouvoir/", {"porteur": "9" * 5000}).status_code == 404
    assert not PouvoirCode.objects.exists()


def test_the_list_asks_as_much_for_one_as_for_three(convening, sitting, elue):
    counted = []
    for more in (0, 2):
        for number in range(more):
            Mandate.objects.create(
                instance=convening.council.instance, first_name="Membre", last_name=str(number), since="2026-03-15"
            )
        text(elue, f"/p/{sitting.pk}/pouvoir/")  # what is read once and kept
        with CaptureQueriesContext(connection) as asked:
            text(elue, f"/p/{sitting.pk}/pouvoir/")
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_a_revoked_button_gives_nothing(convening, sitting, client):
    button = PersonalButton.objects.get(person=convening.elue)
    client.post(f"/entrer/{token_of(button)}/")
    assert "Je donne pouvoir à…" in text(client, f"/p/{sitting.pk}/pouvoir/")
    buttons.end(button=button, by=None, because="Téléphone perdu")
    holder = convening.council.mandates[2]
    assert client.post(f"/p/{sitting.pk}/pouvoir/", {"porteur": holder.pk})["Location"] == "/entrer/"
    assert not PouvoirCode.objects.exists()


def test_the_holder_is_told_on_his_own_screen(convening, sitting):
    given(convening, sitting, to=0)
    maire = convening.town.signed_in(convening.maire)
    assert "Bernard Aubanel vous a donné pouvoir" in text(maire, f"/p/{sitting.pk}/pouvoir/")
    assert "Bernard Aubanel vous a donné pouvoir" in text(maire, f"/p/{sitting.pk}/")


def test_who_follows_and_the_document(convening, sitting, secretary):
    pouvoir = given(convening, sitting, sittings=3)
    assert "1 pouvoir donné" in text(secretary, f"/p/{sitting.pk}/")
    maire, list_of = convening.town.signed_in(convening.maire), f"/p/{sitting.pk}/pouvoirs/"
    for client in (secretary, maire):
        shown = text(client, list_of)
        assert "Bernard Aubanel donne pouvoir à Nadia Benkacem" in shown and "pour 3 séances de suite au plus" in shown
    assert "papier/" not in text(maire, list_of).split("<h1>")[1].split("<footer")[0]
    document = secretary.get(f"{list_of}{pouvoir.pk}/document/")
    read = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(document.content))
    for words in ("Pouvoir", "Bernard Aubanel", "Nadia Benkacem", "L2121-20"):
        assert words in read
    assert secretary.get(f"{list_of}{pouvoir.pk}/document/").content == document.content
    assert convening.town.signed_in(convening.elue).get(f"{list_of}{pouvoir.pk}/document/").status_code == 200


def test_the_secretary_enters_a_paper(convening, sitting, secretary):
    maire, giver, holder = convening.council.mandates
    path = f"/p/{sitting.pk}/pouvoirs/papier/"
    assert "Entrer un pouvoir reçu sur papier" in text(secretary, f"/p/{sitting.pk}/pouvoirs/")
    data = {"giver": holder.pk, "holder": giver.pk, "given_on": str(timezone.localdate()), "sittings": "1"}
    scan = png()
    answer = secretary.post(path, {**data, "paper": SimpleUploadedFile("photo.png", scan)})
    assert answer["Location"] == f"/p/{sitting.pk}/pouvoirs/"
    pouvoir = Pouvoir.objects.get()
    assert bytes(pouvoir.paper.data) == scan and pouvoir.on_paper
    assert secretary.get(f"/p/{sitting.pk}/pouvoirs/{pouvoir.pk}/document/").content == scan
    again = secretary.post(path, {**data, "giver": maire.pk, "paper": SimpleUploadedFile("photo.png", scan)})
    assert again.status_code == 422 and "porte déjà un pouvoir" in plain(again)
    program = secretary.post(path, {**data, "paper": SimpleUploadedFile("pouvoir.pdf", b"MZ\x90\x00" * 40)})
    assert program.status_code == 422 and "Un PDF ou une photo" in plain(program)
    assert secretary.post(path, data).status_code == 422
    undone = f"/p/{sitting.pk}/pouvoirs/{pouvoir.pk}/retirer/"
    assert "Retrait du pouvoir de Nadia Benkacem" in text(secretary, undone)
    assert secretary.post(undone, {"how": "lettre du 6"}).status_code == 302
    assert "Retiré le" in text(secretary, f"/p/{sitting.pk}/pouvoirs/")
    assert secretary.get(undone).status_code == 404


def test_nobody_else(convening, sitting, elue):
    pouvoir = on_paper(convening, sitting, convening.council.mandates[2], convening.council.mandates[0])
    assert ServedSitting.objects.count() == 1
    base = f"/p/{sitting.pk}/pouvoirs/"
    for path in ("", "papier/", f"{pouvoir.pk}/retirer/"):
        assert elue.get(base + path).status_code == 403
    assert elue.get(f"{base}{pouvoir.pk}/document/").status_code == 404
    for person, status in ((convening.secretary, 403), (convening.town.outsider, 404)):
        client = convening.town.signed_in(person)
        for path in ("pouvoir/", "pouvoir/code/"):
            assert client.get(f"/p/{sitting.pk}/{path}").status_code == status
        assert client.post(f"/p/{sitting.pk}/pouvoir/retirer/").status_code == status
    outsider = convening.town.signed_in(convening.town.outsider)
    assert outsider.get(base).status_code == 404 and outsider.get(f"{base}{pouvoir.pk}/document/").status_code == 404


def test_what_another_instance_is_asked(convening, sitting, elue):
    convening.council.instance.body = "commission"
    convening.council.instance.save()
    shown = text(elue, f"/p/{sitting.pk}/pouvoir/")
    assert "réglages du conseil" in shown and 'name="porteur"' not in shown
