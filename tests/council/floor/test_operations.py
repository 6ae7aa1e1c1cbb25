"""Deeds of a sitting under way: each works once, then each refusal with its way out, nothing half-done."""

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import PageLogEntry

from council.acts.content import Content
from council.agenda import operations as agenda
from council.agenda.enums import PlaceState, SittingState
from council.agenda.models import AgendaPlace, SittingPage, stage_of
from council.floor import board, operations, queries
from council.floor.models import SittingEvent
from council.floor.operations import Entry
from council.members.models import Instance
from council.pouvoirs.models import Pouvoir, ServedSitting
from kb.refusals import Refused

pytestmark = pytest.mark.django_db


def types(floor):
    return [event.type for event in floor.record.standing]


def logged(floor):
    return list(
        PageLogEntry.objects.filter(page=floor.sitting.pk, action__startswith="council.floor")
        .order_by("pk")
        .values_list("action", flat=True)
    )


def refused(floor, said, deed):
    """The deed is refused so, and nothing is written."""
    before = list(SittingEvent.objects.values())
    with pytest.raises(Refused, match=said):
        deed()
    assert list(SittingEvent.objects.values()) == before


# The opening.


def test_the_roll_call_opens_the_sitting(floor):
    floor.open(5, pouvoirs=[(5, 1)], secretaries=[floor.others[1]])
    assert stage_of(floor.sitting) == SittingState.OPEN
    held = floor.record.sitting
    assert held.room.present == [floor.key(place) for place in range(5)]
    assert held.room.pouvoirs == {floor.key(5): floor.key(1)}
    assert held.secretaries == [floor.key(2)]
    assert held.president == held.room.maire == floor.key(0)
    assert list(held.items) == ["1", "2", "3", "4"]
    assert logged(floor) == ["council.floor.open"]


def test_the_same_roll_call_again_changes_nothing(floor):
    entry = floor.open(5, pouvoirs=[(5, 1)])
    floor.open(5, pouvoirs=[(5, 1)], id=entry.id)
    assert types(floor) == ["open", "proxy_given"] and logged(floor) == ["council.floor.open"]


def test_an_open_sitting_is_not_noted_as_held_on_paper(floor):
    floor.open(5)
    refused(floor, "depuis « Tenir la séance »", lambda: agenda.note_held(sitting=floor.sitting, by=floor.secretary))
    assert stage_of(floor.sitting) == SittingState.OPEN


def test_a_sitting_noted_as_held_is_typed_the_next_morning(floor):
    agenda.note_held(sitting=floor.sitting, by=floor.secretary)
    floor.open(5)
    assert stage_of(floor.sitting) == SittingState.OPEN


def test_a_pouvoir_that_cannot_be_opens_nothing(floor):
    refused(floor, "on n’en porte qu’un", lambda: floor.open(3, pouvoirs=[(5, 1), (6, 1)]))
    assert stage_of(floor.sitting) == SittingState.CONVENED


def test_what_is_refused_at_the_opening(floor):
    refused(
        floor,
        "notez d’abord sa convocation",
        lambda: operations.open_sitting(
            sitting=floor.council.sitting(),
            entry=Entry(uuid4(), "open"),
            present=[],
            pouvoirs={},
            president=None,
            secretaries=[],
            by=floor.secretary,
        ),
    )
    refused(floor, "n’est pas encore passé", lambda: floor.open(5, minute=300))
    refused(floor, "donnez une heure de ce jour-là", lambda: floor.open(5, minute=-60 * 48))
    refused(floor, "faites d’abord l’appel", lambda: floor.tell("arrive", member=floor.key(5)))
    floor.open(5)
    refused(floor, "déjà ouverte", lambda: floor.open(5))


def test_who_holds_a_sitting(floor):
    with pytest.raises(PermissionDenied, match="tenir"):
        floor.open(5, by=floor.town.elu)
    floor.open(5)
    with pytest.raises(PermissionDenied, match="tenir"):
        floor.tell("item", item="1", by=floor.town.elu)
    assert types(floor) == ["open"]


# What happens.


def test_a_vote_is_written_by_the_engine(floor):
    floor.open(5, pouvoirs=[(5, 1)])
    floor.tell("item", item="1")
    floor.tell("ballot", votes={floor.key(4): "against"}, others="for")
    (row,) = queries.ballots_of(floor.sitting)
    assert (row["votes_for"], row["votes_against"], row["result"]) == (5, 1, "adopted")
    assert "5 pour, 1 contre" in row["sentence"]


