"""The council's table: its rules, who sits, who leaves and who follows."""

from datetime import date

import pytest

from council.members import operations, queries
from council.members.models import Instance, Mandate, WhyEnded
from tests.council.conftest import RENEWAL

NEXT = date(2032, 3, 14)  # the next renewal
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(town):
    return town.signed_in(town.admin)


@pytest.fixture
def next_one(council, town):
    """The fourth of the list, who waits."""
    waiting = Mandate(
        instance=council.instance, first_name="Jean", last_name="Peyrard", list_name="Ensemble", list_rank=4
    )
    return operations.add_member(mandate=waiting, by=town.admin)


def names(instance, on):
    return [str(one) for one in queries.in_office(instance, on)]


def test_the_table_says_who_sits_under_which_rules(council, admin, reader):
    for client, manages in ((admin, True), (reader, False)):
        shown = client.get("/conseil/").content.decode().replace("\u00a0", " ").replace("\u202f", " ")
        assert "2 380 habitants" in shown and "Hélène Marchetti" in shown and "L2121-11" in shown
        assert "3 en exercice : le quorum est de 2 présents." in shown
        assert ("Noter un départ" in shown) == manages


def test_a_commission_borrows_no_quorum(council, town, admin):
    commission = operations.settle_instance(
        instance=Instance(name="Commission finances", body="commission"),
        inhabitants=2380,
        since=date(2026, 4, 2),
        by=town.admin,
    )
    for name in ("Hélène", "Bernard"):
        operations.add_member(
            mandate=Mandate(instance=commission, first_name=name, last_name="X", since=date(2026, 4, 2)), by=town.admin
        )
    shown = admin.get("/conseil/").content.decode()
    assert "2 en exercice. Sans quorum légal." in shown and "<p>. " not in shown
    assert shown.count("Règlement intérieur, mois pour l’adopter") == shown.count("Numéroter les délibérations") == 1
    on = date(2026, 10, 13)
    assert [queries.quorum(one, 19, on) for one in (council.instance, commission)] == [10, None]
    assert queries.without_quorum(Instance(body="ccas")) == "Quorum à demander"


def test_the_town_answers_the_quorum_of_its_ccas_with_an_article(council, town, admin):
    on = date(2026, 10, 13)
    ccas = Instance(name="CCAS", body="ccas", own_quorum="1/2", own_quorum_article="R123-17 CASF")
    ccas = operations.settle_instance(instance=ccas, inhabitants=2380, since=date(2026, 4, 2), by=town.admin)
    operations.add_member(mandate=Mandate(instance=ccas, first_name="Ana", last_name="X", since=on), by=town.admin)
    assert [queries.quorum(ccas, members, on) for members in (8, 9)] == [5, 5]
    assert queries.quorum_rule(ccas, on).article == "R123-17 CASF"
    ccas.own_quorum = "0"
    assert (queries.quorum(ccas, 9, on), queries.without_quorum(ccas)) == (None, "Sans condition de quorum")
    fields = {
        "name": "CCAS",
        "body": "ccas",
        "inhabitants": "2380",
        "since": "2026-04-02",
        "own_quorum": "1/3",
        "own_quorum_article": "",
    }
    path = f"/conseil/reglages/?instance={ccas.pk}"
    assert "Le quorum se donne avec son article." in admin.post(path, fields).content.decode()
    assert admin.post(path, fields | {"own_quorum_article": "Statuts, art. 9"}).status_code == 302
    ccas.refresh_from_db()
    assert queries.quorum(ccas, 9, on) == 4


def test_who_does_not_read_the_town_or_manage_it(council, reader, agent, town):
    assert town.signed_in(town.outsider).get("/conseil/").status_code == 404
    one = council.mandates[0].pk
    for path in ("/conseil/reglages/", f"/conseil/{council.instance.pk}/membres/", f"/conseil/membres/{one}/depart/"):
        assert reader.get(path).status_code == 403
        assert agent.post(path, {}).status_code == 403
        assert town.signed_in(town.outsider).get(path).status_code == 404


def test_an_empty_town_describes_its_council(town, admin):
    assert "Décrire le conseil" in admin.get("/conseil/").content.decode()
    data = {
        "name": "Conseil municipal",
        "body": "commune",
        "department": "26",
        "inhabitants": 900,
        "since": "2026-03-15",
    }
    assert admin.post("/conseil/reglages/", data).url == "/conseil/"
    instance = Instance.objects.get()
    assert (instance.department, instance.population(date(2026, 10, 1)).inhabitants) == ("26", 900)
    assert instance.in_law(date(2026, 3, 14)) is None
    assert admin.post(f"/conseil/reglages/?instance={instance.pk}", data | {"inhabitants": 1000}).status_code == 422
    assert admin.post("/conseil/reglages/", data | {"name": "CCAS", "department": "99"}).status_code == 422


