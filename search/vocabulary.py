"""The words of the index: how rare each is, and what a misspelt one may have meant.

Kept up to date in the transaction that writes an entry. Rows are written in the order of their key, so that two
publications at once wait for each other instead of dying of each other.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from typing import Any

from django.db import connections

from search import french
from search.models import Figures, Passage, Term, Word
from search.stems import fold

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST_CORRECTED = 4
SHORTEST_CORRECTED_TWICE = 7
LONGEST_KEPT = 60
COMPLETED = 60  # words taken for one that is unfinished
BATCH = 200


@dataclass(frozen=True)
class Statistics:
    """What BM25 needs: N, average lengths in tokens, and in how many passages each asked term stands."""

    passages: int
    entries: int
    average_passage: float
    average_entry: float
    frequency: dict[str, int]

    def rarity(self, term: str) -> float:
        """The inverse document frequency: never negative, zero for what no passage has."""
        found = self.frequency.get(term, 0)
        return log(1 + (self.passages - found + 0.5) / (found + 0.5)) if found else 0.0


def statistics(terms: Iterable[str], *, using: str = "default") -> Statistics:
    """The figures for these terms. Two queries."""
    figures = Figures.objects.using(using).first() or Figures()
    known = Term.objects.using(using).filter(term__in=list(terms)).values_list("term", "passages")
    passages, entries = max(figures.passages, 1), max(figures.entries, 1)
    return Statistics(
        passages, entries, max(figures.tokens / passages, 1.0), max(figures.tokens / entries, 1.0), dict(known)
    )


class Counted:
    """What one writing changes: its words are counted in memory first, then added in one go."""

    def __init__(self) -> None:
        self.terms: Counter[str] = Counter()
        self.words: Counter[tuple[str, str]] = Counter()
        self.passages = self.tokens = self.entries = 0

    def count(self, title: str, passages: Iterable[Passage], sign: int) -> None:
        """Counts the passages of one entry in (1) or out (-1)."""
        self.entries += sign
        words: Counter[tuple[str, str]] = Counter(forms(french.analyse(title), title))
        for passage in passages:
            tokens = f"{passage.title_tokens} {passage.heading_tokens} {passage.body_tokens}".split()
            self.passages += sign
            self.tokens += sign * passage.length
            for term in set(tokens):
                self.terms[term] += sign
            words.update(passage.forms if passage.forms is not None else _forms_of(passage))
        for word, number in words.items():
            self.words[word] += sign * number

    def add(self, using: str) -> None:
        """Adds all that was counted to the tables."""
        _add(Term, [(term, number) for term, number in sorted(self.terms.items()) if number], using)
        words = sorted((item for item in self.words.items() if item[1]), key=lambda item: item[0])
        _add(Word, [(form, form[::-1], stem, number) for (form, stem), number in words], using)
        with connections[using].cursor() as cursor:
            cursor.execute(_FIGURES, [self.passages, self.tokens, self.entries])


_FIGURES = (
    "INSERT INTO search_figures (id, passages, tokens, entries) VALUES (1, %s, %s, %s) ON CONFLICT (id) DO UPDATE "
    "SET passages = search_figures.passages + excluded.passages, tokens = search_figures.tokens + excluded.tokens, "
    "entries = search_figures.entries + excluded.entries"
)


def forms(tokens: Iterable[french.Token], text: str) -> frozenset[tuple[str, str]]:
    """The words of an analysed text as they are written, folded, each with its stem."""
    found = {(fold(text[token.start : token.end]), token.text) for token in tokens}
    return frozenset((form, stem) for form, stem in found if form.isalpha() and 2 < len(form) <= LONGEST_KEPT)


def _forms_of(passage: Passage) -> frozenset[tuple[str, str]]:
    texts = (passage.heading, passage.text)
    return frozenset().union(*(forms(french.analyse(text), text) for text in texts))


def _add(model: type[Term] | type[Word], rows: list[tuple[Any, ...]], using: str) -> None:
    table = model._meta.db_table
    columns = [str(field.column) for field in model._meta.fields]
    marks = ", ".join(["%s"] * len(columns))
    sql = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) "  # noqa: S608 - names of our own tables
        f"ON CONFLICT ({columns[0]}) DO UPDATE SET passages = {table}.passages + excluded.passages"
    )
    if model is Word:  # the analysis may have changed
        sql += ", stem = excluded.stem"
    with connections[using].cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            cursor.executemany(sql, rows[start : start + BATCH])


def stems_beginning(written: str, *, using: str = "default") -> list[str]:
    """The stems of the words of the index that begin so, the most used first."""
    form = fold(written)
    words = Word.objects.using(using).filter(passages__gt=0, form__startswith=form).order_by("-passages")
    return list(dict.fromkeys(words.values_list("stem", flat=True)[:COMPLETED])) if form else []


def near(form: str, *, using: str = "default") -> list[tuple[str, str]]:
    """Words of the index that `form` may have meant, the most used first, with their stems.

    At one letter's distance (one wrong, missing, added, or two swapped), from four letters; else at two, from seven.
    Damerau, « A technique for computer detection and correction of spelling errors », CACM 7(3), 1964.
    """
    form = fold(form)
    if len(form) < SHORTEST_CORRECTED or not form.isalpha():
        return []
    words = Word.objects.using(using).filter(passages__gt=0)
    close = list(words.filter(form__in=_one_letter_away(form)).order_by("-passages").values_list("form", "stem")[:8])
    if close or len(form) < SHORTEST_CORRECTED_TWICE:
        return close
    # Two mistakes leave one third of the word whole: its beginning or its end, most often.
    third = len(form) // 3
    begins = words.filter(form__startswith=form[:third])
    ends = words.filter(tail__startswith=form[::-1][:third])
    rows = begins.union(ends).values_list("form", "stem", "passages")
    likely = (row for row in rows if abs(len(row[0]) - len(form)) <= 2 and len(set(row[0]) ^ set(form)) <= 4)
    far = [(n, word, stem) for word, stem, n in likely if distance(form, word) == 2]
    return [(word, stem) for _, word, stem in sorted(far, reverse=True)[:8]]


def _one_letter_away(form: str) -> set[str]:
    halves = [(form[:place], form[place:]) for place in range(len(form) + 1)]
    missing = {left + right[1:] for left, right in halves if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    wrong = {left + letter + right[1:] for left, right in halves if right for letter in _LETTERS}
    added = {left + letter + right for left, right in halves for letter in _LETTERS}
    return (missing | swapped | wrong | added) - {form}


def distance(one: str, other: str) -> int:
    """The number of letters to change, add, take off or swap with their neighbour, up to 3 (which means more)."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    current = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        two_before, before, current = before, current, [row]
        for column, sign in enumerate(other, 1):
            cost = min(before[column] + 1, current[-1] + 1, before[column - 1] + (letter != sign))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == sign:
                cost = min(cost, two_before[column - 2] + 1)
            current.append(cost)
        if min(current) > 2:
            return 3
    return min(current[-1], 3)
