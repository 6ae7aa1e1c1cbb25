"""validata-core, the validator of the open-data schemas, run as a program: AGPL, it stays in an environment of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.council.open_data.test_scdl import SCDL

PROGRAM = Path(sys.prefix) / "validata" / "bin" / "validata"  # tests/run.sh puts it there


def errors(path: Path) -> list[str]:
    """What it finds wrong in a CSV file of délibérations: « row field code ». Its exit code is always 0."""
    if not PROGRAM.exists():
        pytest.skip("validata-core is not installed: bash tests/run.sh installs it")
    schema = str(SCDL / "deliberations-schema.json")
    said = subprocess.run([PROGRAM, "--schema", schema, path], capture_output=True, text=True, check=True).stdout
    report = json.loads(said)
    found = [*report["errors"], *(error for task in report["tasks"] for error in task["errors"])]
    return [f"{one.get('rowPosition', '')} {one.get('fieldName', '')} {one['code']}".strip() for one in found]
