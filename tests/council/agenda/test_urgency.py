"""An urgent sitting opens on the constat of its urgency, which the maire signs with the rest."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from council.agenda import operations, queries, urgency
from council.agenda.enums import Channel, SittingKind
from council.agenda.models import SittingPage, SittingRecord
from council.convening import operations as convening_deeds
from council.frozen.queries import standing
from kb.pages import operations as pages
from kb.permissions import Viewer
from kb.refusals import Refused
from tests.council.convening.conftest import convening as convening

pytestmark = pytest.mark.django_db
REASON = "La subvention se perd lundi."


@pytest.fixture
def urgent(council):
    sitting = council.sitting(3, sitting_kind=SittingKind.URGENT)
    council.item(sitting, "Demande de subvention", note="Une page.")
    return sitting


def titles(council, sitting):
    return [row["title"] for row in queries.agenda(Viewer(council.secretary), sitting)]


@pytest.mark.both_databases
def test_the_reason_makes_the_first_item(council, urgent):
    item = urgency.declare(sitting=urgent, reason=REASON, by=council.secretary)
    assert titles(council, urgent) == ["Constat de l’urgence", "Demande de subvention"]
    assert urgency.declare(sitting=urgent, reason="Autre raison.", by=council.secretary).pk == item.pk
    assert urgency.reason_of(urgent) == "Autre raison." and len(titles(council, urgent)) == 2
    for one in queries.placed(urgent):
        with pytest.raises(Refused, match="reste en tête"):
            operations.move_item(item=one.item, step=1 if one.urgency else -1, by=council.secretary)


@pytest.mark.both_databases
def test_nothing_is_signed_nor_noted_without_it(convening, urgent):
    note = {
        "sitting": urgent,
        "sent_on": timezone.localdate(),
        "channel": Channel.PLATFORM,
        "proof": "",
        "by": convening.secretary,
    }
    for deed in (
        lambda: convening_deeds.sign(sitting=urgent, by=convening.maire),
        lambda: operations.record_convocation(**note),
    ):
        with pytest.raises(Refused, match=r"constat de l’urgence.*motivez l’urgence"):
            deed()
    urgency.declare(sitting=urgent, reason=REASON, by=convening.secretary)
    convening_deeds.sign(sitting=urgent, by=convening.maire)
    convening_deeds.send(sitting=urgent, by=convening.secretary)
    assert SittingRecord.objects.get(page=urgent).urgency == REASON
    first = standing(urgent)[0]
    assert (first.number, first.title, first.note) == ("1", "Constat de l’urgence", REASON)


def test_what_refuses_a_reason(council, town, urgent):
    with pytest.raises(PermissionDenied):
        urgency.declare(sitting=urgent, reason=REASON, by=town.elu)
    with pytest.raises(Refused, match="ne peuvent pas attendre"):
        urgency.declare(sitting=urgent, reason=" ", by=council.secretary)
    with pytest.raises(Refused, match="choisissez d’abord « Séance en urgence »"):
        urgency.declare(sitting=council.sitting(title="Ordinaire"), reason=REASON, by=council.secretary)
    urgency.declare(sitting=urgent, reason=REASON, by=council.secretary)
    operations.record_convocation(
        sitting=urgent, sent_on=timezone.localdate(), channel=Channel.PLATFORM, proof="", by=council.secretary
    )
    with pytest.raises(Refused, match="est partie avec elle"):
        urgency.declare(sitting=urgent, reason="Après coup.", by=council.secretary)


def test_a_sitting_in_preparation_is_when_its_newest_draft_says(council):
    sitting = council.sitting(20)
    council.item(sitting)
    draft = sitting.get_latest_revision_as_object()
    draft.starts_at = sitting.starts_at - timedelta(days=18)
    pages.save_draft(page=draft, author=council.secretary)
    assert SittingPage.objects.get(pk=sitting.pk).starts_at == draft.starts_at
    with pytest.raises(Refused, match="trop tardive"):
        operations.record_convocation(
            sitting=sitting, sent_on=timezone.localdate(), channel=Channel.PLATFORM, proof="", by=council.secretary
        )


def test_the_screen(council, town, urgent):
    secretary = town.signed_in(council.secretary)
    assert "Motiver l’urgence" in secretary.get(f"/p/{urgent.pk}/").content.decode()
    path = f"/p/{urgent.pk}/urgence/"
    assert secretary.post(path, {"reason": ""}).status_code == 422
    assert secretary.post(path, {"reason": REASON})["Location"] == f"/p/{urgent.pk}/#ordre-du-jour"
    assert "Changer la raison de l’urgence" in secretary.get(f"/p/{urgent.pk}/").content.decode()
    assert REASON in secretary.get(path).content.decode()
    assert town.signed_in(town.outsider).get(path).status_code == 404
    ordinary = council.sitting(title="Ordinaire")
    assert "Motiver l’urgence" not in secretary.get(f"/p/{ordinary.pk}/").content.decode()
