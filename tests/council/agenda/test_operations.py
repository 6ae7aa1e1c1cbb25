"""Deeds on a sitting: the order, leaving an agenda, the convocation, deadlines, proposals; each refusal with its way out."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import PageLogEntry

from council.agenda import operations, queries, urgency
from council.agenda.enums import Channel, PlaceState, ProposalState, SittingKind, SittingState
from council.agenda.models import AgendaItemPage, AgendaPlace, DoneStep, Proposal, SittingPage, SittingRecord, stage_of
from council.members.models import Population
from kb import permissions
from kb.access.models import Role
from kb.documents import operations as documents
from kb.pages import operations as pages
from kb.pages import revising
from kb.pages.models import RevisionRecord
from kb.permissions import Viewer
from kb.refusals import Refused

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def titles(council, sitting, person=None):
    return [row["title"] for row in queries.agenda(Viewer(person or council.secretary), sitting)]


def convene(council, sitting, days_ago=0, by=None):
    return operations.record_convocation(
        sitting=sitting,
        sent_on=TODAY() - timedelta(days=days_ago),
        channel=Channel.MAIL,
        proof="accusés",
        by=by or council.secretary,
    )


def test_the_order_by_keys(council):
    sitting = council.sitting()
    first, second, third = (council.item(sitting, title) for title in ("Un", "Deux", "Trois"))
    operations.move_item(item=third, step=-1, by=council.secretary)
    operations.move_item(item=first, step=-1, by=council.secretary)  # at the top already
    assert titles(council, sitting) == ["Un", "Trois", "Deux"]
    operations.move_item(item=second, step=1, by=council.secretary)
    assert [row["number"] for row in queries.agenda(Viewer(council.secretary), sitting)] == ["1", "2", "3"]


def test_who_may_order(council, town):
    item = council.item(council.sitting())
    with pytest.raises(PermissionDenied, match="ordonner"):
        operations.move_item(item=item, step=1, by=town.elu)


def test_withdrawn_in_preparation_and_after(council):
    sitting = council.sitting()
    first, second = council.item(sitting, "Un"), council.item(sitting, "Deux")
    operations.take_off(item=first, reason="Pièces incomplètes", by=council.secretary)
    rows = queries.agenda(Viewer(council.secretary), sitting)
    assert [(row["title"], row["number"], row["left"]) for row in rows] == [
        ("Un", "–", "Retiré de l’ordre du jour : Pièces incomplètes"),
        ("Deux", "1", ""),
    ]
    with pytest.raises(operations.Refused, match="n’est plus à l’ordre du jour"):
        operations.take_off(item=first, reason="Encore", by=council.secretary)
    with pytest.raises(operations.Refused, match="écrivez-la"):
        operations.take_off(item=second, reason="  ", by=council.secretary)


@pytest.mark.both_databases
def test_postponed_from_a_sitting_in_preparation(council):
    sitting, later = council.sitting(), council.sitting(60, "Conseil de décembre")
    item = council.item(sitting)
    operations.postpone(item=item, to=later, reason="Avis attendu", by=council.secretary)
    assert titles(council, later) == ["Tarifs de la cantine"]
    left = AgendaPlace.objects.get(sitting=sitting)
    assert (left.state, left.reason, left.moved_to, left.title) == (
        PlaceState.POSTPONED,
        "Avis attendu",
        later,
        "Tarifs de la cantine",
    )
    assert AgendaItemPage.objects.get(pk=item.pk).get_parent().pk == later.pk
    entry = PageLogEntry.objects.get(action="council.agenda.postpone")
    assert (entry.user, entry.data["why"]) == (council.secretary, "Avis attendu")


def test_postponed_from_a_sitting_convened_a_copy_leaves(council):
    sitting, later = council.sitting(), council.sitting(60, "Conseil de décembre")
    item = council.item(sitting)
    convene(council, sitting)
    copy = operations.postpone(item=item, to=later, reason="Avis attendu", by=council.secretary)
    assert copy.pk != item.pk
    assert AgendaItemPage.objects.get(pk=item.pk).get_parent().pk == sitting.pk
    assert [(row["number"], row["on"]) for row in queries.agenda(Viewer(council.secretary), sitting)] == [("1", False)]
    assert titles(council, later) == ["Tarifs de la cantine"]


def test_postponed_to_an_earlier_or_a_convened_sitting(council):
    sitting, later = council.sitting(), council.sitting(60, "Conseil de décembre")
    item, other = council.item(sitting), council.item(later)
    with pytest.raises(operations.Refused, match="plus tardive"):
        operations.postpone(item=other, to=sitting, reason="Non", by=council.secretary)
    convene(council, later)
    with pytest.raises(operations.Refused, match="choisissez une séance en préparation"):
        operations.postpone(item=item, to=later, reason="Non", by=council.secretary)


# The convocation.


@pytest.mark.both_databases
def test_convened_the_dossier_opens_to_all_at_once_and_no_longer_moves(council, town):
    sitting = council.sitting()
    first, second = council.item(sitting, "Un"), council.item(sitting, "Deux")
    assert not permissions.can_view(town.elu, sitting)
    record = convene(council, sitting)
    sitting, first = SittingPage.objects.get(pk=sitting.pk), AgendaItemPage.objects.get(pk=first.pk)
    assert (record.state, record.channel, record.convened_by) == (SittingState.CONVENED, "mail", council.secretary)
    assert (sitting.live, first.live) == (True, True)
    assert titles(council, sitting, town.elu) == ["Un", "Deux"]
    place = AgendaPlace.objects.get(item=first)
    assert place.convened_revision_id == first.live_revision_id
    assert RevisionRecord.objects.get(revision=first.live_revision_id).kept_because.startswith("Convocation du ")
    with pytest.raises(operations.Refused, match="les numéros annoncés restent"):
        operations.move_item(item=second, step=-1, by=council.secretary)
    with pytest.raises(pages.Refused, match="ne peut pas se placer sous"):
        council.item(sitting, "Trois")
    with pytest.raises(operations.Refused, match="déjà notée"):
        convene(council, sitting)


def test_only_the_convocation_opens_a_sitting_and_nothing_changes_it_after(council, town):
    sitting = council.sitting()
    item = council.item(sitting)
    for page in (sitting, item):
        for by in (council.secretary, town.admin):
            assert not page.permissions_for_user(by).can_publish()
            with pytest.raises(PermissionDenied, match="s’ouvrent ensemble"):
                pages.publish_draft(page=page, revision=page.get_latest_revision(), author=by)
    earlier = item.get_latest_revision()
    revising.keep(earlier, because="Relue")
    pages.save_draft(page=item, author=council.secretary)
    convene(council, sitting)
    item = AgendaItemPage.objects.get(pk=item.pk)
    item.note = "Autre chose."
    with pytest.raises(Refused, match="est convoqué"):
        pages.save_draft(page=item, author=council.secretary)
    with pytest.raises(PermissionDenied, match="figés"):
        pages.publish_revision(page=item, revision=earlier, author=council.secretary)
    assert AgendaItemPage.objects.get(pk=item.pk).note == ""
    assert not item.permissions_for_user(town.admin).can_unpublish()


def test_a_new_version_of_an_annex_does_not_reach_what_was_sent(council, town):
    document, sitting = town.document(b"Une note", "note.txt", author=council.secretary), council.sitting()
    item = council.item(sitting)
    pages.attach_document(page=item, document=document, author=council.secretary)
    convene(council, sitting)
    documents.add_version(
        document=document, file=io.BytesIO(b"Une autre"), file_name="note.txt", author=council.secretary
    )
    documents.publish_current_version(document=document, author=council.secretary)
    assert [row.version.number for row in AgendaItemPage.objects.get(pk=item.pk).attachments.all()] == [1]


def test_a_convened_sitting_keeps_its_day(council):
    sitting = council.sitting()
    council.item(sitting)
    convene(council, sitting)
    sitting = SittingPage.objects.get(pk=sitting.pk)
    sitting.place = "préau"
    sitting.full_clean()
    sitting.starts_at += timedelta(days=1)
    with pytest.raises(ValidationError, match="convoquez une autre séance"):
        sitting.full_clean()


@pytest.mark.parametrize(
    ("days", "kind", "refused"), [(3, "ordinary", True), (4, "ordinary", False), (2, "urgent", False)]
)
def test_the_delay(council, days, kind, refused):
    sitting = council.sitting(days, sitting_kind=SittingKind(kind))
    council.item(sitting)
    if kind == "urgent":
        urgency.declare(sitting=sitting, reason="La subvention se perd lundi.", by=council.secretary)
    if refused:
        with pytest.raises(operations.Refused, match=r"trop tardive.*art\. L2121-11.*convoquez en urgence"):
            convene(council, sitting)
        assert stage_of(sitting) == SittingState.PREPARATION
        assert convene(council, sitting, days_ago=1).sent_on == TODAY() - timedelta(days=1)
    else:
        convene(council, sitting)
    assert stage_of(sitting) == SittingState.CONVENED


def test_nothing_is_convened_without_an_item_nor_in_advance_nor_without_a_right(council, town):
    sitting = council.sitting()
    with pytest.raises(operations.Refused, match="inscrivez au moins un point"):
        convene(council, sitting)
    council.item(sitting)
    with pytest.raises(operations.Refused, match="une fois partie"):
        convene(council, sitting, days_ago=-1)
    with pytest.raises(PermissionDenied, match="convoquer"):
        convene(council, sitting, by=town.elu)


def test_from_3500_inhabitants_each_item_has_its_note(council):
    Population.objects.create(instance=council.instance, inhabitants=3500, since=date(2026, 3, 16))
    sitting = council.sitting()
    council.item(sitting, "Voirie", item_kind="information")
    council.item(sitting, "Budget", note="Une page.")
    item = council.item(sitting)
    with pytest.raises(operations.Refused, match=r"manque pour « Tarifs de la cantine » \(art\. L2121-12\)"):
        convene(council, sitting)
    assert not SittingRecord.objects.filter(page=sitting, state=SittingState.CONVENED).exists()
    item.note = "Une demi-page."
    pages.save_draft(page=item, author=council.secretary)
    convene(council, sitting)


@pytest.mark.parametrize(("department", "said"), [("67", "nous ne connaissons pas la vôtre"), ("", "n’est pas notée")])
def test_what_the_clock_does_not_know_stops_the_convocation(council, department, said):
    if department:
        council.instance.department = department
        council.instance.save()
    else:
        Population.objects.all().delete()
    sitting = council.sitting()
    council.item(sitting)
    with pytest.raises(operations.Refused, match=said):
        convene(council, sitting)


def test_alsace_moselle_once_the_town_has_answered(council):
    instance = council.instance
    instance.department, instance.own_clear_days, instance.own_article = "67", 3, "L2541-2"
    instance.save()
    sitting = council.sitting()
    council.item(sitting)
    assert convene(council, sitting).state == SittingState.CONVENED


# After.


def test_a_sitting_is_held_once_it_took_place(council):
    sitting = council.sitting(4)
    council.item(sitting)
    with pytest.raises(operations.Refused, match="n’est pas convoquée"):
        operations.note_held(sitting=sitting, by=council.secretary)
    convene(council, sitting)
    with pytest.raises(operations.Refused, match="une fois passée"):
        operations.note_held(sitting=sitting, by=council.secretary)
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() - timedelta(hours=1))
    operations.note_held(sitting=SittingPage.objects.get(pk=sitting.pk), by=council.secretary)
    assert stage_of(sitting) == SittingState.HELD


def test_deadlines_are_noted(council):
    sitting = council.sitting()
    for day in (TODAY() - timedelta(days=1), TODAY()):
        operations.note_done(sitting=sitting, code="posting", on=day, by=council.secretary)
    assert DoneStep.objects.get().on == TODAY()
    for code, on, said in (
        ("posting", 1, "une fois fait"),
        ("list", 0, "La séance est le"),
        ("lunch", 0, "rouvrez"),
        ("convocation", 0, "rouvrez"),
    ):
        with pytest.raises(operations.Refused, match=said):
            operations.note_done(sitting=sitting, code=code, on=TODAY() + timedelta(days=on), by=council.secretary)


# Proposals.


def propose(council, page, by, title="Attribuer le lot 2"):
    return operations.propose(instance=council.instance, page=page, title=title, why="Avant le 30.", by=by)


@pytest.mark.both_databases
def test_a_proposal_becomes_an_item(council, town):
    town.give(Role.READER, person=council.secretary)
    project, sitting = town.project("École des Tilleuls"), council.sitting()
    proposal = propose(council, project, town.technical)
    with pytest.raises(operations.Refused, match="attend déjà une réponse"):
        propose(council, project, town.technical)
    with pytest.raises(PermissionDenied):
        operations.accept(proposal=proposal, sitting=sitting, by=town.elu)
    item = operations.accept(proposal=proposal, sitting=sitting, by=council.secretary)
    assert (item.title, item.summary, item.get_parent().pk) == ("Attribuer le lot 2", "Avant le 30.", sitting.pk)
    assert titles(council, sitting) == ["Attribuer le lot 2"]
    with pytest.raises(operations.Refused, match="a déjà sa réponse : inscrite"):
        operations.refuse(proposal=proposal, sitting=sitting, answer="Trop tard", by=council.secretary)


def test_a_proposal_is_set_aside_with_a_word(council, town):
    town.give(Role.READER, person=council.secretary)
    proposal, sitting = propose(council, town.project("École"), town.technical), council.sitting()
    with pytest.raises(operations.Refused, match="écrivez pourquoi"):
        operations.refuse(proposal=proposal, sitting=sitting, answer=" ", by=council.secretary)
    operations.refuse(proposal=proposal, sitting=sitting, answer="Après l’avis de la commission", by=council.secretary)
    assert Proposal.objects.get().state == ProposalState.REFUSED


def test_who_edits_a_page_proposes_it(council, town):
    with pytest.raises(PermissionDenied, match="proposer au conseil"):
        propose(council, town.project("École"), town.elu)


def test_an_item_goes_to_its_number(council):
    sitting = council.sitting()
    first, second, third = (council.item(sitting, title) for title in ("Un", "Deux", "Trois"))
    council.item(sitting, "Quatre")
    operations.take_off(item=second, reason="Essai", by=council.secretary)

    def order():
        return [row.item.title for row in queries.placed(SittingPage.objects.get(pk=sitting.pk))]

    operations.place_item(item=third, number=1, by=council.secretary)
    assert order() == ["Trois", "Deux", "Un", "Quatre"]
    operations.place_item(item=third, number=99, by=council.secretary)
    assert order() == ["Un", "Deux", "Quatre", "Trois"]
    with pytest.raises(PermissionDenied):
        operations.place_item(item=first, number=2, by=council.town.elu)
