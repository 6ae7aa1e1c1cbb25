"""What an act tells of private persons: the passages to choose about. Pure: words in, passages out.

The patterns are kb.moderation's; a passage is grown here to the end of what it says, so that masking it leaves no half
of a name or of an address.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kb.moderation.checks import SOCIAL_AID, personal_in

UNREADABLE = "un fichier dont le texte ne se lit pas"
BY_HAND = "un passage choisi à la main"
_END_OF_NAME = re.compile(r"(?:[ \u00a0]+[A-ZÀ-Ý][\w’'-]+)*")
_END_OF_PHRASE = re.compile(r"[^,.;()\n]{0,80}")
_NAMES = re.compile(r"\b(?:M\.|Mme|Mlle|Monsieur|Madame)[ \u00a0]+[A-ZÀ-Ý][\w’'-]+(?:[ \u00a0]+[A-ZÀ-Ý][\w’'-]+)*")
_TITLES = {title: group for group in (("M.", "Monsieur"), ("Mme", "Madame", "Mlle")) for title in group}
_GROWS_TO_A_PHRASE = frozenset({"un nom avec son adresse", "une date de naissance"})


@dataclass(frozen=True)
class Personal:
    """One passage: its kind, its words, and whether the law forbids to keep it."""

    kind: str
    words: str
    must_go: bool = False


def found_in(text: str) -> list[Personal]:
    """Each passage once, in the order of the text."""
    text = paragraphs(text)
    found: dict[tuple[str, str], Personal] = {}
    for kind, passage in personal_in(text):
        for words in _grown(kind, passage, text):
            found.setdefault((kind, words), Personal(kind, words, kind == SOCIAL_AID))
    return sorted(found.values(), key=lambda one: (text.find(one.words), one.kind))


def paragraphs(text: str) -> str:
    """A line for each paragraph: the lines of a PDF cut sentences anywhere."""
    return "\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip())


def _grown(kind: str, passage: str, text: str) -> Iterable[str]:
    """The passage wherever it stands, each with the end of its name or of its address."""
    for start in _places(passage, text):
        end = start + len(passage)
        end_of = _END_OF_PHRASE if kind in _GROWS_TO_A_PHRASE else _END_OF_NAME
        tail = end_of.match(text, end)
        yield (passage + (tail[0] if tail else "")).strip()


def _places(passage: str, text: str) -> Iterable[int]:
    start = text.find(passage)
    while start >= 0:
        yield start
        start = text.find(passage, start + len(passage))


def names_in(words: str) -> list[str]:
    """The persons named in a passage: masked there, they are masked in the whole act, under each name they bear there.

    « Mme Jeanne Durand » is « Jeanne Durand » and « Mme Durand » too; a single bare word could be anything.
    """
    return list(dict.fromkeys(name for match in _NAMES.finditer(words) for name in _borne(match[0])))


def _borne(name: str) -> Iterable[str]:
    title, *parts = name.split()
    yield name
    if len(parts) > 1:
        yield " ".join(parts)
        yield from (f"{written} {parts[-1]}" for written in _TITLES.get(title, (title,)))
