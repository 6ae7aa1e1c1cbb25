"""The engine's refusals, whose ways out name the events of a file, said with the words of the screen."""

import re

from kb.typography import typeset

_PREFIX = re.compile(r"^(Événement [^:]*? \([a-z_]+, \d\d:\d\d(?:, n° \d+)?\) : )+")
# What the engine calls by the names of docs/events.md → where it is on the operator's screen.
_SCREEN = {
    "vérifiez l’id, ou ajoutez-le à l’ouverture": "choisissez un nom du tableau",
    " (« preside »)": " (« Qui préside ce point »)",
    " (« proxy_revoked »)": " (« Révoquer »)",
    " (« arrive »)": " (« Arrive »)",
    " (« name »)": "",
    " (« ballot »)": "",
    " (« resume »)": " (« Reprendre la séance »)",
    " (« correct »)": " (« Annuler », dans le fil de la séance)",
    " (« waive_secrecy »)": " (« Renoncer au scrutin secret »)",
    " (« president_votes »)": " (« Voix du président »)",
    " (« born »)": " (« Dates de naissance »)",
    " (« lists »)": " (« Listes »)",
    " (« candidates »)": " dans ses cases",
    " (« item »)": " dans l’ordre du jour",
    " (« ground »)": " (« Motif »)",
    " (« decide », « urgency »)": " (« Voter l’urgence »)",
    " : personal ou representative": " : intérêt personnel, ou siège dans l’autre organisme",
    ": commencez par « open »": ": faites d’abord l’appel",
    "donnez les voix : « votes », « unanimous », ou « votes_for » et « votes_against »": "donnez les voix : par groupe, "
    "en totaux, ou « Adopté à l’unanimité »",
    "donnez « votes » (art. L2121-21)": "donnez la voix de chacun (art. L2121-21)",
    " ; donnez-le, ou « others » pour tous les autres": " : donnez-le",
    "donnez un autre « name » à ce vote": "donnez un nom à ce vote",
    " : corrigez « round »": " : rechargez la page",
    " (« from »)": "",
    " (« to »)": "",
    " (« member »)": "",
    " (« member » ou « members »)": "",
    " : gardez la même fonction": " : gardez la même fonction, ou donnez un autre nom à ce vote",
    " : corrigez « seats »": " : corrigez le nombre de sièges",
    "dites « kind » : appointment": "votez-le comme une nomination",
    "scrutin public : votez ainsi": "scrutin public : choisissez « Public »",
    "scrutin secret : votez ainsi": "scrutin secret : choisissez « Secret »",
}
# What is about the writing of a file: none of our forms posts it, and nobody who reads the screen can mend it.
_OF_A_FILE = re.compile(r"\bid\b|docs/events|[ÉéE]vénement|annoncés \(|« with »|« at »")
_NOT_OURS = (
    "Cette saisie n’est pas complète, ou ne vient pas de cet écran : rechargez la page, puis notez-la de nouveau."
)
# The names of docs/events.md that are left, where a form was made by hand.
_NAMES = {
    "abstentions": "abstentions", "accounts": "comptes", "appointment": "nomination", "ballot": "scrutin", "blanks": "blancs",
    "born": "dates de naissance", "candidates": "candidats", "deliberation": "délibération", "ground": "motif",
    "group": "groupe", "groups": "groupes", "item": "point", "items": "points", "kind": "nature", "lists": "listes",
    "member": "membre", "members": "membres", "name": "nom", "nulls": "nuls", "office": "fonction", "open": "vote ouvert",
    "others": "les autres", "president": "Préside", "president_votes": "Voix du président", "quorum": "quorum",
    "read_out": "une seule candidature, lue", "reason": "raison", "requested_by": "qui le demande", "round": "tour",
    "rounds": "tours", "seats": "sièges", "sitting_rank": "nombre de séances", "unanimous": "à l’unanimité", "vote": "voix",
    "votes": "voix de chacun", "votes_against": "contre", "votes_for": "pour",
}  # fmt: skip
_NAMED = re.compile(rf"«[ \u00a0]({'|'.join(_NAMES)})[ \u00a0]»")
_KIND = re.compile(r"\((deliberation|accounts|appointment)\)")


def in_words(refusal: str) -> str:
    """The engine's sentence without the name of the event, with the screen's ways out and no name of the file's format."""
    said = _PREFIX.sub("", refusal)
    for engine, screen in _SCREEN.items():
        said = said.replace(engine, screen)
    if _OF_A_FILE.search(said):
        return typeset(_NOT_OURS)
    said = _NAMED.sub(lambda found: f"« {_NAMES[found[1]]} »", said)
    said = _KIND.sub(lambda found: f"({_NAMES[found[1]]})", said)
    return typeset(said[:1].upper() + said[1:])
