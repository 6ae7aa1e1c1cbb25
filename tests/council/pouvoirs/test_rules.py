"""The law's own words on pouvoirs (L2121-20), without a database."""

from datetime import date

import pytest

from council.pouvoirs.rules import Candidate, Refused, check_length, serves, why_not
from council.rules import Answer, Instance
from tests.council.law import needs_law, vectors

ON = date(2026, 10, 13)
LAW = Instance(2380).rule("pouvoir_sittings", ON)


@needs_law
@pytest.mark.parametrize("case", vectors("pouvoir"), ids=lambda case: case["name"])
def test_the_examples_of_the_law(case):
    """The document as somebody wrote it, for as many sittings as the example covers."""
    asked = case["sittings_covered"]
    assert [serves(rank, sittings=asked, rule=LAW) for rank in range(1, asked + 1)] == case["valid"]
    assert case["new_document_at_the_fourth"] == ("accepted" if serves(1, sittings=1, rule=LAW) else "refused")


@needs_law
def test_there_are_examples():
    assert vectors("pouvoir")


def test_a_document_is_not_written_for_more_than_three():
    check_length(sittings=3, rule=LAW, illness="")
    check_length(sittings=4, rule=LAW, illness="certificat du 2 octobre")
    with pytest.raises(Refused, match=r"pas plus de 3\u00a0séances de suite \(art. L2121-20\), sauf maladie"):
        check_length(sittings=4, rule=LAW, illness="")
    with pytest.raises(Refused, match="au moins une séance"):
        check_length(sittings=0, rule=LAW, illness="")


def test_illness_makes_it_serve_longer():
    assert [serves(rank, sittings=5, rule=LAW, illness="certificat") for rank in (4, 5, 6)] == [True, True, False]


@pytest.mark.parametrize(
    ("candidate", "said"),
    [
        (Candidate(), ""),
        (Candidate(is_giver=True), "On ne se donne pas pouvoir à soi-même."),
        (Candidate(holds_one=True), "Porte déjà un pouvoir, et on n’en porte qu’un (art. L2121-20)."),
        (Candidate(gave_one=True), "A donné pouvoir à un autre membre pour cette séance."),
    ],
)
def test_who_may_hold_one(candidate, said):
    assert why_not(candidate) == said


@pytest.mark.parametrize("body", ["commission", "ccas", "epci"])
def test_another_instance_borrows_nothing(body):
    assert Instance(2380, body=body).rule("pouvoir_sittings", ON) is None
    own = Instance(2380, body=body, answers={"pouvoir_sittings": Answer(0, "règlement intérieur, art. 7")})
    with pytest.raises(Refused, match="ne connaît pas le pouvoir"):
        check_length(sittings=1, rule=own.rule("pouvoir_sittings", ON), illness="")
