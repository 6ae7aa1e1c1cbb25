"""From what a person typed to entries in order: understanding, engine, ranking. Rights come as a scope."""

from dataclasses import dataclass

from search import asking, ranking, vocabulary
from search.asking import Ask
from search.engines.contract import CANDIDATES, Engine, Scope
from search.ranking import Ranked

FEW = 3  # results below which misspelt words are tried otherwise


@dataclass(frozen=True)
class Found:
    """The entries, best first, and the ask as it was answered, corrections included."""

    ask: Ask
    ranked: list[Ranked]
    corrections: tuple[tuple[str, str], ...] = ()  # (word as typed, word of the index)


def find(written: str, scope: Scope, engine: Engine, *, ask: Ask | None = None) -> Found:
    """The entries of `scope` that answer `written`, at most as many as there are candidates."""
    ask = ask or asking.understood(written)
    if ask.is_empty:
        return Found(ask, [])
    figures = vocabulary.statistics(ask.terms, using=scope.using)
    others, corrections = _meant(ask, figures, scope)
    if others:
        ask = ask.widened(others)
        figures = vocabulary.statistics(ask.terms, using=scope.using)
    ids = engine.candidates(ask, scope, figures, limit=CANDIDATES)
    candidates = ranking.candidates_of(ids, using=scope.using)
    return Found(ask, ranking.ranked(ask, candidates, figures), corrections)


def _meant(
    ask: Ask, figures: vocabulary.Statistics, scope: Scope
) -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, str], ...]]:
    """For each token that the index has not, those of the words it may have meant."""
    others: dict[str, tuple[str, ...]] = {}
    corrections = []
    for word, token in ask.words:
        if figures.frequency.get(token, 0) > 0 or token in others or token not in ask.terms:
            continue
        near = vocabulary.near(word, using=scope.using)
        if near:
            others[token] = tuple(dict.fromkeys(stem for _, stem in near))
            corrections.append((word, near[0][0]))
    return others, tuple(corrections)
