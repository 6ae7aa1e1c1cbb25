"""Which paper a signed file is, by what its name says, then by what its first page says. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from council.acts.models import SignedPaper


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


_WORDS = (
    (SignedPaper.CLOSING, re.compile(r"feuillet de cloture|\bcloture\b")),
    (SignedPaper.ATTENDANCE, re.compile(r"feuille de presence|emargement|\bpresence\b")),
    (SignedPaper.MINUTES, re.compile(r"proces verbal|\bpv\b")),
)


def match(acts: Sequence[Known], *, file_name: str, text: str = "") -> Found | None:
    """None where nothing is said, or where two things are: somebody is asked."""
    return _in_name(acts, plain(file_name)) or _in_text(acts, plain(text))


def plain(text: str) -> str:
    """Without accents, capitals, nor what parts words."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare.casefold()).split())


def _places(acts: Sequence[Known], text: str) -> list[tuple[int, Found]]:
    """Where each act is named first: a number stands alone, so that 1 is not read in 12."""
    found = []
    for act in acts:
        places = [
            there.start()
            for number in act.numbers
            if (there := re.search(rf"(?<![a-z0-9]){re.escape(plain(number))}(?![a-z0-9])", text))
        ]
        if places:
            found.append((min(places), Found(SignedPaper.DELIBERATION, act.id)))
    return found


def _in_name(acts: Sequence[Known], name: str) -> Found | None:
    """A number, or else a word; two of them say nothing."""
    numbered = [one for _place, one in _places(acts, name)]
    said = numbered or [Found(paper) for paper, words in _WORDS if words.search(name)]
    return said[0] if len(said) == 1 else None


def _in_text(acts: Sequence[Known], text: str) -> Found | None:
    """The first thing named is the title: what a paper cites comes after it."""
    found = _places(acts, text)
    found += [(there.start(), Found(paper)) for paper, words in _WORDS if (there := words.search(text))]
    return min(found, key=lambda one: one[0])[1] if found else None
