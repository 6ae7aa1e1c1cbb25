"""Words that carry no meaning of their own in a search, folded; and those that only make a question."""

from functools import lru_cache

from search.stems import fold

_WITHOUT_ACCENT = frozenset(
    """
    a ai aient ait as au aussi autre autres aux avaient avait avec avez avoir avons ayant c ca car ce ceci cela celle
    celles celui ces cet cette ceux chaque ci comme d dans de des donc dont du elle elles en entre es est et etc eu eux
    faut fut furent il ils j je l la le les leur leurs lui m ma mais me mes moi mon n ne ni nos notre nous on ont or ou
    par pas pour qu que qui quoi s sa sans se selon ses si soi soit sommes son sont sous suis sur t ta tandis te tes toi
    ton tous tout toute toutes tu un une vos votre vous y sera seront serait seraient ete
    """.split()
)
_WITH_ACCENT = frozenset(
    "à été étaient était étant être êtes même mêmes où là déjà très ça çà dès après-midi eût fût".split()
)
_HOMOGRAPHS = frozenset("né nés née nées sûr dû dé dés".split())  # words whose folded form is a stop word

QUESTION_WORDS = frozenset(
    fold(word)
    for word in """
    comment combien pourquoi quand quel quelle quelles quels lequel laquelle lesquels lesquelles auquel qui quoi où que
    est-ce faire peut peuvent peux puis-je doit doivent dois
    """.split()
)
CLITICS = frozenset("t il ils elle elles on je tu nous vous ce le la les lui leur y en moi toi e s es ci".split())


@lru_cache(maxsize=100_000)
def is_stop_word(written: str) -> bool:
    """Whether a word as it is written is dropped; « né » is not, though « ne » is."""
    lower = written.lower()
    if lower in _HOMOGRAPHS:
        return False
    return fold(lower) in _FOLDED


_FOLDED = _WITHOUT_ACCENT | {fold(word) for word in _WITH_ACCENT}
