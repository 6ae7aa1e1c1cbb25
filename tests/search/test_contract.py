"""What every engine must do: the same suite for each."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from council.publication import operations
from kb.access.models import Role
from search.queries import Filters
from tests.conftest import Town
from tests.council.conftest import Council
from tests.council.publication.world import Desk
from tests.search.conftest import Asking

pytestmark = pytest.mark.both_databases


@pytest.fixture
def pages(ask: Asking, town: Town) -> dict[str, Any]:
    """A small town's worth of pages."""
    texts = {
        "Marché de Noël": "<p>Le marché de Noël s’installe place de l’Église.</p>",
        "Travaux de l’école": "<p>Les travaux d’été à l’école coûtent 1 500 000,00 €, selon l’article L. 2121-10.</p>",
        "Budget primitif 2024": "<h2>Recettes</h2><p>Les élus ont voté le budget. La subvention est de 12,50 %.</p>",
        "Cantine scolaire": "<p>Le règlement de la cantine scolaire et du co-voiturage.</p>",
        "Délibération du conseil": "<p>Le conseil municipal délibère sur la voirie et la salle des fêtes.</p>",
    }
    return {title: town.page(title, body) for title, body in texts.items()}


FOUND_FIRST = [
    ("marche de noel", "Marché de Noël"),
    ("MARCHÉ", "Marché de Noël"),
    ("ecoles", "Travaux de l’école"),
    ("travail", "Travaux de l’école"),
    ("L2121-10", "Travaux de l’école"),
    ("article l.2121‑10", "Travaux de l’école"),
    ("2121-10", "Travaux de l’école"),
    ("1500000", "Travaux de l’école"),
    ("1 500 000 €", "Travaux de l’école"),
    ("élue", "Budget primitif 2024"),
    ("12.5 %", "Budget primitif 2024"),
    ("recette", "Budget primitif 2024"),
    ("covoiturage", "Cantine scolaire"),
    ("délibérations", "Délibération du conseil"),
    ("cantinne", "Cantine scolaire"),
    ("subvnetion", "Budget primitif 2024"),
    ("deliberatoin", "Délibération du conseil"),
    ("comment voter le budget ?", "Budget primitif 2024"),
]


def test_found_first(pages: dict[str, Any], ask: Asking) -> None:
    found = {words: ask.titles(words)[:1] for words, _ in FOUND_FIRST}
    assert found == {words: [title] for words, title in FOUND_FIRST}


def test_phrases_refusals_and_fields(pages: dict[str, Any], ask: Asking) -> None:
    assert ask.titles('"salle des fêtes"') == ["Délibération du conseil"]
    assert ask.titles("« salle des fêtes »") == ["Délibération du conseil"]
    assert ask.titles('"fêtes salle"') == []
    assert ask.titles("école -travaux") == []
    assert ask.titles("conseil -école") == ["Délibération du conseil"]
    assert set(ask.titles("cantine OU marché")) == {"Cantine scolaire", "Marché de Noël"}
    assert ask.titles("titre:budget") == ["Budget primitif 2024"]
    assert ask.titles("titre:recettes") == []
    assert ask.titles('titre:"travaux de l’école"') == ["Travaux de l’école"]


def test_filters(pages: dict[str, Any], town: Town, ask: Asking) -> None:
    town.project("Projet d’école")
    assert set(ask.titles("école")) == {"Travaux de l’école", "Projet d’école"}
    assert ask.titles("école type:projet") == ["Projet d’école"]
    assert ask.titles("école type:projets") == ["Projet d’école"]
    assert ask.titles("école", filters=Filters(sorts=frozenset({"note"}))) == ["Travaux de l’école"]
    assert ask.titles("école depuis:2999") == []
    assert set(ask.titles("école depuis:2000")) == {"Travaux de l’école", "Projet d’école"}
    answer = ask("école depuis:hier")
    assert answer.notices == ("« depuis:hier » n’a pas été compris : il est cherché comme des mots.",)
    assert answer.total == 2


