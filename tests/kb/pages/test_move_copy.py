"""Moving and copying in the admin: all done or not at all."""

import pytest
from wagtail.models import Page, PageLogEntry

from kb.access import inheritance
from kb.access.models import Inheritance
from kb.pages import tree

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


class Cut(Exception):
    """The power, at the worst moment."""


def broken(*args, **kwargs):
    raise Cut


def state():
    pages = Page.objects.order_by("path").values_list("path", "title", "url_path", "numchild")
    return list(pages), set(Inheritance.objects.values_list("page", "source")), PageLogEntry.objects.count()


@pytest.fixture
def places(town):
    return town.folder("Ancien dossier"), town.folder("Nouveau dossier")


def test_a_move_is_all_done(town, publisher, places):
    page = town.page("École", under=places[0])
    below = town.page("Chauffage", under=page)
    publisher.post(f"/admin/pages/{page.pk}/move/{places[1].pk}/confirm/")
    below.refresh_from_db()
    assert below.url_path == "/accueil/nouveau-dossier/ecole/chauffage/"
    assert set(Inheritance.objects.values_list("page", "source")) == inheritance.expected()
    assert tree.current().nodes[below.pk].path == below.path


def test_a_move_cut_at_its_end_is_not_begun(town, publisher, places, monkeypatch):
    page = town.page("École", under=places[0])
    before = state()
    monkeypatch.setattr("kb.pages.signals.tree.changed", broken)
    with pytest.raises(Cut):
        publisher.post(f"/admin/pages/{page.pk}/move/{places[1].pk}/confirm/")
    assert state() == before


def copying(places):
    return {
        "new_title": "Copie", "new_slug": "copie", "new_parent_page": places[1].pk, "copy_subpages": "on",
        "publish_copies": "", "alias": "",
    }  # fmt: skip


def test_a_copy_takes_what_is_below_and_inherits_where_it_stands(town, publisher, places):
    page = town.page("École", under=places[0])
    town.page("Chauffage", under=page)
    assert publisher.post(f"/admin/pages/{page.pk}/copy/", copying(places)).status_code == 302
    copies = Page.objects.filter(url_path__startswith="/accueil/nouveau-dossier/copie/")
    assert sorted(copies.values_list("title", flat=True)) == ["Chauffage", "Copie"]
    assert set(Inheritance.objects.values_list("page", "source")) == inheritance.expected()


def test_a_copy_cut_at_its_end_is_not_begun(town, publisher, places, monkeypatch):
    page = town.page("École", under=places[0])
    town.page("Chauffage", under=page)
    before = state()
    monkeypatch.setattr("wagtail.admin.views.pages.copy.messages.success", broken)
    with pytest.raises(Cut):
        publisher.post(f"/admin/pages/{page.pk}/copy/", copying(places))
    assert state() == before