def test_the_same_event_again_changes_nothing(floor):
    floor.open(5)
    known = floor.tell("arrive", member=floor.key(5))
    floor.tell("arrive", member=floor.key(5), id=known)
    assert types(floor) == ["open", "arrive"]


def test_an_event_of_another_sitting_is_refused(floor):
    floor.open(5)
    known = floor.tell("item", item="1")
    SittingEvent.objects.filter(pk=known).update(sitting=floor.council.sitting(40, "Une autre"))
    refused(floor, "autre séance", lambda: floor.tell("item", item="1", id=known))


def test_voting_without_quorum_is_refused(floor):
    floor.open(3, pouvoirs=[(4, 0), (5, 1)])
    floor.tell("item", item="1")
    refused(floor, "attendez une arrivée", lambda: floor.tell("ballot", unanimous=True))
    floor.tell("arrive", member=floor.key(3))
    floor.tell("ballot", unanimous=True)


@pytest.mark.parametrize(
    ("body", "roll", "sentence", "line"),
    [
        ("commission", "Sans quorum légal.", "Sans condition de quorum", "sans quorum légal"),
        ("ccas", "Quorum à demander.", "Quorum à demander : la règle de cette instance", "quorum à demander"),
    ],
)
def test_no_instance_borrows_the_quorum_of_the_conseil_municipal(floor, body, roll, sentence, line):
    Instance.objects.update(body=body, own_clear_days=3, own_article="Règlement")
    floor.sitting = SittingPage.objects.get(pk=floor.sitting.pk)
    assert board.roll_of(floor.sitting)["needed"] == roll
    floor.open(2)
    floor.tell("item", item="1")
    floor.tell("ballot", unanimous=True)
    (row,) = floor.record.rows
    assert row["result"] == "adopted" and sentence in row["quorum_sentence"].replace("\u00a0", " ")
    content = Content(floor.sitting)
    assert content.facts["quorum"].replace("\u00a0", " ") == f"2 présents sur 7 membres en exercice ; {line}"


def test_a_member_who_votes_twice_is_refused(floor):
    floor.open(5)
    floor.tell("item", item="1")
    twice = [{"member": floor.key(1), "vote": "for"}, {"member": floor.key(1), "vote": "against"}]
    refused(floor, "Bernard Aubanel vote deux fois", lambda: floor.tell("ballot", votes=twice, others="for"))
    refused(floor, "quelqu’un a voté deux fois", lambda: floor.tell("ballot", votes_for=5, votes_against=1))


def test_what_may_not_be_decided(floor):
    floor.open(5)
    refused(
        floor, "n’est pas à l’ordre du jour.*prochaine séance", lambda: floor.tell("ballot", item="9", unanimous=True)
    )
    refused(floor, "question diverse.*prochaine séance", lambda: floor.tell("ballot", item="4", unanimous=True))


def test_no_word_of_a_file_is_read_on_the_screen(floor):
    floor.open(5)
    floor.tell("item", item="2")
    refused(floor, "^Pour les comptes .*Qui préside ce point", lambda: floor.tell("ballot", unanimous=True))


def test_what_is_noted_late_takes_its_place(floor):
    floor.open(5)
    floor.tell("item", 10, item="1")
    floor.tell("arrive", 5, member=floor.key(5))
    assert types(floor) == ["open", "arrive", "item"]


def test_what_is_noted_late_may_not_move_a_result(floor):
    floor.open(5)
    floor.tell("ballot", 10, item="1", votes_for=5, votes_against=0)
    refused(floor, "au point 1 en serait changé : annulez-le", lambda: floor.tell("arrive", 5, member=floor.key(5)))


def test_a_clock_that_goes_back_a_little_loses_nothing(floor):
    floor.open(5)
    floor.tell("item", 10, item="1")
    operations.note(
        sitting=floor.sitting, entry=Entry(uuid4(), "arrive", {"member": floor.key(5)}, floor.at(9)), by=floor.secretary
    )
    assert types(floor) == ["open", "item", "arrive"] and floor.record.standing[-1].at == floor.at(10)


# Undoing.


