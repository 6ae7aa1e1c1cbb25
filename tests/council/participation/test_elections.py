"""Appointments: rounds, lists, secrecy, a single candidacy."""

import pytest

from council.participation import Refused
from tests.council.participation.room import sitting


def election(office="other", in_office=11, present=11, **more):
    born = [{"id": f"m{n}", "born": f"{1950 + n}-01-01"} for n in range(1, in_office + 1)]
    opening = {"members": born} | more.pop("opening", {})
    return sitting(in_office, present, details={"kind": "appointment", "office": office, **more}, **opening)


def test_first_round_at_the_absolute_majority_of_votes_cast():
    row = election().vote(candidates={"m2": 5, "m3": 4}, blanks=1, nulls=1)
    assert (row["result"], row["elected"], row["cast"], row["needed"], row["rounds"]) == ("elected", ["m2"], 9, 5, 1)
    assert (row["ballot"], row["votes_for"], row["candidates"]) == ("secret", None, {"m2": 5, "m3": 4})


def test_half_is_no_absolute_majority():
    row = election().vote(candidates={"m2": 5, "m3": 3, "m4": 2}, blanks=1)
    assert (row["result"], row["elected"], row["needed"]) == ("none", [], 6)


@pytest.mark.parametrize(
    ("third", "elected"), [({"m2": 4, "m3": 5, "m4": 2}, ["m3"]), ({"m4": 5, "m3": 5}, ["m3"]), ({"m3": 0}, [])]
)
def test_third_round_at_the_relative_majority_then_the_oldest(third, elected):
    told = election()
    for votes in ({"m2": 4, "m3": 4, "m4": 3}, {"m2": 5, "m3": 5}, third):
        told.tell("ballot", candidates=votes)
    (row,) = told.rows()
    assert (row["rounds"], row["elected"], len(row["round_results"])) == (3, elected, 3)
    assert row["result"] == ("elected" if elected else "none")
    assert told.tell("close").rows()


def test_rounds_in_one_event():
    row = election().vote(rounds=[{"candidates": {"m2": 5, "m3": 5}}, {"candidates": {"m2": 6, "m3": 5}}])
    assert (row["rounds"], row["elected"]) == (2, ["m2"])


def test_a_round_without_quorum_is_not_a_round():
    told = election(in_office=11, present=6).tell("ballot", candidates={"m2": 3, "m3": 3}).tell("leave", member="m6")
    told.tell("ballot", candidates={"m2": 5}).tell("return", member="m6").tell("ballot", candidates={"m2": 6}, round=2)
    assert [(row["result"], row["rounds"]) for row in told.rows()] == [("elected", 2), ("no_quorum", 0)]


def test_secrecy_waived_by_all_votes_cast():
    told = election().tell("decide", what="waive_secrecy", votes_for=10, abstentions=1)
    row = told.vote(candidates={"m2": 11})
    assert (told.rows()[0]["result"], row["ballot"]) == ("adopted", "ordinary")
    told = election().tell("decide", what="waive_secrecy", votes_for=10, votes_against=1)
    assert (told.rows()[0]["result"], told.vote(candidates={"m2": 11})["ballot"]) == ("rejected", "secret")


@pytest.mark.parametrize("office", ["maire", "adjoint", "adjoints", "ccas"])
def test_secrecy_that_a_text_imposes_is_not_waived(office):
    told = election(office).tell("decide", what="waive_secrecy", unanimous=True)
    with pytest.raises(Refused, match="la loi impose le scrutin secret"):
        told.rows()


def test_the_eldest_presides_over_the_election_of_the_maire():
    told = election("maire", opening={"president": "m2", "maire": None})
    with pytest.raises(Refused, match="le plus âgé des membres"):
        told.vote(candidates={"m2": 11})
    told.events.pop()
    assert told.tell("preside", member="m1").vote(candidates={"m2": 11})["elected"] == ["m2"]


