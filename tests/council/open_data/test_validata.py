"""The export read by the validator that towns and data.gouv.fr use."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.council.open_data import validata
from tests.council.open_data.test_scdl import SCDL, errors_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SCDL.is_dir(), reason="the sample files of SCDL are not beside the repository"),
]


@pytest.fixture
def exported(published, tmp_path) -> Path:
    path = tmp_path / "scdl.csv"
    call_command("export_scdl", "--year", str(timezone.localdate().year), "-o", str(path))
    return path


def test_it_finds_nothing_wrong(exported):
    assert validata.errors(exported) == []


def test_it_finds_what_is_wrong_and_so_do_our_own_checks(exported):
    """What is written again in test_scdl from the schema answers as the validator does."""
    wrong = exported.with_name("faux.csv")
    day = timezone.localdate().isoformat()
    wrong.write_text(exported.read_text(encoding="utf-8").replace(f",{day},", ",2026-13-45,", 1), encoding="utf-8")
    assert any("DELIB_DATE" in one for one in validata.errors(wrong))
    assert any("DELIB_DATE" in one for one in errors_of(wrong.read_text(encoding="utf-8")))
