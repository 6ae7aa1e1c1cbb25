"""« Qui voit quoi et pourquoi », the yearly review and the register: within what the asker manages, nothing beyond."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.log_actions import log

from kb.access import operations as access
from kb.access import overview, review
from kb.access.models import Grant, Role
from kb.permissions import Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(town):
    """Three levels, the middle one reserved."""
    top = town.service("Projets")
    middle = town.page("Négociation", under=top)
    below = town.page("Chauffage", under=middle)
    access.reserve(page=middle, by=town.admin)
    return top, middle, below


def seen(person, asker):
    return [
        (branch.node.title, branch.depth, branch.role, branch.reserved)
        for branch in overview.branches_of(person, Viewer(asker))
    ]


def test_the_branches_where_something_changes(town, places):
    top, _, below = places
    town.give(Role.COMMENTER, top, person=town.elu)
    town.give(Role.READER, below, person=town.elu, why="avis demandé")
    assert seen(town.elu, town.admin) == [
        ("Valmorin-sur-Drise", 0, "lecteur", False),
        ("Projets", 1, "commentateur", False),
        ("Négociation", 2, "aucun", True),
        ("Chauffage", 3, "lecteur", False),
    ]
    last = overview.branches_of(town.elu, Viewer(town.admin))[-1]
    assert last.why == "Sylvie Roussillon : lecteur, donné ici. avis demandé"


def test_only_what_the_asker_manages_and_no_name_from_above(town, places):
    _, middle, below = places
    town.give(Role.READER, middle, person=town.elu)
    town.give(Role.MANAGER, below, person=town.outsider)
    assert seen(town.elu, town.outsider) == [("Chauffage", 0, "lecteur", False)]
    assert "une page au-dessus" in overview.branches_of(town.elu, Viewer(town.outsider))[0].why


def test_the_public_and_an_administrator(town, places):
    top, _, _ = places
    access.give(page=top, grantee=access.Grantee(public=True), role=Role.READER, by=None)
    assert seen(None, town.admin) == [
        ("Valmorin-sur-Drise", 0, "aucun", False),
        ("Projets", 1, "lecteur", False),
        ("Négociation", 2, "aucun", True),
    ]
    assert seen(town.admin, town.admin)[-1][2] == "aucun, mais administrateur"


def test_the_screen(town, places, publisher, agent):
    _, middle, _ = places
    town.give(Role.MANAGER, middle, person=town.technical)
    screen = agent.get(f"/acces/?personne={town.elu.pk}").content.decode()
    assert "Négociation" in screen and "Accès réservé" in screen and "Voir le site comme" not in screen
    assert "Négociation" in agent.get("/acces/?page=negociation").content.decode()
    assert "Aucune page de ce titre" in agent.get("/acces/?page=projets").content.decode()
    assert "Voir le site comme" in town.signed_in(town.admin).get(f"/acces/?personne={town.elu.pk}").content.decode()
    assert town.signed_in(town.outsider).get("/acces/").status_code == 404
    assert town.signed_in(town.outsider).get("/acces/revue/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_follow_the_tree(town, places, django_assert_num_queries, number):
    for place in range(number):
        town.give(Role.READER, town.page(f"Page {place}"), person=town.elu)
    asker = Viewer(town.admin)
    assert asker.tree.nodes and asker.passes
    with django_assert_num_queries(1):
        overview.branches_of(town.elu, asker)


def aged(grant, days=400):
    Grant.objects.filter(pk=grant.pk).update(given_at=timezone.now() - timedelta(days=days))
    return grant


def test_ending_and_left_behind(town, places):
    top, middle, _ = places
    soon = town.give(Role.READER, top, person=town.elu, until=timezone.localdate() + timedelta(days=9))
    town.give(Role.READER, top, person=town.finance, until=timezone.localdate() + timedelta(days=90))
    gone = town.give(Role.READER, middle, person=town.outsider)
    town.outsider.is_active = False
    town.outsider.save()
    viewer = Viewer(town.admin)
    assert review.ending(viewer) == [soon]
    assert gone in review.left_behind(viewer)
    town.give(Role.MANAGER, top, person=town.technical)
    assert review.ending(Viewer(town.technical)) == [soon]
    assert gone not in review.left_behind(Viewer(town.technical))


def test_unused_reading_is_judged_on_signing_in_and_writing_on_deeds(town, places):
    top, _, _ = places
    reads = aged(town.give(Role.READER, top, person=town.elu))
    writes = aged(town.give(Role.EDITOR, top, person=town.finance))
    young = town.give(Role.EDITOR, top, person=town.outsider)
    found = review.unused(Viewer(town.admin))
    assert reads in found and writes in found and young not in found
    town.elu.last_login = timezone.now()
    town.elu.save()
    log(town.page("Note", under=top), "wagtail.edit", user=town.finance)
    found = review.unused(Viewer(town.admin))
    assert reads not in found and writes not in found


def test_the_register_holds_what_one_manages_and_no_formula(town, places):
    top, middle, _ = places
    town.give(Role.READER, top, person=town.outsider, why='=HYPERLINK("http://x")')
    town.give(Role.READER, middle, person=town.elu, why="raison cachée")
    town.give(Role.MANAGER, top, person=town.technical)
    client = town.signed_in(town.technical)
    assert "raison cachée" not in client.get("/admin/kb/grant/").content.decode()
    sheet = b"".join(client.get("/admin/kb/grant/?export=csv").streaming_content).decode()
    assert "'=HYPERLINK" in sheet and "raison cachée" not in sheet and "Hugo Perrin" in sheet
    assert client.get("/admin/kb/grant/?etat=en-vigueur&a=personne").status_code == 200
    assert town.signed_in(town.finance).get("/admin/kb/grant/").status_code == 302
