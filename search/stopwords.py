"""Words that carry no meaning of their own in a search, folded; and those that only make a question."""

from functools import lru_cache

from search.stems import fold


def words(listed: str) -> frozenset[str]:
    """The words of a list written in a row."""
    return frozenset(listed.split())


_WITHOUT_ACCENT = words(
    """
    a ai aient ait as au aussi autre autres aux avaient avait avec avez avoir avons ayant c ca car ce ceci cela celle
    celles celui ces cet cette ceux chaque ci comme d dans de des donc dont du elle elles en entre es est et etc eu eux
    faut fut furent il ils j je l la le les leur leurs lui m ma mais me mes moi mon n ne ni nos notre nous on ont or ou
    par pas pour qu que qui quoi s sa sans se selon ses si soi soit sommes son sont sous suis sur t ta tandis te tes toi
    ton tous tout toute toutes tu un une vos votre vous y sera seront serait seraient ete
    """
)
_WITH_ACCENT = words("à été étaient était étant être êtes même mêmes où là déjà très ça çà dès eût fût")
_HOMOGRAPHS = words("né nés née nées sûr dû dé dés")  # words whose folded form is a stop word
_FOLDED = _WITHOUT_ACCENT | {fold(word) for word in _WITH_ACCENT}

QUESTION_WORDS = frozenset(
    fold(word)
    for word in words(
        """
        comment combien pourquoi quand quel quelle quelles quels lequel laquelle lesquels lesquelles auquel faire peut
        peuvent peux doit doivent dois
        """
    )
)
# Pronouns that follow their verb, « -t- », and the pieces of habitant-e-s.
CLITICS = words("t il ils elle elles on je tu nous vous ce le la les lui leur y en moi toi e s es ci")
AUXILIARIES = words("a ai as ont avons avez avoir ayant avait avaient aura auront aurait auraient eut ait aient")
ELIDED = words("l d j m t s c n qu jusqu lorsqu puisqu quoiqu")


@lru_cache(maxsize=100_000)
def is_stop_word(written: str) -> bool:
    """Whether a word as it is written is dropped; « né » is not, though « ne » is."""
    lower = written.lower()
    return lower not in _HOMOGRAPHS and fold(lower) in _FOLDED
