"""Giving, ending, reserving, reopening: each works, then each refusal."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import PageLogEntry

from kb.access import operations as access
from kb.access.models import Boundary, Grant, Role
from kb.access.operations import Grantee, Refused
from kb.pages.models import TeamMember
from kb.permissions import Viewer, abilities, can_view

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def school(town):
    return town.page("École")


def role(person, page):
    return Viewer(person).granted(page).label


def test_a_grant_opens_the_page_and_all_below(town, school):
    below = town.page("Chauffage", under=school)
    assert role(town.outsider, below) == "aucun"
    town.give(Role.COMMENTER, school, person=town.outsider)
    assert (role(town.outsider, school), role(town.outsider, below)) == ("commentateur", "commentateur")
    assert role(town.outsider, town.home) == "aucun"


def test_the_highest_counts_wherever_it_comes_from(town, school):
    town.give(Role.READER, school, person=town.technical)
    assert role(town.technical, school) == "éditeur"  # his group's, from the town's page


def test_a_new_role_takes_the_place_of_the_old_one_and_the_old_row_stays(town, school):
    town.give(Role.READER, school, person=town.outsider, why="pour voir")
    town.give(Role.EDITOR, school, person=town.outsider, why="pour écrire")
    rows = Grant.objects.filter(page=school.pk).order_by("pk")
    assert [(row.role, row.ended_at is None) for row in rows] == [(Role.READER, False), (Role.EDITOR, True)]
    entry = PageLogEntry.objects.filter(page=school.pk, action="kb.access.give").order_by("-pk")[0]
    assert entry.data == {"grantee": "Hugo Perrin", "before": "lecteur", "after": "éditeur", "why": "pour écrire"}
    assert town.give(Role.EDITOR, school, person=town.outsider, why="pour écrire") == rows[1]  # said twice, given once


def test_a_moderator_s_right_stands_beside_a_role(town, school):
    town.give(Role.READER, school, person=town.outsider)
    town.give(Role.MODERATOR, school, person=town.outsider)
    assert Viewer(town.outsider).granted(school) == (Role.READER, True)
    rights = abilities(town.outsider, school)
    assert (rights["view"], rights["comment"], rights["edit"], rights["publish"]) == (True, True, False, False)


def test_a_right_lasts_through_its_last_day(town, school):
    today = timezone.localdate()
    grant = town.give(Role.READER, school, person=town.outsider, until=today)
    assert can_view(town.outsider, school)
    Grant.objects.filter(pk=grant.pk).update(until=today - timedelta(days=1))
    assert not can_view(town.outsider, school)
    with pytest.raises(Refused, match="est passé"):
        town.give(Role.READER, school, person=town.outsider, until=today - timedelta(days=1))


def test_entering_and_leaving_a_team_gives_and_ends_its_right(town):
    project = town.project("Chaufferie")
    access.give(page=project, grantee=Grantee(team=project), role=Role.EDITOR, by=None)
    assert role(town.outsider, project) == "aucun"
    member = TeamMember.objects.create(page=project, person=town.outsider)
    assert role(town.outsider, project) == "éditeur"
    member.delete()
    assert role(town.outsider, project) == "aucun"


def test_the_public_only_reads(town, school, client):
    with pytest.raises(Refused, match="Le public ne peut être que lecteur"):
        access.give(page=school, grantee=Grantee(public=True), role=Role.EDITOR, by=town.admin)
    assert client.get(f"/p/{school.pk}/").status_code == 404
    access.give(page=school, grantee=Grantee(public=True), role=Role.READER, by=town.admin)
    assert client.get(f"/p/{school.pk}/").status_code == 200
    assert client.get(f"/p/{school.pk}/historique/").status_code == 302  # names are not the public's


def test_reserving_stops_what_comes_from_above(town, school):
    below = town.page("Chauffage", under=school)
    access.reserve(page=school, by=town.communication, why="négociation")
    assert (role(town.elu, school), role(town.technical, below)) == ("aucun", "aucun")
    assert role(town.communication, below) == "responsable"  # who reserves stays
    town.give(Role.READER, below, person=town.elu)
    assert (role(town.elu, school), role(town.elu, below)) == ("aucun", "lecteur")
    access.reopen(page=school, by=town.communication)
    assert role(town.technical, below) == "éditeur"


def test_under_an_unreadable_page_only_the_number_is_an_address(town, school):
    below = town.page("Chauffage", under=school)
    access.reserve(page=school, by=town.admin)
    town.give(Role.READER, below, person=town.outsider)
    reader = town.signed_in(town.outsider)
    assert reader.get("/ecole/chauffage/").status_code == 404
    shown = reader.get(f"/p/{below.pk}/")
    assert shown.status_code == 200
    assert "ecole" not in shown.content.decode() and "École" not in shown.content.decode()
    home = reader.get("/").content.decode()
    assert f'href="/p/{below.pk}/"' in home and "École" not in home


def test_the_town_s_name_is_known_and_nothing_more(town):
    town.home.summary = "Mots de la commune"
    town.home.save_revision().publish()
    home = town.signed_in(town.outsider).get("/").content.decode()
    assert "Valmorin-sur-Drise" in home and "Mots de la commune" not in home


@pytest.mark.parametrize("name", ["outsider", "elu", "technical"])
def test_only_a_responsable_changes_rights(town, school, name):
    person = getattr(town, name)
    for deed in (
        lambda: access.give(page=school, grantee=Grantee(person=person), role=Role.MANAGER, by=person),
        lambda: access.end(grant=Grant.objects.filter(page=town.home.pk)[0], by=person),
        lambda: access.reserve(page=school, by=person),
        lambda: access.reopen(page=school, by=person),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_the_last_responsable_does_not_take_himself_away(town, school):
    access.reserve(page=school, by=town.communication)
    own = Grant.objects.get(page=school.pk, person=town.communication)
    with pytest.raises(Refused, match="n’aurait plus de responsable"):
        access.end(grant=own, by=town.communication)
    with pytest.raises(Refused, match="n’aurait plus de responsable"):
        access.give(page=school, grantee=Grantee(person=town.communication), role=Role.READER, by=town.communication)
    assert role(town.communication, school) == "responsable"
    town.give(Role.MANAGER, school, person=town.outsider)
    access.end(grant=own, by=town.communication)
    assert role(town.communication, school) == "aucun"


def test_a_closed_account_receives_nothing(town, school):
    town.outsider.is_active = False
    with pytest.raises(Refused, match="est fermé"):
        town.give(Role.READER, school, person=town.outsider)


def test_the_town_s_page_is_not_reserved(town):
    with pytest.raises(Refused, match="L’accueil de la commune"):
        access.reserve(page=town.home, by=town.admin)


def test_the_database_refuses_a_doubled_right(town, school):
    group = Group.objects.get(name="Finances")
    Grant.objects.create(page=school, group=group, role=Role.READER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(page=school, group=group, role=Role.EDITOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(page=school, group=group, person=town.elu, role=Role.EDITOR)


def test_what_would_change_is_said_before_and_nothing_is_done(town, school):
    change = access.foreseen(school, lambda: access.reserve(page=school, by=town.communication))
    assert change.gained == []
    assert change.lost == ["Patrick Brun", "Sandrine Coste", "Sylvie Roussillon"]
    assert change.changed == []
    assert not Boundary.objects.exists()
    change = access.foreseen(
        school, lambda: access.give(page=school, grantee=Grantee(person=town.elu), role=Role.EDITOR, by=town.admin)
    )
    assert change.changed == ["Sylvie Roussillon : lecteur → éditeur"]
    assert role(town.elu, school) == "lecteur"


def command(name, *args, **options):
    out = StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()


def test_the_three_commands(town, school):
    command("grant", "editeur", "/ecole/", person="hugo.perrin", why="remplacement", by="claire.valette")
    answer = json.loads(command("access", "hugo.perrin", str(school.pk), json=True))
    assert answer == {
        "person": "hugo.perrin",
        "page": "/accueil/ecole/",
        "role": "éditeur",
        "grant": "éditeur : Hugo Perrin, sur « École »",
        "boundary": None,
        "why": "Éditeur (Hugo Perrin), sur cette page. Raison : remplacement",
    }
    command("restrict", "/ecole/", by="claire.valette")
    answer = json.loads(command("access", "sylvie.roussillon", "/ecole/", json=True))
    assert answer == {
        "person": "sylvie.roussillon",
        "page": "/accueil/ecole/",
        "role": "aucun",
        "grant": None,
        "boundary": "/accueil/ecole/",
        "why": "L’accès à « École » est réservé, et rien ne lui est donné à partir de là.",
    }
    assert "éditeur : Hugo Perrin" in command("access", "hugo.perrin", "/ecole/", explain=True)
    command("grant", "lecteur", "/ecole/", public=True, why="acte publié", by="claire.valette")
    assert Grant.objects.filter(page=school.pk, public=True).exists()


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ({"person": "personne"}, "Aucun compte ouvert"),
        ({"group": "Inconnus"}, "Aucun groupe ne s’appelle"),
        ({"team": "/ecole/"}, "pas un projet"),
        ({"person": "hugo.perrin", "by": "hugo.perrin"}, "Vous ne gérez pas les accès"),
    ],
)
def test_a_refused_command_says_why(town, school, args, sentence):
    with pytest.raises(CommandError, match=sentence):
        command("grant", "lecteur", "/ecole/", **{"why": "x", "by": "claire.valette", **args})
    with pytest.raises(CommandError, match="n’est pas un rôle"):
        command("grant", "chef", "/ecole/", person="hugo.perrin", why="x", by="claire.valette")
