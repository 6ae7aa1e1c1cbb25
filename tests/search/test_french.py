"""The French analysis: what becomes what, and that offsets lead back to the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.french import analyse, terms
from search.stems import fold

SAME = [
    "élu élue élus élues élu·e élu·e·s élu.e.s élu(e)s ÉLUS elus",
    "délibération délibérations délibérer délibéré deliberations",
    "décédé décédée décédés décédées décéder decedee",
    "travail travaux TRAVAUX",
    "bail baux",
    "jeu jeux",
    "délai délais delais",
    "euro euros",
    "loi lois",
    "emploi emplois",
    "revenu revenus",
    "scolarité scolarités scolarite",
    "cœur coeur Cœur",
    "œuvre oeuvres",
    "covoiturage co-voiturages",
    "école écoles l’école l'école d’école qu’école Ecoles",
    "PLU P.L.U. plu",
    "marché marchés marche",
    "municipal municipaux municipale",
    "résilier résilié résiliation",
    "né nés née naissance naître naquit",
    "obtenir obtient obtint obtenues obtention",
    "mourir meurt mourut mort mortes",
    "peindre peignit peint",
    "écrire écrivit écrite",
    "construire construit construisirent construction constructeur",
    "vendre vendu vente ventes",
    "acquérir acquis acquisition",
    "prévoir prévu prévision prévisionnel",
    "ouvrir ouvert ouverture",
    "recevoir reçu réception",
]  # fmt: skip


@pytest.mark.parametrize("forms", SAME)
def test_these_forms_find_each_other(forms: str) -> None:
    found = [set(terms(form)) for form in forms.split()]
    assert set.intersection(*found), dict(zip(forms.split(), found, strict=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("maire", "mairie"),
        ("voir", "voirie"),
        ("donner", "données"),
        ("commune", "communication"),
        ("rue", "route"),
        ("permis", "permettre"),
        ("entreprise", "entreprendre"),
        ("vins", "venir"),
        ("convention", "convenir"),
        ("département", "départ"),
        ("testament", "test"),
        ("collectivité", "collectif"),
        ("point", "peindre"),
    ],
)
def test_these_do_not(one: str, other: str) -> None:
    assert not set(terms(one)) & set(terms(other))


@pytest.mark.parametrize(
    ("written", "tokens"),
    [
        ("1 500 €", ["1500"]),
        ("1\u00a0500 €", ["1500"]),
        ("1\u202f500\u202f000,00", ["1500000"]),
        ("12,50", ["12.5"]),
        ("12.5", ["12.5"]),
        ("75001", ["75001"]),
        ("04 75 12 34 56", ["04", "75", "12", "34", "56"]),
        ("2024-05", ["2024-05", "2024", "05"]),
        ("12/05/2024", ["12", "05", "2024"]),
        ("le n° 7", ["7"]),
    ],
)
def test_numbers(written: str, tokens: list[str]) -> None:
    assert terms(written) == tokens


@pytest.mark.parametrize(
    "written",
    [
        "L. 2121-10",
        "L.2121-10",
        "L2121-10",
        "l. 2121-10",
        "l2121-10",
        "L. 2121‑10",
        "L\u00a02121-10",
        "L.\u202f2121–10",
    ],
)
def test_an_article_in_any_writing_is_one_token_and_its_bare_number(written: str) -> None:
    assert terms(written) == ["l2121-10", "2121-10"]
    assert terms(f"article {written} du code") == ["articl", "l2121-10", "2121-10", "cod"]


def test_other_articles() -> None:
    assert terms("R.* 123-4") == ["r123-4", "123-4"]
    assert terms("L. 111") == ["l111", "111"]
    assert terms("LO 141-1") == ["lo141-1", "141-1"]
    assert terms("il y a 12 élus") == ["12", "elu"]
    assert terms("d 2021") == ["2021"]


def test_stop_words_and_those_that_only_look_like_them() -> None:
    assert terms("le la les de du des et où à") == []
    assert terms("Il est né") == ["naiss"]
    assert terms("Les travaux d’été") == ["travail", "ete"]
    assert terms("Le budget a été voté") == ["budget", "vot"]


def test_compounds_are_found_whole_and_by_their_parts() -> None:
    assert terms("rez-de-chaussée") == ["rez", "chauss", "rezdechauss"]
    assert terms("peut-on, vient-il, a-t-elle, celui-ci") == ["peut", "ven"]
    assert terms("St-Étienne") == ["saint", "etien", "saintetien"]
    assert terms("Ste Anne") == ["saint", "anne"]
    assert terms("aujourd’hui") == ["aujourd", "hui", "aujourdhu"]
    assert "saint" not in terms("le st de la Ste")


def test_marks_that_are_not_seen_do_not_part_a_word() -> None:
    assert terms("déli\u00adbération") == terms("délibération") == terms("de\u0301libe\u0301ration")
    assert terms("ﬁnances") == terms("finances")


@given(st.text())
def test_any_text_has_an_analysis_whose_offsets_stand_in_it(text: str) -> None:
    for token in analyse(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.text
        assert not any(sign.isspace() for sign in token.text)
        assert token.text == token.text.lower() or not token.text.isascii()


@given(st.from_regex(r"[a-zéèêàôîçùœ]{3,15}", fullmatch=True))
def test_accents_do_not_change_a_stem(word: str) -> None:
    assert fold(fold(word)) == fold(word)
    if terms(word) and terms(fold(word)):  # « né », « sûr »: dropped when they are typed without their accent
        assert terms(word) == terms(fold(word))
