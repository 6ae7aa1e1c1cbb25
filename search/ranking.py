"""Ordering the candidates, the same for every engine.

BM25F (Robertson, Zaragoza, Taylor, « Simple BM25 extension to multiple weighted fields », 2004) of the best passage and
of the entry as a whole, with k1 and b measured on French collections; then what plain BM25 does not see: how much of the
ask is there, how near its words stand, and words of the same family whose stems differ.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from search.asking import Ask, Clause
from search.models import Passage
from search.vocabulary import Statistics


@dataclass(frozen=True)
class Weights:
    """What each piece of evidence counts for. Chosen on development sets by principle: see docs/adr."""

    k1: float = 0.9
    b: float = 0.4
    title: float = 4.0
    heading: float = 2.0
    whole: float = 0.5  # the entry's own score beside its best passage's
    others: float = 0.25  # its second best passage's, then half of that for the third, and so on
    coverage: float = 0.1  # added share for an entry that has all that is asked
    near: float = 0.3  # for two words that stand together as asked
    family: float = 0.2  # for a word that begins alike
    family_letters: int = 5


WEIGHTS = Weights()


@dataclass(frozen=True)
class Candidate:
    """A passage as ranking needs it."""

    id: int
    entry: int
    title: str
    heading: str
    body: str
    length: int
    entry_length: int


@dataclass(frozen=True)
class Ranked:
    """An entry in its place, with its best passage first."""

    entry: int
    passages: tuple[int, ...]
    score: float
    complete: bool  # every clause is there, common words aside


def candidates_of(ids: list[int], *, using: str) -> list[Candidate]:
    """The candidates' rows. One query."""
    rows = Passage.objects.using(using).filter(pk__in=ids)
    columns = ("pk", "entry", "title_tokens", "heading_tokens", "body_tokens", "length", "entry__length")
    return [Candidate(*row) for row in rows.values_list(*columns)]


def is_in(term: str, candidates: Iterable[Candidate]) -> bool:
    """Whether one of the candidates has this term."""
    word = f" {term} "
    return any(word in f" {one.title} {one.heading} {one.body} " for one in candidates)


def ranked(ask: Ask, candidates: Iterable[Candidate], figures: Statistics, weights: Weights = WEIGHTS) -> list[Ranked]:
    """Entries, best first; equal ones by id, so that the same search gives the same order."""
    scoring = _Scoring(ask, figures, weights)
    by_entry: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_entry[candidate.entry].append(candidate)
    found = [scoring.entry(entry, passages) for entry, passages in by_entry.items()]
    return sorted(found, key=lambda one: (-one.score, one.entry))


def known_clauses(ask: Ask, figures: Statistics) -> tuple[Clause, ...]:
    """The wanted clauses of which the index has at least one word."""
    return tuple(
        clause
        for clause in ask.wanted
        if any(figures.frequency.get(token) for run in clause.alternatives for token in run)
    )


class _Scoring:
    """The figures of one ask."""

    def __init__(self, ask: Ask, figures: Statistics, weights: Weights) -> None:
        self.figures, self.weights = figures, weights
        self.terms = ask.terms
        self.rarity = {term: figures.rarity(term) for term in self.terms}
        self.clauses = [
            {token for run in clause.alternatives for token in run} for clause in known_clauses(ask, figures)
        ]
        self.total = sum(self.rarity.values()) or 1.0
        self.order = {term: place for place, term in enumerate(self.terms)}
        self.families = {
            term[: weights.family_letters]: term for term in self.terms if len(term) >= weights.family_letters
        }
        self.pattern = re.compile(
            rf"(?<!\S)(?:(?P<term>{'|'.join(map(re.escape, self.terms)) or '(?!)'})(?!\S)"
            rf"|(?P<family>{'|'.join(map(re.escape, self.families)) or '(?!)'}))"
        )

    def entry(self, entry: int, passages: list[Candidate]) -> Ranked:
        """One entry's score."""
        weights = self.weights
        scored = []
        whole: dict[str, float] = defaultdict(float)
        kin: set[str] = set()
        for passage in passages:
            counts, near, families = self._read(passage)
            score = self._bm25(counts, passage.length, self.figures.average_passage) + near
            scored.append((score, -passage.id))
            for term, number in counts.items():
                whole[term] += number
            kin |= families
        scored.sort(reverse=True)
        score = scored[0][0] + sum(weights.others / 2**place * more for place, (more, _) in enumerate(scored[1:8]))
        score += weights.whole * self._bm25(whole, max(passages[0].entry_length, 1), self.figures.average_entry)
        score += weights.family * sum(self.rarity[term] for term in kin if term not in whole)
        score *= 1 + weights.coverage * sum(self.rarity[term] for term in whole) / self.total
        order = tuple(-pk for _, pk in scored)
        return Ranked(entry, order, score, complete=all(any(t in whole for t in clause) for clause in self.clauses))

    def _read(self, passage: Candidate) -> tuple[dict[str, float], float, set[str]]:
        """Weighted counts of each term, what its neighbourhoods are worth, and families met."""
        counts: dict[str, float] = defaultdict(float)
        families: set[str] = set()
        near = 0.0
        fields = ((passage.title, self.weights.title), (passage.heading, self.weights.heading), (passage.body, 1.0))
        pairs: set[tuple[str, str]] = set()
        for text, weight in fields:
            last, last_end = "", -100
            for found in self.pattern.finditer(text):
                term = found["term"]
                if term is None:
                    families.add(self.families[found["family"]])
                    continue
                counts[term] += weight
                if found.start() - last_end < 12 and self.order[term] - self.order.get(last, 99) == 1:
                    pairs.add((last, term))
                last, last_end = term, found.end()
        for pair in pairs:
            near += self.weights.near * min(self.rarity[term] for term in pair)
        return counts, near, families

    def _bm25(self, counts: dict[str, float], length: int, average: float) -> float:
        k1, b = self.weights.k1, self.weights.b
        norm = k1 * (1 - b + b * length / average)
        return sum(self.rarity[term] * number * (k1 + 1) / (number + norm) for term, number in counts.items())
