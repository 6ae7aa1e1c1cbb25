"""Cells that a spreadsheet must take for words: a title that starts like a formula is run by who opens the file."""

from typing import Any

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(value: Any) -> Any:
    """`value`, with an apostrophe before a text that a spreadsheet would run (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_STARTS) and value != "-" else value
