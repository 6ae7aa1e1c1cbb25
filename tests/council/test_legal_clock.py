"""manage.py legal_clock: JSON or a French table on standard output, or one French sentence and nothing there."""

import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command


def rows(capsys, *words):
    call_command("legal_clock", *words, "--json")
    return json.loads(capsys.readouterr().out)


def test_json(capsys):
    first = rows(capsys, "--inhabitants", "2380", "--meeting", "2026-05-18")[0]
    assert first | {"why": ""} == {
        "code": "convocation",
        "due": "2026-05-14",
        "advised": "2026-05-13",
        "article": "L2121-11",
        "why": "",
    }
    assert first["why"].startswith("Il faut 3 jours francs entre l’envoi et la séance")


def test_urgent_and_second(capsys):
    assert rows(capsys, "--inhabitants", "9000", "--meeting", "2026-10-01", "--urgent")[0]["due"] == "2026-09-29"
    found = rows(capsys, "--inhabitants", "9000", "--second", "--sent", "2026-10-05")[0]
    assert (found["due"], found["earliest_meeting"], "late" in found) == ("2026-10-05", "2026-10-09", False)
    words = ("--inhabitants", "9000", "--second", "--sent", "2026-10-05", "--meeting", "2026-10-08")
    assert rows(capsys, *words)[0]["late"] is True


def test_alsace_asks_then_takes_the_answer(capsys):
    words = ("--inhabitants", "2380", "--meeting", "2026-10-13", "--department", "67")
    asked = rows(capsys, *words)[0]
    assert (asked["due"], asked["advised"], asked["unknown"]) == (None, None, True)
    told = rows(capsys, *words, "--clear-days", "3", "--article", "L2541-2")[0]
    assert (told["due"], told["article"]) == ("2026-10-09", "L2541-2")


@pytest.mark.parametrize(
    ("department", "known"),
    [
        ("1", True),
        ("2a", True),
        ("75", True),
        ("069", True),
        ("974", True),
        ("067", False),
        ("68", False),
        ("988", False),
    ],
)
def test_a_department_however_it_is_written(capsys, department, known):
    first = rows(capsys, "--inhabitants", "800", "--meeting", "2026-10-13", "--department", department)[0]
    assert (first["due"], "unknown" in first) == (("2026-10-09", False) if known else (None, True))


def test_table_in_french(capsys):
    call_command("legal_clock", "--inhabitants", "3500", "--meeting", "2026-10-13")
    lines = capsys.readouterr().out.replace("\u00a0", " ").replace("\u202f", " ").splitlines()
    assert lines[0] == "Envoyer la convocation : 7 octobre 2026 (conseillé : 6 octobre 2026), art. L2121-12"
    assert lines[5].startswith("    À partir de 3 500 habitants, une note explicative")


GOOD = {"--inhabitants": "2380", "--meeting": "2026-10-13"}


@pytest.mark.parametrize(
    ("changed", "more", "said"),
    [
        ({"--inhabitants": "deux"}, [], "vous avez écrit « deux »"),
        ({"--inhabitants": "0"}, [], "1 au moins"),
        ({"--inhabitants": "-5"}, [], "1 au moins"),
        ({"--inhabitants": None}, [], "il manque"),
        ({"--meeting": None}, [], "ajoutez --meeting"),
        ({"--meeting": "2026-02-30"}, [], "un jour qui existe"),
        ({"--meeting": "20261013"}, [], "AAAA-MM-JJ"),
        ({"--meeting": "13/10/2026"}, [], "AAAA-MM-JJ"),
        ({"--meeting": "9999-12-31"}, [], "hors du calendrier"),
        ({"--department": "20"}, [], "2A"),
        ({"--received": "2026-10-12"}, [], "vient après la séance du"),
        ({"--published": "2026-10-12"}, [], "vient après la séance du"),
        ({"--department": ""}, [], "2A"),
        ({"--sent": "2026-10-05"}, [], "va avec --second"),
        ({"--instance": "syndicat"}, [], "choisissez entre"),
        ({"--clear-days": "3"}, [], "avec son article"),
        ({}, ["--second"], "ajoutez --sent"),
        ({"--sent": "2026-10-05"}, ["--urgent", "--second"], "gardez une seule"),
    ],
)
def test_refusals(capsys, changed, more, said):
    words = [f"{name}={value}" for name, value in (GOOD | changed).items() if value is not None]
    with pytest.raises(CommandError) as refused:
        call_command("legal_clock", *words, *more, "--json")
    assert said in str(refused.value)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [(["--inhabitants", "rien"], 1, "Le nombre d’habitants"), (["--habitants", "3"], 2, "Commande mal écrite")],
)
def test_refusal_from_a_shell(settings, words, code, said):
    done = subprocess.run(
        [sys.executable, str(settings.ROOT / "manage.py"), "legal_clock", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(said)
