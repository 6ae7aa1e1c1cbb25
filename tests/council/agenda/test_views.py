"""The screens of a sitting: each works, then each refusal."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.agenda import operations, queries
from council.agenda.enums import Channel, SittingKind, SittingState
from council.agenda.models import AgendaPlace, Proposal, SittingPage, stage_of
from council.members.models import Instance
from kb.access import operations as access
from kb.access.models import Role
from kb.pages import operations as pages
from kb.pages.tree import known_title
from kb.permissions import Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(council):
    return council.town.signed_in(council.secretary)


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def posted(client, path, **data):
    return client.post(path, data)


def test_the_sitting_shows_its_agenda_and_its_clock(council, secretary):
    sitting = council.sitting()
    council.item(sitting, rapporteur=council.mandates[2])
    shown = text(secretary, f"/p/{sitting.pk}/")
    for words in (
        "En préparation",
        "salle du conseil",
        "3 membres en exercice",
        "Tarifs de la cantine",
        "Rapporteur : Nadia Benkacem",
        "Envoyer la convocation",
        "art. L2121-11",
        "Prochaine échéance",
        "Quorum : 2 présents sur 3",
        "Noter la convocation",
    ):
        assert words in shown


def test_a_commission_has_no_quorum_on_its_sittings(town, council):
    Instance.objects.filter(pk=council.instance.pk).update(body="commission", own_clear_days=3, own_article="Règlement")
    shown = text(town.signed_in(council.secretary), f"/p/{council.sitting().pk}/")
    assert "Sans quorum légal" in shown and "Quorum :" not in shown and "L2121-17" not in shown


def test_a_second_convocation_asks_for_no_quorum(town, council):
    sitting = council.sitting(sitting_kind=SittingKind.SECOND)
    shown = text(town.signed_in(council.secretary), f"/p/{sitting.pk}/")
    assert "Sans condition de quorum" in shown and "Quorum :" not in shown


def test_an_item_is_written_from_the_sitting_and_has_nothing_below(council, secretary):
    sitting = council.sitting()
    item = council.item(sitting)
    offered = text(secretary, f"/nouvelle/{sitting.pk}/")
    assert f"/admin/pages/add/council/agendaitempage/{sitting.pk}/" in offered and "Partir d’un fichier" not in offered
    assert "Nouvelle page ici" not in text(secretary, f"/p/{item.pk}/")


def test_who_does_not_prepare_it_knows_nothing_of_it(council, reader, town):
    sitting = council.sitting()
    item = council.item(sitting)
    for path in ("", "convocation/", "echeance/posting/", "proposer/"):
        assert reader.get(f"/p/{sitting.pk}/{path}").status_code == 404
    assert reader.get(f"/p/{item.pk}/quitter/").status_code == 404
    for path in ("ordre/", "tenue/"):
        assert posted(reader, f"/p/{sitting.pk}/{path}").status_code == 404


def test_once_convened_an_elue_reads_and_changes_nothing(council, reader, secretary):
    sitting = council.sitting()
    item = council.item(sitting)
    today = timezone.localdate().isoformat()
    answer = posted(secretary, f"/p/{sitting.pk}/convocation/", sent_on=today, channel="mail", proof="accusés")
    assert answer.url == f"/p/{sitting.pk}/"
    shown = text(reader, f"/p/{sitting.pk}/")
    assert "Convoquée" in shown and "Tarifs de la cantine" in shown and "Fait le" in shown
    assert "Noter comme fait" not in shown and "Descendre" not in shown
    assert "Nouvelle page ici" not in text(secretary, f"/p/{sitting.pk}/")
    for path in ("convocation/", "echeance/posting/"):
        assert reader.get(f"/p/{sitting.pk}/{path}").status_code == 403
    assert reader.get(f"/p/{item.pk}/quitter/").status_code == 403
    assert posted(reader, f"/p/{sitting.pk}/ordre/", item=item.pk, step="up").status_code == 403


def test_no_screen_publishes_what_the_convocation_opens(council, secretary):
    sitting = council.sitting()
    assert "/publier/" not in text(secretary, f"/p/{sitting.pk}/brouillon/")
    assert "Relire et publier" not in text(secretary, f"/p/{sitting.pk}/")
    assert posted(secretary, f"/p/{sitting.pk}/publier/").status_code == 403
    editor = secretary.get(f"/admin/pages/{sitting.pk}/edit/").content.decode()
    assert 'name="action-publish"' not in editor


def test_too_late_a_convocation_is_refused_on_the_screen(council, secretary):
    sitting = council.sitting(2)
    council.item(sitting)
    answer = posted(
        secretary, f"/p/{sitting.pk}/convocation/", sent_on=timezone.localdate().isoformat(), channel="paper"
    )
    assert answer.status_code == 422 and "trop tardive" in answer.content.decode()
    assert stage_of(sitting) == SittingState.PREPARATION


def test_order_by_keys(council, secretary):
    sitting = council.sitting()
    council.item(sitting, "Un")
    second = council.item(sitting, "Deux")
    answer = posted(secretary, f"/p/{sitting.pk}/ordre/", item=second.pk, step="up")
    assert answer.url == f"/p/{sitting.pk}/#point-{second.pk}"
    assert [row["title"] for row in queries.agenda(Viewer(council.secretary), sitting)] == ["Deux", "Un"]
    assert posted(secretary, f"/p/{sitting.pk}/ordre/", item="9999", step="up").status_code == 404


def test_leaving_the_agenda(council, secretary):
    sitting, later = council.sitting(), council.sitting(60, "Conseil de décembre")
    first, second = council.item(sitting, "Un"), council.item(sitting, "Deux")
    assert "Conseil de décembre" in text(secretary, f"/p/{first.pk}/quitter/")
    posted(secretary, f"/p/{first.pk}/quitter/", reason="Pièces incomplètes")
    posted(secretary, f"/p/{second.pk}/quitter/", reason="Avis attendu", to=later.pk)
    assert sorted(AgendaPlace.objects.values_list("sitting__title", "state")) == [
        ("Conseil de décembre", "on"),
        ("Conseil d’octobre", "postponed"),
        ("Conseil d’octobre", "withdrawn"),
    ]
    assert "Retiré de l’ordre du jour : Pièces incomplètes" in text(secretary, f"/p/{first.pk}/")
    assert posted(secretary, f"/p/{first.pk}/quitter/", reason="").status_code == 422


def test_a_deadline_is_noted(council, secretary):
    sitting = council.sitting()
    assert "Afficher ou publier" in text(secretary, f"/p/{sitting.pk}/echeance/posting/")
    answer = posted(secretary, f"/p/{sitting.pk}/echeance/posting/", on=timezone.localdate().isoformat())
    assert answer.url == f"/p/{sitting.pk}/#calendrier"
    assert "Fait le" in text(secretary, f"/p/{sitting.pk}/")
    for code in ("convocation", "lunch", "meeting"):
        assert secretary.get(f"/p/{sitting.pk}/echeance/{code}/").status_code == 404


def test_the_sitting_took_place(council, secretary):
    sitting = council.sitting(4)
    council.item(sitting)
    operations.record_convocation(
        sitting=sitting, sent_on=timezone.localdate(), channel=Channel.MAIL, proof="", by=council.secretary
    )
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() - timedelta(hours=1))
    assert "La séance a eu lieu" in text(secretary, f"/p/{sitting.pk}/")
    posted(secretary, f"/p/{sitting.pk}/tenue/")
    assert "Tenue" in text(secretary, f"/p/{sitting.pk}/")


def test_proposing_from_a_project(council, agent, secretary, reader, town):
    project, sitting = town.project("École des Tilleuls"), council.sitting()
    town.give(Role.READER, person=council.secretary)
    assert "Proposer au conseil" in text(agent, f"/p/{project.pk}/")
    assert "Proposer au conseil" not in text(reader, f"/p/{project.pk}/")
    answer = posted(
        agent, f"/p/{project.pk}/proposer/", title="Attribuer le lot 2", why="", instance=council.instance.pk
    )
    assert answer.url == f"/p/{project.pk}/"
    assert "En attente, par Patrick Brun" in text(agent, f"/p/{project.pk}/")
    proposal = Proposal.objects.get()
    assert "Attribuer le lot 2" in text(secretary, f"/p/{sitting.pk}/")
    path = f"/p/{sitting.pk}/propositions/{proposal.pk}/"
    assert "par patrick brun" in text(secretary, path).lower()
    assert posted(secretary, path, deed="refuse", answer="").status_code == 422
    assert posted(secretary, path, deed="accept").url == f"/p/{sitting.pk}/"
    # The agent may not read the sitting in preparation: nothing is said of it. Who reads it finds it on the project.
    assert "Attribuer le lot 2" in text(town.signed_in(town.admin), f"/p/{project.pk}/")
    assert reader.get(path).status_code == 404


def test_a_proposal_from_a_page_one_may_not_read_does_not_exist(council, secretary, town):
    hidden, sitting = town.project("Contentieux"), council.sitting()
    town.give(Role.READER, person=council.secretary)  # who reads the town does not read what is reserved
    access.reserve(page=hidden, by=town.admin, why="")
    proposal = operations.propose(instance=council.instance, page=hidden, title="Un protocole", why="", by=town.admin)
    assert "protocole" not in text(secretary, f"/p/{sitting.pk}/")
    assert secretary.get(f"/p/{sitting.pk}/propositions/{proposal.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        operations.accept(proposal=proposal, sitting=sitting, by=council.secretary)


def test_as_many_queries_for_three_items_as_for_one(council):
    counts = []
    for number in (1, 3):
        sitting = council.sitting()
        for place in range(number):
            council.item(sitting, f"Point {place}", rapporteur=council.mandates[place])
        viewer = Viewer(council.secretary)
        viewer.can_view(sitting)
        with CaptureQueriesContext(connection) as asked:
            assert len(queries.agenda(viewer, sitting)) == number
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 11


def test_nobody_reads_a_sitting_that_is_not_written(council, secretary):
    assert secretary.get("/p/99999/convocation/").status_code == 404
    assert secretary.get(f"/p/{council.shelf.pk}/convocation/").status_code == 404


def test_order_by_dragging_is_the_same_deed(council, secretary):
    sitting = council.sitting()
    council.item(sitting, "Un")
    second = council.item(sitting, "Deux")
    path = f"/p/{sitting.pk}/ordre/"
    asked = {"item": second.pk, "number": 1}
    assert secretary.post(path, asked, headers={"accept": "application/json"}).status_code == 204
    assert [row["title"] for row in queries.agenda(Viewer(council.secretary), sitting)] == ["Deux", "Un"]
    operations.record_convocation(
        sitting=sitting, sent_on=timezone.localdate(), channel=Channel.MAIL, proof="", by=council.secretary
    )
    assert secretary.post(path, asked, headers={"accept": "application/json"}).status_code == 409
    assert "les numéros annoncés restent" in text(secretary, f"/p/{sitting.pk}/")


def test_an_agenda_in_preparation_shows_its_drafts(council, secretary):
    """A page that was never published keeps in its row what it was created with."""
    sitting = council.sitting()
    item = council.item(sitting)
    draft = item.get_latest_revision_as_object()
    draft.item_kind, draft.rapporteur = "information", council.mandates[1]
    pages.save_draft(page=draft, author=council.secretary)
    shown = text(secretary, f"/p/{sitting.pk}/")
    assert "Information, sans vote" in shown and "Rapporteur : Bernard Aubanel" in shown


# The home of who answers for the sittings.


def test_the_home_of_the_secretariat_says_what_its_sittings_wait_for(council, secretary):
    assert "Vos séances" not in text(secretary, "/")
    sitting = council.sitting()
    shown = text(secretary, "/")
    assert f'href="/p/{sitting.pk}/">{known_title(sitting)}</a><p>Envoyer la convocation. Au plus tard le' in shown
    held = council.sitting(3)
    SittingPage.objects.filter(pk=held.pk).update(starts_at=timezone.now() - timedelta(days=90))
    assert text(secretary, "/").count('href="/p/') == shown.count('href="/p/')


def test_the_home_of_others_has_no_sitting_to_prepare(council, town):
    council.sitting()
    assert "Vos séances" not in text(town.signed_in(town.technical), "/")
    assert "Vos séances" not in text(town.signed_in(town.outsider), "/")
