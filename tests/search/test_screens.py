"""« Recherche » in the browser: results, facets, propositions, what one keeps; nothing of what is hidden."""

import re

import pytest
from django.http import QueryDict
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from kb.access import operations as access
from kb.access.models import Role
from kb.documents.extraction.models import Extraction
from kb.documents.extraction.states import Reason, TextState
from kb.pages.models import ProjectPage
from kb.people.seen_as import SESSION_KEY
from search import synonyms
from search.addresses import Asked
from search.asking import understood
from search.memory import Fruitless, PastSearch, Synonym

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def places(town):
    service = town.service("Services techniques")
    school = town.page("Isolation de l’école", "<p>Les combles de l’école ont reçu de la laine.</p>", under=service)
    secret = town.page("Isolation du contentieux", "<p>Une isolation secrète.</p>", under=service)
    access.reserve(page=secret, by=town.admin)
    return service, school, secret


def found(client, address):
    context = client.get(address).context
    return [group["title"] for group in context.get("groups", [])]


def test_a_page_is_found_with_its_extract_and_its_place(town, places, reader):
    screen = reader.get("/recherche/?q=isolations").content.decode()
    assert "<mark>Isolation</mark>" in screen and "1\u00a0résultat, parmi ce que vous pouvez lire." in screen
    assert "Services techniques" in screen and "contentieux" not in screen
    assert f" par {places[1].live_revision.user}" in screen  # who wrote it, beside when


def test_hidden_pages_change_nothing_at_all(town, reader):
    """The whole answer, with and without hidden pages: the same, corrections included."""
    shelf = town.service("Services techniques")
    town.page("Isolation de l’école", "<p>Les combles de l’école.</p>", under=shelf)
    asked = ["isolation", "isolaton", "contentieux", "contantieux", "secrete OU isolation", "titre:isolation"]
    before = [strip(reader.get(f"/recherche/?q={words}").content.decode()) for words in asked]
    secret = town.page("Isolation du contentieux", "<p>Une isolation secrète.</p>", under=shelf)
    access.reserve(page=secret, by=town.admin)
    assert [strip(reader.get(f"/recherche/?q={words}").content.decode()) for words in asked] == before


