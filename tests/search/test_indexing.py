"""What is found when: publication, drafts, withdrawal, files, versions; and the figures that follow."""

from collections import Counter

import pytest
from django.core.management import call_command

from kb.documents import operations as documents
from kb.pages import operations as pages
from kb.pages.models import TeamMember
from kb.work.models import Job
from search import french, operations
from search.models import Entry, Figures, Passage, Term, Word
from tests.conftest import Town
from tests.search.conftest import Asking

pytestmark = pytest.mark.both_databases


def test_a_page_is_found_as_it_is_published_and_changed(town: Town, ask: Asking) -> None:
    page = town.page("Voirie", "<p>Le chemin des Peupliers.</p>")
    assert ask.titles("peuplier") == ["Voirie"]
    draft = page.get_latest_revision_as_object()
    draft.body = [("paragraph", "<p>Le chemin des Tilleuls.</p>")]
    revision = pages.save_draft(page=draft, author=town.admin)
    assert (ask.titles("tilleul"), ask.titles("tilleul", town.admin)) == ([], [])  # a live page's draft: nobody
    pages.publish_revision(page=page, revision=revision, author=town.admin)
    assert (ask.titles("peuplier"), ask.titles("tilleul")) == ([], ["Voirie"])


def test_a_draft_is_found_by_its_editors_alone(town: Town, ask: Asking) -> None:
    page = town.page("Brouillon", "<p>Le chemin des Peupliers.</p>", publish=False)
    assert ask.titles("peuplier", town.technical) == ["Brouillon"]
    assert ask.titles("peuplier", town.elu) == []
    page.body = [("paragraph", "<p>Le chemin des Tilleuls.</p>")]
    pages.save_draft(page=page, author=town.admin)
    assert ask.titles("tilleul", town.technical) == ["Brouillon"]


def test_what_is_withdrawn_is_gone_at_once(town: Town, ask: Asking) -> None:
    page = town.page("Voirie", "<p>Le chemin des Peupliers.</p>")
    pages.unpublish(page=page, author=town.admin)
    assert ask.titles("peuplier", town.elu) == []
    assert ask.titles("peuplier", town.technical) == ["Voirie"]


def test_a_file_is_found_at_the_first_publication_under_its_page(town: Town, ask: Asking) -> None:
    page = town.page("Voirie", "<p>Les chemins.</p>", publish=False)
    document = town.document(b"Bonjour", "plan_local-2024.txt")
    assert ask.titles("plan local", town.elu) == []
    town.attach(page, document)
    answer = ask("plan_local-2024.txt", town.elu)
    found = next(group for group in answer.groups if group.files)
    assert (found.title, [hit.version for hit in found.files]) == ("Voirie", [1])
    assert found.files[0].address == f"/documents/{document.pk}/v1/"


def test_each_reader_finds_the_version_that_pages_show(town: Town, ask: Asking) -> None:
    document = town.document(b"Un", "rapport.txt")
    town.attach(town.page("Page ancienne"), document, pinned=True, version=document.current_version)
    documents.add_version(document=document, file=_file(b"Deux"), file_name="rapport.txt", author=town.admin)
    assert [hit.version for hit in ask("rapport", town.elu).hits if hit.kind == "file"] == [1]
    town.attach(town.page("Page neuve"), document)
    versions = {hit.version for hit in ask("rapport", town.elu).hits if hit.kind == "file"}
    assert versions == {1, 2}


def test_renaming_a_document_renames_its_entries(town: Town, ask: Asking) -> None:
    document = town.document(b"Un", "rapport.txt")
    town.attach(town.page("Page"), document)
    document.title = "Étude thermique"
    document.save()
    assert ask.titles("thermique", town.elu) == ["Étude thermique"]


def test_headings_people_and_figures_are_found(town: Town, ask: Asking) -> None:
    page = town.page("Voirie", "<p>Avant.</p><h2>Calendrier prévisionnel</h2><p>Après.</p>")
    assert Passage.objects.filter(entry__page=page.pk, heading="Calendrier prévisionnel").count() == 1
    assert ask.titles("calendriers previsionnels") == ["Voirie"]


def counted() -> dict[str, int]:
    """The vocabulary counted afresh from the passages."""
    terms: Counter[str] = Counter()
    for passage in Passage.objects.all():
        terms.update(set(f"{passage.title_tokens} {passage.heading_tokens} {passage.body_tokens}".split()))
    return dict(terms)


def test_the_figures_follow_whatever_happens(town: Town) -> None:
    page = town.page("Voirie", "<p>Le chemin des Peupliers.</p>")
    town.attach(page, town.document(b"Un", "rapport.txt"))
    pages.unpublish(page=page, author=town.admin)
    other = town.page("Autre", "<p>Le chemin des Tilleuls.</p>")
    other.delete()
    assert dict(Term.objects.exclude(passages=0).values_list("term", "passages")) == counted()
    figures = Figures.objects.get()
    assert figures.passages == Passage.objects.count()
    assert figures.entries == Entry.objects.count()
    assert figures.tokens == sum(Passage.objects.values_list("length", flat=True))
    assert not Word.objects.filter(form="tilleuls", passages__gt=0).exists()


def test_writing_again_what_has_not_changed_touches_nothing(town: Town) -> None:
    page = town.page("Voirie", "<p>Le chemin des Peupliers.</p>")
    before = set(Passage.objects.values_list("pk", flat=True))
    operations.entries.write_page(page)
    assert set(Passage.objects.values_list("pk", flat=True)) == before


def test_reindexing_gives_the_same_index(town: Town, ask: Asking, capsys: pytest.CaptureFixture[str]) -> None:
    town.attach(town.page("Voirie", "<p>Le chemin des Peupliers.</p>"), town.document(b"Un", "rapport.txt"))
    before = _index()
    Entry.objects.filter(title="Voirie").delete()
    call_command("reindex")
    assert "Index réécrit" in capsys.readouterr().out
    assert _index() == before
    assert not operations.is_to_be_rebuilt()
    assert Job.objects.get(kind="reindex").state == "done"


def test_rebuilding_goes_on_where_it_was_stopped(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        town.page(f"Fiche {number}")
    monkeypatch.setattr(operations, "BATCH", 2)
    operations.ask_for_rebuilding()
    assert operations.is_to_be_rebuilt()

    def stop(done: int, total: int) -> None:
        if done >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        operations.rebuild(stop)
    assert Entry.objects.filter(analyzer_version=french.ANALYZER_VERSION).count() == 2
    assert operations.rebuild(lambda done, total: None) == Entry.objects.count() - 2


def _index() -> list[tuple[object, ...]]:
    rows = Passage.objects.order_by("entry__title", "place")
    return list(rows.values_list("entry__title", "place", "title_tokens", "heading_tokens", "body_tokens"))


def _file(content: bytes) -> object:
    import io

    return io.BytesIO(content)


def test_a_person_who_changes_name_is_found_and_shown_by_the_new_one(town: Town, ask: Asking) -> None:
    project = town.project("Cour de l’école", team=[TeamMember(person=town.technical, role="Chantier")])
    client = town.signed_in(town.elu)
    assert "Patrick Brun" in client.get(f"/p/{project.pk}/").content.decode()
    assert ask.titles("Brun") == ["Cour de l’école"]
    town.technical.last_name = "Delaroche"
    town.technical.save()
    html = client.get(f"/p/{project.pk}/").content.decode()
    assert "Patrick Delaroche" in html and "Patrick Brun" not in html
    assert (ask.titles("Delaroche"), ask.titles("Brun")) == (["Cour de l’école"], [])