def test_counts_and_facets(pages: dict[str, Any], town: Town, ask: Asking) -> None:
    for number in range(25):
        town.page(f"Fiche {number}", "<p>La piscine intercommunale.</p>")
    town.project("Projet de piscine")
    answer = ask("piscine", limit=5)
    assert (answer.total, len(answer.hits)) == (26, 5)
    assert dict(answer.facets["sort"]) == {"note": 25, "projectpage": 1}
    assert dict(answer.facets["state"]) == {"idea": 1}
    assert sum(number for _, number in answer.facets["year"]) == 26
    second = ask("piscine", offset=5, limit=5)
    assert [hit.rank for hit in second.hits] == [6, 7, 8, 9, 10]
    assert not {hit.title for hit in answer.hits} & {hit.title for hit in second.hits}


def test_rights_are_part_of_the_query(pages: dict[str, Any], town: Town, ask: Asking) -> None:
    service = town.service("Finances internes")
    hidden = town.page("Contentieux de la cantine", "<p>La cantine du voisin, zqxmarque.</p>", under=service)
    from kb.access import operations as access

    access.reserve(page=service, by=town.admin, why="")
    before = ask("cantine", town.elu)
    assert [hit.title for hit in before.hits] == ["Cantine scolaire"]
    assert before.total == 1
    assert ask("zqxmarque", town.elu).total == 0
    assert ask("zqxmraque", town.elu).did_you_mean == ""
    assert ask("zqxmraque", town.admin).did_you_mean == "zqxmarque"
    assert ask.titles("zqxmarque", town.admin) == [hidden.title]
    town.give(Role.READER, service, person=town.elu)
    assert set(ask.titles("cantine", town.elu)) == {"Cantine scolaire", hidden.title}
    assert ask("cantine", town.outsider).total == 0


def test_acts_are_found_by_who_may_read_them(ask: Asking, town: Town) -> None:
    desk = Desk(Council(town))
    act, public, secretary = desk.act(subject="Location des zqxmarques"), AnonymousUser(), desk.secretary
    year, title = act.decided_on.year, f"{act} : Location des zqxmarques"
    found = [
        ask.titles(words, secretary)[:1] for words in ("zqxmarque", act.number, f"{year}-001", "« comité des fêtes »")
    ]
    assert found == [[title]] * 4
    hidden = [
        ask(words, person)
        for words in ("zqxmarque", "« comité des fêtes »", "zqxmraque")
        for person in (public, town.elu)
    ]
    assert [(one.total, one.did_you_mean) for one in hidden] == [(0, "")] * 6
    desk.sign(act)
    published = operations.publish(act=act, up_on=act.decided_on, by=secretary)
    assert [ask.titles("zqxmarque", person) for person in (public, town.elu, secretary)] == [[title]] * 3
    assert ask("zqxmarque", public).facets["sort"] == [("decision", 1)]
    operations.take_down(publication=published, on=act.decided_on, why="Erreur", by=secretary)
    assert [ask(words, public).total for words in ("zqxmarque", "« comité des fêtes »")] == [0, 0]


def test_did_you_mean(pages: dict[str, Any], ask: Asking) -> None:
    assert ask("cantinne scolaire").did_you_mean == "cantine scolaire"
    assert ask("cantine scolaire").did_you_mean == ""


AWKWARD = ['"', "'", '"a', "*", "NOT", "AND", "OR", "NEAR(", "a AND (b", "-", "--", "titre:", "type:", "depuis:", "OU", "a OU",
     "100 %", "\\", "';--", ")(", "^", "{}", ":", "-\"", "titre:\"", "\x00", "a\x00b", " ", "", "le la les", "é" * 2000]  # fmt: skip


def test_nothing_typed_is_an_error(pages: dict[str, Any], ask: Asking) -> None:
    answers = [ask(words) for words in AWKWARD]
    assert all(answer.total >= len(answer.hits) for answer in answers)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=60))
def test_any_text_is_a_query(pages: dict[str, Any], ask: Asking, words: str) -> None:
    answer = ask(words)
    assert answer.total >= len(answer.hits)
