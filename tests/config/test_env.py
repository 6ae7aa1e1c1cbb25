"""The readers of environment variables: what they give, and how loudly they refuse."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.fixture
def variable(monkeypatch):
    """Sets the one variable that a test reads."""

    def put(value: str | None) -> None:
        if value is None:
            monkeypatch.delenv("A_TOWN", raising=False)
        else:
            monkeypatch.setenv("A_TOWN", value)

    put(None)
    return put


@pytest.mark.parametrize("given", [None, "", "   "])
def test_unset_or_blank_is_the_default(variable, given, tmp_path):
    variable(given)
    assert env.text("A_TOWN", "Valmorin") == "Valmorin"
    assert env.integer("A_TOWN", 7) == 7
    assert env.flag("A_TOWN", True) is True
    assert env.folder("A_TOWN", tmp_path / "new") == tmp_path / "new"
    assert env.base_url("A_TOWN", "http://127.0.0.1:8000") == "http://127.0.0.1:8000"


def test_text_is_stripped(variable):
    variable("  Valmorin-sur-Drise \n")
    assert env.text("A_TOWN") == "Valmorin-sur-Drise"


@pytest.mark.parametrize(("given", "read"), [("8000", 8000), (" 0 ", 0), ("-3", -3)])
def test_a_whole_number(variable, given, read):
    variable(given)
    assert env.integer("A_TOWN", 1, least=-10) == read


@pytest.mark.parametrize("given", ["80.5", "huit", "8 000", "0x10", "1e3"])
def test_not_a_whole_number(variable, given):
    variable(given)
    with pytest.raises(ImproperlyConfigured, match=r"A_TOWN=.* is not a whole number"):
        env.integer("A_TOWN", 1)


def test_a_number_too_small(variable):
    variable("0")
    with pytest.raises(ImproperlyConfigured, match=r"A_TOWN=0 is too small: at least 1"):
        env.integer("A_TOWN", 1, least=1)


@pytest.mark.parametrize("given", ["1", "yes", "TRUE", "On", "oui"])
def test_yes(variable, given):
    variable(given)
    assert env.flag("A_TOWN", False) is True


@pytest.mark.parametrize("given", ["0", "no", "FALSE", "Off", "non"])
def test_no(variable, given):
    variable(given)
    assert env.flag("A_TOWN", True) is False


@pytest.mark.parametrize("given", ["peut-être", "2", "y"])
def test_neither_yes_nor_no(variable, given):
    variable(given)
    with pytest.raises(ImproperlyConfigured, match=r"A_TOWN=.* is neither yes nor no"):
        env.flag("A_TOWN", True)


def test_a_folder_is_made_and_absolute(variable, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    variable("data/été")
    assert env.folder("A_TOWN", Path("/nowhere")) == tmp_path / "data" / "été"
    assert (tmp_path / "data" / "été").is_dir()


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://kb.mairie.example", "https://kb.mairie.example"),
        ("https://kb.mairie.example/", "https://kb.mairie.example"),
        ("http://127.0.0.1:8123", "http://127.0.0.1:8123"),
    ],
)
def test_a_public_address(variable, given, read):
    variable(given)
    assert env.base_url("A_TOWN", "http://127.0.0.1:8000") == read


@pytest.mark.parametrize(
    "given",
    [
        "kb.mairie.example",
        "ftp://kb.mairie.example",
        "https://",
        "https://mairie.example/kb",
    ],
)
def test_not_a_public_address(variable, given):
    variable(given)
    with pytest.raises(ImproperlyConfigured, match=r"A_TOWN=.* must be http://host or https://host"):
        env.base_url("A_TOWN", "http://127.0.0.1:8000")


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (
            "postgresql://mairie:p%40ss%2Fword@base.example:5433/valmorin?sslmode=require",
            {
                "NAME": "valmorin",
                "USER": "mairie",
                "PASSWORD": "p@ss/word",
                "HOST": "base.example",
                "PORT": "5433",
                "OPTIONS": {"sslmode": "require"},
            },
        ),
        (
            " postgres:///valmorin?host=/run/postgresql ",
            {"NAME": "valmorin", "USER": "", "PASSWORD": "", "HOST": "/run/postgresql", "PORT": "", "OPTIONS": {}},
        ),
    ],
)
def test_a_postgresql_base(variable, given, read):
    variable(given)
    assert env.postgresql("A_TOWN") == {"ENGINE": "django.db.backends.postgresql", **read}


def test_no_postgresql_base(variable):
    variable(" ")
    assert env.postgresql("A_TOWN") is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("mysql://mairie:secret@base.example/valmorin", "Leave it blank for SQLite"),
        ("valmorin:secret", "Leave it blank for SQLite"),
        ("postgresql://mairie:secret@base.example/", "names no base"),
        ("postgresql://mairie:secret%zz@base.example/valmorin", "cannot be read"),
        ("postgresql://mairie:secret@base.example/valmorin?sslmod=require", "cannot be read"),
    ],
)
def test_a_wrong_postgresql_base_is_said_without_its_password(variable, given, said):
    variable(given)
    with pytest.raises(ImproperlyConfigured, match=said) as refused:
        env.postgresql("A_TOWN")
    assert "A_TOWN must be postgresql://" in str(refused.value)
    assert "secret" not in str(refused.value)
