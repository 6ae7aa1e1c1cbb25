"""The personal button: a GET shows, a POST enters; a device that is not known types a code; what is ended opens nothing."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client
from django.utils import timezone

from kb.access.models import Role
from kb.buttons import operations, tokens
from kb.buttons.models import ButtonUse, Device, PersonalButton, SignInCode
from kb.notices.models import Mail, MailState
from kb.typography import day
from kb.work.operations import drain

OPENS = "le dossier du conseil municipal du mardi 13 octobre à 18 h 30"


@pytest.fixture
def page(town):
    return town.page("Séance du 13 octobre")


@pytest.fixture
def button(town, page):
    return operations.give(person=town.elu, opens=OPENS, path=f"/p/{page.pk}/", by=town.communication)


def address(button):
    return f"/entrer/{tokens.token_of(button)}/"


def is_in(client, person):
    return client.session.get(SESSION_KEY) == str(person.pk)


def uses():
    return list(ButtonUse.objects.order_by("pk").values_list("outcome", flat=True))


def sent_digits():
    drain()
    return re.search(r"(\d{3})\D(\d{3})", mail.outbox[-1].subject).expand(r"\1\2")


def test_get_shows_and_only_the_post_enters(town, button, page):
    client = Client()
    html = client.get(address(button)).content.decode()
    assert "Bonjour Sylvie Roussillon" in html and OPENS in html
    assert (is_in(client, town.elu), uses()) == (False, [])
    answer = client.post(address(button))
    assert (answer.status_code, answer["Location"]) == (302, f"/p/{page.pk}/")
    assert is_in(client, town.elu) and client.get(f"/p/{page.pk}/").status_code == 200
    assert uses() == ["entered"]


def test_it_is_pressed_again_on_the_same_device_without_a_code(town, button):
    client = Client()
    client.post(address(button))
    client.post("/deconnexion/")
    assert not is_in(client, town.elu)
    client.post(address(button))
    assert is_in(client, town.elu)
    assert (uses(), Device.objects.count()) == (["entered", "entered"], 1)


def test_a_new_device_types_the_code_that_the_mailbox_receives(town, button, page):
    Client().post(address(button))
    other = Client()
    assert other.post(address(button), {"reste": "1"})["Location"] == "/entrer/code/"
    assert not is_in(other, town.elu)
    digits = sent_digits()
    assert mail.outbox[-1].to == ["Sylvie Roussillon <sylvie@valmorin.example>"]
    answer = other.post("/entrer/code/", {"digits": f"{digits[:3]} {digits[3:]}"})
    assert answer["Location"] == f"/p/{page.pk}/"
    assert is_in(other, town.elu)
    assert 29 * 24 * 3600 < other.session.get_expiry_age() <= 30 * 24 * 3600
    assert uses() == ["entered", "code_sent", "by_code"]
    assert Client().post("/entrer/code/", {"digits": digits})["Location"] == "/entrer/"


def test_a_code_serves_once_and_not_after_five_wrong_ones(town, button):
    Client().post(address(button))
    other = Client()
    other.post(address(button))
    digits = sent_digits()
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    for _ in range(5):
        html = other.post("/entrer/code/", {"digits": wrong}).content.decode()
        assert "Ce code n’est pas le bon" in html
    other.post("/entrer/code/", {"digits": digits})
    assert not is_in(other, town.elu)
    assert SignInCode.objects.get().tries == 5


def test_a_code_lives_a_quarter_of_an_hour(town, button):
    Client().post(address(button))
    other = Client()
    other.post(address(button))
    digits = sent_digits()
    SignInCode.objects.update(made_at=timezone.now() - timedelta(minutes=16))
    other.post("/entrer/code/", {"digits": digits})
    assert not is_in(other, town.elu)


def test_three_codes_at_most_in_a_quarter_of_an_hour(town, button):
    for _ in range(5):
        Client().post("/entrer/", {"address": "sylvie@valmorin.example"})
    assert SignInCode.objects.count() == 3
    drain()
    assert len(mail.outbox) == 3


def test_the_address_of_who_has_lost_his_mail(town, button):
    client = Client()
    answer = client.post("/entrer/", {"address": "SYLVIE@valmorin.example"}, follow=True)
    assert "un code vient de lui être envoyé" in answer.content.decode()
    client.post("/entrer/code/", {"digits": sent_digits()})
    assert is_in(client, town.elu)


@pytest.mark.parametrize("written", ["nobody@valmorin.example", "claire@valmorin.example", "patrick@valmorin.example"])
def test_the_answer_is_the_same_whoever_has_no_button(town, button, written):
    client = Client()
    answer = client.post("/entrer/", {"address": written}, follow=True)
    assert "un code vient de lui être envoyé" in answer.content.decode()
    assert "Ce code n’est pas le bon" in client.post("/entrer/code/", {"digits": "123456"}).content.decode()
    drain()
    assert mail.outbox == []


def test_an_ended_button_opens_nothing_and_ends_its_session(town, button, page):
    client = Client()
    client.post(address(button))
    operations.end(button=button, by=town.communication, because="Appareil perdu")
    answer = client.get(f"/p/{page.pk}/", follow=True)
    assert "Votre bouton a été retiré" in answer.content.decode()
    assert not is_in(client, town.elu)
    for answer in (client.get(address(button)), client.post(address(button)), Client().post(address(button))):
        assert answer.status_code == 410 and "Ce bouton ne sert plus" in answer.content.decode()
    assert uses() == ["entered", "refused", "refused"]


def test_what_ends_at_midnight_ends_with_the_day_before(button):
    midnight = (timezone.localtime() + timedelta(days=8)).replace(hour=0, minute=0, second=0, microsecond=0)
    PersonalButton.objects.update(until=midnight)
    shown = Client().get(address(button)).content.decode()
    assert f"Valable jusqu’au {day(midnight.date() - timedelta(days=1))}</strong>" in shown
    PersonalButton.objects.update(until=midnight + timedelta(hours=9))
    assert f"Valable jusqu’au {day(midnight)} à\u00a09\u00a0h" in Client().get(address(button)).content.decode()


def test_nor_does_one_whose_time_is_over(town, button, page):
    client = Client()
    PersonalButton.objects.update(until=timezone.now() + timedelta(hours=1))
    client.post(address(button))
    assert client.get(f"/p/{page.pk}/").status_code == 200
    PersonalButton.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert client.get(f"/p/{page.pk}/")["Location"] == "/entrer/"
    assert client.post(address(button)).status_code == 410


def test_a_code_of_an_ended_button_does_not_leave(town, button):
    operations.send_code(button=button)
    operations.end(button=button, by=town.admin, because="Erreur")
    drain()
    assert (Mail.objects.get().state, mail.outbox) == (MailState.WITHHELD, [])


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"), lambda t: "9" + t, lambda t: "x", lambda t: "1-"]
)
def test_an_address_that_we_never_wrote(town, button, spoil):
    answer = Client().post(f"/entrer/{spoil(tokens.token_of(button))}/")
    assert answer.status_code == 410 and "Cette adresse n’ouvre rien" in answer.content.decode()
    assert uses() == []


def test_a_button_is_no_key_to_the_admin(town, page):
    button = operations.give(person=town.technical, opens="x", path="/", by=town.admin)
    client = Client()
    client.post(address(button))
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/" and "demande votre mot de passe" in answer.content.decode()
    with pytest.raises(operations.Refused, match="administre le site"):
        operations.give(person=town.admin, opens="x", path="/", by=None)


def test_it_leads_to_our_own_site_only(town):
    button = operations.give(person=town.elu, opens="x", path="//elsewhere.example/", by=town.admin)
    assert Client().post(address(button))["Location"] == "/"


def test_two_people_on_one_tablet_are_two(town, button):
    other = town.person("Marc", "Bonnet", "Élus")
    theirs = operations.give(person=other, opens="x", path="/", by=town.admin)
    tablet = Client()
    tablet.post(address(button))
    tablet.post(address(theirs))
    assert is_in(tablet, other)
    assert sorted(Device.objects.values_list("person", flat=True)) == sorted([town.elu.pk, other.pk])


def test_the_account_shows_ones_own_entries_and_forgets_devices(town, button):
    client = Client()
    client.post(address(button))
    html = client.get("/compte/").content.decode()
    assert "Mes entrées par le bouton" in html and "1\u00a0appareil entre sans code." in html
    client.post("/entrer/oublier/")
    assert not Device.objects.filter(ended_at=None).exists()
    assert "Mes entrées" not in town.signed_in(town.technical).get("/compte/").content.decode()


def test_the_register_tells_no_use(town, button):
    Client().post(address(button))
    html = town.signed_in(town.admin).get("/admin/kb/personalbutton/").content.decode()
    assert "Sylvie Roussillon" in html and "Entrée" not in html
    assert town.signed_in(town.technical).get("/admin/kb/personalbutton/").status_code == 404


def test_a_page_read_through_a_button_costs_one_query_more(town, button, page, django_assert_max_num_queries):
    town.give(Role.READER, person=town.elu)
    client = Client()
    client.post(address(button))
    client.get(f"/p/{page.pk}/")
    with django_assert_max_num_queries(12):
        client.get(f"/p/{page.pk}/")
