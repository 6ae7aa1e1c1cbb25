"""Words of the trade that mean the same, both ways: « PLU » finds « plan local d’urbanisme », which finds « PLU »."""

from dataclasses import replace
from functools import lru_cache

from search import french
from search.asking import Ask, Clause
from search.memory import Synonym

Run = tuple[str, ...]
MOST_ALTERNATIVES = 12  # of one word: a group of thirty would drown what was typed


@lru_cache(maxsize=2000)
def _runs(words: str) -> tuple[Run, ...]:
    """The runs of tokens that one line of the table makes equal."""
    runs = (tuple(french.terms(part)) for part in words.split(","))
    return tuple(dict.fromkeys(run for run in runs if run))


def widened(ask: Ask) -> Ask:
    """`ask`, where each word or run of words of the table may also be one that means the same. One query."""
    if ask.is_empty:
        return ask
    wanted = list(ask.wanted)
    for words in Synonym.objects.values_list("words", flat=True):
        runs = _runs(words)
        for run in runs:
            _widen(wanted, run, [other for other in runs if other != run], ask.wanted)
    typed = {run for clause in ask.wanted for run in clause.alternatives}
    added = frozenset(run for clause in wanted for run in clause.alternatives if run not in typed)
    return replace(ask, wanted=tuple(wanted), synonyms=added)


def _widen(wanted: list[Clause], run: Run, others: list[Run], typed: tuple[Clause, ...]) -> None:
    """Adds `others` to the clauses where `run` was typed. Quoted words and titles asked for stay as they are."""
    for start in range(len(typed) - len(run) + 1):
        places = range(start, start + len(run))
        if any(
            typed[place].required or (token,) not in typed[place].alternatives
            for place, token in zip(places, run, strict=True)
        ):
            continue
        for place in places:
            known = wanted[place].alternatives
            more = tuple(other for other in others if other not in known)
            wanted[place] = replace(wanted[place], alternatives=(known + more)[:MOST_ALTERNATIVES])
