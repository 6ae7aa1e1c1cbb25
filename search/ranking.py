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
    synonym: float = 0.8  # for a word of the trade's table in place of the one typed
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
    # Half of a synonym, « local » for « plan local d'urbanisme », is none.
    return sorted((one for one in found if one.score > 0), key=lambda one: (-one.score, one.entry))


def known_clauses(ask: Ask, figures: Statistics) -> tuple[Clause, ...]:
    """The wanted clauses of which the index has at least one word."""
    return tuple(
        clause
        for clause in ask.wanted
        if any(figures.frequency.get(token) for run in clause.alternatives for token in run)
    )


Run = tuple[str, ...]
Idea = tuple[Run, ...]  # what one word of the ask may be written as: synonyms add up, none counts twice


def ideas_of(clause: Clause) -> list[Idea]:
    """What a clause asks, idea by idea: a word with its synonyms is one, each word of a phrase is its own."""
    if len(clause.alternatives) > 1:
        return [clause.alternatives]
    return [((token,),) for token in clause.alternatives[0]]


class _Scoring:
    """The figures of one ask."""

    def __init__(self, ask: Ask, figures: Statistics, weights: Weights) -> None:
        self.figures, self.weights = figures, weights
        self.terms = ask.terms
        self.ideas = list(dict.fromkeys(idea for clause in ask.wanted for idea in ideas_of(clause)))
        self.token_rarity = {term: figures.rarity(term) for term in self.terms}
        self.rarity = [self._rarity(idea) for idea in self.ideas]
        self.total = sum(self.rarity) or 1.0
        self.clauses = [{self.ideas.index(idea) for idea in ideas_of(one)} for one in known_clauses(ask, figures)]
        self.bound = ask.bound
        self.ending: dict[str, list[tuple[Run, int, float]]] = defaultdict(list)  # by its last token
        for number, idea in enumerate(self.ideas):
            for run in idea:
                self.ending[run[-1]].append((run, number, weights.synonym if run in ask.synonyms else 1.0))
        self.order = {term: place for place, term in enumerate(self.terms)}
        self.families = {
            term[: weights.family_letters]: term for term in self.terms if len(term) >= weights.family_letters
        }
        self.pattern = re.compile(
            rf"(?<!\S)(?:(?P<term>{'|'.join(map(re.escape, self.terms)) or '(?!)'})(?!\S)"
            rf"|(?P<family>{'|'.join(map(re.escape, self.families)) or '(?!)'}))"
        )

    def _rarity(self, idea: Idea) -> float:
        """That of its commonest way to be written, whose rarest word says how rare it is."""
        known = [max(self.token_rarity[token] for token in run) for run in idea if all(map(self.token_rarity.get, run))]
        return min(known, default=0.0)

    def entry(self, entry: int, passages: list[Candidate]) -> Ranked:
        """One entry's score."""
        weights = self.weights
        scored = []
        whole: dict[int, float] = defaultdict(float)
        words: set[str] = set()
        kin: set[str] = set()
        for passage in passages:
            read = _Read(self, passage)
            score = self._bm25(read.counts, passage.length, self.figures.average_passage) + read.near
            scored.append((score, -passage.id))
            for idea, number in read.counts.items():
                whole[idea] += number
            words |= read.words
            kin |= read.families
        scored.sort(reverse=True)
        score = scored[0][0] + sum(weights.others / 2**place * more for place, (more, _) in enumerate(scored[1:8]))
        score += weights.whole * self._bm25(whole, max(passages[0].entry_length, 1), self.figures.average_entry)
        score += weights.family * sum(self.token_rarity[term] for term in kin - words)
        score *= 1 + weights.coverage * sum(self.rarity[idea] for idea in whole) / self.total
        order = tuple(-pk for _, pk in scored)
        return Ranked(entry, order, score, complete=all(not needed.isdisjoint(whole) for needed in self.clauses))

    def _bm25(self, counts: dict[int, float], length: int, average: float) -> float:
        k1, b = self.weights.k1, self.weights.b
        norm = k1 * (1 - b + b * length / average)
        return sum(self.rarity[idea] * number * (k1 + 1) / (number + norm) for idea, number in counts.items())


class _Read:
    """What one passage has of an ask: weighted counts of each idea, what its neighbourhoods are worth, families met."""

    def __init__(self, asked: _Scoring, passage: Candidate) -> None:
        self.asked = asked
        self.counts: dict[int, float] = defaultdict(float)
        self.words: set[str] = set()
        self.families: set[str] = set()
        self.pairs: set[tuple[str, str]] = set()
        weights = asked.weights
        for text, weight in ((passage.title, weights.title), (passage.heading, weights.heading), (passage.body, 1.0)):
            self._field(text, weight)
        self.near = sum(weights.near * min(asked.token_rarity[term] for term in pair) for pair in self.pairs)

    def _field(self, text: str, weight: float) -> None:
        asked, last_end = self.asked, -100
        together: list[str] = []  # the words met, as long as nothing stands between them
        for found in asked.pattern.finditer(text):
            term = found["term"]
            if term is None:
                self.families.add(asked.families[found["family"]])
                continue
            last = together[-1] if together else ""
            follows = asked.order[term] - asked.order.get(last, 99) == 1
            if follows and found.start() - last_end < 12 and term not in asked.bound:  # a bound one's run says it
                self.pairs.add((last, term))
            if found.start() != last_end + 1:
                together = []
            together.append(term)
            last_end = found.end()
            self.words.add(term)
            for run, idea, share in asked.ending[term]:
                if len(run) == 1 or tuple(together[-len(run) :]) == run:
                    self.counts[idea] += weight * share
