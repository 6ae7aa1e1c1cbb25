"""A rule left open swallows all that follows it, and no browser says so."""

import re
from pathlib import Path

import pytest

SHEETS = sorted((Path(__file__).parents[2] / "site" / "static").glob("*.css"))


def braces(text):
    """Opened and closed, comments and strings apart."""
    bare = re.sub(r"/\*.*?\*/|\"[^\"\n]*\"|'[^'\n]*'", "", text, flags=re.DOTALL)
    return bare.count("{"), bare.count("}")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_rule_is_closed(sheet):
    opened, closed = braces(sheet.read_text(encoding="utf-8"))
    assert opened == closed > 0


def test_a_rule_left_open_is_seen():
    assert braces('a { color: red; /* } */ content: "}" } b {') == (2, 1)
