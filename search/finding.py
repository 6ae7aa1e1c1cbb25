"""From what a person typed to entries in order: understanding, engine, ranking. Rights come as a scope."""

import re
from dataclasses import dataclass

from search import asking, ranking, vocabulary
from search.asking import Ask, Clause
from search.engines.contract import CANDIDATES, Engine, Scope
from search.ranking import Candidate, Ranked
from search.vocabulary import Statistics

Correction = tuple[str, str, str, tuple[str, ...]]  # word typed, word meant, token typed, stems meant

MOST = 2000  # candidates, however far one turns the pages
ENOUGH = 20  # entries with all that is asked: the rest is left out


@dataclass(frozen=True)
class Found:
    """The entries, best first, and the ask as it was answered, corrections included."""

    ask: Ask
    ranked: list[Ranked]
    corrections: tuple[tuple[str, str], ...] = ()  # (word as typed, word of the index)
    complete: bool = False  # enough entries have all that is asked: they alone are the answer
    known_clauses: tuple[Clause, ...] = ()  # those of which the index has at least one word


def find(written: str, scope: Scope, engine: Engine, *, ask: Ask | None = None, wanted: int = 0) -> Found:
    """The entries of `scope` that answer `written`, at most as many as there are candidates."""
    ask = ask or asking.understood(written)
    if ask.is_empty:
        return Found(ask, [])
    limit = max(CANDIDATES, min(3 * wanted, MOST))
    figures, candidates = _candidates(ask, scope, engine, limit)
    corrections = _corrections(ask, candidates, scope, engine)
    if corrections:
        ask = ask.widened({token: stems for _, _, token, stems in corrections})
        figures, candidates = _candidates(ask, scope, engine, limit)
    ranked = ranking.ranked(ask, candidates, figures)
    shown = tuple((typed, meant) for typed, meant, _, _ in corrections)
    complete = [one for one in ranked if one.complete]
    if len(complete) >= ENOUGH:
        return Found(ask, complete, shown, complete=True, known_clauses=ranking.known_clauses(ask, figures))
    return Found(ask, ranked, shown)


def _candidates(ask: Ask, scope: Scope, engine: Engine, limit: int) -> tuple[Statistics, list[Candidate]]:
    figures = vocabulary.statistics(ask.terms, using=scope.using)
    ids = engine.candidates(ask, scope, figures, limit=limit)
    return figures, ranking.candidates_of(ids, using=scope.using)


def _corrections(ask: Ask, candidates: list[Candidate], scope: Scope, engine: Engine) -> list[Correction]:
    """For each word that nothing in the scope has: the words in its scope that it may have meant.

    What is out of the scope counts for nothing here: a word that only hidden pages have is a word that is not there.
    """
    found = []
    absent = [(word, token) for word, token in dict.fromkeys(ask.words) if token in ask.terms]
    absent = [(word, token) for word, token in absent if not ranking.is_in(token, candidates)]
    seen = _seen([token for _, token in absent], scope, engine)
    for word, token in absent:
        if token in seen:
            continue
        near = vocabulary.near(word, using=scope.using)
        kept = _seen([stem for _, stem in near], scope, engine)
        near = [(form, stem) for form, stem in near if stem in kept]
        if near:
            found.append((word, near[0][0], token, tuple(dict.fromkeys(stem for _, stem in near))))
    return found


def _seen(tokens: list[str], scope: Scope, engine: Engine) -> set[str]:
    """Those of the tokens that something in the scope has."""
    if not tokens:
        return set()
    figures = vocabulary.statistics(tokens, using=scope.using)
    return {
        token
        for token in figures.frequency
        if figures.frequency[token] > 0
        and engine.candidates(Ask(token, wanted=(Clause(((token,),)),)), scope, figures, limit=1)
    }


def corrected(found: Found) -> str:
    """What was typed with the words of the index in place of those it has not; nothing when it has them all."""
    text = found.ask.written
    for typed, meant in found.corrections:
        text = re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", meant, text)
    return text if text != found.ask.written else ""
