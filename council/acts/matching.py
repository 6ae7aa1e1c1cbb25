"""Which paper a signed file is: by what its name says; else page by page, by the title at the top of each. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from council.acts.models import SignedPaper

TOP = 260  # characters of a page, made plain: its head and its title


@dataclass(frozen=True)
class Known:
    """A délibération of the sitting: its id, its number as written and as transmitted."""

    id: int
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What a file is; `act` is the délibération's id."""

    paper: SignedPaper
    act: int | None = None


@dataclass(frozen=True)
class Part:
    """Pages `first` to `last` excluded, from 0, of one paper."""

    first: int
    last: int
    found: Found


_NAMES = (
    (SignedPaper.CLOSING, re.compile(r"\bcloture\b")),
    (SignedPaper.ATTENDANCE, re.compile(r"\bpresence\b|\bemargement\b")),
    (SignedPaper.MINUTES, re.compile(r"\bproces verbal\b|\bpv\b")),
)
# As papers print them. « Délibération n° » is a title; a procès-verbal cites « Délibération 2026-05-03 ».
_TITLES = (
    (SignedPaper.CLOSING, re.compile(r"\bfeuillet de cloture seance\b")),
    (SignedPaper.ATTENDANCE, re.compile(r"\bfeuille de presence \d")),
    (SignedPaper.MINUTES, re.compile(r"\bproces verbal seance du\b")),
)
_ACT = r"\bdeliberation n\w{{0,2}} {number}(?![a-z0-9])"
_COVER = re.compile(r"\bparapheur\b")


def plain(text: str) -> str:
    """Without accents, capitals, nor what parts words."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare.casefold()).split())


def by_name(acts: Sequence[Known], file_name: str) -> Found | None:
    """A number, which stands alone (1 is not read in 12), or else a word; two of them say nothing."""
    name = plain(file_name)
    numbered = [Found(SignedPaper.DELIBERATION, one.id) for one in acts if _says(one, name)]
    said = numbered or [Found(paper) for paper, words in _NAMES if words.search(name)]
    return said[0] if len(said) == 1 else None


def _says(act: Known, name: str) -> bool:
    return any(re.search(rf"(?<![a-z0-9]){re.escape(plain(one))}(?![a-z0-9])", name) for one in act.numbers)


def by_pages(acts: Sequence[Known], pages: Sequence[str]) -> list[Part]:
    """The papers of a file, each from its title to the next one's; nothing where its first page has no title.

    The cover of the signature folder is left out.
    """
    titles = [(place, found) for place, text in enumerate(pages) if (found := _title(acts, plain(text)[:TOP]))]
    covers = {place for place, text in enumerate(pages) if _COVER.search(plain(text)[:TOP])}
    if not titles or set(range(titles[0][0])) - covers:
        return []
    ends = [place for place, _found in titles[1:]] + [len(pages)]
    return [Part(place, end, found) for (place, found), end in zip(titles, ends, strict=True)]


def _title(acts: Sequence[Known], top: str) -> Found | None:
    for act in acts:
        if any(re.search(_ACT.format(number=re.escape(plain(one))), top) for one in act.numbers):
            return Found(SignedPaper.DELIBERATION, act.id)
    return next((Found(paper) for paper, words in _TITLES if words.search(top)), None)
