"""Files that nobody wrote for us: one French sentence that names the event and the field, nothing on standard output."""

import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from council.participation import Refused, from_json, replay

MEMBERS = [f"m{number}" for number in range(1, 12)]
OPENING = {"at": "2026-10-13T18:00", "type": "open", "members": MEMBERS, "present": MEMBERS[:9], "president": "m1"}
TIGHT = "\u00a0"


def one(**event):
    """An opening, then one event without an id."""
    return [OPENING, {"at": "2026-10-13T18:10", **event}]


def opened(**changed):
    return [OPENING | changed]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Ce fichier est vide"),
        (" \n", "Ce fichier est vide"),
        ("[" * 100_000, "trop imbriqué"),
        ('[{"in_office": ' + "9" * 6000 + "}]", "un nombre de plusieurs milliers de chiffres"),
        ('[{"type": "\\ud800"}]', "un signe qui n’existe pas (\\ud800)"),
        ('{"events": 3}', "On attend une liste d’événements"),
    ],
)
def test_what_is_no_list_of_events(text, said):
    with pytest.raises(Refused) as refused:
        from_json(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([{"at": "2026-10-13T18:00"}], "L’événement n° 1 n’a pas de « type »"),
        (opened(at="0001-01-01T00:00+14:00"), "L’événement n° 1 n’a pas d’heure lisible"),
        (opened(at="9999-12-31T23:59-14:00"), "L’événement n° 1 n’a pas d’heure lisible"),
        (opened(id=3), "L’événement n° 1 a un id qui n’est pas un texte"),
        (opened(president="zz"), "Événement n° 1 (open, 18:00) : « zz » n’est pas un membre en exercice"),
        (opened(maire="zz"), "Événement n° 1 (open, 18:00) : « zz » n’est pas un membre en exercice"),
        (opened(members=[{"id": "m1", "name": 5}]), "Événement n° 1 (open, 18:00) : un membre de « members »"),
        (opened(members=[{"id": "m1", "group": ["A"]}]), "un membre de « members »"),
        (opened(members=[{"id": ""}]), "un membre de « members »"),
        (opened(members="m1"), "« members » est une liste entre crochets"),
        (opened(in_office=3), "« members » nomme tous les membres en exercice, et il y en a 11 pour 3 annoncés"),
        (opened(quorum="2/3"), "« quorum » vaut « 2/3 », choisissez entre 1/2"),
        (one(type="arrive", member=12), "L’événement n° 2 : « member » est un texte entre guillemets"),
        (
            one(type="ballot", id="v1", votes=3),
            "L’événement v1 (n° 2) : « votes » est un objet entre accolades ou une liste",
        ),
        (one(type="arrive", id="a1", member="zz"), "Événement a1 (arrive, 18:10, n° 2) : « zz » n’est pas un membre"),
        (one(type="arrive", at="2026-10-12T18:10", member="m10"), "vient après le 13 octobre 2026 à 18:00"),
        (
            [OPENING | {"id": "o"}, {"at": "2026-10-13T18:10", "type": "correct", "event": "o", "add": {"type": "zz"}}],
            "L’événement n° 2 a pour type « zz »",
        ),
        (
            [
                OPENING | {"id": "o"},
                {
                    "at": "2026-10-13T18:10",
                    "type": "correct",
                    "event": "o",
                    "add": {"at": "2026-10-13T18:10", "type": "correct", "event": "o", "undo": True},
                },
            ],
            "une correction n’en ajoute pas une autre",
        ),
    ],
)
def test_events_that_cannot_be(tmp_path, capsys, events, said):
    path = tmp_path / "events.json"
    path.write_text(json.dumps(events))
    with pytest.raises(CommandError) as refused:
        call_command("replay_sitting", str(path), "--json")
    assert said in str(refused.value).replace(TIGHT, " ")
    assert capsys.readouterr().out == ""


def test_the_hour_that_comes_back_in_october():
    """02:50 in summer time, then 02:10 in winter time: twenty minutes later."""
    late = OPENING | {"at": "2026-10-25T00:50:00+00:00"}
    assert replay([late, {"at": "2026-10-25T01:10:00+00:00", "type": "close"}]).state == "closed"


def test_a_long_evening_is_read_in_no_time():
    """Twenty thousand comings and goings: nothing is counted anew at each of them."""
    moves = [
        {"id": f"e{n}", "at": "2026-10-13T18:10", "type": "return" if n % 2 else "leave", "member": "m9"}
        for n in range(20_000)
    ]
    assert replay([OPENING, *moves]).room.present == MEMBERS[:9]


@pytest.mark.parametrize("words", [["none.json"], ["."], []])
def test_from_a_shell(settings, tmp_path, words):
    """No traceback, nothing on standard output, one line on the other."""
    done = subprocess.run(
        [sys.executable, str(settings.ROOT / "manage.py"), "replay_sitting", *words, "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode in (1, 2), done.stdout, len(done.stderr.splitlines())) == (True, "", 1)
