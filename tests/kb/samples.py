"""Real files to read, kept beside the repository and never copied into it; SAMPLES_DIR names another place."""

import os
from pathlib import Path

import pytest

SAMPLES = Path(os.environ.get("SAMPLES_DIR", Path(__file__).resolve().parents[3] / "shared" / "data" / "samples"))
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not beside the repository")


def sample(name: str) -> bytes:
    """The bytes of `office/…` or `council/…`."""
    return (SAMPLES / name).read_bytes()
