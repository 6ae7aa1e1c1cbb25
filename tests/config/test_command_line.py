"""A setting that is wrong is told in one sentence, whatever the command."""

import subprocess
import sys

import pytest

from tests.processes import ROOT, Installation


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "huit mille", "PORT='huit mille' is not a whole number."),
        ("BASE_URL", "mairie", "BASE_URL='mairie' must be"),
    ],
)
def test_no_traceback(tmp_path, name, value, said):
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "serve"],
        env=Installation(tmp_path).env | {name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Réglage à corriger : ") and said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
