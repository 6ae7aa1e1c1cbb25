"""Words compared: what is one word, what is one run, and that nothing is lost."""

import pytest

from kb import typography
from kb.history.words import Piece, compare, split

EUROS_1, EUROS_2 = typography.euros(35500), typography.euros(212400)


@pytest.mark.parametrize(
    "whole",
    [
        EUROS_1,
        "212 400,50 €",
        "44\u00a0%",
        "1er\u00a0octobre\u00a02027",
        "30 janvier 2026",
        "6 octobre",
        "16\u00a0h\u00a012",
        "18 h 30",
        "12,5",
        "2026-031",
        "l’école",
        "12/10/2026",
    ],
)
def test_one_word(whole):
    assert split(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lot 2, fenêtres", ["lot", " ", "2", ",", " ", "fenêtres"]),
        ("le 6 octobrement", ["le", " ", "6", " ", "octobrement"]),
        ("12 habitants", ["12", " ", "habitants"]),
    ],
)
def test_several_words(text, words):
    assert split(text) == words


def test_an_amount_is_replaced_whole():
    assert compare(f"Engagé : {EUROS_1} HT", f"Engagé : {EUROS_2} HT") == [
        Piece("same", "Engagé : "),
        Piece("removed", EUROS_1),
        Piece("added", EUROS_2),
        Piece("same", " HT"),
    ]


def test_words_changed_side_by_side_are_one_run():
    assert compare("À l’étude", "En cours") == [Piece("removed", "À l’étude"), Piece("added", "En cours")]
    assert compare("le mur nord tient", "le toit sud tient") == [
        Piece("same", "le "),
        Piece("removed", "mur nord"),
        Piece("added", "toit sud"),
        Piece("same", " tient"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("un deux trois", "un trois"),
        ("", "tout neuf"),
        ("tout vieux", ""),
        ("a b c d", "a x c y"),
        ("Le 1er octobre, 12 élus.\nDeux lignes", "Le 2 octobre, 14 élus !\nDeux  lignes"),
    ],
)
def test_both_texts_are_given_back(old, new):
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new


def test_words_are_counted_as_people_count_them():
    assert [Piece("added", text).quantity for text in (EUROS_2, "1er octobre 2027", "deux mots.", " ; ")] == [
        1,
        1,
        2,
        0,
    ]
