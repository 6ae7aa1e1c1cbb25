"""An élue's phone, from the button of her mail to her pouvoir, a question, and an affair that she stays out of."""

import re
from typing import Any

import pytest
from django.core import mail

from council.pouvoirs.models import Pouvoir
from council.questions.models import Question
from council.withdrawals.models import Withdrawal
from kb.work import operations as work
from tests.council.conftest import Council
from tests.council.convening.conftest import Convening

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
WIDTH = 390


def newest(person: Any) -> str:
    """The words of the last mail that this person received, once the worker has sent what waits."""
    work.drain()
    return str([message for message in mail.outbox if person.email in message.to[0]][-1].body)


def enter(screen: Any, body: str) -> None:
    """The button of the convocation; the page that it shows asks for one gesture."""
    (path,) = set(re.findall(r"/entrer/\d+-[0-9a-f]+/", body))
    screen.goto(path)
    screen.get_by_role("button", name="Entrer").click()
    screen.get_by_role("heading", name="Ma convocation").wait_for()


def answer_from_home(screen: Any) -> None:
    screen.get_by_role("link", name="Mon accueil").click()
    screen.get_by_role("heading", name="Bonjour Bernard").wait_for()
    screen.get_by_role("button", name="J’ai bien reçu la convocation").click()
    screen.get_by_role("button", name="Je viens", exact=True).click()
    assert screen.get_by_role("button", name="Je viens", exact=True).get_attribute("aria-pressed") == "true"
    heights = [one.bounding_box()["height"] for one in screen.locator(".segments > button, .segments > a").all()]
    assert len(heights) == 3 and min(heights) >= 60


def give_pouvoir(screen: Any, convening: Any) -> None:
    """Two taps, then the six digits of the mail."""
    screen.locator(".segments").get_by_role("link", name="Pouvoir").click()
    screen.get_by_role("button", name="Choisir Nadia Benkacem").click()
    digits = re.search(r"\d{3}\s\d{3}", newest(convening.elue))
    assert digits is not None
    screen.get_by_label("Les six chiffres").fill(digits.group())
    screen.get_by_role("button", name="Donner pouvoir").click()
    screen.get_by_text("Nadia Benkacem votera en votre nom", exact=False).wait_for()


def ask_and_stay_out(screen: Any) -> None:
    screen.goto("/elu/")
    screen.get_by_role("link", name="Point 1", exact=False).click()
    screen.get_by_role("link", name="Poser une question").click()
    screen.get_by_label("Votre question").fill("Combien de familles ?")
    screen.get_by_role("button", name="Envoyer la question").click()
    screen.get_by_role("link", name="Je ne prends pas part à cette affaire").click()
    screen.get_by_label("Intérêt personnel", exact=False).check()
    screen.get_by_role("button", name="Je ne prends pas part à cette affaire").click()
    screen.get_by_text("Vous avez dit ne pas prendre part", exact=False).wait_for()


def test_from_the_mail_to_the_pouvoir(town: Any, visitor: Any) -> None:
    convening = Convening(Council(town))
    sitting = convening.sent()
    phone = visitor(width=WIDTH)
    enter(phone.page, newest(convening.elue))
    answer_from_home(phone.page)
    give_pouvoir(phone.page, convening)
    phone.page.goto("/elu/")
    assert phone.page.locator(".segments .chosen").inner_text().strip() == "Pouvoir"
    ask_and_stay_out(phone.page)
    phone.page.goto("/elu/")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    assert phone.troubles == []
    mandate = convening.council.mandates[1]
    row = sitting.convocations.get(mandate=mandate)
    assert row.acknowledged_at and row.answer == "absent"  # who is represented is not coming
    assert Pouvoir.objects.get().holder == convening.on_paper
    assert (Question.objects.get().mandate, Withdrawal.objects.get().mandate) == (mandate, mandate)
