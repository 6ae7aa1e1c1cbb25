"""From a word to its stem, accents folded: Snowball's French algorithm, with what it misses mended."""

import re
import unicodedata
from functools import lru_cache

import Stemmer

from search.verbs import stem_of_verb

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_UNSEEN = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")

# Forms whose stem no rule gives. Plurals in -aux of nouns in -ail, verbs whose forms part ways.
OVERRIDES = {
    "travaux": "travail", "baux": "bail", "vitraux": "vitrail", "emaux": "email", "coraux": "corail",
    "yeux": "oeil", "cieux": "ciel", "aieux": "aieul",
    "voirie": "voirie", "voiries": "voirie", "mairie": "mairie", "mairies": "mairie",
    "communication": "communication", "communications": "communication", "communiquer": "communication",
    "communique": "communication", "communiques": "communication",
    "departement": "departement", "departements": "departement", "collectivite": "collectivite",
    "collectivites": "collectivite", "autorite": "autorite", "autorites": "autorite", "testament": "testament",
    "testaments": "testament",
    "donnee": "donnee", "donnees": "donnee",
}  # fmt: skip
_snowball = Stemmer.Stemmer("french", 0)


@lru_cache(maxsize=100_000)
def fold(written: str) -> str:
    """Lower case, without accents, ligatures, compatibility forms or unseen marks."""
    spread = unicodedata.normalize("NFKD", written.casefold())
    plain = "".join(sign for sign in spread if not unicodedata.combining(sign))
    return _UNSEEN.sub("", plain).translate(_LIGATURES)


@lru_cache(maxsize=200_000)
def stem(folded: str) -> str:
    """The stem of a folded word."""
    if folded in OVERRIDES:
        return OVERRIDES[folded]
    if not folded.isalpha() or len(folded) < 2:
        return folded
    return stem_of_verb(folded) or _mended(_snowball.stemWord(_with_ending(folded)))


def _with_ending(folded: str) -> str:
    """Gives back the accents without which Snowball does not know an ending: décédée(s), scolarité(s)."""
    if re.search("[^aeiou]ees?$", folded):
        return re.sub("ees?$", "er", folded)
    return re.sub("ite(s?)$", r"ité\1", folded)


def _mended(found: str) -> str:
    """What Snowball leaves: plurals after a vowel (élus, délais, euros), x, a last e or i."""
    found = fold(found)
    if len(found) > 3 and found.endswith("eux"):
        found = found[:-1]
    if len(found) > 3 and found[-1] == "s" and found[-2] in "aiou":
        found = found[:-1]
    if len(found) > 4 and found[-1] in "ei":
        found = found[:-1]
    return found
