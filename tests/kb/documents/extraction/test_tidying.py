"""Whole words, paragraphs, and no debris."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.documents.extraction.tidying import tidy


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("délibé-\nration", "délibération"),
        ("délibé\u00ad\r\nration", "délibération"),
        ("délibé\ufffe\nration et délibé\x02\n  ration", "délibération et délibération"),
        ("vice-\nprésident", "vice-président"),
        ("PLU-\nHabitat", "PLU-\nHabitat"),
        ("2024-\n2025", "2024-\n2025"),
        ("dé\u00adli\u00adbé\u00adra\u00adtion", "délibération"),
        ("e\u0301cole", "école"),
        ("o\ufb03ce, \ufb01n", "office, fin"),
        ("a\0b\ue000c\u200bd\x1be\ufffff", "abcdef"),
        ("un\n \n\n\n deux\n trois", "un\n\ndeux\ntrois"),
        ("un \t  deux", "un deux"),
        ("un\u00a0 deux", "un deux"),
        ("1\u202f500\u00a0€", "1\u202f500\u00a0€"),
        ("page\fpage", "page\npage"),
        ("\ud800a", "a"),
    ],
)
def test_tidied(raw, tidied):
    assert tidy(raw) == tidied


@pytest.mark.parametrize("piece", ["a", "\u00a0", "-", "- ", "a-\n", "\n", " \n", "|", "e\u0301"])
def test_what_repeats_without_end_takes_a_time_in_proportion(piece):
    started = time.process_time()
    tidy(piece * 1_000_000)
    assert time.process_time() - started < 20


@given(st.text(alphabet=st.characters(codec=None)))
def test_any_text(text):
    tidied = tidy(text)
    assert tidied == unicodedata.normalize("NFC", tidied)
    assert "\0" not in tidied
    assert "\n\n\n" not in tidied
    tidied.encode()
