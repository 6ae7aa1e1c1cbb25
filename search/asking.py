"""The query language: what a person typed, as clauses. Forgiving: any string has a meaning, none is an error.

    école "salle des fêtes" -cantine PLU OU urbanisme titre:budget type:pdf depuis:2024

Words: the more of them the better. "Quoted" or « quoted » phrases: together, in this order, required. -word: not there.
OU: either. titre: in the title, required. type: and depuis: filter. What cannot be understood is searched as words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from search import french
from search.sorts import sorts_named
from search.stems import stem
from search.stopwords import QUESTION_WORDS

LONGEST_QUERY = 1000  # characters; the rest is left out, and said
MOST_TERMS = 40
ANYWHERE, TITLE = "", "title"

_ITEM = re.compile(
    r"""
    (?P<minus>(?<!\S)[-−](?=[^\s-]))?
    (?:(?P<operator>titre|type|depuis)\s?:\s?(?=\S))?
    (?:"(?P<quoted>[^"]*)"?|«(?P<guillemets>[^»]*)»?|(?P<or>OU(?!\S))|(?P<word>[^\s"«]+))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SINCE = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})|(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_QUESTION_STEMS = frozenset(stem(word) for word in QUESTION_WORDS)


@dataclass(frozen=True)
class Clause:
    """Something wanted (or refused): one of its alternatives, each a run of tokens that stand together."""

    alternatives: tuple[tuple[str, ...], ...]
    required: bool = False
    where: str = ANYWHERE


@dataclass(frozen=True)
class Ask:
    """A query understood."""

    written: str
    wanted: tuple[Clause, ...] = ()
    refused: tuple[Clause, ...] = ()
    sorts: frozenset[str] = frozenset()
    since: date | None = None
    words: tuple[tuple[str, str], ...] = field(default=(), compare=False)  # (as written, token): to correct them
    notices: tuple[str, ...] = ()
    synonyms: frozenset[tuple[str, ...]] = frozenset()  # the alternatives that nobody typed

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """Every wanted token, once, in order."""
        found = (token for clause in self.wanted for run in clause.alternatives for token in run)
        return tuple(dict.fromkeys(found))

    @cached_property
    def bound(self) -> dict[str, frozenset[str]]:
        """The tokens that mean something only beside others: « local », in « plan local d'urbanisme » for « PLU »."""
        runs = [(clause, run) for clause in self.wanted for run in clause.alternatives]
        free = {token for clause, run in runs for token in run if len(run) == 1 or len(clause.alternatives) == 1}
        beside: dict[str, frozenset[str]] = {}
        for _, run in runs:
            for token in set(run) - free:
                beside[token] = beside.get(token, frozenset()) | (set(run) - {token})
        return beside

    @cached_property
    def required(self) -> tuple[Clause, ...]:
        """The clauses without which there is no answer."""
        return tuple(clause for clause in self.wanted if clause.required)

    @property
    def is_empty(self) -> bool:
        """Nothing to look for."""
        return not self.wanted

    def widened(self, others: dict[str, tuple[str, ...]]) -> "Ask":
        """The same, where each token of `others` may also be one of those."""
        wanted = tuple(
            replace(
                clause,
                alternatives=clause.alternatives
                + tuple((other,) for run in clause.alternatives if len(run) == 1 for other in others.get(run[0], ())),
            )
            for clause in self.wanted
        )
        return replace(self, wanted=wanted)


def understood(written: str) -> Ask:
    """What `written` asks."""
    reading = _Reading(written[:LONGEST_QUERY])
    for found in _ITEM.finditer(written[:LONGEST_QUERY]):
        reading.take(found)
    reading.flush()
    notices = list(reading.notices)
    if len(written) > LONGEST_QUERY:
        notices.append(f"La recherche porte sur les {LONGEST_QUERY} premiers signes de votre texte.")
    return Ask(
        written=written,
        wanted=_without_question_words(reading.wanted)[:MOST_TERMS],
        refused=tuple(reading.refused[:MOST_TERMS]),
        sorts=frozenset(reading.sorts),
        since=reading.since,
        words=tuple(reading.words),
        notices=tuple(notices),
    )


def _without_question_words(wanted: list[Clause]) -> tuple[Clause, ...]:
    """« Comment obtenir… »: the word that asks is in no answer; alone, it is what one looks for."""
    kept = [
        clause
        for clause in wanted
        if clause.required or not all(run[0] in _QUESTION_STEMS and len(run) == 1 for run in clause.alternatives)
    ]
    return tuple(dict.fromkeys(kept or wanted))


class _Reading:
    """The items read so far; plain words wait together, because « L. 2121-10 » or « 1 500 » are several."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.wanted: list[Clause] = []
        self.refused: list[Clause] = []
        self.sorts: set[str] = set()
        self.since: date | None = None
        self.words: list[tuple[str, str]] = []
        self.notices: list[str] = []
        self._waiting: tuple[int, int] | None = None
        self._either = False

    def take(self, found: re.Match[str]) -> None:
        """One item of the query."""
        quoted = found["quoted"] if found["quoted"] is not None else found["guillemets"]
        operator = (found["operator"] or "").lower()
        if found["or"] == "OU" and not operator and not found["minus"]:
            self.flush()
            self._either = bool(self.wanted)
        elif found["minus"] or operator or quoted is not None:
            self.flush()
            self._either = False
            self._special(found, operator, quoted if quoted is not None else found["word"] or found["or"] or "")
        else:
            start = self._waiting[0] if self._waiting else found.start()
            self._waiting = (start, found.end())
            if self._either:
                self.flush()

    def flush(self) -> None:
        """The plain words that waited."""
        if self._waiting is None:
            return
        text = self.written[slice(*self._waiting)]
        self._waiting = None
        clauses = list(self._plain(text))
        if self._either and clauses and self.wanted:
            last = self.wanted.pop()
            clauses[0] = replace(last, alternatives=last.alternatives + clauses[0].alternatives)
        self._either = False
        self.wanted += clauses

    def _plain(self, text: str) -> Iterator[Clause]:
        for token in french.analyse(text):
            self.words.append((text[token.start : token.end], token.text))
            yield Clause(((token.text,),))

    def _special(self, found: re.Match[str], operator: str, text: str) -> None:
        if operator == "type" and (sorts := sorts_named(text)):
            self.sorts |= sorts
        elif operator == "depuis" and (since := _day(text)):
            self.since = since
        elif run := tuple(french.terms(text)):
            where = TITLE if operator == "titre" else ANYWHERE
            clause = Clause((run,), required=True, where=where)
            if operator in ("type", "depuis"):
                self.notices.append(f"« {operator}:{text} » n’a pas été compris : il est cherché comme des mots.")
                clause = Clause((run,))
            (self.refused if found["minus"] else self.wanted).append(clause)


def _day(text: str) -> date | None:
    """The first day of « 2024 », « 05/2024 », « 12/05/2024 », « 2024-05-12 »."""
    found = _SINCE.fullmatch(text.strip())
    if not found:
        return None
    day, month, year = (found[1], found[2], found[3]) if found[3] else (found[6], found[5], found[4])
    try:
        return date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