def test_an_event_is_undone_with_its_trace(floor):
    floor.open(5)
    vote = floor.tell("ballot", item="1", unanimous=True)
    operations.undo(sitting=floor.sitting, event=vote, by=floor.secretary)
    operations.undo(sitting=floor.sitting, event=vote, by=floor.secretary)
    row = SittingEvent.objects.get(pk=vote)
    assert row.undone_by == floor.secretary and queries.ballots_of(floor.sitting) == []
    assert logged(floor) == ["council.floor.open", "council.floor.undo"]


def test_what_a_later_vote_rests_on_is_not_undone(floor):
    floor.open(5)
    came = floor.tell("arrive", member=floor.key(5))
    floor.tell("ballot", item="1", votes_for=6, votes_against=0)
    refused(floor, "annul", lambda: operations.undo(sitting=floor.sitting, event=came, by=floor.secretary))
    with pytest.raises(PermissionDenied):
        operations.undo(sitting=floor.sitting, event=came, by=floor.town.elu)


def test_the_roll_call_is_undone_while_nothing_follows(floor):
    entry = floor.open(5, pouvoirs=[(5, 1)])
    called = floor.tell("item", item="1")
    refused(
        floor, "tout ce qui suit", lambda: operations.undo(sitting=floor.sitting, event=entry.id, by=floor.secretary)
    )
    operations.undo(sitting=floor.sitting, event=called, by=floor.secretary)
    operations.undo(sitting=floor.sitting, event=entry.id, by=floor.secretary)
    assert stage_of(floor.sitting) == SittingState.CONVENED and types(floor) == []
    floor.open(6)
    assert len(floor.record.sitting.room.present) == 6


# The closing.


def test_the_closing_carries_out_what_left_the_agenda(floor):
    later = floor.council.sitting(60, "Conseil de décembre")
    floor.open(5)
    floor.tell("ballot", item="1", unanimous=True)
    floor.tell("decide", what="postponement", item="2", reason="Il manque une pièce")
    floor.tell("withdraw", item="3", reason="Retrait du syndicat")
    floor.close()
    assert stage_of(floor.sitting) == SittingState.CLOSED
    rows = AgendaPlace.objects.filter(sitting=floor.sitting).order_by("position")
    assert [(row.state, row.reason, row.moved_to_id) for row in rows] == [
        (PlaceState.ON, "", None),
        (PlaceState.POSTPONED, "Il manque une pièce", later.pk),
        (PlaceState.WITHDRAWN, "Retrait du syndicat", None),
        (PlaceState.ON, "", None),
    ]
    assert [row.item.title for row in later.places.all()] == ["Compte financier unique"]


def test_what_is_postponed_waits_for_a_sitting_that_is_not_there_yet(floor):
    floor.open(5)
    floor.tell("decide", what="postponement", item="4")
    floor.close()
    row = AgendaPlace.objects.get(sitting=floor.sitting, item=floor.items[3])
    assert (row.state, row.reason, row.moved_to) == (PlaceState.POSTPONED, "Portée à la prochaine séance", None)


def test_closing_with_an_open_ballot_is_refused(floor):
    floor.open(5)
    floor.tell("ballot", item="1", open=True)
    refused(floor, "donnez-en le résultat avant de lever la séance", floor.close)
    assert stage_of(floor.sitting) == SittingState.OPEN
    floor.tell("ballot", item="1", unanimous=True)
    known = uuid4()
    floor.close(id=known)
    floor.close(id=known)
    assert types(floor)[-1] == "close" and logged(floor)[-1] == "council.floor.close"


# After it.


def test_a_correction_is_a_dated_act(floor):
    floor.open(5)
    vote = floor.tell("ballot", item="1", votes_for=4, votes_against=1)
    floor.close()

    def correct(reason="Mal compté", event=vote, **change):
        entry = Entry(uuid4(), "correct")
        operations.correct(
            sitting=floor.sitting, entry=entry, event=event, reason=reason, change=change, by=floor.secretary
        )

    refused(floor, "depuis le fil de la séance", lambda: floor.tell("arrive", member=floor.key(5)))
    refused(
        floor,
        "corrigez ce qui est faux",
        lambda: operations.undo(sitting=floor.sitting, event=vote, by=floor.secretary),
    )
    refused(floor, "écrivez sa raison", lambda: correct(" ", undo=True))
    refused(floor, "quelqu’un a voté deux fois", lambda: correct(**{"with": {"votes_for": 9}}))
    refused(floor, "ne se corrige pas", lambda: correct(event=uuid4(), undo=True))
    correct(**{"with": {"votes_for": 3, "votes_against": 2}})
    (row,) = queries.ballots_of(floor.sitting)
    assert (row["votes_for"], row["votes_against"]) == (3, 2)
    assert SittingEvent.objects.get(pk=vote).data["votes_for"] == 4
    assert logged(floor)[-1] == "council.floor.correct"


