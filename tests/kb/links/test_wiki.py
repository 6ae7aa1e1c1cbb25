"""[[Wiki links]]: how names are compared, resolved at the save, followed, waited for, and hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.links.models import MissingLink, PageLink
from kb.links.wiki import key_of, replace_links
from kb.pages import operations as pages

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("École des Tilleuls", "ecole des tilleuls"),
        ("L’accueil", "l'ACCUEIL"),
        ("Cœur de bourg", "coeur  de\u00a0bourg"),
        ("Plan – 2026", "plan - 2026"),
    ],
)
def test_titles_are_compared_without_case_accent_or_spacing(written, other):
    assert key_of(written) == key_of(other)


def test_links_are_found_in_text_alone():
    source = '<p>[[Un]] et <a href="/x/">[[Deux]]</a> &amp; [[Trois &amp; quatre|le texte]]</p>'
    found = []
    result = replace_links(source, lambda title, words: found.append((title, words)) or "X")
    assert found == [("Un", "Un"), ("Trois & quatre", "le texte")]
    assert result == '<p>X et <a href="/x/">[[Deux]]</a> &amp; X</p>'


@given(st.text(max_size=80))
def test_keys_are_stable(title):
    assert key_of(key_of(title)) == key_of(title)


def test_a_name_becomes_a_link_and_follows_a_rename(town, reader):
    target = town.page("Plan d’accueil provisoire")
    source = town.page("École", "<p>Voir [[plan d'accueil provisoire|le plan]].</p>")
    assert list(PageLink.objects.values_list("page", "target", "in_live", "in_draft")) == [
        (source.pk, target.pk, True, True)
    ]
    target.title, target.slug = "Accueil des classes", "accueil-des-classes"
    pages.publish_revision(page=target, revision=pages.save_draft(page=target, author=town.admin), author=town.admin)
    html = reader.get(f"/p/{source.pk}/").content.decode()
    assert '<a href="/accueil-des-classes/">le plan</a>' in html


def test_an_unknown_name_waits_and_resolves_by_itself(town, reader, agent):
    source = town.page("École", "<p>Lire [[Règlement de la cour]].</p>")
    assert list(MissingLink.objects.values_list("title", "in_live", "target")) == [("Règlement de la cour", True, None)]
    for_agent = agent.get(f"/p/{source.pk}/").content.decode()
    assert f"/p/{source.pk}/creer/?titre=R%C3%A8glement+de+la+cour" in for_agent
    assert "page à créer" in for_agent
    for_reader = reader.get(f"/p/{source.pk}/").content.decode()
    assert "Lire Règlement de la cour." in for_reader
    assert "creer" not in for_reader

    page = town.page("Règlement de la cour")
    assert MissingLink.objects.get().target_id == page.pk
    assert (
        '<a href="/reglement-de-la-cour/">Règlement de la cour</a>' in reader.get(f"/p/{source.pk}/").content.decode()
    )
    backlinks = reader.get(f"/p/{page.pk}/").context["sheet"].backlinks
    assert [link["title"] for link in backlinks] == ["École"]  # at once, not at the next save of the source
    pages.amend(page=source, change=lambda version: None, author=town.admin, why="")
    assert [link["title"] for link in reader.get(f"/p/{page.pk}/").context["sheet"].backlinks] == ["École"]


def test_a_draft_answers_nobody_who_may_not_see_it(town, reader):
    """The author edits, so he sees the draft and links to it; a reader gets the words alone."""
    draft = town.page("Note secrète", publish=False)
    source = town.page("École", "<p>Voir [[Note secrète|la note]].</p>")
    assert PageLink.objects.get().target_id == draft.pk
    html = reader.get(f"/p/{source.pk}/").content.decode()
    assert "Voir la note." in html
    assert "note-secrete" not in html


def test_the_nearest_page_of_a_title_wins(town):
    here, there = town.folder("Travaux"), town.folder("Finances")
    far = town.page("Contacts", under=there)
    near = town.page("Contacts", under=here)
    source = town.page("Chantier", "<p>[[Contacts]]</p>", under=here)
    assert far.pk < near.pk
    assert PageLink.objects.get(page=source).target_id == near.pk


def test_creating_a_missing_page_opens_the_editor_with_its_title(town, agent, reader):
    folder = town.folder("Travaux")
    source = town.page("École", "<p>[[Sols]]</p>", under=folder)
    response = agent.get(f"/p/{source.pk}/creer/", {"titre": "Sols"})
    assert response.url == f"/admin/pages/add/kb/articlepage/{folder.pk}/?titre=Sols"
    assert b'value="Sols"' in agent.get(response.url).content
    assert reader.get(f"/p/{source.pk}/creer/", {"titre": "Sols"}).status_code == 403


def test_backlinks_are_those_one_may_read(town, reader, agent):
    target = town.page("Chaufferie")
    town.page("Publique", "<p>[[Chaufferie]]</p>")
    town.page("Brouillon", "<p>[[Chaufferie]]</p>", publish=False)
    html = reader.get(f"/p/{target.pk}/").content.decode()
    assert "Publique" in html
    assert "Brouillon" not in html


def test_the_report_is_for_who_edits(town, reader, agent):
    source = town.page("École", "<p>[[Sols]]</p>")
    gone = town.page("Ancienne page")
    town.page("Lien mort", f'<p><a linktype="page" id="{gone.pk}">vieux</a></p>')
    pages.unpublish(page=gone, author=town.admin)
    assert reader.get("/rapports/liens/").status_code == 404
    context = agent.get("/rapports/liens/").context
    assert [(row["title"], [s["title"] for s in row["sources"]]) for row in context["to_create"]] == [
        ("Sols", [source.title])
    ]
    assert [(row["title"], row["target"]) for row in context["broken"]] == [("Lien mort", "Ancienne page")]
    assert {row["title"] for row in context["orphans"]} == {"École", "Lien mort"}
