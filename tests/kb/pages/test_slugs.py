"""A page made, renamed, moved or copied beside a hidden one of the same name is told nothing by its address."""

import io
import json

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import Page

from kb.access import operations as access
from kb.access.models import Role
from kb.pages import operations as pages
from kb.pages.models import ArticlePage
from tests.kb.pages.forms import page_form

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def responsable(town):
    """Works in the admin; reads the town, and manages what a test gives him."""
    town.outsider.groups.add(Group.objects.get(name="Projets"))


@pytest.fixture
def place(town):
    """A folder whose responsable sees all but one page, « Contentieux »."""
    place = town.folder("Affaires")
    town.give(Role.MANAGER, place, person=town.outsider)
    hidden = town.page("Contentieux", under=place)
    access.reserve(page=hidden, by=town.admin)
    return place


@pytest.fixture
def open_place(town):
    """A folder where nothing is hidden."""
    place = town.folder("Comptes rendus")
    town.give(Role.MANAGER, place, person=town.outsider)
    return place


def slug_of(page):
    fresh = Page.objects.get(pk=page.pk)
    assert fresh.url_path == f"{fresh.get_parent().url_path}{fresh.slug}/"
    return fresh.slug


def published_form(page, slug):
    return page_form(title=page.title, slug=slug, **{"action-publish": "1"})


def made_in_admin(town, place, title, slug):
    answer = town.signed_in(town.outsider).post(
        f"/admin/pages/add/kb/articlepage/{place.pk}/", page_form(title=title, slug=slug)
    )
    assert answer.status_code == 302, answer.context["form"].errors
    return Page.objects.get(title=title, depth=4, owner=town.outsider)


@pytest.mark.parametrize("name", ["Contentieux", "Un autre nom"])
def test_made_beside_a_hidden_page_it_carries_its_id_taken_or_not(town, place, name):
    made = pages.create_page(parent=place, page=ArticlePage(title=name), author=town.outsider)
    assert slug_of(made) == f"{name.lower().replace(' ', '-')}-{made.pk}"
    assert made.get_latest_revision_as_object().slug == made.slug


@pytest.mark.parametrize("name", ["Contentieux", "Budget"])
def test_made_in_the_admin_no_error_tells_either(town, place, name):
    made = made_in_admin(town, place, name, name.lower())
    assert slug_of(made) == f"{name.lower()}-{made.pk}"


def test_where_nothing_is_hidden_the_name_is_free_or_carries_the_id(town, open_place):
    first = made_in_admin(town, open_place, "Conseil", "conseil")
    second = town.page("Conseil", under=open_place)
    assert (slug_of(first), slug_of(second)) == ("conseil", f"conseil-{second.pk}")


def test_imported(town, place, tmp_path):
    file = tmp_path / "Contentieux.eml"
    file.write_bytes(b"From: a@essai.example\nTo: b@essai.example\nSubject: Contentieux\n\nBonjour\n")
    out = io.StringIO()
    call_command("import_document", str(file), into=str(place.pk), person=town.outsider.username, json=True, stdout=out)
    (said,) = json.loads(out.getvalue())
    assert said["state"] == "imported", said
    made = Page.objects.child_of(place).get(owner=town.outsider)
    assert slug_of(made) == f"contentieux-{made.pk}"


def test_moved(town, place, open_place):
    mover = town.page("Contentieux", under=open_place)
    below = town.page("Pièces", under=mover)
    client = town.signed_in(town.outsider)
    answer = client.post(f"/admin/pages/{mover.pk}/move/{place.pk}/confirm/")
    assert (answer.status_code, slug_of(mover)) == (302, f"contentieux-{mover.pk}")
    assert slug_of(below) == "pieces"


def test_copied(town, place, open_place):
    source = town.page("Contentieux", under=open_place)
    form = {"new_title": "Contentieux", "new_slug": "contentieux", "new_parent_page": place.pk}
    answer = town.signed_in(town.outsider).post(f"/admin/pages/{source.pk}/copy/", form)
    assert answer.status_code == 302, answer.context["form"].errors
    copy = Page.objects.child_of(place).get(title="Contentieux", boundary=None)
    assert (answer.status_code, slug_of(copy)) == (302, f"contentieux-{copy.pk}")


@pytest.mark.parametrize("slug", ["contentieux", "libre"])
def test_renamed_by_somebody_who_does_not_see_a_sibling(town, slug):
    """He manages the page itself: beside it stands a draft that he does not know, and that nobody reserved."""
    place = town.folder("Dossiers")
    town.page("Contentieux", under=place, publish=False)
    page = town.page("Recours", under=place)
    town.give(Role.MANAGER, page, person=town.outsider)
    answer = town.signed_in(town.outsider).post(f"/admin/pages/{page.pk}/edit/", published_form(page, slug))
    assert answer.status_code == 302, answer.context["form"].errors
    assert slug_of(page) == f"{slug}-{page.pk}"


def test_renamed_to_a_taken_name_when_it_is_published(town, open_place):
    """A draft keeps the wish; the name was taken meanwhile."""
    page = town.page("Recours", under=open_place)
    page.slug = "bilan"
    revision = pages.save_draft(page=page, author=town.outsider)
    town.page("Bilan", under=open_place)
    pages.publish_revision(page=page, revision=revision, author=town.outsider)
    assert slug_of(page) == f"bilan-{page.pk}"


def test_the_former_address_leads_nowhere(town, reader, open_place):
    """No redirection after a move or a rename: it would tell the new place to who may not know it."""
    page = town.page("Recours", under=open_place)
    assert reader.get("/comptes-rendus/recours/").status_code == 200
    town.signed_in(town.outsider).post(f"/admin/pages/{page.pk}/edit/", published_form(page, "appel"))
    assert reader.get("/comptes-rendus/recours/").status_code == 404
    assert reader.get("/comptes-rendus/appel/").status_code == 200
