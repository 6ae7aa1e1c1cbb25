"""What BASE_URL, PORT and DATA_DIR decide, read from a real start of manage.py."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ASK = """
import json
from django.conf import settings as s
print(json.dumps({name: str(getattr(s, name)) for name in %r}))
"""


def manage(data_dir: Path, *args: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """manage.py in a process of its own, with production's settings."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, str(settings.ROOT / "manage.py"), *args],
        env={**kept, "DATA_DIR": str(data_dir), "PYTHONDONTWRITEBYTECODE": "1", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def read(data_dir: Path, *names: str, **variables: str) -> dict[str, Any]:
    """Some settings as a start with these variables sees them."""
    answer = manage(data_dir, "shell", "--no-imports", "-c", ASK % (names,), **variables)
    assert answer.returncode == 0, answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


SECURITY = (
    "BASE_URL", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
    "SECURE_PROXY_SSL_HEADER", "CSRF_TRUSTED_ORIGINS",
)  # fmt: skip


def test_on_loopback_nothing_is_asked_of_https(tmp_path):
    assert read(tmp_path, *SECURITY, PORT="8123") == {
        "BASE_URL": "http://127.0.0.1:8123",
        "SESSION_COOKIE_SECURE": "False",
        "CSRF_COOKIE_SECURE": "False",
        "SECURE_SSL_REDIRECT": "False",
        "SECURE_HSTS_SECONDS": "0",
        "SECURE_PROXY_SSL_HEADER": "None",
        "CSRF_TRUSTED_ORIGINS": "['http://127.0.0.1:8123']",
    }


def test_with_https_come_secure_cookies_hsts_and_the_proxy_header(tmp_path):
    assert read(tmp_path, *SECURITY, BASE_URL="https://kb.mairie.example") == {
        "BASE_URL": "https://kb.mairie.example",
        "SESSION_COOKIE_SECURE": "True",
        "CSRF_COOKIE_SECURE": "True",
        "SECURE_SSL_REDIRECT": "True",
        "SECURE_HSTS_SECONDS": "31536000",
        "SECURE_PROXY_SSL_HEADER": "('HTTP_X_FORWARDED_PROTO', 'https')",
        "CSRF_TRUSTED_ORIGINS": "['https://kb.mairie.example']",
    }


def test_djangos_deploy_check_finds_nothing(tmp_path):
    answer = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", BASE_URL="https://kb.mairie.example")
    assert (answer.returncode, answer.stderr) == (0, "")


def test_the_secret_key_is_drawn_once_and_its_owners_alone(tmp_path):
    first = read(tmp_path, "SECRET_KEY")
    assert read(tmp_path, "SECRET_KEY") == first
    key = tmp_path / "secret_key"
    assert key.read_text() == first["SECRET_KEY"]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_two_data_dirs_are_two_towns(tmp_path):
    here, there = read(tmp_path / "a", "SECRET_KEY", "FILES_ROOT"), read(tmp_path / "b", "SECRET_KEY", "FILES_ROOT")
    assert here["SECRET_KEY"] != there["SECRET_KEY"]
    assert (here["FILES_ROOT"], there["FILES_ROOT"]) == (str(tmp_path / "a" / "files"), str(tmp_path / "b" / "files"))


@pytest.mark.parametrize(
    ("variables", "said"),
    [({"PORT": "huit"}, "PORT='huit' is not a whole number"), ({"BASE_URL": "mairie.example"}, "BASE_URL=")],
)
def test_a_wrong_variable_stops_the_start_and_is_named(tmp_path, variables, said):
    answer = manage(tmp_path, "check", **variables)
    assert answer.returncode != 0
    assert said in answer.stderr
