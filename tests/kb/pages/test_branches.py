"""What is done « with the pages below » is done with those that the person may change, and counts no other."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page

from kb.access import operations as access
from kb.access.models import Role

pytestmark = pytest.mark.django_db
WORDS = "mots du contentieux"


@pytest.fixture
def branch(town):
    """A service with a live page, a page that its responsable only reads, and a reserved one."""
    town.outsider.groups.add(Group.objects.get(name="Projets"))
    branch = town.service("Affaires")
    town.give(Role.MANAGER, branch, person=town.outsider)
    town.page("Ouverte", under=branch)
    read = town.page("Lue seulement", under=branch)
    hidden = town.page("Contentieux", f"<p>{WORDS}</p>", under=branch)
    town.page("Brouillon caché", under=hidden, publish=False)
    for page in (read, hidden):
        access.reserve(page=page, by=town.admin)
    town.give(Role.READER, read, person=town.outsider)
    return branch


@pytest.fixture
def client(town, branch):
    return town.signed_in(town.outsider)


def test_a_copy_leaves_what_the_person_does_not_change(town, client, branch):
    form = {
        "new_title": "Copie",
        "new_slug": "copie",
        "new_parent_page": town.home.pk,
        "copy_subpages": "on",
        "publish_copies": "on",
    }
    town.give(Role.MANAGER, town.home, person=town.outsider)
    assert client.post(f"/admin/pages/{branch.pk}/copy/", form).status_code == 302
    copy = Page.objects.get(title="Copie")
    assert [page.title for page in copy.get_descendants()] == ["Ouverte"]
    assert (copy.numchild, Page.find_problems()) == (1, ([], [], [], [], []))


def test_an_administrator_copies_all(town, branch):
    form = {"new_title": "Copie", "new_slug": "copie", "new_parent_page": town.home.pk, "copy_subpages": "on"}
    assert town.signed_in(town.admin).post(f"/admin/pages/{branch.pk}/copy/", form).status_code == 302
    titles = [page.title for page in Page.objects.get(title="Copie").get_descendants()]
    assert titles == ["Ouverte", "Lue seulement", "Contentieux", "Brouillon caché"]


def counted(client, address, name):
    """What the confirmation at an address counts."""
    context = client.get(address).context
    return context[name] if name in context else [item[name] for item in context["items"]]


def test_confirmations_count_what_the_person_knows(town, client, branch):
    bulk = "/admin/bulk/wagtailcore/page"
    admin = town.signed_in(town.admin)
    for address, name, known, there in (
        (f"/admin/pages/{branch.pk}/unpublish/", "live_descendant_count", 2, 3),
        (f"{bulk}/unpublish/?id={branch.pk}", "live_descendant_count", [2], [3]),
        (f"{bulk}/publish/?id={branch.pk}", "draft_descendant_count", [0], [1]),
    ):
        assert counted(client, address, name) == known, address
        assert counted(admin, address, name) == there, address


def test_the_form_of_a_copy_offers_nothing_for_hidden_pages_alone(town, client, branch):
    lone = town.page("Seule", under=branch)
    access.reserve(page=town.page("Cachée", under=lone), by=town.admin)
    town.signed_in(town.admin).post(f"/admin/pages/{lone.pk}/unpublish/")
    fields = client.get(f"/admin/pages/{lone.pk}/copy/").context["form"].fields
    assert set(fields) == {"new_title", "new_slug", "new_parent_page"}
    fields = client.get(f"/admin/pages/{branch.pk}/copy/").context["form"].fields
    assert fields["copy_subpages"].help_text == "3\u00a0pages au-dessous."
