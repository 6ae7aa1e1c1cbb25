"""What the law refuses that evening and after it, at the doors that people push: in French, with its way out, and nothing half-done."""

from uuid import uuid4

import pytest
from django.utils import timezone

from council.acts.models import Deliberation, ProcesVerbal
from council.agenda.models import AgendaPlace, DoneStep, SittingRecord
from council.floor.models import SittingEvent
from council.publication.models import ActFile, Publication
from tests.council.publication.world import NAMING, Desk

pytestmark = pytest.mark.django_db
WRITTEN = (SittingEvent, SittingRecord, AgendaPlace, Deliberation, ProcesVerbal, DoneStep, Publication, ActFile)


def plain(text):
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


class Doors:
    """The secretary at her desk. Each deed gives the sentence that refuses it, and fails where anything was written."""

    def __init__(self, council):
        self.desk = Desk(council)
        self.secretary = council.town.signed_in(self.desk.secretary)
        self.address = f"/p/{self.desk.sitting.pk}"

    def refused(self, deed):
        """What is said, once all that could have been written is seen unchanged."""
        before = [list(model.objects.order_by("pk").values()) for model in WRITTEN]
        said = deed()
        assert [list(model.objects.order_by("pk").values()) for model in WRITTEN] == before
        return plain(said)

    def press(self, deed, **fields):
        """A button of the operator's screen."""
        data = {"deed": deed, "id": str(uuid4()), **fields}
        answer = self.secretary.post(f"{self.address}/operateur/", data, headers={"Accept": "application/json"})
        return answer.json()["refused"]

    def post(self, path, **fields):
        """A form that is shown again with its sentence, or that leads to a screen which says it."""
        return self.secretary.post(path, fields, follow=True).content.decode()


@pytest.fixture
def doors(council):
    return Doors(council)


def test_voting_without_quorum(doors):
    doors.desk.open(3, pouvoirs=[(4, 0), (5, 1)])
    said = doors.refused(lambda: doors.press("unanimous", item="1"))
    assert "il n’est pas atteint" in said and "attendez une arrivée, ou convoquez-le de nouveau" in said


def test_closing_with_an_open_ballot(doors):
    doors.desk.open(5)
    assert doors.press("open_ballot", item="1") == ""
    assert "donnez-en le résultat avant de lever la séance" in doors.refused(lambda: doors.press("close"))


def test_a_member_voting_twice(doors):
    doors.desk.open(5)
    totals = {"item": "1", "way": "totals", "votes_for": 5, "votes_against": 1}
    assert "quelqu’un a voté deux fois : recomptez" in doors.refused(lambda: doors.press("ballot", **totals))


@pytest.mark.parametrize(("item", "why"), [("9", "n’est pas à l’ordre du jour"), ("4", "question diverse")])
@pytest.mark.parametrize("deed", ["unanimous", "take_note"])
def test_deciding_what_is_not_on_the_agenda_or_a_question_diverse(doors, item, why, deed):
    doors.desk.open(5)
    said = doors.refused(lambda: doors.press(deed, item=item))
    assert why in said and "prochaine séance" in said


def test_publishing_with_flagged_data_nobody_has_decided_on(doors):
    act = doors.desk.sign(doors.desk.act(NAMING, point=8))
    said = doors.refused(
        lambda: doors.post(f"/conseil/actes/{act.pk}/publier/", up_on=timezone.localdate().isoformat())
    )
    assert "masquez ou gardez chaque passage, avec une raison, puis publiez" in said


def test_publishing_a_proces_verbal_before_it_is_arrete(doors):
    doors.desk.run()
    public, step = f"{doors.address}/papiers/proces-verbal-public.pdf", f"{doors.address}/echeance/minutes_published/"
    for deed in (
        lambda: doors.secretary.get(public, follow=True).content.decode(),
        lambda: doors.post(step, on=timezone.localdate().isoformat()),
    ):
        said = doors.refused(deed)
        assert "n’est pas arrêté, il ne se publie pas encore" in said
        assert "au début de la séance suivante, notez-le alors depuis « Le procès-verbal »" in said
