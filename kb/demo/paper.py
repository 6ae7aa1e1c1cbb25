"""A document of the demo: its versions, who deposited them, and how their bytes are made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kb.demo import making
from kb.demo.when import When

Make = Callable[[When, datetime], bytes]
Source = str | Callable[[When], str]


@dataclass(frozen=True)
class Deposit:
    """One version: deposited `age` days before the loading."""

    age: int
    by: str
    make: Make
    why: str = ""


@dataclass(frozen=True)
class Paper:
    """A document by its name in the demo."""

    key: str
    title: str
    file_name: str
    deposits: tuple[Deposit, ...]


def _written(source: Source, when: When) -> str:
    return source(when) if callable(source) else source


def word(title: str, source: Source) -> Make:
    """A DOCX of some markup."""
    return lambda when, at: making.docx(title, _written(source, when), at)


def libre(title: str, source: Source) -> Make:
    """An ODT of some markup."""
    return lambda when, at: making.odt(title, _written(source, when), at)


def printed(title: str, source: Source) -> Make:
    """A PDF of some markup; a part that holds a table of `making.rows_html` is taken as HTML."""
    return lambda when, at: making.pdf_of(title, _written(source, when), at)


def sheets(content: Callable[[When], dict[str, Any]]) -> Make:
    """A spreadsheet."""
    return lambda when, at: making.workbook(content(when), at)
