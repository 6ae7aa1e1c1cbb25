"""Votes: quorum, majorities, ties, forms of ballot; each rule of the law file's table, then its own examples."""

import pytest

from council.participation import Refused
from tests.council.law import needs_law, vectors
from tests.council.participation.room import sitting


def of(row, *keys):
    return tuple(row[key] for key in keys)


COUNTS = ("present", "present_for_quorum", "quorum", "quorum_met", "represented", "voting", "result")


def test_every_key_of_a_row():
    assert sitting(11, 6).vote(votes_for=4, votes_against=1) == {
        "item": "1",
        "name": "",
        "ballot": "ordinary",
        "kind": "deliberation",
        "in_office": 11,
        "members_counted": 11,
        "present": 6,
        "present_for_quorum": 6,
        "quorum": 6,
        "quorum_met": True,
        "represented": 0,
        "voting": 6,
        "votes_for": 4,
        "votes_against": 1,
        "abstentions": 1,
        "blanks": 0,
        "nulls": 0,
        "cast": 5,
        "needed": None,
        "result": "adopted",
        "elected": [],
        "rounds": 0,
        "candidates": {},
        "round_results": [],
        "read_out": False,
        "by_name": None,
        "casting_vote_used": False,
        "huis_clos": False,
        "president": "m1",
        "quorum_sentence": "Quorum\u00a0: 6\u00a0présents comptés pour 11\u00a0membres en exercice, il en faut 6\u00a0: il est atteint.",
        "sentence": (
            "Vote à main levée, 6\u00a0votants\u00a0: 4 pour, 1 contre, 1\u00a0abstention. La délibération est adoptée."
        ),
    }


@pytest.mark.parametrize(
    ("in_office", "quorum"), [(7, 4), (11, 6), (15, 8), (19, 10), (22, 12), (23, 12), (27, 14), (29, 15)]
)
def test_quorum_is_more_than_half_of_the_members_in_office(in_office, quorum):
    reached = sitting(in_office, quorum).vote(unanimous=True)
    missed = sitting(in_office, quorum - 1).vote(unanimous=True)
    assert of(reached, "quorum", "quorum_met", "result") == (quorum, True, "adopted")
    assert of(missed, "quorum", "quorum_met", "result", "voting") == (quorum, False, "no_quorum", 0)


def test_pouvoirs_do_not_make_a_quorum():
    told = sitting(15, 7)
    for number in range(1, 8):
        told.pouvoir(f"m{number + 7}", f"m{number}")
    assert of(told.vote(unanimous=True), *COUNTS) == (7, 7, 8, False, 0, 0, "no_quorum")


def test_quorum_is_checked_again_at_each_item():
    told = sitting(15, 8)
    assert told.vote(unanimous=True)["result"] == "adopted"
    told.tell("item", item="2").tell("leave", member="m8")
    assert told.vote(unanimous=True)["result"] == "no_quorum"
    told.tell("return", member="m8")
    assert told.vote(unanimous=True)["result"] == "adopted"


def test_second_convocation_needs_no_quorum():
    row = sitting(15, 3, kind="second").vote(votes_for=2, votes_against=1)
    assert of(row, "quorum", "quorum_met", "result") == (0, True, "adopted")


@pytest.mark.parametrize(
    ("share", "quorum", "said"),
    [
        ("1/3", 6, "il n’est pas atteint"),
        ("0", 0, "Sans condition de quorum"),
        ("unknown", 0, "Quorum à demander"),
    ],
)
def test_an_instance_has_its_own_quorum_or_none(share, quorum, said):
    row = sitting(15, 3, quorum=share).vote(unanimous=True)
    assert of(row, "quorum", "quorum_met") == (quorum, not quorum) and said in row["quorum_sentence"]


def test_a_quorum_that_nobody_knows_of_is_refused():
    with pytest.raises(Refused, match="« quorum » vaut"):
        sitting(15, 3, quorum="half").rows()


