"""What every command does with what nobody wrote for it: one French sentence on standard error, nothing on the other."""

import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from kb.pages.addresses import NoSuchPage, page_at
from kb.people.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["access"], "il manque USER, PAGE_PATH"),
        (["import_document", "a.pdf", "--into", "/"], "il manque --as"),
        (["extract"], "il manque FILE"),
        (["search", "mots", "--limit", "dix"], "la valeur de --limit ne convient pas"),
        (["search", "mots", "--as"], "--as attend une valeur"),
        (["reindex", "--moteur"], "--moteur n’est pas connu"),
        (["evaluate_search"], "il manque --docs, --queries, --qrels"),
        (["grant", "--public", "--group", "G", "lecteur", "/"], "ne va pas avec une autre option"),
        (["grant", "lecteur", "/", "--why", "x", "--as", "y"], "donnez l’un de --group"),
        (["demo", "--anchor", "hier"], "la valeur de --anchor ne convient pas"),
    ],
)
def test_a_command_that_is_misspelt(words, said):
    with pytest.raises(CommandError) as refused:
        call_command(*words)
    assert str(refused.value).startswith(f"Commande mal écrite ({said}") or said in str(refused.value)
    assert f"« manage.py {words[0]} --help »" in str(refused.value)


@pytest.mark.parametrize("days", ["0", "-5", "99999999", "9" * 30])
def test_a_stretch_of_the_past_that_cannot_be(days):
    with pytest.raises(CommandError, match="entre 1 et 3650"):
        call_command("replay_notifications", f"--days={days}")


def test_from_a_shell_before_the_site_is_prepared(settings, tmp_path):
    done = subprocess.run(
        [sys.executable, str(settings.ROOT / "manage.py"), "search", "mots", "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": ""},
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "La base de données n’est pas prête : « manage.py prepare » la prépare.\n"


def test_french_in_a_shell_that_speaks_ascii(settings):
    done = subprocess.run(
        [
            sys.executable,
            str(settings.ROOT / "manage.py"),
            "legal_clock",
            "--inhabitants",
            "800",
            "--meeting",
            "2026-10-13",
            "--json",
        ],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert "séance" in json.loads(done.stdout.decode())[0]["why"]


# A page and a person, as people write them.


@pytest.fixture
def page(town):
    return town.page("École des Tilleuls")


@pytest.mark.parametrize(
    "written",
    [
        "{id}",
        " {id} ",
        "/p/{id}/",
        "p/{id}",
        "{path}",
        "{slug}",
        "/{slug}",
        "/{slug}/?version=2#bloc",
        "http://un.exemple/{slug}/",
        "https://un.exemple:8000/{slug}/?a=1",
        "127.0.0.1:8000/{slug}/",
        "localhost:8000/p/{id}/",
        "un.exemple/{slug}",
        "http://un.exemple/admin/pages/{id}/edit/",
        "/admin/pages/{id}/",
        "http://un.exemple/%65cole-des-tilleuls/",
    ],
)
def test_a_page_however_it_is_written(page, written):
    assert page_at(written.format(id=page.pk, path=page.url_path, slug=page.slug)).pk == page.pk


def test_home(town):
    assert {page_at(written).pk for written in ("/", "http://un.exemple", "http://un.exemple/")} == {town.home.pk}


@pytest.mark.parametrize(
    "written",
    ["", "  ", ".", "..", "-1", "0", "²", "9" * 30, "/nulle/part/", "http://[::1", "/p/x/", "/ecole-des-tilleuls/non/"],
)
def test_a_page_that_is_not(page, written):
    with pytest.raises(NoSuchPage, match="Donnez son adresse dans le navigateur, son chemin ou son numéro"):
        page_at(written)


def test_a_person_however_he_is_written(town):
    person = town.technical
    for name in (person.username, person.username.upper(), person.email, f" {person.email.title()} "):
        assert User.objects.named(name) == person


# Files with odd names.


def test_a_name_that_is_not_utf_8_stays_in_a_json_that_can_be_read(settings, tmp_path):
    names = [
        os.fsencode(tmp_path) + b"/lat\xe9in.txt",
        os.fsencode(tmp_path) + "/deux\nlignes \u202e🎉.txt".encode(),
        b"",
    ]
    for name in names[:2]:
        with open(name, "wb") as file:
            file.write("Séance du 13 octobre".encode())
    done = subprocess.run(
        [sys.executable.encode(), os.fsencode(settings.ROOT / "manage.py"), b"extract", *names, b"--json"],
        capture_output=True,
        check=False,
    )
    answers = json.loads(done.stdout.decode())
    assert [answer["file"] for answer in answers] == [name.decode(errors="replace") for name in names]
    assert [answer["state"] for answer in answers] == ["ok", "ok", "failed"]
    assert len({tuple(sorted(answer)) for answer in answers}) == 1


def test_files_are_named_as_they_were_given(town, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.txt").write_text("Bonjour")
    call_command("import_document", "./note.txt", "", "--into", "/", "--as", "patrick.brun", "--json")
    answers = json.loads(capsys.readouterr().out)
    assert [(answer["file"], answer["state"]) for answer in answers] == [("./note.txt", "attached"), ("", "refused")]