def test_a_population_is_frozen_for_the_mandate(council, town):
    with pytest.raises(operations.Refused, match="vaut pour tout le mandat"):
        operations.settle_instance(instance=council.instance, inhabitants=3600, since=RENEWAL, by=town.admin)
    for noted in (3700, 3600):  # announced, so corrected as long as it is to come
        operations.settle_instance(instance=council.instance, inhabitants=noted, since=NEXT, by=town.admin)
    assert council.instance.in_law(date(2026, 10, 1)).inhabitants == 2380
    assert council.instance.in_law(NEXT).inhabitants == 3600


def test_a_crossed_threshold_is_announced(council, admin, reader, town):
    assert "Au renouvellement" not in admin.get("/conseil/").content.decode()
    for inhabitants, said in (
        (3600, "jours francs avant une séance, 3 puis 5 (L2121-12)"),
        (2400, "aucune de ces règles ne change"),
    ):
        operations.settle_instance(instance=council.instance, inhabitants=inhabitants, since=NEXT, by=town.admin)
        shown = reader.get("/conseil/").content.decode().replace("\u00a0", " ").replace("\u202f", " ")
        assert "Au renouvellement du 14 mars 2032" in shown and said in shown
        assert "2 380 habitants" in shown  # what rules today


def test_a_resignation_seats_the_next_of_the_list_that_day(council, next_one, admin):
    leaving, day = council.mandates[0], date(2026, 10, 6)
    assert "Jean Peyrard" in admin.get(f"/conseil/membres/{leaving.pk}/depart/").content.decode()
    data = {"on": day.isoformat(), "why": "resigned", "letter": "reçue le 6 octobre", "seat_next": "on"}
    assert admin.post(f"/conseil/membres/{leaving.pk}/depart/", data).url == "/conseil/"
    assert names(council.instance, date(2026, 10, 5)) == ["Hélène Marchetti", "Bernard Aubanel", "Nadia Benkacem"]
    assert names(council.instance, day) == ["Bernard Aubanel", "Nadia Benkacem", "Jean Peyrard"]
    leaving.refresh_from_db()
    assert (leaving.why_ended, leaving.letter) == ("resigned", "reçue le 6 octobre")
    assert admin.get(f"/conseil/membres/{leaving.pk}/depart/").status_code == 404


def test_a_departure_without_a_next_lowers_the_number(council, town):
    operations.end_mandate(
        mandate=council.mandates[0],
        on=date(2026, 10, 6),
        why=WhyEnded.DECEASED,
        letter="",
        successor=None,
        by=town.admin,
    )
    assert len(names(council.instance, date(2026, 10, 6))) == 2


def test_refused_departures(council, next_one, town):
    one, two = council.mandates[:2]

    def end(mandate, on=date(2026, 10, 6), successor=None):
        operations.end_mandate(
            mandate=mandate, on=on, why=WhyEnded.OTHER, letter="", successor=successor, by=town.admin
        )

    with pytest.raises(operations.Refused, match="date plus tardive"):
        end(one, on=date(2026, 3, 1))
    with pytest.raises(operations.Refused, match="n’est pas le suivant"):
        end(one, successor=two)
    with pytest.raises(operations.Refused, match="n’est pas en fonction"):
        end(next_one)


def test_a_member_is_added_by_the_screen(council, admin):
    path = f"/conseil/{council.instance.pk}/membres/"
    data = {
        "first_name": "Yves",
        "last_name": "Rambaud",
        "position": 4,
        "since": "2026-03-15",
        "list_name": "Autrement",
    }
    assert admin.post(path, data).url == "/conseil/"
    assert names(council.instance, RENEWAL)[-1] == "Yves Rambaud"
    assert admin.post(path, data | {"first_name": ""}).status_code == 422


def test_a_name_hides_nothing_of_how_it_reads(council, town):
    hidden = Mandate(instance=council.instance, first_name="Jean", last_name="Pey\u202erard")
    operations.add_member(mandate=hidden, by=town.admin)
    assert Mandate.objects.get(pk=hidden.pk).last_name == "Peyrard"
