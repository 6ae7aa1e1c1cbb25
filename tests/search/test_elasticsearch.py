"""What is Elasticsearch's alone: feeding, falling back, rebuilding, and who may see what there."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kb.access import operations as access
from kb.access.models import Role
from kb.work.models import Job
from search import feeding, queries
from search.engines import elasticsearch
from search.engines.contract import Unavailable
from search.models import Entry, Passage, Unfed
from tests.conftest import Town


def nothing(done: int, total: int) -> None:
    """No progress to tell."""


def there() -> dict[int, dict[str, Any]]:
    """All that the server has, by passage."""
    client = elasticsearch.client()
    alias = next(iter(client.indices.get_alias(name=_prefix())))
    client.indices.refresh(index=alias)
    found = client.search(index=alias, query={"match_all": {}}, size=1000)
    return {int(hit["_id"]): hit["_source"] for hit in found["hits"]["hits"]}


def _prefix() -> str:
    from django.conf import settings

    return str(settings.ELASTICSEARCH_PREFIX)


@pytest.mark.django_db
def test_a_server_that_is_down_is_said_and_the_database_answers(town: Town, settings: Any) -> None:
    town.page("Voirie", "<p>Les peupliers.</p>")
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    answer = queries.search("peuplier", town.elu)
    assert [hit.title for hit in answer.hits] == ["Voirie"]
    assert answer.notices == (elasticsearch.DOWN,)
    with pytest.raises(Unavailable):
        feeding.feed(nothing)


def test_an_index_that_is_late_is_said_and_the_database_answers(in_elasticsearch: None, town: Town) -> None:
    feeding.feed(nothing)
    town.page("Voirie", "<p>Les peupliers.</p>")
    assert queries.search("peuplier", town.elu).notices == ()  # within the minute, one waits for the job
    Unfed.objects.update(since=timezone.now() - timezone.timedelta(seconds=feeding.LATE_AFTER + 1))
    answer = queries.search("peuplier", town.elu)
    assert ([hit.title for hit in answer.hits], answer.notices) == (["Voirie"], (feeding.LATE,))


def test_an_alias_that_is_missing_is_no_error(in_elasticsearch: None, town: Town) -> None:
    assert queries.search("peuplier", town.elu).notices == (elasticsearch.DOWN,)


def test_what_changes_is_asked_for_and_fed_once(in_elasticsearch: None, town: Town) -> None:
    town.page("Voirie", "<p>Les peupliers.</p>")
    assert Job.objects.filter(kind=feeding.JOB).count() == 1
    feeding.feed(nothing)
    assert set(there()) == set(Passage.objects.values_list("pk", flat=True))
    feeding.feed(nothing)
    assert not Unfed.objects.exists()
    page = town.page("Autre", "<p>Les tilleuls.</p>")
    page.delete()
    feeding.feed(nothing)
    assert set(there()) == set(Passage.objects.values_list("pk", flat=True))


def test_each_passage_bears_the_pages_whose_grants_count(in_elasticsearch: None, town: Town) -> None:
    service = town.service("Finances")
    page = town.page("Budget", "<p>Les peupliers.</p>", under=service)
    town.attach(page, town.document(b"Un", "annexe.txt"))
    feeding.feed(nothing)

    def sources() -> dict[str, list[int]]:
        titles = dict(Entry.objects.filter(title__in=["Budget", "Annexe"]).values_list("pk", "title"))
        return {titles[row["entry"]]: row["sources"] for row in there().values() if row["entry"] in titles}

    chain = sorted([town.home.pk, service.pk, page.pk])
    assert sources() == {"Budget": chain, "Annexe": chain}
    access.reserve(page=service, by=town.admin, why="")
    feeding.feed(nothing)
    assert sources() == {"Budget": chain[1:], "Annexe": chain[1:]}
    page.refresh_from_db()
    page.move(town.home, pos="last-child")
    feeding.feed(nothing)
    assert sources() == {"Budget": sorted([town.home.pk, page.pk]), "Annexe": sorted([town.home.pk, page.pk])}


def test_the_database_judges_again_what_the_server_names(in_elasticsearch: None, town: Town) -> None:
    service = town.service("Finances")
    town.page("Contentieux", "<p>Les peupliers.</p>", under=service)
    feeding.feed(nothing)
    access.reserve(page=service, by=town.admin, why="")  # not fed yet: the server still says that the élue may
    answer = queries.search("peuplier", town.elu)
    assert (answer.total, answer.hits, answer.notices) == (0, [], ())
    assert queries.search("peuplier", town.admin).total == 1


def test_who_sees_little_finds_it_among_much(in_elasticsearch: None, town: Town) -> None:
    reader = town.person("Lise", "Lectrice")
    for number in range(30):
        town.page(f"Fiche {number}", "<p>Les peupliers, les peupliers.</p>")
    seen = town.page("La sienne", "<p>Un peuplier parmi bien d’autres arbres de la commune.</p>")
    town.give(Role.READER, seen, person=reader)
    feeding.feed(nothing)
    assert [hit.title for hit in queries.search("peuplier", reader).hits] == ["La sienne"]


def test_rebuilding_switches_at_once_and_leaves_nothing_behind(in_elasticsearch: None, town: Town) -> None:
    town.page("Voirie", "<p>Les peupliers.</p>")
    feeding.feed(nothing)
    client = elasticsearch.client()
    before = set(client.indices.get(index=f"{_prefix()}-*"))
    client.indices.create(index=f"{_prefix()}-halfmade")
    seen = []
    feeding.rebuild(lambda done, total: seen.append(queries.search("peuplier", town.elu).total))
    assert seen == [1]
    after = set(client.indices.get(index=f"{_prefix()}-*"))
    assert len(after) == 1
    assert not after & before
    assert set(there()) == set(Passage.objects.values_list("pk", flat=True))


def test_the_command_rebuilds_it(in_elasticsearch: None, town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town.page("Voirie", "<p>Les peupliers.</p>")
    call_command("reindex", engine="elasticsearch")
    assert f"Index réécrit : {Passage.objects.count()} passages." in capsys.readouterr().out
    assert len(there()) == Passage.objects.count()


def test_the_queries_of_a_search_do_not_follow_its_results(in_elasticsearch: None, town: Town) -> None:
    counts = []
    for number in range(4):
        town.page(f"Fiche {number}", "<p>Les peupliers.</p>")
        if number in (1, 3):
            feeding.feed(nothing)
            queries.search("peuplier", town.elu)
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert queries.search("peuplier", town.elu).total == number + 1
            counts.append(len(captured))
    assert counts[0] == counts[1]
