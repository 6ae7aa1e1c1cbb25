"""Which of the asked terms are worth asking an engine for: the rare ones bring the candidates, ranking counts all.

A word that one passage in eight has costs most of the time and decides nothing alone. Turtle and Flood, « Query
evaluation: strategies and optimizations », 1995, prove it for the exact top; here it bounds the candidates.
"""

from search.asking import Ask
from search.vocabulary import Statistics

TOO_COMMON = 0.125  # share of the passages
WORTH_SPARING = 5_000  # passages; below, everything is asked


def telling_terms(ask: Ask, figures: Statistics) -> list[str]:
    """The terms to ask for, the rarest first; the commonest are left out where rarer ones are there."""
    known = sorted(ask.terms, key=lambda term: figures.frequency.get(term, 0))
    limit = max(figures.passages * TOO_COMMON, WORTH_SPARING)
    rare = [term for term in known if figures.frequency.get(term, 0) <= limit]
    there = [term for term in rare if figures.frequency.get(term, 0)]
    return rare if there else known