def test_lists_of_adjoints_and_their_average_age():
    lists = {"A": ["m2", "m9"], "B": ["m4", "m5"]}  # born in 1952 and 1959, in 1954 and 1955
    told = election("adjoints", lists=lists)
    for _ in range(3):
        told.tell("ballot", candidates={"A": 5, "B": 5}, blanks=1)
    assert told.rows()[0]["elected"] == ["m4", "m5"]


LISTS = {"A": ["m1", "m2", "m3", "m4"], "B": ["m5", "m6", "m7"], "C": ["m8", "m9"]}


@pytest.mark.parametrize(
    ("votes", "seats", "elected"),
    [
        ({"A": 7, "B": 4}, 3, ["m1", "m2", "m5"]),
        ({"A": 6, "B": 3, "C": 2}, 3, ["m1", "m2", "m5"]),  # quotient 11/3: A 1, then 7/3 before 3 then 2
        ({"A": 5, "B": 3, "C": 3}, 2, ["m1", "m5"]),  # B and C equal: m5 is older than m8
        ({"B": 11}, 4, ["m5", "m6", "m7"]),  # a list too short, and no other
        ({"A": 3, "C": 8}, 4, ["m1", "m2", "m8", "m9"]),  # what C cannot fill goes to A
        ({"A": 0, "B": 0}, 3, []),
    ],
)
def test_proportional(votes, seats, elected):
    row = election("ccas", lists=LISTS, seats=seats).vote(candidates=votes)
    assert sorted(row["elected"]) == sorted(elected)
    assert row["result"] == ("elected" if elected else "none")


def test_a_single_candidacy_is_read_out():
    row = election("commission", seats=2).vote(read_out=True, candidates=["m4", "m9"])
    assert (row["result"], row["elected"], row["read_out"], row["voting"]) == ("elected", ["m4", "m9"], True, 0)


@pytest.mark.parametrize(
    ("office", "votes", "said"),
    [
        ("commission", {"read_out": True, "candidates": ["m4", "m9"]}, "une seule candidature par siège : votez"),
        ("maire", {"read_out": True, "candidates": ["m4"]}, "même une seule candidature se vote"),
        ("other", {"candidates": {"m2": 12}}, "quelqu’un a voté deux fois"),
        ("other", {"candidates": {"m2": 5}, "abstentions": 0}, "il en manque 6"),
        ("other", {"unanimous": True}, "donnez « candidates »"),
        ("other", {"ballot": "ordinary", "candidates": {"m2": 11}}, "une nomination se vote au scrutin secret"),
        ("other", {"candidates": {}}, "donnez les voix de chaque candidat"),
        ("other", {"candidates": {"m2": 11}, "round": 2}, "corrigez « round »"),
        ("maire", {"candidates": {"x": 11}}, "n’est pas un membre en exercice"),
        ("cao", {"candidates": {"A": 11}}, "décrivez la liste « A »"),
        ("roi", {"candidates": {"m2": 11}}, "choisissez entre maire"),
        ("other", {"rounds": []}, "« rounds » est la liste des tours"),
        ("adjoints", {"lists": {"A": []}, "candidates": {"A": 11}}, "La liste A n’a personne"),
    ],
)
def test_refusals(office, votes, said):
    with pytest.raises(Refused) as refused:
        election(office).vote(**votes)
    assert said in str(refused.value)


def test_a_tie_of_strangers_asks_their_birth():
    told = election("outside_body")
    for _ in range(2):
        told.tell("ballot", candidates={"x": 5, "y": 5})
    with pytest.raises(Refused, match="donnez la date de naissance de x"):
        told.vote(candidates={"x": 5, "y": 5})
    told.events[-1]["born"] = {"x": "1960-05-01", "y": "1959-05-01"}
    assert told.rows()[0]["elected"] == ["y"]


def test_an_election_that_is_over():
    told = election().tell("ballot", candidates={"m2": 11}).tell("ballot", candidates={"m3": 11})
    with pytest.raises(Refused, match="donnez un autre « name »"):
        told.rows()
    told.events[-1]["name"] = "suppléant"
    assert [row["elected"] for row in told.rows()] == [["m2"], ["m3"]]
