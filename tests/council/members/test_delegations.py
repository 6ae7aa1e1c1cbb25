"""Delegations, dated, on the council's table; outside instances, of which nothing is computed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.members import operations
from council.members.models import Delegation, Instance, Mandate, WhyEnded
from council.members.operations import Refused

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 2)


def delegate(council, mandate=None, **changed):
    fields = {
        "words": "urbanisme et voirie",
        "act": "n° 12",
        "since": APRIL,
        "mandate": mandate or council.mandates[1],
        **changed,
    }
    return operations.delegate(delegation=Delegation(**fields), by=council.town.admin)


def table(council, person=None):
    return council.town.signed_in(person or council.town.elu).get("/conseil/").content.decode().replace("\u00a0", " ")


def test_on_the_table_with_its_dates_and_its_act(council):
    delegate(council)
    assert "urbanisme et voirie, depuis le 2 avril 2026 (arrêté n° 12)" in table(council)
    assert "Y mettre fin" not in table(council)
    assert "Y mettre fin" in table(council, council.town.admin)


def test_one_that_ended_leaves_the_table_and_stays_a_row(council):
    given = delegate(council)
    operations.end_delegation(delegation=given, on=timezone.localdate() - timedelta(days=1), by=council.town.admin)
    assert "urbanisme" not in table(council)
    assert Delegation.objects.get().until == timezone.localdate() - timedelta(days=1)


def test_it_ends_with_the_mandate(council):
    given, member = delegate(council), council.mandates[1]
    on = timezone.localdate()
    operations.end_mandate(
        mandate=member, on=on, why=WhyEnded.RESIGNED, letter="", successor=None, by=council.town.admin
    )
    given.refresh_from_db()
    assert given.until == on


def test_not_before_the_mandate_nor_to_who_waits_for_a_seat(council):
    with pytest.raises(Refused, match="donnez ce jour-là ou un jour d’après"):
        delegate(council, since=date(2026, 1, 1))
    waiting = Mandate.objects.create(instance=council.instance, first_name="Colette", last_name="Arnaud")
    with pytest.raises(Refused, match="n’est pas en fonction : choisissez un membre du tableau"):
        delegate(council, waiting)
    with pytest.raises(ValidationError, match="Une délégation finit après son début"):
        delegate(council, until=APRIL - timedelta(days=1))
    with pytest.raises(Refused, match="La délégation commence le"):
        operations.end_delegation(delegation=delegate(council), on=date(2026, 1, 1), by=council.town.admin)


def test_only_the_responsables_of_the_town(council):
    with pytest.raises(PermissionDenied):
        operations.delegate(
            delegation=Delegation(mandate=council.mandates[0], words="x", since=APRIL), by=council.town.elu
        )
    member, given = council.mandates[0], delegate(council)
    for address in (
        f"/conseil/membres/{member.pk}/delegation/",
        f"/conseil/delegations/{given.pk}/fin/",
        "/conseil/exterieure/",
    ):
        assert council.town.signed_in(council.town.elu).get(address).status_code == 403


def test_from_the_screens(council):
    client, member = council.town.signed_in(council.town.admin), council.mandates[0]
    address = f"/conseil/membres/{member.pk}/delegation/"
    assert client.post(address, {"words": "finances", "since": "2026-01-01"}).status_code == 422
    client.post(address, {"words": "finances", "since": "2026-04-02"})
    given = Delegation.objects.get()
    assert (given.mandate, given.words, given.since, given.until) == (member, "finances", APRIL, None)
    end = f"/conseil/delegations/{given.pk}/fin/"
    assert client.post(end, {"on": "2026-01-01"}).status_code == 422
    client.post(end, {"on": "2026-05-02"})
    given.refresh_from_db()
    assert given.until == date(2026, 5, 2)


def test_the_table_asks_as_much_with_one_as_with_three(council):
    client, counts = council.town.signed_in(council.town.elu), []
    for number in (0, 1, 2):
        delegate(council, council.mandates[number], words=f"délégation {number}")
        client.get("/conseil/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/conseil/")
        counts.append(len(asked))
    assert counts[0] == counts[2]


def test_an_outside_instance_is_noted_and_computes_nothing(council):
    client = council.town.signed_in(council.town.admin)
    assert client.post("/conseil/exterieure/", {"name": ""}).status_code == 422
    client.post("/conseil/exterieure/", {"name": "Communauté de communes", "place": "siège"})
    outside = Instance.objects.get(outside=True)
    assert (outside.name, outside.place, outside.body) == ("Communauté de communes", "siège", "epci")
    page = table(council)
    assert "Instance extérieure, siège." in page
    assert client.get(f"/conseil/reglages/?instance={outside.pk}").status_code == 404
    assert client.get(f"/conseil/exterieure/?instance={council.instance.pk}").status_code == 404
    client.post(f"/conseil/exterieure/?instance={outside.pk}", {"name": "Communauté du Val", "place": ""})
    assert Instance.objects.get(outside=True).name == "Communauté du Val"
    with pytest.raises(Refused, match="se réunit ici"):
        operations.note_outside(instance=council.instance, by=council.town.admin)


def test_no_sitting_is_held_here_by_an_outside_instance(council):
    outside = operations.note_outside(instance=Instance(name="Syndicat des eaux"), by=council.town.admin)
    sitting = council.sitting()
    sitting.instance = outside
    with pytest.raises(ValidationError):
        sitting.full_clean()
    page = council.town.page("Projet", "<p>x</p>")
    form = council.town.signed_in(council.town.admin).get(f"/p/{page.pk}/proposer/").content.decode()
    assert "Syndicat des eaux" not in form