def test_a_tie_by_show_of_hands_follows_the_president():
    told = {"votes_for": 4, "votes_against": 4, "abstentions": 1}
    votes = [sitting(15, 9).vote(**told, president_votes=vote) for vote in ("for", "against", "abstention")]
    assert [of(row, "result", "casting_vote_used") for row in votes] == [
        ("adopted", True),
        ("rejected", True),
        ("rejected", False),
    ]


def test_a_secret_tie_is_rejected():
    row = sitting(15, 10).vote(ballot="secret", votes_for=4, votes_against=4, blanks=1, nulls=1, president_votes="for")
    assert of(row, "result", "casting_vote_used", "cast", "blanks", "nulls") == ("rejected", False, 8, 1, 1)


def test_all_abstaining_adopts_nothing():
    assert of(sitting(15, 9).vote(votes_for=0, abstentions=9), "result", "cast") == ("rejected", 0)


def test_holder_leaves_and_comes_back():
    told = sitting(15, 9).pouvoir("m10", "m9")
    assert of(told.vote(unanimous=True), "represented", "voting") == (1, 10)
    told.tell("leave", member="m9").tell("item", item="2")
    assert of(told.vote(unanimous=True), *COUNTS) == (8, 8, 8, True, 0, 8, "adopted")
    told.tell("return", member="m9").tell("item", item="3")
    assert of(told.vote(unanimous=True), "represented", "voting") == (1, 10)


def test_giver_comes_in_and_leaves():
    told = sitting(15, 9).pouvoir("m10", "m2").tell("arrive", member="m10")
    assert of(told.vote(unanimous=True), "represented", "voting") == (0, 10)
    told.tell("leave", member="m10").tell("item", item="2")
    assert of(told.vote(unanimous=True), "represented", "voting") == (1, 10)


def test_a_pouvoir_is_not_handed_on():
    """m10 gave to m9, m9 to m8 and left: m8 speaks for m9 alone."""
    told = sitting(15, 9).pouvoir("m10", "m9").pouvoir("m9", "m8").tell("leave", member="m9")
    assert of(told.vote(unanimous=True), "represented", "voting") == (1, 9)


@pytest.mark.parametrize(("ground", "counted", "quorum"), [("personal", 19, 10), ("representative", 17, 9)])
def test_withdrawn_members(ground, counted, quorum):
    told = sitting(19, 11).tell("withdraw", members=["m10", "m11"], ground=ground)
    row = told.vote(unanimous=True)
    assert of(row, "in_office", "members_counted", "present", "present_for_quorum", "quorum", "quorum_met") == (
        19,
        counted,
        11,
        9,
        quorum,
        ground == "representative",
    )


def test_pouvoirs_of_a_withdrawn_member_are_not_used():
    told = sitting(15, 10).pouvoir("m11", "m9").pouvoir("m12", "m2")
    told.tell("withdraw", members=["m9", "m12"], ground="personal")
    assert of(told.vote(unanimous=True), *COUNTS) == (10, 9, 8, True, 0, 9, "adopted")
    told.tell("item", item="2")
    assert of(told.vote(unanimous=True), "represented", "voting") == (2, 12)


def test_who_left_the_room_is_not_in_it():
    told = sitting(15, 10).tell("withdraw", member="m9", ground="personal", left_room=True)
    assert of(told.vote(unanimous=True), "present", "present_for_quorum") == (9, 9)


# The accounts.


def accounts(present=15, **opening):
    told = sitting(19, present, details={"kind": "accounts"}, **opening)
    return told.tell("preside", member="m2")


@pytest.mark.parametrize("form", ["ordinary", "secret"])
@pytest.mark.parametrize(
    ("votes", "result"), [((7, 7, 0), "adopted"), ((0, 0, 14), "adopted"), ((6, 7, 1), "rejected")]
)
def test_accounts_are_adopted_unless_a_majority_is_against(form, votes, result):
    row = accounts().vote(ballot=form, **dict(zip(("votes_for", "votes_against", "abstentions"), votes, strict=True)))
    assert of(row, "present_for_quorum", "voting", "result", "casting_vote_used") == (14, 14, result, False)


