"""What the engine refuses, in French, each with its way out."""

import pytest

from council.participation import Refused, from_json, replay
from tests.council.participation.room import Told, sitting


def refuses(told: Told, *said: str) -> None:
    with pytest.raises(Refused) as refused:
        told.rows()
    for words in said:
        assert words in str(refused.value)


@pytest.mark.parametrize(
    ("pouvoirs", "said"),
    [
        ([("m10", "m2", {}), ("m11", "m2", {})], "on n’en porte qu’un (art. L2121-20) : choisissez un autre porteur"),
        ([("m10", "m2", {}), ("m10", "m3", {})], "révoquez-le d’abord"),
        ([("m10", "m10", {})], "nommez un autre membre"),
        ([("m10", "m99", {})], "n’est pas un membre en exercice"),
        ([("m10", "m2", {"sitting_rank": 4})], "un nouveau peut être donné tout de suite"),
    ],
)
def test_pouvoirs(pouvoirs, said):
    told = sitting()
    for giver, holder, more in pouvoirs:
        told.pouvoir(giver, holder, **more)
    refuses(told, f"Événement e{len(told.events)} (proxy_given, 18:0", said)


def test_a_pouvoir_lapses_after_three_sittings_but_for_illness():
    for rank in (1, 2, 3):
        assert sitting().pouvoir("m10", "m2", sitting_rank=rank).vote(unanimous=True)["represented"] == 1
    assert sitting().pouvoir("m10", "m2", sitting_rank=4, illness=True).vote(unanimous=True)["represented"] == 1


def test_a_pouvoir_once_revoked_leaves_its_holder_free():
    told = sitting().pouvoir("m10", "m2").tell("proxy_revoked", giver="m10").pouvoir("m11", "m2").pouvoir("m10", "m3")
    assert told.vote(unanimous=True)["represented"] == 2
    refuses(sitting().tell("proxy_revoked", giver="m10"), "il n’y a rien à révoquer")


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        ({"votes_for": 10}, "quelqu’un a voté deux fois : recomptez"),
        ({"votes_for": 4, "votes_against": 4, "abstentions": 0}, "il en manque 1 : recomptez"),
        ({"votes_for": 4, "votes_against": 4}, "la voix du président décide : donnez-la"),
        ({"votes_for": 4, "votes_against": 4, "abstentions": 1, "president_votes": "maybe"}, "pas dans les totaux"),
        ({"votes_for": 8, "blanks": 1}, "ni blanc ni nul"),
        ({"votes": [{"member": "m2", "vote": "for"}, {"member": "m2", "vote": "for"}]}, "m2 vote deux fois"),
        ({"votes": {"m2": "for"}}, "il manque le vote de m1, m3"),
        ({"votes": {"m12": "for"}, "others": "for"}, "ni présent ni représenté"),
        ({"votes": {"m2": "oui"}, "others": "for"}, "n’est pas un vote"),
        ({"votes": {"m2": "for"}, "votes_for": 3}, "par nom ou en totaux"),
        ({"ballot": "public", "votes_for": 9}, "donnez « votes »"),
        ({"ballot": "secret", "others": "for"}, "seuls les totaux se saisissent"),
        ({"ballot": "raised", "votes_for": 9}, "choisissez entre ordinary, public, secret"),
        ({}, "donnez les voix"),
        ({"votes_for": -1}, "un nombre entier, 0 au moins"),
        ({"vote_for": 9}, "« vote_for », inconnu ici"),
        ({"candidates": {"m2": 9}}, "« candidates » ne va pas avec ce vote"),
        ({"items": ["1"], "item": "1", "unanimous": True}, "pas les deux"),
        ({"open": True, "votes_for": 9}, "n’a pas encore de voix"),
        ({"groups": ["A"], "others": "for"}, "« groups » est un objet entre accolades"),
        ({"groups": {"Personne": "against"}, "others": "for"}, "aucun membre n’est du groupe « Personne »"),
        ({"unanimous": False}, "donnez les voix"),
    ],
)
def test_votes(votes, said):
    refuses(sitting().tell("ballot", **votes), said)


