"""The operator's screen, its small state, the projector, corrections, blank papers: each works, then each refusal."""

from datetime import timedelta
from uuid import uuid4

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.acts.models import Deliberation
from council.agenda.enums import SittingState
from council.agenda.models import SittingPage, stage_of
from council.floor.models import SittingEvent
from council.floor.queries import ballots_of
from council.withdrawals.models import Withdrawal
from kb.access import operations as access

pytestmark = pytest.mark.django_db
TREE_OF_TESTS = 3  # within the transaction of a test the tree is read at each request, not kept in memory


@pytest.fixture
def operator(floor):
    return floor.town.signed_in(floor.secretary)


def plain(answer):
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def address(floor, rest=""):
    return f"/p/{floor.sitting.pk}/operateur/{rest}"


def press(client, floor, deed, **fields):
    """A form of the screen, posted as its script does; the answer's JSON."""
    data = {"deed": deed, "id": str(uuid4()), **{name.replace("__", ":"): value for name, value in fields.items()}}
    answer = client.post(address(floor), data, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer
    told = answer.json()
    return told | {name: told[name].replace("\u00a0", " ").replace("\u202f", " ") for name in ("html", "refused")}


def said(client, floor, deed, **fields):
    """How it is refused; empty where it is done."""
    return press(client, floor, deed, **fields)["refused"]


def declare(floor, place, item, ground="personal"):
    return Withdrawal.objects.create(
        item=floor.items[item],
        sitting=floor.sitting,
        mandate=floor.council.mandates[place],
        ground=ground,
        by=floor.secretary,
    )


def test_who_said_beforehand_that_he_takes_no_part_is_recalled_at_the_item(floor, operator):
    declare(floor, 1, 0)
    floor.open(6)
    said_of, name = "a déclaré ne pas prendre part à ce point", str(floor.council.mandates[1])
    assert said_of not in plain(operator.get(address(floor)))
    html = press(operator, floor, "item", item="1")["html"]
    assert f"<strong>{name}</strong> {said_of} (intérêt personnel, art. L2131-11)" in html
    noted = press(operator, floor, "withdraw", item="1", member=floor.key(1), ground="personal")
    assert noted["refused"] == "" and said_of not in noted["html"] and f"Ne prend pas part : {name}." in noted["html"]
    assert said_of not in press(operator, floor, "item", item="2")["html"]


def test_what_a_closing_would_leave_undone_is_said_before_it(floor, operator):
    floor.open(6)
    html = press(operator, floor, "item", item="1")["html"]
    assert "Avant de lever la séance" in html and "Aucun secrétaire de séance n’est nommé (art. L2121-15)." in html
    assert "Point 1, Tarifs de la cantine : rien n’est voté." in html
    press(operator, floor, "unanimous", item="1")
    press(operator, floor, "item", item="3")
    html = press(operator, floor, "appoint_secretary", member=floor.key(2))["html"]
    assert "Aucun secrétaire" not in html and "Point 1," not in html
    assert "Point 3, Délégué au syndicat des eaux" not in html  # the secretary was named at this item
    assert "Point 2, Compte financier unique : rien n’est voté." in html and "Point 4," not in html


def test_the_papers_are_one_button_away_once_it_is_closed(floor, operator):
    floor.open(6)
    floor.close()
    assert f'href="/p/{floor.sitting.pk}/papiers/"' in plain(operator.get(address(floor)))


def test_a_sitting_is_not_held_before_its_day(floor, operator):
    SittingPage.objects.filter(pk=floor.sitting.pk).update(starts_at=timezone.now() + timedelta(days=3))
    refusal = said(operator, floor, "open", **{f"etat__{floor.key(place)}": "present" for place in range(5)})
    assert "elle s’ouvre ce jour-là." in refusal and not SittingEvent.objects.exists()


def test_from_the_roll_call_to_the_closing(floor, operator):
    assert "Appel" in plain(operator.get(address(floor)))
    roll = {f"etat:{floor.key(place)}": "present" for place in range(5)} | {f"pouvoir:{floor.key(5)}": floor.key(1)}
    answer = operator.post(address(floor), {"deed": "open", "id": str(uuid4()), **roll, "secretary": floor.key(2)})
    assert answer.status_code == 302 and stage_of(floor.sitting) == SittingState.OPEN
    shown = plain(operator.get(address(floor)))
    assert "Quorum : 5 présents comptés pour 7 membres en exercice, il en faut 4 : il est atteint." in shown
    assert "6 votants, dont 1 pouvoir, qui ne compte pas dans le quorum." in shown
    assert press(operator, floor, "item", item="1")["refused"] == ""
    vote = {"group:Ensemble": "for", "group:Autrement": "against", f"vote:{floor.key(3)}": "abstention"}
    html = press(operator, floor, "ballot", item="1", way="groups", **vote)["html"]
    assert "3 pour, 2 contre, 1 abstention" in html
    assert press(operator, floor, "close")["refused"] == ""
    assert stage_of(floor.sitting) == SittingState.CLOSED


def test_each_button_of_an_item(floor, operator):
    floor.open(6)
    table = [floor.key(place) for place in range(7)]
    for deed, fields in (
        ("item", {"item": "1"}),
        ("leave", {"member": table[5]}),
        ("return", {"member": table[5]}),
        ("arrive", {"row": f"arrive:{table[6]}"}),
        ("appoint_secretary", {"member": [table[1], table[2]], "assistants": "Jeanne"}),
        ("withdraw", {"item": "1", "member": table[4], "ground": "personal", "left_room": "1"}),
        ("ballot_requested", {"item": "1", "ballot": "public", "member": [table[1], table[2]]}),
        ("decide", {"item": "1", "what": "huis_clos", "way": "totals", "votes_for": "6", "votes_against": "0"}),
        ("decide", {"what": "public_again"}),
        ("open_ballot", {"item": "1"}),
        ("unanimous", {"item": "1", "ballot": "public"}),
        ("suspend", {}),
        ("resume", {}),
        ("item", {"item": "2"}),
        ("preside", {"item": "2", "member": table[1]}),
        ("ballot", {"item": "2", "way": "totals", "votes_for": "3", "votes_against": "3", "abstentions": "0"}),
        ("item", {"item": "3"}),
        (
            "elect",
            {
                "item": "3",
                "office": "other",
                "candidate_0": "Robert Sauzet",
                "candidate_0_votes": "3",
                "candidate_1": "Nadia Benkacem",
                "candidate_1_votes": "3",
                "blanks": "1",
            },
        ),
        (
            "elect",
            {"item": "3", "office": "other", "candidate_0": "Robert Sauzet", "candidate_0_votes": "5", "blanks": "2"},
        ),
        ("item", {"item": "4"}),
        ("postpone", {"item": "4"}),
    ):
        assert said(operator, floor, deed, **fields) == "", (deed, fields)
    rows = [(row["item"], row["kind"], row["result"]) for row in ballots_of(floor.sitting)]
    assert rows == [
        ("1", "huis_clos", "adopted"),
        ("1", "deliberation", "adopted"),
        ("2", "accounts", "adopted"),
        ("3", "appointment", "elected"),
        ("4", "postponement", "withdrawn"),
    ]


def test_the_other_ways_to_appoint(floor, operator):
    floor.open(7)
    assert said(operator, floor, "decide", item="3", what="waive_secrecy", way="unanimous") == ""
    assert said(operator, floor, "read_out", item="3", office="commission", candidate_0="Robert Sauzet") == ""
    lists = {
        "list_0": "A",
        "list_0_members": "Hélène Marchetti\nNadia Benkacem",
        "list_0_votes": "4",
        "list_1": "B",
        "list_1_members": "Michel Bressac, 31/01/1960",
        "list_1_votes": "3",
        "seats": "2",
        "office": "cao",
        "name": "CAO",
    }
    assert said(operator, floor, "elect", item="3", ballot="ordinary", **lists) == ""
    assert [len(row["elected"]) for row in ballots_of(floor.sitting) if row["kind"] == "appointment"] == [1, 2]
    assert "écrivez-la comme 31/01/1960" in said(
        operator, floor, "elect", item="3", **(lists | {"list_1_members": "Michel Bressac, 1960", "name": "b"})
    )
    assert "deux fois parmi les candidats" in said(
        operator, floor, "elect", item="3", candidate_0="Robert Sauzet", candidate_1="robert sauzet"
    )


def test_on_a_tie_the_president_decides(floor, operator):
    floor.open(4)
    tie = {"item": "1", "way": "totals", "votes_for": "2", "votes_against": "2"}
    assert "donnez-la (« Voix du président »)" in said(operator, floor, "ballot", **tie)
    assert said(operator, floor, "ballot", **tie, president_votes="against") == ""
    (row,) = ballots_of(floor.sitting)
    assert row["result"] == "rejected" and row["casting_vote_used"]


def test_several_items_in_one_vote_and_several_votes_in_one_item(floor, operator):
    floor.open(5)
    assert said(operator, floor, "unanimous", item="1", name="amendement n° 1") == ""
    assert said(operator, floor, "take_note", item="1") == ""
    assert [row["name"] for row in ballots_of(floor.sitting)] == ["amendement n° 1", ""]
    assert said(operator, floor, "preside", scope="rest", member=floor.key(1)) == ""
    assert said(operator, floor, "unanimous", item="1", **{"with": "2", "name": "ensemble"}) == ""
    assert [row["item"] for row in ballots_of(floor.sitting)][2:] == ["1", "2"]


def test_a_secret_ballot_has_totals_alone(floor, operator):
    floor.open(5)
    fields = {"ballot": "secret", "votes_for": "2", "votes_against": "2", "blanks": "1", "group:Ensemble": "for"}
    assert said(operator, floor, "ballot", item="1", **fields) == ""
    (row,) = ballots_of(floor.sitting)
    assert (row["ballot"], row["blanks"], row["result"]) == ("secret", 1, "rejected")


def test_a_refusal_is_read_and_nothing_is_written(floor, operator):
    floor.open(3)
    before = SittingEvent.objects.count()
    assert "attendez une arrivée" in said(operator, floor, "unanimous", item="1")
    assert "nombre entier" in said(operator, floor, "ballot", item="1", way="totals", votes_for="douze")
    assert "ne prend pas part" in said(operator, floor, "withdraw", item="1")
    assert "sans raison" in said(operator, floor, "take_off", item="1")
    assert "300 signes au plus" in said(operator, floor, "take_off", item="1", reason="x" * 301)
    assert "Choisissez ce que le conseil décide" in said(operator, floor, "decide", item="1")
    assert "rechargez la page" in said(operator, floor, "dance")
    assert "rechargez la page" in said(operator, floor, "suspend", id="x")
    assert "rechargez la page" in said(operator, floor, "undo", event="x")
    assert "écrivez-la comme 18:30" in said(operator, floor, "suspend", heure="midi")
    assert SittingEvent.objects.count() == before
    page = operator.post(address(floor), {"deed": "unanimous", "item": "1", "id": str(uuid4())})
    assert page.status_code == 422 and "attendez une arrivée" in plain(page)


def test_the_roll_call_is_refused_whole(floor, operator):
    both = {f"etat:{floor.key(1)}": "present", f"pouvoir:{floor.key(1)}": floor.key(2)}
    assert "gardez l’un des deux" in said(operator, floor, "open", **both)
    assert "choisissez un membre" in said(operator, floor, "open", **{f"pouvoir:{floor.key(1)}": "987654"})
    assert not SittingEvent.objects.exists()


def test_the_same_form_twice_is_one_entry(floor, operator):
    floor.open(5)
    known = str(uuid4())
    for _time in range(2):
        assert said(operator, floor, "unanimous", item="1", id=known) == ""
    assert len(ballots_of(floor.sitting)) == 1


@pytest.mark.parametrize("clock", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_laptop_whose_clock_says_nothing_possible_takes_the_hour_of_the_server(floor, operator, clock):
    floor.open(5)
    assert said(operator, floor, "suspend", at=clock) == ""
    assert abs(SittingEvent.objects.get(type="suspend").at - timezone.now()) < timedelta(minutes=2)


def test_what_no_paper_can_print_is_not_kept(floor, operator):
    floor.open(5)
    assert said(operator, floor, "suspend", reason="Un \x00malaise\x0b\x1b") == ""
    assert SittingEvent.objects.get(type="suspend").data == {"reason": "Un malaise"}


def test_a_sitting_of_yesterday_bears_its_hours(floor, operator):
    SittingPage.objects.filter(pk=floor.sitting.pk).update(starts_at=floor.at(-60 * 24 * 2))
    roll = {f"etat:{floor.key(place)}": "present" for place in range(5)}
    assert "écrivez l’heure où c’est arrivé" in said(operator, floor, "open", **roll)
    hour = f"{floor.began.astimezone():%H:%M}"
    shown = plain(operator.get(address(floor)))
    assert f'value="{hour}"' in shown
    assert said(operator, floor, "open", heure=hour, **roll) == ""
    (event,) = SittingEvent.objects.all()
    assert event.at == floor.at(-60 * 24 * 2)


def test_a_page_left_open_overnight_does_not_date_what_is_noted_the_next_morning(floor, operator):
    floor.open(5)
    SittingPage.objects.filter(pk=floor.sitting.pk).update(starts_at=floor.at(-60 * 13))
    assert "écrivez l’heure où c’est arrivé" in said(operator, floor, "suspend", at=timezone.now().isoformat())
    assert not SittingEvent.objects.filter(type="suspend").exists()


def test_what_a_vote_would_give_is_said_without_writing(floor, operator):
    floor.open(5)
    form = {"deed": "ballot", "item": "1", "way": "totals", "votes_for": "4", "votes_against": "1", "id": str(uuid4())}
    assert "4 pour, 1 contre" in operator.post(address(floor, "essai.json"), form).json()["sentence"]
    wrong = operator.post(address(floor, "essai.json"), {**form, "votes_for": "9"}).json()
    assert "quelqu’un a voté deux fois" in wrong["refused"] and ballots_of(floor.sitting) == []


# The small state.


def test_the_state_is_asked_again_for_little(floor, operator):
    floor.open(5)
    first = operator.get(address(floor, "etat.json"))
    assert first.status_code == 200 and "Présences" in first.json()["html"]
    with CaptureQueriesContext(connection) as asked:
        again = operator.get(address(floor, "etat.json"), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and len(asked) - TREE_OF_TESTS <= 6
    floor.tell("arrive", member=floor.key(5))
    with CaptureQueriesContext(connection) as asked:
        changed = operator.get(address(floor, "etat.json"), headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]
    few = len(asked)
    assert few - TREE_OF_TESTS <= 10
    for place in range(3):
        floor.tell("item", item=str(place + 1))
    with CaptureQueriesContext(connection) as asked:
        operator.get(address(floor, "etat.json"))
    assert len(asked) == few + 1  # who takes no part in the item


def test_an_undone_entry_stays_in_the_log(floor, operator):
    floor.open(5)
    vote = floor.tell("ballot", item="1", unanimous=True)
    shown = press(operator, floor, "undo", event=str(vote))
    assert shown["refused"] == "" and "Annulé par Jeanne Secrète" in shown["html"]


# Who may.


def test_who_holds_the_sitting(floor):
    for person, status in ((floor.town.elu, 403), (floor.town.outsider, 404)):
        client = floor.town.signed_in(person)
        for rest in ("", "etat.json", "vierge.pdf"):
            assert client.get(address(floor, rest)).status_code == status, (person, rest)
        assert client.post(address(floor), {"deed": "open", "id": str(uuid4())}).status_code == status
        assert client.post(address(floor, "essai.json")).status_code == status
    assert not SittingEvent.objects.exists()


def test_whoever_has_not_signed_in_is_sent_to_the_door(floor, client):
    for rest in ("operateur/", "operateur/etat.json", "projection/", "projection/etat.json"):
        assert client.get(f"/p/{floor.sitting.pk}/{rest}").status_code == 302


def test_a_sitting_in_preparation_is_not_held(floor, operator):
    sitting = floor.council.sitting(40, "Plus tard")
    for rest in ("operateur/", "operateur/etat.json", "operateur/vierge.pdf", "projection/", "projection/etat.json"):
        assert operator.get(f"/p/{sitting.pk}/{rest}").status_code == 404


# After the closing.


def test_a_correction_from_the_log(floor, operator):
    floor.open(5)
    vote = floor.tell("ballot", item="1", votes_for=4, votes_against=1)
    place = address(floor, f"{vote}/")
    assert operator.get(place).status_code == 404  # it is undone instead
    floor.close()
    assert place in operator.get(address(floor)).content.decode()
    shown = plain(operator.get(place))
    assert "4 pour, 1 contre" in shown and 'name="votes_for" value="4"' in shown
    form = {"what": "with", "votes_for": "3", "votes_against": "2"}
    assert operator.post(place, form).status_code == 422
    refused = operator.post(place, {**form, "reason": "Recompté", "votes_for": "9"})
    assert refused.status_code == 422 and "recomptez" in plain(refused)
    assert operator.post(place, {**form, "reason": "Recompté"}).status_code == 302
    assert ballots_of(floor.sitting)[0]["votes_against"] == 2
    assert "Correction : Recompté" in plain(operator.get(address(floor)))
    assert operator.get(address(floor, f"{uuid4()}/")).status_code == 404
    assert operator.post(place, {"what": "undo", "reason": "Compté deux fois"}).status_code == 302
    assert ballots_of(floor.sitting) == []


def test_a_vote_by_name_is_rectified_after_the_closing(floor, operator):
    floor.open(5)
    floor.tell("ballot_requested", item="1", ballot="public", members=[floor.key(1), floor.key(2)])
    vote = floor.tell("ballot", item="1", votes={floor.key(4): "against"}, others="for")
    floor.close()
    place = address(floor, f"{vote}/")
    fields = {f"vote_{floor.key(place)}": "for" for place in range(5)}
    assert f'name="vote_{floor.key(4)}"' in plain(operator.get(place)) and "votes_for" not in plain(operator.get(place))
    named = {**fields, f"vote_{floor.key(3)}": "against", "what": "with", "reason": "Deux noms inversés"}
    assert operator.post(place, named).status_code == 302
    (row,) = ballots_of(floor.sitting)
    assert row["by_name"] == {floor.key(n): "against" if n == 3 else "for" for n in range(5)}
    assert (row["votes_for"], row["votes_against"]) == (4, 1)
    assert SittingEvent.objects.get(pk=vote).data["votes"] == {floor.key(4): "against"}  # what was typed stays


def test_a_tie_that_a_correction_makes_asks_for_the_presidents_voice(floor, operator):
    floor.open(6)
    vote = floor.tell("ballot", item="1", votes_for=4, votes_against=2)
    floor.close()
    place = address(floor, f"{vote}/")
    tie = {"what": "with", "votes_for": "3", "votes_against": "3", "reason": "Recompté"}
    refused = operator.post(place, tie)
    assert refused.status_code == 422 and "donnez-la (« Voix du président »)" in plain(refused)
    assert operator.post(place, tie | {"president_votes": "against"}).status_code == 302
    assert ballots_of(floor.sitting)[0]["result"] == "rejected"


def test_a_round_is_rectified_after_the_closing_unless_a_later_one_depends_on_it(floor, operator):
    names = [floor.key(place) for place in range(7)]
    floor.open(5)
    first, second, third = (
        floor.tell("ballot", item="3", kind="appointment", candidates={names[1]: 2, names[2]: 2}, blanks=1, born=born)
        for born in ({}, {}, {names[1]: "1960-01-31", names[2]: "1950-01-31"})
    )
    floor.close()
    assert ballots_of(floor.sitting)[0]["elected"] == [names[2]]
    shown = plain(operator.get(address(floor, f"{third}/")))
    assert f"Voix de {floor.council.mandates[1]}" in shown and 'value="1950-01-31"' in shown
    assert "né le" not in plain(operator.get(address(floor, f"{first}/")))
    won = {"what": "with", "candidate_0": "3", "candidate_1": "1", "blanks": "1", "reason": "Dépouillé de nouveau"}
    refused = operator.post(address(floor, f"{second}/"), won)
    assert refused.status_code == 422 and "Une saisie plus récente en dépend, corrigez-la" in plain(refused)
    assert operator.post(address(floor, f"{third}/"), won | {"candidate_0": "9"}).status_code == 422
    assert operator.post(address(floor, f"{third}/"), won).status_code == 302
    (row,) = ballots_of(floor.sitting)
    assert (row["elected"], row["candidates"]) == ([names[1]], {names[1]: 3, names[2]: 1})
    assert Deliberation.objects.get().ballots[0]["elected"] == [str(floor.council.mandates[1])]


def test_a_departure_forgotten_is_added_after_the_closing(floor, operator):
    floor.open(5)
    vote = floor.tell("ballot", item="1", votes_for=5, votes_against=0)
    called = floor.tell("item", item="2")
    floor.close()
    place = address(floor, f"{called}/")
    form = {"what": "add", "added": "leave", "reason": "Parti à 19 h"}
    assert "Choisissez de qui" in plain(operator.post(place, form))
    assert operator.post(place, {**form, "member": floor.key(3)}).status_code == 302
    assert floor.key(3) not in floor.record.sitting.room.present
    refused = operator.post(place, {**form, "member": floor.key(6)})
    assert refused.status_code == 422 and "notez d’abord son arrivée" in plain(refused)
    early = operator.post(address(floor, f"{vote}/"), {**form, "member": floor.key(2)})
    assert early.status_code == 302


# The screen of the room.


def test_the_room_reads_the_item_the_quorum_and_the_result(floor):
    reader = floor.town.signed_in(floor.town.elu)
    place = f"/p/{floor.sitting.pk}/projection/"
    assert "La séance va s’ouvrir" in plain(reader.get(place))
    floor.open(5)
    assert "Le conseil siège" in plain(reader.get(place))
    floor.tell("item", item="1")
    floor.tell("ballot", item="1", open=True)
    assert "Le vote est ouvert" in plain(reader.get(place))
    floor.tell("ballot", item="1", unanimous=True)
    shown = plain(reader.get(place))
    assert "Tarifs de la cantine" in shown and "5 pour" in shown and "il est atteint" in shown
    first = reader.get(f"{place}etat.json")
    assert reader.get(f"{place}etat.json", headers={"If-None-Match": first["ETag"]}).status_code == 304
    floor.tell("suspend")
    assert "suspendue" in reader.get(f"{place}etat.json").json()["html"]
    floor.tell("resume")
    floor.close()
    assert "La séance est levée" in plain(reader.get(place))


def test_the_screen_is_closed_during_a_huis_clos(floor):
    reader = floor.town.signed_in(floor.town.elu)
    floor.open(5)
    floor.tell("item", item="1")
    floor.tell("decide", what="huis_clos", unanimous=True)
    floor.tell("ballot", votes_for=3, votes_against=2)
    for rest in ("", "etat.json"):
        shown = plain(reader.get(f"/p/{floor.sitting.pk}/projection/{rest}"))
        assert "huis clos" in shown and "cantine" not in shown and "3 pour" not in shown and "7 membres" not in shown
    floor.tell("decide", what="huis_clos", end=True)
    shown = plain(reader.get(f"/p/{floor.sitting.pk}/projection/"))
    assert "cantine" in shown and "3 pour" not in shown


def test_nobody_reads_an_item_that_is_not_his(floor):
    reader = floor.town.signed_in(floor.town.elu)
    floor.open(5)
    floor.tell("item", item="1")
    floor.tell("ballot", votes_for=3, votes_against=2)
    access.reserve(page=floor.items[0], by=floor.town.admin)
    for client in (reader, floor.town.signed_in(floor.secretary)):
        shown = plain(client.get(f"/p/{floor.sitting.pk}/projection/"))
        assert "cantine" not in shown and "3 pour" not in shown
    held = plain(floor.town.signed_in(floor.secretary).get(address(floor)))
    assert "cantine" not in held and "3 pour" not in held


# On paper.


def test_the_blank_papers(floor, operator):
    answer = operator.get(address(floor, "vierge.pdf"))
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    read = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content))
    for words in (
        "Feuille de séance",
        "Robert Sauzet",
        "Tarifs de la cantine",
        "1er tour",
        "Autrement",
        "prochaine séance",
    ):
        assert words in " ".join(read.split()), words


def test_between_two_rounds_the_next_one_stands_ready(floor, operator):
    floor.open(5)
    press(operator, floor, "item", item="3")
    names = [str(one) for one in floor.council.mandates]
    tie = {
        "candidate_0": names[1],
        "candidate_0_votes": 2,
        "candidate_1": names[2],
        "candidate_1_votes": 2,
        "blanks": 1,
    }
    html = press(operator, floor, "elect", item="3", ballot="secret", office="other", **tie)["html"]
    assert "2e tour" in html and "Un autre vote sur ce point" not in html
    won = tie | {"candidate_0_votes": 3, "candidate_1_votes": 1}
    html = press(operator, floor, "elect", item="3", ballot="secret", office="other", **won)["html"]
    assert "Un autre vote sur ce point" in html
