"""The engine speaks of a file; the screen, never: every refusal of the engine, read from its source, as the screen says it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from council import participation
from council.floor.words import in_words
from council.participation.reading import KEYS

NAMES = set(KEYS) | set().union(*KEYS.values())
ENGLISH = re.compile(
    rf"\b(?:{'|'.join(sorted(NAMES - {'note', 'abstentions', 'quorum', 'maire', 'document'}))})\b|[a-z]_[a-z]"
)


def said(node: ast.expr) -> str:
    """A sentence of the source, « X » for what is put into it."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(said(part) if isinstance(part, ast.Constant) else "X" for part in node.values)
    return said(node.left) + said(node.right) if isinstance(node, ast.BinOp) else "X"


def refusals() -> Iterator[str]:
    for path in sorted(Path(participation.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                yield said(node.exc.args[0])


@pytest.mark.parametrize("sentence", sorted(set(refusals())))
def test_no_refusal_shows_a_name_of_the_format(sentence):
    assert ENGLISH.search(in_words(f"Événement 3 (ballot, 18:30) : {sentence}")) is None


def test_what_a_form_made_by_hand_gets_wrong_is_said_in_french():
    told = {
        "L’événement 4 (ballot) porte « votez », inconnu ici : on y lit item, votes.": "Cette saisie n’est pas complète",
        "Événement 4 (ballot, 18:30) : « votes_for » ne va pas avec ce vote (appointment) : donnez « candidates », ou "
        "retirez-le.": "« pour » ne va pas avec ce vote (nomination) : donnez « candidats », ou retirez-le.",
        "Événement 2 (ballot, 18:30) : « unanimous » dit tout, retirez les autres voix.": "« à l’unanimité » dit tout",
    }
    for engine, screen in told.items():
        assert screen in in_words(engine).replace("\u00a0", " ")
