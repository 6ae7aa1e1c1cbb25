"""The French analysis: what a text and a query become before any engine sees them.

    analyse("Les travaux d’été à l’école")  →  tokens travail, ete, ecol, each with its place in the text

Every engine stores and asks these tokens, so that one set of tests covers all. The steps, in this order: words are
found in the original text (their offsets serve to highlight), then compatibility forms are folded, numbers and
article numbers written one way, inclusive forms and elisions taken off, stop words dropped, accents folded, stems
taken. Accents are folded before stemming: a person who types without them must reach the same stem.

Change anything here that changes a token: raise ANALYZER_VERSION, and the index says that it must be rebuilt.
Stems: Snowball's French algorithm, https://snowballstem.org/algorithms/french/stemmer.html, mended in `stems.py`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from search.stems import fold, stem
from search.stopwords import AUXILIARIES, CLITICS, ELIDED, is_stop_word

ANALYZER_VERSION = 1
LONGEST_WORD = 60  # beyond, it is no word of a language: a key, an encoded file

# Marks that stand inside a word without being seen: soft hyphen, zero-width space and joiners, byte-order mark.
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_LETTER = rf"[^\W_\u0300-\u036f]|[\u0300-\u036f{_UNSEEN}]"
_PART = rf"(?:{_LETTER})+"
_APOSTROPHE = "['’ʼ‘′`´]"
_HYPHEN = "[-‐‑‒–]"
_SPACE = "[ \u00a0\u2009\u202f]"
_NUMBERS = rf"\d+(?:{_HYPHEN}\d+)"

_WORDS = re.compile(
    rf"""
    (?P<article>(?<![^\W_])(?:[LRDA]|L\.?O)(?:
        \.?{_SPACE}?\*?{_SPACE}?{_NUMBERS}+                      # L. 2121-10, L2121-10, R.* 123-4
        |\.{_SPACE}?\d{{3,}}|\d{{3,}})(?![^\W_]))                # L. 111, R111: three figures at least
    |(?P<joined_numbers>(?<![^\W_]){_NUMBERS}+(?![^\W_]))        # 2121-10, 2024-05
    |(?P<acronym>(?<![^\W_])(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?![^\W_]))?)
    |(?P<number>(?<![^\W_])(?:\d{{1,3}}(?:{_SPACE}\d{{3}})+|\d+)(?:[.,]\d+)?(?![^\W_]))
    |(?P<word>{_PART}(?:(?:{_APOSTROPHE}|{_HYPHEN}){_PART})*
        (?:\((?:e|s|es|se|ne|le|te|ère|trice|euse)\)s?|(?:[·•‧⋅.]{{1}}(?:e|s|es|ne|le|nes|les|rice|rices|trice|trices|euse|euses|ère|ères)\b)+)?)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SPLIT = re.compile(rf"({_APOSTROPHE}|{_HYPHEN})")
_INCLUSIVE = re.compile(r"(?:\(.*|[·•‧⋅.].*)$", re.S)
_BEFORE_SAINT = re.compile(rf"{_SPACE}|{_HYPHEN}")


class Token(NamedTuple):
    """A token and where its word stands in the original text. `place` counts words; joined forms share one."""

    text: str
    start: int
    end: int


def analyse(text: str) -> list[Token]:
    """The tokens of `text`, in order. Any string has an analysis, be it empty."""
    tokens: list[Token] = []
    before = ""
    for found in _WORDS.finditer(text):
        kind, start, end = found.lastgroup, found.start(), found.end()
        written = found[0]
        if kind == "word":
            following = text[end : end + 2]
            tokens.extend(_word(written, start, before=before, following=following))
            before = written.lower()
        else:
            tokens.extend(Token(one, start, end) for one in _OTHERS[kind or ""](written))
            before = ""
    return tokens


def terms(text: str) -> list[str]:
    """The tokens alone."""
    return [token.text for token in analyse(text)]


def _article(written: str) -> list[str]:
    plain = _hyphens(fold(written))
    letters = "".join(re.findall("[a-z]", plain))
    figures = re.sub(r"[^\d-]", "", plain)
    return [letters + figures, figures]


def _joined_numbers(written: str) -> list[str]:
    plain = _hyphens(fold(written))
    return [plain, *plain.split("-")]


def _acronym(written: str) -> list[str]:
    return [fold(written).replace(".", "")]


def _number(written: str) -> list[str]:
    plain = re.sub(_SPACE, "", fold(written)).replace(",", ".")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return [plain]


_OTHERS = {"article": _article, "joined_numbers": _joined_numbers, "acronym": _acronym, "number": _number}


def _hyphens(written: str) -> str:
    return re.sub(_HYPHEN, "-", written)


def _word(written: str, start: int, *, before: str, following: str) -> Iterator[Token]:
    """One run of letters, with its apostrophes and hyphens."""
    bare = _INCLUSIVE.sub("", written)
    pieces = _SPLIT.split(bare)
    if len(pieces) == 1:
        yield from _part(written=bare, start=start, end=start + len(written), before=before, following=following)
        return
    kept = []
    place = start
    for number, part in enumerate(pieces[::2]):
        separator = "".join(pieces[2 * number + 1 : 2 * number + 2])
        after = separator + "".join(pieces[2 * number + 2 : 2 * number + 3])[:1]
        end = place + len(part) if separator else start + len(written)
        if not _drops_off(part, separator, number):
            kept.append(_expanded(fold(part), after))
            yield from _part(written=part, start=place, end=end, before=before, following=after)
        place += len(part) + len(separator)
    joined = "".join(kept)
    if 2 <= len(kept) <= 4 and len(joined) <= LONGEST_WORD:
        yield Token(stem(joined), start, start + len(written))


def _drops_off(part: str, separator: str, number: int) -> bool:
    """Whether a piece of a compound is no word: an elided article, a pronoun after its verb, « e » of habitant-e-s."""
    folded = fold(part)
    if separator and re.fullmatch(_APOSTROPHE, separator):
        return folded in ELIDED
    return number > 0 and folded in CLITICS


def _part(*, written: str, start: int, end: int, before: str, following: str) -> Iterator[Token]:
    if len(written) > LONGEST_WORD:
        return
    if is_stop_word(written) and not (fold(written) == "ete" and before not in AUXILIARIES):
        return
    if folded := _expanded(fold(written), following):
        yield Token(stem(folded), start, end)


def _expanded(folded: str, following: str) -> str:
    """« St-Étienne », « Ste Anne »: saint, before a capital."""
    saint = folded in ("st", "ste") and _BEFORE_SAINT.match(following) and following[1:2].isupper()
    return "saint" if saint else folded
