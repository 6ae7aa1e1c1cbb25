"""Reading: who sees what, how many queries it takes, and what stays private to the person."""

from urllib.parse import quote

import pytest

from kb.pages import operations as pages
from kb.pages.models import Favourite, Reading

READ_AT_MOST = 12  # issue A's figure; a warm view takes five


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("siblings", [1, 30])
def test_a_page_view_costs_the_same_whatever_the_tree(town, django_assert_max_num_queries, siblings):
    page = town.page("École", "<p>Voir [[Valmorin-sur-Drise]].</p>")
    town.attach(page, town.document())
    for number in range(siblings):
        town.page(f"Fiche {number}", "<p>[[École]]</p>", under=page)
    reader = town.signed_in(town.elu)
    reader.get(f"/p/{page.pk}/")
    with django_assert_max_num_queries(READ_AT_MOST) as first:
        assert reader.get(f"/p/{page.pk}/").status_code == 200
    assert len(first) == 7  # one of them asks whether the page has comments


def test_nobody_is_shown_anything_without_signing_in(town, client):
    page = town.page("École")
    for path in ("/", "/changements/", "/mes-pages/", "/arbre/", f"/p/{page.pk}/historique/"):
        assert client.get(path).url == f"/connexion/?next={path}"
    for path in (f"/p/{page.pk}/", "/ecole/"):  # a page that is there, and one that is not, answer the same
        found, missing = client.get(path), client.get("/nulle-part/")
        assert (found.status_code, missing.status_code) == (404, 404)
        way_in, other = f"?next={quote(path, safe='')}", "?next=%2Fnulle-part%2F"
        assert found.content.decode().replace(way_in, "") == missing.content.decode().replace(other, "")
        assert way_in in found.content.decode()


def test_a_draft_is_for_who_edits(town, reader, agent):
    draft = town.page("Note secrète", "<p>Mots cachés</p>", publish=False)
    assert agent.get(f"/p/{draft.pk}/").status_code == 200
    for path in (f"/p/{draft.pk}/", "/note-secrete/", f"/p/{draft.pk}/historique/", f"/arbre/?sous={draft.pk}"):
        assert reader.get(path).status_code == 404
    for path in ("/", "/arbre/", "/changements/"):
        assert "secrète" not in reader.get(path).content.decode()


def test_readers_see_live_content_and_published_revisions_alone(town, reader, agent):
    page = town.page("École", "<p>Version publiée</p>")
    page.summary = "Résumé en brouillon"
    pages.save_draft(page=page, author=town.admin, why="raison cachée")
    assert "en brouillon" not in reader.get(f"/p/{page.pk}/").content.decode()
    assert "Un brouillon plus récent" in agent.get(f"/p/{page.pk}/").content.decode()
    rows = reader.get(f"/p/{page.pk}/historique/").context["rows"]
    assert [row["state_label"] for row in rows] == ["Version publiée"]
    assert len(agent.get(f"/p/{page.pk}/historique/").context["rows"]) == 2
    newest = page.get_latest_revision()
    live = page.live_revision_id
    for path in (f"{newest.pk}/", f"{live}/{newest.pk}/"):
        assert reader.get(f"/p/{page.pk}/historique/{path}").status_code == 404


def test_favourites_and_readings_are_private(town, reader, agent):
    page = town.page("École")
    assert reader.post(f"/p/{page.pk}/favori/", HTTP_ACCEPT="application/json").json() == {"favourite": True}
    assert reader.post(f"/p/{page.pk}/lu/").status_code == 204
    assert reader.get("/mes-pages/").context["favourites"][0]["title"] == "École"
    assert agent.get("/mes-pages/").context["favourites"] == []
    assert (Favourite.objects.count(), Reading.objects.get().person) == (1, town.elu)
    assert reader.get(f"/p/{page.pk}/lu/").status_code == 405  # a GET, a mail scanner's too, changes nothing


def test_a_replaced_attachment_is_said_since_ones_own_reading(town, reader):
    import io

    from kb.documents import operations as documents

    document = town.document()
    page = town.attach(town.page("École"), document)
    reader.post(f"/p/{page.pk}/lu/")
    documents.add_version(document=document, file=io.BytesIO(b"deux"), file_name="note.txt", author=town.admin)
    documents.publish_current_version(document=document, author=town.admin)
    assert "Modifié depuis votre lecture" in reader.get(f"/p/{page.pk}/").content.decode()
    assert "Modifié depuis votre lecture" not in town.signed_in(town.finance).get(f"/p/{page.pk}/").content.decode()


def test_the_difference_of_two_revisions(town, reader):
    page = town.page("École", "<p>L’inscription se fait en mairie.</p>")
    old = page.live_revision_id
    page.body = [("paragraph", "<p>L’inscription se fait en ligne ou en mairie.</p>")]
    pages.publish_revision(page=page, revision=pages.save_draft(page=page, author=town.admin), author=town.admin)
    page.refresh_from_db()
    html = reader.get(f"/p/{page.pk}/historique/{old}/{page.live_revision_id}/").content.decode()
    assert '<ins><span class="hidden-words">ajouté\u00a0: </span>' in html