def test_a_member_written_twice_in_the_file():
    with pytest.raises(Refused, match="un membre ne vote qu’une fois"):
        from_json('[{"at": "2026-10-13T18:30", "type": "ballot", "votes": {"m1": "for", "m1": "against"}}]')


def test_a_withdrawn_member_does_not_vote():
    told = sitting().tell("withdraw", member="m9", ground="personal")
    refuses(told.tell("ballot", votes={"m9": "for"}, others="for"), "m9 ne prend pas part à ce vote")


@pytest.mark.parametrize("kind", ["information", "question_orale", "question_diverse"])
def test_no_decision_without_an_item_that_is_decided(kind):
    told = sitting(details={"kind": kind}).tell("ballot", unanimous=True)
    refuses(told, "on n’y décide rien : portez-le à la prochaine séance")
    told.events[-1]["kind"] = "deliberation"
    refuses(told, "on n’y décide rien")


@pytest.mark.parametrize("called", [True, False])
def test_no_decision_off_the_agenda(called):
    told = sitting(agenda=["1"])
    if called:
        told.tell("item", item="9")
    refuses(told.tell("ballot", item="9", unanimous=True), "n’est pas à l’ordre du jour", "prochaine séance")


def test_an_information_does_not_become_a_deliberation_in_the_room():
    told = sitting(item=None, agenda=[{"item": "1", "kind": "information"}])
    refuses(told.tell("item", item="1", kind="deliberation"), "gardez cette sorte")


def test_closing_with_an_open_ballot_or_an_unfinished_election():
    told = sitting().tell("ballot", open=True).tell("close")
    refuses(told, "donnez-en le résultat avant de lever la séance")
    told.events.pop()
    assert told.tell("ballot", unanimous=True).tell("close").rows()[0]["result"] == "adopted"
    election = sitting(details={"kind": "appointment"}).tell("ballot", candidates={"m2": 4, "m3": 4}).tell("close")
    refuses(election, "n’a pas son dernier tour : faites-le, ou renvoyez le point")


def test_accounts_under_the_maire():
    told = sitting(details={"kind": "accounts"}).tell("ballot", unanimous=True)
    refuses(told, "le conseil élit un autre président que le maire (art. L2121-14)", "preside")


def test_a_president_who_is_away_or_takes_no_part():
    refuses(sitting().tell("leave", member="m1").tell("ballot", unanimous=True), "nommez un autre président")
    told = sitting().tell("withdraw", member="m1", ground="personal").tell("ballot", unanimous=True)
    refuses(told, "nommez un autre président")
    refuses(sitting().tell("preside", member="m12"), "nommez un président qui y est")


@pytest.mark.parametrize(
    ("deed", "data"),
    [
        ("ballot", {"votes_against": 9}),
        ("decide", {"what": "postponement"}),
        ("decide", {"what": "postponement", "unanimous": True}),
        ("withdraw", {"reason": "Pièces incomplètes"}),
    ],
)
def test_what_is_voted_is_voted(deed, data):
    told = sitting().tell("ballot", unanimous=True)
    assert told.tell("ballot", name="amendement", unanimous=True).rows()[1]["result"] == "adopted"
    refuses(told.tell(deed, **data), "le point 1", "(« correct »)")


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("appointment", ("ballot", {"candidates": {"m2": 9}})),
        ("deliberation", ("decide", {"what": "take_note"})),
    ],
)
@pytest.mark.parametrize(
    ("deed", "data"),
    [
        ("decide", {"what": "postponement"}),
        ("decide", {"what": "take_note"}),
        ("withdraw", {"reason": "Pièces incomplètes"}),
    ],
)
def test_what_is_elected_or_noted_stays_so(kind, made, deed, data):
    told = sitting(details={"kind": kind}).tell(made[0], **made[1])
    refuses(told.tell(deed, **data), "le point 1 a déjà son résultat", "(« correct »)")


def test_a_vote_without_quorum_is_held_again():
    told = sitting(15, 7).tell("ballot", unanimous=True).tell("arrive", member="m8").tell("ballot", unanimous=True)
    assert [row["result"] for row in told.rows()] == ["no_quorum", "adopted"]


