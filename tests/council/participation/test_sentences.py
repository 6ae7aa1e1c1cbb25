"""What the register says: number, unanimity, by name, amendments, nominations."""

import pytest

from council.participation import replay
from tests.council.participation.room import sitting


def plain(row, key="sentence"):
    return row[key].replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        ({"votes_for": 9}, "9 pour, 0 contre, 0 abstention. La délibération est adoptée à l’unanimité."),
        ({"votes_for": 8}, "0 contre, 1 abstention. La délibération est adoptée à l’unanimité des suffrages exprimés."),
        ({"votes_for": 7, "votes_against": 2}, "7 pour, 2 contre, 0 abstention. La délibération est adoptée."),
        ({"votes_against": 9}, "0 pour, 9 contre, 0 abstention. La délibération est rejetée."),
        ({"abstentions": 9}, "9 abstentions. La délibération est rejetée : aucun suffrage n’est exprimé."),
        ({"votes_for": 4, "votes_against": 4, "president_votes": "for"}, "à égalité, la voix du président l’emporte."),
        ({"votes_for": 4, "votes_against": 4, "president_votes": "abstention"}, "le président s’étant abstenu."),
        (
            {"ballot": "secret", "votes_for": 8, "blanks": 1},
            "1 blanc, 0 nul. La délibération est adoptée à l’unanimité des",
        ),
        ({"name": "amendement n° 1", "votes_for": 2, "votes_against": 7}, "0 abstention. La proposition est rejetée."),
        ({"name": "chapitre 011", "votes_for": 9}, "La proposition est adoptée à l’unanimité."),
        ({"ballot": "public", "votes": {"m1": "abstention"}, "others": "for"}, "Abstention : m1."),
        (
            {"ballot": "public", "votes": {"m1": "abstention", "m2": "abstention"}, "others": "for"},
            "Abstentions : m1, m2.",
        ),
    ],
)
def test_a_vote(votes, said):
    assert said in plain(sitting().vote(**votes))


def test_one_of_each():
    row = sitting(1, 1).vote(unanimous=True)
    assert (
        plain(row)
        == "Vote à main levée, 1 votant : 1 pour, 0 contre, 0 abstention. La délibération est adoptée à l’unanimité."
    )
    assert (
        plain(row, "quorum_sentence")
        == "Quorum : 1 présent compté pour 1 membre en exercice, il en faut 1 : il est atteint."
    )


def test_what_the_register_keeps_of_a_vote_that_was_not_held_is_no_advice():
    assert plain(sitting(15, 7).vote(unanimous=True)).endswith(
        "il n’est pas atteint. Le conseil ne peut pas délibérer."
    )


def test_carried_over():
    told = sitting().tell("decide", what="postponement", reason="Devis à revoir.")
    assert plain(told.rows()[0]) == "Affaire portée à la prochaine séance : Devis à revoir."


@pytest.mark.parametrize(
    ("votes", "said"),
    [({"votes_for": 9}, "à l’unanimité."), ({"votes_for": 8}, "à l’unanimité des suffrages exprimés.")],
)
def test_secrecy_waived(votes, said):
    told = sitting(details={"kind": "appointment"}).tell("decide", what="waive_secrecy", **votes)
    assert plain(told.rows()[0]).endswith(f"Le conseil renonce au scrutin secret, {said}")


LIST = {"A": {"name": "Ensemble", "members": ["m4", "m5"]}}


@pytest.mark.parametrize(
    ("item", "votes", "said"),
    [
        (
            {"office": "commission"},
            {"read_out": True, "candidates": ["m4"]},
            "Commission municipale : une seule candidature, lue par le président. La nomination prend effet : m4.",
        ),
        (
            {"office": "commission", "seats": 2},
            {"read_out": True, "candidates": ["m4", "m5"]},
            "Commission municipale : une seule candidature par siège, lue par le président. "
            "Les nominations prennent effet : m4, m5.",
        ),
        (
            {"office": "commission", "seats": 2, "lists": LIST},
            {"read_out": True, "candidates": ["A"]},
            "Commission municipale : une seule liste, lue par le président. Les nominations prennent effet : m4, m5.",
        ),
        (
            {"office": "ccas", "seats": 1, "lists": LIST},
            {"candidates": {"A": 9}},
            "Conseil d’administration du CCAS, 1 siège à la représentation proportionnelle au plus fort reste, scrutin "
            "secret : Ensemble 9 voix, 0 blanc, 0 nul, 0 abstention. Le conseil élit : m4.",
        ),
        (
            {"office": "other"},
            {"candidates": {"m2": 1}, "blanks": 8},
            "Nomination, 1er tour, scrutin secret : m2 1 voix, 8 blancs, 0 nul, 0 abstention. Le conseil élit : m2.",
        ),
    ],
)
def test_appointments(item, votes, said):
    assert plain(sitting(details={"kind": "appointment", **item}).vote(**votes)) == said


def test_a_majority_that_nobody_has():
    row = sitting(details={"kind": "appointment"}).vote(candidates={"m2": 4, "m3": 4})
    assert plain(row).endswith("La majorité absolue est de 5 voix, personne ne l’obtient : un autre tour s’ouvre.")
    assert replay(sitting(details={"kind": "appointment"}).events).rows == []
