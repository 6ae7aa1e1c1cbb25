"""An item added after the convocation goes through its circuit as others; what it lacks as it is signed is said, and kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.agenda import operations as agenda
from council.agenda.enums import Channel
from council.agenda.models import SittingPage
from council.convening import proof
from council.convening.models import Signature
from council.frozen import operations as frozen
from council.items import queries
from kb.access.models import Role
from kb.exchange import pdf
from kb.permissions import Viewer
from kb.typography import day
from tests.council.convening.test_letters import plain, read
from tests.council.items.test_screens import text

pytestmark = pytest.mark.django_db
WAY = [
    "Relecture par le service",
    "Relecture par les finances",
    "Relecture par le secrétariat général",
    "Accord du rapporteur",
]


@pytest.fixture
def opened(way):
    """A convened sitting, and its ordre du jour complémentaire, open."""
    way.council.item(way.sitting, "Point annoncé", note="Une note.")
    agenda.record_convocation(
        sitting=way.sitting, sent_on=timezone.localdate(), channel=Channel.MAIL, proof="Courriel", by=way.secretary
    )
    way.town.give(Role.EDITOR, way.council.shelf, person=way.maire)
    way.town.give(Role.READER, way.council.shelf, person=way.rapporteur)
    way.sitting = SittingPage.objects.get(pk=way.sitting.pk)
    return frozen.open_addition(sitting=way.sitting, reason="Subvention notifiée", by=way.secretary)


def signed(way, opened, by=None):
    return frozen.sign_addition(change=opened, by=by or way.maire).unchecked


def test_it_goes_through_as_others_and_the_signature_is_the_maire_s_agreement(way, opened):
    item = way.item(matter="7.5")
    way.submit(item)
    assert queries.not_through(Viewer(way.secretary), way.sitting) == [
        {"item": item.pk, "title": "Tarifs de la cantine", "missing": WAY}
    ]
    way.approve(item, way.head)
    way.approve(item, way.treasurer)
    assert queries.unchecked([item])[0]["missing"] == WAY[2:]
    way.approve(item, way.secretary)
    way.approve(item, way.rapporteur)
    assert way.stands(item) == "maire: Hélène Marchetti" and queries.unchecked([item]) == []
    assert signed(way, opened) == [] and way.stands(item) == ""
    assert queries.standings(Viewer(way.secretary), [item])[item.pk]["words"] == "Prêt pour la convocation"


def test_the_screen_names_what_is_missing_and_who_answers_for_it(way, opened):
    item = way.item()
    way.submit(item)
    way.approve(item, way.head)
    for person in (way.secretary, way.maire):
        shown = text(way.town.signed_in(person), f"/p/{way.sitting.pk}/complement/")
        assert "Il manque : relecture par le secrétariat général, accord du rapporteur." in shown
        assert "Qui signe prend la responsabilité de ce qui n’a pas été relu" in shown
        assert "Chez le secrétariat général (Jeanne Secrète)" in shown
        assert "Point annoncé" not in shown  # it left with the convocation


def test_the_signature_and_the_proof_keep_it(way, opened):
    item = way.item(title="Point pressé", about=[])
    told = [{"item": item.pk, "title": "Point pressé", "missing": WAY[2:]}]
    assert signed(way, opened) == told
    frozen.send_addition(change=opened, by=way.secretary)
    (change,) = proof.as_data(way.sitting)["changes"]
    assert change["signature"]["unchecked"] == told
    if pdf.is_available():
        words = read(proof.as_pdf(way.sitting))
        assert plain(f"Signé par Hélène Marchetti (Maire) le {day(timezone.localdate())}, à l’écran.") in words
        assert plain("Point pressé. Il manquait : relecture par le secrétariat général, accord du rapporteur.") in words


def test_a_convocation_s_own_signature_keeps_it_too(way):
    item = way.item(about=[], rapporteur=None)
    signature = Signature.objects.create(
        sitting=way.sitting,
        mandate=way.council.mandates[0],
        quality="Maire",
        signed_on=timezone.localdate(),
        on_screen=False,
        proof="registre",
        by=way.secretary,
    )
    signature.refresh_from_db()
    assert signature.unchecked == [{"item": item.pk, "title": "Tarifs de la cantine", "missing": [WAY[2]]}]


def test_an_item_that_decides_nothing_lacks_nothing(way, opened):
    way.council.item(way.sitting, "Questions orales", item_kind="question_orale")
    assert queries.not_through(Viewer(way.secretary), way.sitting) == []
    shown = text(way.town.signed_in(way.secretary), f"/p/{way.sitting.pk}/complement/")
    assert "Il manque" not in shown


def test_the_number_of_queries_does_not_follow_that_of_items(way, opened):
    counts, made = [], []
    for number in (1, 2):
        for _ in range(number):
            made.append(way.item(title=f"Point {len(made)}"))
            way.submit(made[-1])
        queries.unchecked(made)
        with CaptureQueriesContext(connection) as asked:
            assert len(queries.unchecked(made)) == len(made)
        counts.append(len(asked))
    assert counts[0] == counts[1]