def strip(screen):
    """Less the token of forms, drawn anew each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", screen)


def test_facets_count_what_the_person_sees_and_narrow(town, places, reader):
    service, _, _ = places
    context = reader.get("/recherche/?q=isolation").context
    facets = {facet["title"]: [(row["label"], row["number"]) for row in facet["rows"]] for facet in context["facets"]}
    assert facets["Service"] == [("Services techniques", "1")] and facets["Nature"] == [("Pages", "1")]
    assert found(reader, f"/recherche/?q=isolation&service={service.pk}") == ["Isolation de l’école"]
    assert found(reader, "/recherche/?q=isolation&nature=file") == []
    assert found(reader, "/recherche/?q=isolation&annee=1999") == []
    assert found(reader, "/recherche/?q=isolation&miennes=1") == []
    mine = found(town.signed_in(town.admin), "/recherche/?q=isolation&miennes=1")
    assert set(mine) == {"Isolation de l’école", "Isolation du contentieux"}


def test_a_service_that_one_may_not_know_is_no_filter_and_no_chip(town, places, reader):
    hidden = town.service("Police secrète")
    access.reserve(page=hidden, by=town.admin)
    screen = reader.get(f"/recherche/?q=isolation&service={hidden.pk}").content.decode()
    assert "Police" not in screen and "Rien avec ces filtres" in screen


def test_by_date(town, places, reader):
    town.page("Isolation récente")
    assert found(reader, "/recherche/?q=isolation&tri=date")[0] == "Isolation récente"


def test_a_misspelt_word_is_understood_and_said(town, places, reader):
    screen = reader.get("/recherche/?q=isolaton").content.decode()
    assert "Vouliez-vous dire" in screen and "Isolation de l’école" in screen.replace("<mark>", "").replace(
        "</mark>", ""
    )


@pytest.mark.parametrize(
    "query",
    [
        "",
        "%20",
        '"',
        "%22a",
        "'",
        "-",
        "OU",
        "titre:",
        "type:zzz",
        "depuis:99/99/9999",
        "*",
        "a*",
        "(",
        "%00",
        "é" * 3000,
        "NEAR(",
        "🏫",
    ],
)
def test_no_input_is_an_error(town, places, reader, query):
    assert reader.get(f"/recherche/?q={query}").status_code == 200
    assert reader.get(f"/recherche/propositions/?q={query}").status_code == 200


@pytest.mark.parametrize(
    "extra", ["page=99999999999999", "page=-1", "service=x", "annee=1e9", "type=%22", "nature=zz", "etat=x"]
)
def test_no_filter_is_an_error(town, places, reader, extra):
    assert reader.get(f"/recherche/?q=isolation&{extra}").status_code == 200


def test_propositions_from_the_second_letter(town, places, reader):
    assert reader.get("/recherche/propositions/?q=i").json() == {"lines": []}
    lines = reader.get("/recherche/propositions/?q=iso ecol").json()["lines"]
    assert [(line["kind"], line["label"]) for line in lines] == [("page", "Isolation de l’école")]
    labels = [line["label"] for line in reader.get("/recherche/propositions/?q=contentieux").json()["lines"]]
    assert labels == []


def test_people_are_proposed_among_those_one_knows(town, places, reader):
    lines = reader.get("/recherche/propositions/?q=brun").json()["lines"]
    assert [(line["kind"], line["label"]) for line in lines] == [("person", "Patrick Brun")]
    assert reader.get("/recherche/propositions/?q=perrin").json() == {"lines": []}


def test_past_searches_are_ones_own(town, places, reader, agent):
    reader.get("/recherche/?q=isolation")
    assert "Vos recherches" in reader.get("/recherche/").content.decode()
    assert "Vos recherches" not in agent.get("/recherche/").content.decode()
    assert agent.get("/recherche/propositions/?q=isolation").json()["lines"][0]["kind"] == "page"
    assert reader.get("/recherche/propositions/?q=isolation").json()["lines"][0]["kind"] == "past"


def test_a_search_is_kept_with_its_filters_and_let_go(town, places, reader):
    data = {"q": "isolation", "nature": "page", "tri": "date"}
    reader.post("/recherche/garder/", data)
    kept = PastSearch.objects.get(person=town.elu)
    assert (kept.is_kept, kept.address) == (True, "/recherche/?q=isolation&nature=page&tri=date")
    reader.post("/recherche/garder/", data)
    assert not PastSearch.objects.get(person=town.elu).is_kept


def test_what_finds_nothing_is_counted_without_a_name(town, places, reader, agent):
    for client in (reader, agent):
        client.get("/recherche/?q=Zygomatique")
    row = Fruitless.objects.get()
    assert (row.words, row.times) == ("zygomatique", 2)
    assert town.signed_in(town.admin).get("/admin/search/fruitless/").status_code == 200
    assert agent.get("/admin/search/fruitless/").status_code == 404


def test_seen_as_somebody_nothing_is_remembered_nor_shown(town, places, reader):
    reader.get("/recherche/?q=isolation")
    admin = town.signed_in(town.admin)
    admin.post(f"/comme/{town.elu.pk}/")
    assert admin.session[SESSION_KEY] == town.elu.pk
    assert found(admin, "/recherche/?q=isolation") == ["Isolation de l’école"]
    assert "Vos recherches" not in admin.get("/recherche/").content.decode()
    assert PastSearch.objects.filter(person=town.elu).count() == 1


def test_the_public_finds_what_is_public(town, places, client):
    _, school, _ = places
    assert found(client, "/recherche/?q=isolation") == []
    access.give(page=school, grantee=access.Grantee(public=True), role=Role.READER, by=None)
    assert found(client, "/recherche/?q=isolation") == ["Isolation de l’école"]
    assert client.get("/recherche/propositions/?q=isolation").status_code == 302


def test_synonyms_both_ways(town, reader):
    town.page("Plan local d’urbanisme")
    town.page("Révision du PLU")
    both = {"Plan local d’urbanisme", "Révision du PLU"}
    assert set(found(reader, "/recherche/?q=PLU")) == both
    assert set(found(reader, "/recherche/?q=plan local d'urbanisme")) == both
    assert found(reader, "/recherche/?q=titre:PLU") == ["Révision du PLU"]


def test_half_a_synonym_is_no_answer(town, reader):
    """« Cantine » is also « restauration scolaire »: « car scolaire » is neither, and is not marked."""
    town.page(
        "Transports", "Le car scolaire passe à 8 h. Le médecin scolaire vient en mai. La cantine ouvre à 11 h 30."
    )
    town.page("Restauration scolaire", "Le repas de midi.")
    town.page("Inscription à la cantine", "En mairie.")
    town.page("Car scolaire", "Deux tournées.")
    Synonym.objects.get_or_create(words="cantine, restauration scolaire")
    names = found(reader, "/recherche/?q=cantine")
    assert names == ["Inscription à la cantine", "Restauration scolaire", "Transports"]
    shown = reader.get("/recherche/?q=cantine").content.decode()
    assert "<mark>scolaire</mark>" in shown.split("Transports")[0]
    assert "car <mark>" not in shown and "médecin <mark>" not in shown


def test_synonyms_that_the_town_writes(town, reader):
    town.page("Règlement du cimetière")
    assert found(reader, "/recherche/?q=columbarium") == []
    Synonym.objects.create(words="columbarium, cimetière, , ")
    assert found(reader, "/recherche/?q=columbarium") == ["Règlement du cimetière"]
    assert synonyms.widened(understood("")).is_empty


def test_health_is_for_administrators(town, places, agent):
    admin = town.signed_in(town.admin)
    assert "Refaire l’index" in admin.get("/recherche/sante/").content.decode()
    assert "Reconstruction en cours" in admin.post("/recherche/sante/", follow=True).content.decode()
    assert agent.get("/recherche/sante/").status_code == 404


def test_health_says_which_files_have_no_text_and_why(town):
    admin = town.signed_in(town.admin)
    assert "chaque fichier a donné son texte" in admin.get("/recherche/sante/").content.decode()
    for mark, state, reason in (
        ("a", TextState.OK, Reason.NONE),
        ("b", TextState.ENCRYPTED, Reason.ENCRYPTED),
        ("c", TextState.FAILED, Reason.DAMAGED),
        ("d", TextState.FAILED, Reason.DAMAGED),
    ):
        Extraction.objects.create(sha256=mark * 64, kind="pdf", state=state, reason=reason)
    rows = admin.get("/recherche/sante/").context["without_text"]
    assert [(row["why"], row["number"]) for row in rows] == [
        ("Illisible\u00a0: le fichier est incomplet ou abîmé", "2"),
        ("Protégé par mot de passe", "1"),
    ]
    listed = [admin.get(row["url"]).content.decode() for row in rows]
    assert [[mark for mark in "abcd" if mark * 12 in screen] for screen in listed] == [["c", "d"], ["b"]]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_follow_what_is_found(town, reader, django_assert_max_num_queries, number):
    for place in range(number):
        town.page(f"Isolation {place}", model=ProjectPage)
    reader.get("/recherche/?q=isolation")
    with django_assert_max_num_queries(30):
        assert len(found(reader, "/recherche/?q=isolation")) == number


def test_an_address_says_the_whole_search():
    written = "/recherche/?q=%C3%A9cole&nature=file&service=3&service=7&type=pdf&annee=2025&miennes=1&tri=date"
    assert Asked.of(QueryDict(written.split("?")[1])).address() == written


def test_what_the_town_chose_comes_first_for_who_may_read_it(town, places, reader):
    _, school, secret = places
    query = Query.get("travaux de l'école")
    for place, page in enumerate((secret, school)):
        SearchPromotion.objects.create(
            query=query, page_id=page.pk, sort_order=place, description="Le dossier du moment"
        )
    context = reader.get("/recherche/?q=Travaux écoles").context
    assert [line["title"] for line in context["chosen"]] == ["Isolation de l’école"]
    assert "Le dossier du moment" in reader.get("/recherche/?q=travaux de l’école").content.decode()
    assert reader.get("/recherche/?q=école").context["chosen"] == []
