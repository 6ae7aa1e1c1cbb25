"""Moving and copying in the admin: all done or not at all."""

import pytest
from wagtail.models import Page, PageLogEntry, Revision

from kb.access import inheritance
from kb.access import operations as access
from kb.access.audience import Change, people_on
from kb.access.models import Boundary, Inheritance, Role
from kb.pages import operations as pages
from kb.pages import tree
from kb.pages.copying import copy_page

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
        "new_title": "Copie",
        "new_slug": "copie",
        "new_parent_page": places[1].pk,
        "copy_subpages": "on",
        "publish_copies": "",
        "alias": "",
    }


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


def lines(answer):
    """The main words of a screen."""
    return " ".join(answer.content.decode().split("<main", 1)[-1].split())


def test_a_move_says_who_gains_and_who_loses_before(town, publisher, places):
    page = town.page("École", under=places[0])
    town.give(Role.READER, places[0], person=town.outsider)
    town.give(Role.READER, places[1], person=town.person("Nadia", "Benali"))
    screen = publisher.get(f"/admin/pages/{page.pk}/move/{places[1].pk}/confirm/")
    assert screen.context["change"] == Change(gained=["Nadia Benali"], lost=["Hugo Perrin"])
    assert "1 personne gagne l’accès" in lines(screen) and "Hugo Perrin" in lines(screen)
    assert Page.objects.get(pk=page.pk).path == page.path


def test_a_move_into_what_the_public_reads_says_it(town, publisher, places):
    page = town.page("École", under=places[0])
    access.give(page=places[1], grantee=access.Grantee(public=True), role=Role.READER, by=None)
    assert "n’importe qui lira cette page" in lines(
        publisher.get(f"/admin/pages/{page.pk}/move/{places[1].pk}/confirm/")
    )


def test_a_copy_read_by_others_is_confirmed_first(town, publisher, places):
    page = town.page("École", under=places[0])
    town.give(Role.READER, places[1], person=town.outsider)
    first = publisher.post(f"/admin/pages/{page.pk}/copy/", copying(places))
    assert first.status_code == 200 and first.context["change"] == Change(gained=["Hugo Perrin"])
    assert not Page.objects.filter(title="Copie").exists()
    publisher.post(f"/admin/pages/{page.pk}/copy/", {**copying(places), "confirmed": "1"})
    assert Page.objects.filter(title="Copie").exists()


def test_a_copy_takes_nothing_that_one_may_not_read(town, agent, places):
    """Wagtail copies all that is below, whoever asks."""
    page = town.page("École", under=places[0])
    hidden = town.page("Contentieux", under=page)
    access.reserve(page=hidden, by=town.admin)
    town.page("Sous le contentieux", under=hidden)
    town.page("Chauffage", under=page)
    agent.post(f"/admin/pages/{page.pk}/copy/", {**copying(places), "confirmed": "1"})
    copies = Page.objects.filter(url_path__startswith="/accueil/nouveau-dossier/copie/")
    assert sorted(copies.values_list("title", flat=True)) == ["Chauffage", "Copie"]


def test_a_reader_copies_what_is_published_alone(town, places):
    page = town.page("École", under=places[0])
    draft = page.get_latest_revision_as_object()
    draft.title = "École, brouillon secret"
    pages.save_draft(page=draft, author=town.admin)
    town.give(Role.READER, places[0], person=town.outsider)
    town.give(Role.EDITOR, places[1], person=town.outsider)
    copied = copy_page(page=page, to=places[1], title="Copie", slug="copie", author=town.outsider)
    contents = [str(revision.content) for revision in Revision.objects.for_instance(copied.page)]
    assert contents and not [content for content in contents if "secret" in content]


def test_a_reserved_page_is_copied_reserved_and_by_its_responsables(town, agent, places):
    page = town.page("École", under=places[0])
    reserved = town.page("Négociation", under=page)
    access.reserve(page=reserved, by=town.admin)
    town.give(Role.READER, reserved, group="Services techniques")
    town.give(Role.MANAGER, reserved, person=town.elu)
    town.give(Role.EDITOR, places[1], group="Services techniques")
    answer = agent.post(f"/admin/pages/{page.pk}/copy/", {**copying(places), "confirmed": "1"}, follow=True)
    assert "Laissé de côté, en accès réservé\u00a0: «\u00a0Négociation\u00a0»" in answer.content.decode()
    assert not Page.objects.filter(url_path__startswith="/accueil/nouveau-dossier/copie/negociation").exists()
    copied = copy_page(
        page=reserved, to=places[1], title="Négociation, copie", slug="negociation-copie", author=town.admin
    )
    assert Boundary.objects.filter(page=copied.page.pk).exists()
    assert {(str(held.person), held.standing.label) for held in people_on(copied.page).values()} == {
        ("Patrick Brun", "lecteur"),
        ("Sylvie Roussillon", "responsable"),
    }


@pytest.mark.parametrize("way", ["bulk", "api"])
def test_no_way_goes_round_the_preview(town, publisher, places, way):
    page = town.page("École", under=places[0])
    address = {
        "bulk": f"/admin/bulk/wagtailcore/page/move/?id={page.pk}",
        "api": f"/admin/api/main/pages/{page.pk}/action/move/",
    }[way]
    publisher.post(address, {"chooser": places[1].pk, "destination_page_id": places[1].pk})
    assert Page.objects.get(pk=page.pk).path == page.path


@pytest.mark.parametrize(
    ("address", "said"),
    [("/admin/pages/{}/copy/", "1\u00a0page au-dessous"), ("/admin/pages/{}/unpublish/", "1 sous-page")],
)
def test_what_is_below_is_counted_as_one_knows_it(town, publisher, places, address, said):
    page = town.page("École", under=places[0])
    town.page("Chauffage", under=page)
    access.reserve(page=town.page("Contentieux", under=page), by=town.admin)
    assert said in publisher.get(address.format(page.pk)).content.decode()