def test_a_correction_waits_for_the_closing(floor):
    floor.open(5)
    vote = floor.tell("ballot", item="1", unanimous=True)
    refused(
        floor,
        "annulez la saisie",
        lambda: operations.correct(
            sitting=floor.sitting,
            entry=Entry(uuid4(), "correct"),
            event=vote,
            reason="Faux",
            change={"undo": True},
            by=floor.secretary,
        ),
    )


def test_a_pouvoir_given_before_the_sitting_stands_in_the_roll_call(floor):
    """Its document serves its second sitting: the events say so, and one handed in that evening begins at its first."""
    sitting, (giver, holder, other, late) = floor.sitting, floor.council.mandates[3:7]
    document = Pouvoir.objects.create(
        giver=giver, holder=holder, sitting=sitting, sittings=2, given_on=timezone.localdate(), noted_by=floor.secretary
    )
    ServedSitting.objects.create(pouvoir=document, sitting=sitting, rank=2, giver=giver, holder=holder)
    rows = {row["id"]: row["gives"] for row in board.roll_of(sitting)["members"]}
    assert rows[str(giver.pk)] == str(holder.pk) and rows[str(other.pk)] == ""
    floor.open(present=6, pouvoirs=[(3, 4), (6, 5)])
    told = {
        event.data["from"]: event.data for event in SittingEvent.objects.filter(sitting=sitting, type="proxy_given")
    }
    assert told == {
        str(giver.pk): {"from": str(giver.pk), "to": str(holder.pk), "sitting_rank": 2, "illness": False},
        str(late.pk): {"from": str(late.pk), "to": str(other.pk)},
    }


@pytest.mark.parametrize(("said", "after", "kept"), [("02:50", "00:40", "00:50"), ("02:20", "00:40", "01:20")])
def test_the_hour_that_comes_twice_is_the_one_after_what_stands(said, after, kept):
    """Last Sunday of October: 2 h 40, summer time, stands; « 2 h 20 » is then said of winter time."""
    night = datetime(2026, 10, 25, tzinfo=ZoneInfo("Europe/Paris"))
    typed = night.replace(hour=2, minute=int(said[3:]))
    last = datetime(2026, 10, 25, 0, int(after[3:]), tzinfo=UTC)
    found = operations._second_time(typed, last, datetime(2026, 10, 25, 4, tzinfo=UTC))
    assert f"{found.astimezone(UTC):%H:%M}" == kept


def test_two_laptops_close_once_and_what_was_kept_on_the_second_is_refused_with_its_way_out(floor):
    """The second one was without network: its closing, its vote and its roll call come after."""
    floor.open(5)
    floor.tell("item", 1, item="1")
    floor.close()
    before = list(SittingEvent.objects.values())
    late = [
        lambda: floor.close(),
        lambda: floor.tell("ballot", 3, item="1", unanimous=True),
        lambda: floor.tell("arrive", members=[floor.key(5)]),
    ]
    for deed in late:
        refused(floor, "La séance est levée : corrigez ce qui est faux depuis le fil de la séance", deed)
    refused(floor, "La séance est déjà ouverte", lambda: floor.open(5))
    assert list(SittingEvent.objects.values()) == before and stage_of(floor.sitting) == SittingState.CLOSED


def test_a_vote_is_noted_once_by_whoever_notes_it(floor):
    """The other operator's, or a second press: another id, the same vote. Under another name it is another vote."""
    floor.open(5)
    floor.tell("item", 1, item="1")
    first = floor.tell("ballot", 2, item="1", unanimous=True)
    again = "Le point 1 a déjà son résultat.* donnez un autre nom à ce vote"
    refused(floor, again, lambda: floor.tell("ballot", 3, item="1", unanimous=True))
    floor.tell("ballot", 3, item="1", name="amendement n° 1", unanimous=True)
    operations.undo(sitting=floor.sitting, event=first, by=floor.secretary)
    floor.tell("ballot", 4, item="1", votes_for=4, votes_against=1)
    assert [(row["name"], row["votes_for"]) for row in floor.record.rows] == [("amendement n° 1", 5), ("", 4)]