def test_the_maire_neither_gives_nor_uses_a_pouvoir_for_the_accounts():
    told = accounts().pouvoir("m16", "m1").pouvoir("m1", "m3").tell("leave", member="m1")
    assert of(told.vote(unanimous=True), "represented", "voting") == (0, 14)


def test_accounts_count_without_the_maire_for_the_quorum():
    assert accounts(present=10).vote(unanimous=True)["result"] == "no_quorum"


def test_the_president_of_an_item_is_that_item_s():
    told = accounts()
    assert told.vote(unanimous=True)["president"] == "m2"
    assert told.tell("item", item="2").vote(unanimous=True)["president"] == "m1"


# Huis clos, urgency, postponement.


@pytest.mark.parametrize(
    ("votes", "result"), [((8, 5, 3), "rejected"), ((9, 4, 3), "adopted"), ((8, 8, 0), "rejected")]
)
def test_huis_clos_counts_the_present_and_represented(votes, result):
    told = sitting(19, 14).pouvoir("m15", "m2").pouvoir("m16", "m3")
    totals = dict(zip(("votes_for", "votes_against", "abstentions"), votes, strict=True))
    told.tell("decide", what="huis_clos", president_votes="for", **totals)
    assert of(told.rows()[0], "kind", "voting", "needed", "result") == ("huis_clos", 16, 9, result)
    assert told.vote(unanimous=True)["huis_clos"] == (result == "adopted")
    assert not told.tell("item", item="2").vote(unanimous=True)["huis_clos"]


def test_urgency_is_ruled_first_and_what_is_postponed_is_not_voted():
    told = sitting(15, 9, kind="urgent")
    with pytest.raises(Refused, match="se prononce d’abord sur l’urgence"):
        told.vote(unanimous=True)
    told.events.pop()
    told.tell("decide", what="urgency", votes_for=8, votes_against=1)
    assert told.vote(unanimous=True)["result"] == "adopted"
    told.tell("item", item="2").tell("decide", what="postponement", votes_for=9)
    with pytest.raises(Refused, match="se décidera à une autre séance"):
        told.vote(unanimous=True)


def test_urgency_that_is_not_recognised_stops_the_sitting():
    told = sitting(15, 9, kind="urgent").tell("decide", what="urgency", votes_for=2, votes_against=7)
    with pytest.raises(Refused, match="l’urgence n’a pas été reconnue"):
        told.vote(unanimous=True)


def test_item_taken_off_and_question_carried_over():
    told = sitting(15, 9).tell("withdraw", reason="Pièces incomplètes.")
    told.tell("item", item="2", kind="question_diverse").tell("decide", what="postponement")
    assert [of(row, "item", "result", "sentence") for row in told.rows()] == [
        ("1", "withdrawn", "Affaire retirée de l’ordre du jour\u00a0: Pièces incomplètes."),
        ("2", "withdrawn", "Affaire portée à la prochaine séance."),
    ]


def test_prend_acte():
    row = sitting(15, 9).tell("decide", what="take_note").rows()[0]
    assert of(row, "kind", "result", "voting", "sentence") == ("take_note", "none", 0, "Le conseil prend acte.")


# Forms of ballot.


@pytest.mark.parametrize(
    ("form", "asking", "imposed"),
    [("secret", 4, False), ("secret", 5, True), ("public", 3, False), ("public", 4, True)],
)
def test_a_third_makes_it_secret_a_quarter_public(form, asking, imposed):
    """Of 13 in the room: 5 for a third, 4 for a quarter."""
    told = sitting(23, 13).tell("ballot_requested", ballot=form, members=[f"m{n}" for n in range(2, 2 + asking)])
    if not imposed:
        assert told.vote(votes_for=13)["ballot"] == "ordinary"
        return
    with pytest.raises(Refused, match="a demandé le scrutin"):
        told.vote(ballot="ordinary", votes_for=13)


def test_secret_wins_over_public():
    told = sitting(15, 9).tell("ballot_requested", ballot="secret", members=["m2", "m3", "m4"])
    told.tell("ballot_requested", ballot="public", members=["m5", "m6", "m7", "m8", "m9"])
    assert told.vote(votes_for=9)["ballot"] == "secret"


