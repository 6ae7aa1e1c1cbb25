"""Ids, corrections, examples, the command, and what holds whatever happens in the room."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from council.participation import Refused, from_json, replay
from tests.council.participation.room import sitting

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples" / "sittings"

RESULTS = {
    "1-ordinary": [("1", "adopted", 10), ("3", "adopted", 11)],
    "2-withdrawal-and-tie": [("1", "adopted", 16)],
    "3-accounts": [("1", "adopted", 14), ("2", "adopted", 16)],
    "4-appointments": [("1", "elected", 11), ("2", "elected", 11), ("3", "elected", 0)],
    "5-second-convocation": [("1", "adopted", 6)],
    "6-urgent-huis-clos-secret": [
        (None, "adopted", 10), ("1", "adopted", 10), ("1", "rejected", 10), ("2", "adopted", 10), ("3", "adopted", 10),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", RESULTS)
def test_examples_of_the_documentation(name, capsys):
    call_command("replay_sitting", str(EXAMPLES / f"{name}.json"), "--json")
    rows = json.loads(capsys.readouterr().out)
    assert [(row["item"], row["result"], row["voting"]) for row in rows] == RESULTS[name]


def test_all_examples_are_run():
    assert {path.stem for path in EXAMPLES.iterdir()} == set(RESULTS)


def test_sentences(capsys):
    call_command("replay_sitting", str(EXAMPLES / "5-second-convocation.json"))
    assert capsys.readouterr().out.replace("\u00a0", " ").splitlines() == [
        "Point 1. Vote à main levée, 6 votants : 4 pour, 1 contre, 1 abstention. La délibération est adoptée.",
        "    Seconde convocation : le conseil délibère sans condition de quorum (6 présents comptés).",
    ]


@pytest.mark.parametrize(("words", "said"), [(b"[]", "ne s’ouvre jamais"), (b"\xff", "n’est pas un texte en UTF-8")])
def test_refusal_by_command(tmp_path, capsys, words, said):
    path = tmp_path / "events.json"
    path.write_bytes(words)
    with pytest.raises(CommandError, match=said):
        call_command("replay_sitting", str(path), "--json")
    with pytest.raises(CommandError, match="vérifiez le nom du fichier"):
        call_command("replay_sitting", str(tmp_path / "none.json"))
    assert capsys.readouterr().out == ""


# Ids and corrections.


@pytest.mark.parametrize("name", RESULTS)
def test_replaying_twice_changes_nothing(name):
    events = from_json((EXAMPLES / f"{name}.json").read_text())
    rows = replay(events).rows
    assert replay(events + events).rows == rows
    assert replay([one for event in events for one in (event, event)]).rows == rows


def test_the_same_id_with_other_words_is_refused():
    told = sitting().tell("ballot", unanimous=True)
    with pytest.raises(Refused, match="revient avec un autre contenu"):
        replay([*told.events, told.events[-1] | {"unanimous": None, "votes_for": 1}])


def test_corrections():
    told = sitting().tell("ballot", votes_for=6, votes_against=3).tell("close")
    ballot = told.events[-2]["id"]
    told.tell("correct", event=ballot, **{"with": {"votes_for": 5, "votes_against": 4}}, reason="Recomptage.")
    assert [(row["votes_for"], row["votes_against"]) for row in told.rows()] == [(5, 4)]
    told.tell("correct", event=told.events[-1]["id"], undo=True, reason="Le premier compte était bon.")
    assert [(row["votes_for"], row["votes_against"]) for row in told.rows()] == [(6, 3)]


def test_an_event_undone_and_one_added():
    told = sitting().tell("arrive", member="m10")
    arrival = told.events[-1]
    told.tell("correct", event=arrival["id"], undo=True)
    told.tell("correct", event=arrival["id"], add={"at": arrival["at"], "type": "arrive", "member": "m11"})
    assert told.vote(votes={"m11": "against"}, others="for")["votes_against"] == 1


@pytest.mark.parametrize(
    ("correction", "said"),
    [
        ({"event": "e99", "undo": True}, "nomme un événement d’avant"),
        ({"event": "e1"}, "soit « with », soit « undo », soit « add »"),
        ({"event": "e2", "with": {"type": "close"}}, "ne change ni l’id ni le type"),
        ({"event": "e3", "undo": True}, "nomme un événement d’avant"),
    ],
)
def test_refused_corrections(correction, said):
    with pytest.raises(Refused) as refused:
        sitting().tell("correct", **correction).rows()
    assert said in str(refused.value)


def test_after_the_closing_a_correction_has_a_reason():
    told = sitting().tell("ballot", unanimous=True).tell("close").tell("correct", event="e3", undo=True)
    with pytest.raises(Refused, match="dites sa raison"):
        told.rows()


# Whatever happens in the room.


@st.composite
def rooms(draw):
    """A council, who is there, pouvoirs, withdrawals, comings and goings; no vote yet."""
    in_office = draw(st.integers(3, 29))
    present = draw(st.integers(1, in_office))
    told = sitting(in_office, present)
    names = [f"m{n}" for n in range(1, in_office + 1)]
    givers = draw(st.lists(st.sampled_from(names), unique=True, max_size=6))
    holders = draw(st.permutations(names))
    for giver, holder in zip(givers, holders, strict=False):
        if giver != holder:
            told.pouvoir(giver, holder)
    apart = draw(st.lists(st.sampled_from(names[1:]), unique=True, max_size=4))
    if apart:
        told.tell("withdraw", members=apart, ground=draw(st.sampled_from(["personal", "representative"])))
    for name in draw(st.lists(st.sampled_from(names[1:]), unique=True, max_size=4)):
        told.tell("leave" if int(name[1:]) <= present else "arrive", member=name)
    return told


@settings(deadline=None)
@given(rooms(), st.data())
def test_what_always_holds(told, data):
    before = told.vote(unanimous=True)
    voting = before["voting"]
    if before["quorum_met"]:
        told.events.pop()
        form = data.draw(st.sampled_from(["ordinary", "secret"]))
        split = sorted(data.draw(st.lists(st.integers(0, voting), min_size=2, max_size=2)))
        votes = {"votes_for": split[0], "votes_against": split[1] - split[0], "abstentions": voting - split[1]}
        if votes["votes_for"] == votes["votes_against"] and votes["votes_for"]:
            votes["president_votes"] = data.draw(st.sampled_from(["for", "against"]))
        row = told.vote(ballot=form, **votes)
        assert row["voting"] == row["present_for_quorum"] + row["represented"]
        if row["votes_for"] != row["votes_against"]:
            assert (row["result"] == "adopted") == (row["votes_for"] > row["votes_against"])
    row = told.rows()[-1]
    totals = ("votes_for", "votes_against", "abstentions", "blanks", "nulls")
    assert sum(row[key] for key in totals) == row["voting"]
    assert row["cast"] == row["votes_for"] + row["votes_against"]
    assert row["quorum_met"] == (row["present_for_quorum"] > row["members_counted"] / 2)
    assert (row["result"] == "no_quorum") == (not row["quorum_met"])
    assert replay(told.events * 2).rows == told.rows()


@settings(deadline=None)
@given(rooms())
def test_pouvoirs_never_make_a_quorum(told):
    row = told.vote(unanimous=True)
    for event in [one for one in told.events if one["type"] == "proxy_given"]:
        told.events.remove(event)
    assert told.rows()[-1]["quorum_met"] == row["quorum_met"]


@settings(deadline=None)
@given(rooms())
def test_a_pouvoir_votes_only_between_two_who_take_part(told):
    sat = replay(told.events)
    attendance = sat.room.attendance("1")
    apart = set(sat.room.withdrawals.get("1", {}))
    assert len(set(attendance.represented.values())) == len(attendance.represented)
    assert not apart & (set(attendance.represented) | set(attendance.represented.values()))
    assert set(attendance.represented.values()) <= set(sat.room.present)
    assert not set(attendance.represented) & set(sat.room.present)
