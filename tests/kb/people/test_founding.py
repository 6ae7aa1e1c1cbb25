"""Founding a town from a shell: what is wrong is asked again, and only that."""

import getpass

import pytest
from django.core.management import CommandError, call_command

from kb.people.models import Town, User

pytestmark = pytest.mark.django_db
GOOD = "trois chevaux dans la cour"


def answering(monkeypatch, answers, passwords):
    asked = []
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or answers.pop(0))
    monkeypatch.setattr(getpass, "getpass", lambda question: passwords.pop(0))
    return asked


def test_a_weak_password_is_asked_again_alone(monkeypatch, capsys):
    passwords = ["court", "claire@essai.example", "q1w2e3r4t5y6", GOOD, "autre chose encore", GOOD, GOOD]
    answers = ["Essai", "04 75 00 00 00", "Claire", "Valette", "claire", "", "claire@essai.example"]
    asked = answering(monkeypatch, answers, passwords)
    call_command("found_town")
    said = capsys.readouterr().out
    assert (len(asked), passwords, answers) == (7, [], [])
    assert said.index("au moins 12 signes") < said.index("trop court")
    assert "trop semblable" in said and "trop courant" in said and "Les deux ne sont pas pareils." in said
    assert (Town.current().name, Town.current().phone) == ("Essai", "04 75 00 00 00")
    assert User.objects.get().check_password(GOOD)


def test_nobody_to_answer(monkeypatch):
    def nobody(question):
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(CommandError, match="Personne pour répondre"):
        call_command("found_town")


def test_a_script_gives_all(monkeypatch):
    monkeypatch.setenv("FIRST_PASSWORD", GOOD)
    options = {"town": "Essai", "first_name": "Claire", "last_name": "Valette", "email": "claire@essai.example"}
    call_command("found_town", **options)
    assert User.objects.get().email == "claire@essai.example"