def test_names_are_kept_in_a_public_ballot_alone():
    votes = {"votes": {"m2": "against"}, "others": "for"}
    ordinary, public = sitting(5, 3).vote(**votes), sitting(5, 3).vote(ballot="public", **votes)
    assert (ordinary["by_name"], public["by_name"]) == (None, {"m1": "for", "m2": "against", "m3": "for"})
    assert "m2" not in ordinary["sentence"]
    assert public["sentence"].endswith("Pour\u00a0: m1, m3. Contre\u00a0: m2.")


def test_by_groups_with_exceptions_and_pouvoirs():
    members = [{"id": f"m{n}", "group": "A" if n < 4 else "B"} for n in range(1, 8)]
    told = sitting(7, 5, members=members).pouvoir("m6", "m1")
    row = told.vote(groups={"A": "for", "B": "against"}, votes={"m2": "abstention"})
    assert of(row, "votes_for", "votes_against", "abstentions", "voting") == (2, 3, 1, 6)


def test_several_ballots_in_one_item_and_several_items_in_one_ballot():
    told = sitting(7, 5, agenda=["1", "2", "3"])
    told.tell("ballot", name="amendement n° 1", votes_for=1, votes_against=4).tell("ballot", votes_for=5)
    told.tell("ballot", items=["2", "3"], unanimous=True)
    assert [of(row, "item", "name", "result") for row in told.rows()] == [
        ("1", "amendement n° 1", "rejected"),
        ("1", "", "adopted"),
        ("2", "", "adopted"),
        ("3", "", "adopted"),
    ]


# The law file.


def as_told(example, form):
    """The events of an example of the law file."""
    kind = example.get("kind", "deliberation")
    told = sitting(example["in_office"], example["present"], details={"kind": kind})
    givers = [f"m{n}" for n in range(example["present"] + 1, example["in_office"] + 1)]
    holders = [f"m{n}" for n in range(example["present"], 0, -1)]
    for giver, holder in list(zip(givers, holders, strict=False))[: example.get("pouvoirs_given", 0)]:
        told.pouvoir(giver, holder)
    if example.get("president_of_item_elected"):
        told.tell("preside", member="m2")
    if example.get("withdrawn_present"):
        apart = holders[: example["withdrawn_present"]]
        told.tell("withdraw", members=apart, ground=example.get("ground", "personal"))
    if example.get("holder_leaves"):
        told.tell("leave", member=holders[0])
    if "for" not in example:
        return told.vote(unanimous=True)
    told.tell("ballot", ballot=form, votes_for=example["for"], votes_against=example["against"])
    told.events[-1] |= {"abstentions": example["abstentions"]}
    if "president_votes" in example:
        told.events[-1]["president_votes"] = example["president_votes"]
    return told.rows()[-1]


SAME = {"for": "votes_for", "against": "votes_against", "quorum_reached": "quorum_met"}
KNOWN = ("in_office", "members_counted", "present_for_quorum", "quorum", "quorum_reached", "voting", "for", "against")


@needs_law
@pytest.mark.parametrize("example", vectors("votes"), ids=lambda one: one["name"])
@pytest.mark.parametrize("form", ["ordinary", "secret"])
def test_votes_of_the_law_file(example, form):
    if example.get("kind") == "huis_clos":
        example = example | {"in_office": 19, "present": example["present_or_represented"]}
        told = sitting(example["in_office"], example["present"])
        told.tell("decide", what="huis_clos", votes_for=example["for"], votes_against=example["against"])
        assert of(told.rows()[0], "needed", "result") == (example["needed"], example["outcome_public"])
        return
    row = as_told(example, form)
    known = [key for key in (*KNOWN, "abstentions", "cast") if key in example]
    assert {key: row[SAME.get(key, key)] for key in known} == {key: example[key] for key in known}
    outcome = example.get("outcome_public" if form == "ordinary" else "outcome_secret")
    if outcome:
        assert row["result"] == outcome
