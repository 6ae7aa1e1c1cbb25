"""The worked examples of the law, kept beside the repository and never copied into it; LAW_DIR names another place."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

LAW = Path(os.environ.get("LAW_DIR", Path(__file__).resolve().parents[3] / "shared" / "law")) / "vectors.json"
needs_law = pytest.mark.skipif(not LAW.is_file(), reason="the sample files are not beside the repository")


def vectors(name: str) -> list[dict[str, Any]]:
    """The examples under that name; none where the file is absent."""
    return json.loads(LAW.read_text())[name] if LAW.is_file() else []