def test_withdrawals():
    refuses(sitting().tell("withdraw", member="m2"), "personal ou representative")
    refuses(sitting().tell("withdraw"), "la raison qui retire le point")
    told = sitting().tell("ballot", unanimous=True).tell("withdraw", member="m2", ground="personal")
    refuses(told, "l’on se retire avant le débat")


def test_huis_clos_asked_by_two():
    told = sitting().tell("decide", what="huis_clos", requested_by=["m2", "m3"], votes_for=9)
    refuses(told, "se demande à 3 membres, ou par le maire (art. L2121-18)")


def test_requests_come_from_the_room():
    refuses(sitting().tell("ballot_requested", ballot="secret", members=["m12"]), "seuls les présents demandent")


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([("arrive", {"member": "m1"})], "est déjà dans la salle"),
        ([("leave", {"member": "m12"})], "n’est pas dans la salle"),
        ([("return", {"member": "m12"})], "notez une arrivée"),
        ([("open", {"members": ["m1"], "president": "m1"})], "déjà ouverte"),
        ([("resume", {})], "rien à reprendre"),
        ([("suspend", {}), ("ballot", {"unanimous": True})], "reprenez-la d’abord"),
        ([("suspend", {}), ("close", {})], "reprenez-la d’abord"),
        ([("close", {}), ("arrive", {"member": "m12"})], "on ne fait que corriger"),
        ([("decide", {"what": "urgency", "votes_for": 9})], "n’est pas convoquée en urgence"),
        ([("decide", {"what": "lunch", "votes_for": 9})], "choisissez entre urgency"),
        ([("appoint_secretary", {"member": "m12"})], "nommez un secrétaire qui y est"),
        ([("dance", {})], "choisissez entre open"),
        ([("item", {})], "dites quel point s’ouvre"),
        ([("arrive", {})], "dites de qui il s’agit"),
        ([("preside", {})], "dites qui préside (« member »)"),
        ([("proxy_given", {"to": "m1"})], "dites qui donne pouvoir (« from ») et qui le porte (« to »)"),
        ([("proxy_revoked", {})], "dites de qui le pouvoir est révoqué"),
        ([("decide", {"what": "take_note", "votes_for": 9})], "« prend acte » ne se vote pas"),
        ([("decide", {"what": "huis_clos", "requested_by": ["m2"], "votes_for": 9})], "1\u00a0membre ne suffit pas"),
        ([("decide", {"what": "huis_clos", "requested_by": ["m2", "m3"], "votes_for": 9})], "ne suffisent pas"),
    ],
)
def test_order_of_a_sitting(events, said):
    told = sitting()
    for kind, data in events:
        told.tell(kind, **data)
    refuses(told, said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "n’est pas du JSON"),
        ("3", "On attend une liste d’événements"),
        ("[3]", "On attend une liste d’événements"),
        ("[]", "ne s’ouvre jamais"),
        ('[{"type": "close", "at": "2026-10-13T18:30"}]', "ne s’ouvre jamais"),
        ('[{"type": "open", "at": "18:30"}]', "2026-10-13T18:30"),
        ('[{"type": "open", "at": "2026-10-13T18:30", "members": ["a"]}]', "dites qui préside"),
        ('[{"type": "open", "at": "2026-10-13T18:30", "members": [], "president": "a"}]', "tous les membres"),
        (
            '[{"type": "open", "at": "2026-10-13T18:30", "members": ["a", "a"], "president": "a"}]',
            "est deux fois parmi les membres",
        ),
        (
            '[{"type": "open", "at": "2026-10-13T18:30", "members": ["a"], "president": "a", "in_office": true}]',
            "entier",
        ),
    ],
)
def test_files(text, said):
    with pytest.raises(Refused) as refused:
        replay(from_json(text))
    assert said in str(refused.value)


def test_time_goes_on():
    told = sitting()
    told.events[-1]["at"] = "2026-10-13T17:00"
    refuses(told, "mettez les événements dans l’ordre")
