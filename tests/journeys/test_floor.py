"""The operator's laptop in a real browser: the keyboard, a network that goes away in the middle of a vote, an answer lost."""

import time
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from council.floor.models import SittingEvent
from council.floor.queries import ballots_of
from tests.council.conftest import Council
from tests.council.floor.conftest import Floor

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def floor(town: Any) -> Floor:
    return Floor(Council(town))


@pytest.fixture
def operator(floor: Floor, visitor: Any) -> Any:
    return visitor().sign_in(floor.town.signed_in(floor.secretary))


def wait_for(condition: Any, seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "nothing came"
        time.sleep(0.1)


def types(floor: Floor) -> list[str]:
    return list(SittingEvent.objects.filter(sitting=floor.sitting.pk).order_by("order").values_list("type", flat=True))


def queued(screen: Any, floor: Floor) -> int:
    return int(screen.evaluate(f"JSON.parse(localStorage.getItem('floor:{floor.sitting.pk}') || '[]').length"))


def hold_the_sitting(floor: Floor, operator: Any) -> Any:
    """The roll call by the keyboard and one button; then the first item."""
    screen = operator.page
    screen.goto(f"/p/{floor.sitting.pk}/operateur/")
    screen.get_by_role("button", name="Tout le monde est là").click()
    screen.locator(f"#absent-{floor.key(6)}").focus()
    screen.keyboard.press("ArrowLeft")
    screen.keyboard.press("ArrowRight")
    expect(screen.locator("[data-present]")).to_have_text("6")
    screen.get_by_role("button", name="Ouvrir la séance").click()
    screen.get_by_role("button", name="Tarifs de la cantine").click()
    screen.locator("#vote").wait_for()
    return screen


def test_one_key_each(floor: Floor, operator: Any) -> None:
    screen = hold_the_sitting(floor, operator)
    screen.keyboard.press("F8")
    expect(screen.locator("#fold-together[open]")).to_have_count(1)
    screen.keyboard.press("F2")
    screen.get_by_text("6 pour, 0 contre").first.wait_for()
    screen.keyboard.press("F9")
    screen.locator("#floor-item", has_text="Compte financier unique").wait_for()
    assert types(floor) == ["open", "item", "ballot", "item"]
    assert operator.troubles == []


def test_a_vote_by_groups_is_rehearsed_then_written(floor: Floor, operator: Any) -> None:
    screen = hold_the_sitting(floor, operator)
    for group, vote in (("Ensemble", "Pour"), ("Autrement", "Contre")):
        row = screen.locator(".vote-row", has_text=group)
        row.get_by_text(vote, exact=True).click()
    screen.locator("[data-rehearsed]", has_text="4 pour, 2 contre").wait_for()
    assert types(floor) == ["open", "item"]
    screen.locator(f"#move-{floor.key(6)}").click()  # somebody arrives in the middle of the vote
    screen.locator(".quorum-bar", has_text="7 votants").wait_for()
    assert screen.locator(".vote-row", has_text="Ensemble").locator("[value=for]").is_checked()
    screen.locator(".vote-row", has_text="Robert Sauzet").get_by_text("Pour", exact=True).click()
    screen.get_by_role("button", name="Enregistrer le vote").click()
    screen.locator(".said-by-law", has_text="5 pour, 2 contre").wait_for()
    assert operator.troubles == []


def test_the_network_goes_away_in_the_middle_of_a_vote(floor: Floor, operator: Any) -> None:
    """Nothing is lost, nothing is doubled, and all comes in its order."""
    screen = hold_the_sitting(floor, operator)
    screen.locator(".vote-row", has_text="Ensemble").get_by_text("Pour", exact=True).click()
    operator.context.set_offline(True)
    screen.locator(".vote-row", has_text="Autrement").get_by_text("Abstention", exact=True).click()
    vote = screen.get_by_role("button", name="Enregistrer le vote")
    vote.click()
    screen.locator("[data-queue]", has_text="1 saisie attend le réseau").wait_for()
    vote.click()  # the hand insists
    screen.locator(f"#move-{floor.key(6)}").click()
    screen.locator("[data-queue]", has_text="2 saisies attendent le réseau").wait_for()
    assert types(floor) == ["open", "item"] and queued(screen, floor) == 2
    operator.context.set_offline(False)
    screen.locator(".said-by-law", has_text="4 pour, 0 contre, 2 abstentions").wait_for()
    wait_for(lambda: queued(screen, floor) == 0)
    assert types(floor) == ["open", "item", "ballot", "arrive"]
    expect(screen.locator("[data-queue]")).to_be_hidden()
    (row,) = ballots_of(floor.sitting)
    assert (row["votes_for"], row["abstentions"]) == (4, 2)


def test_what_is_refused_after_it_waited_is_read(floor: Floor, operator: Any) -> None:
    screen = hold_the_sitting(floor, operator)
    operator.context.set_offline(True)
    screen.locator(f"#move-{floor.key(6)}").click()
    screen.locator("[data-queue]", has_text="1 saisie attend").wait_for()
    floor.tell("arrive", member=floor.key(6))  # from another laptop
    operator.context.set_offline(False)
    aside = screen.locator("[data-aside]", has_text="Robert Sauzet : Arrive : Robert Sauzet est déjà dans la salle")
    aside.wait_for()
    aside.get_by_role("button", name="J’ai lu").click()
    expect(aside).to_be_hidden()
    assert types(floor) == ["open", "item", "arrive"]


def test_the_next_item_is_voted_while_the_server_is_away(floor: Floor, operator: Any) -> None:
    """The browser believes itself on line: two items are voted, and each vote goes to its own."""
    screen = hold_the_sitting(floor, operator)
    screen.route("**/operateur/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    screen.keyboard.press("F2")
    screen.locator("#call-2").click()
    screen.locator("#floor-item", has_text="Compte financier unique").wait_for()
    screen.locator("[data-queue]", has_text="2 saisies attendent le réseau").wait_for()
    screen.locator("#vote").get_by_text("En totaux", exact=True).click()
    screen.locator("#vote [name=votes_for]").fill("5")
    screen.get_by_role("button", name="Enregistrer le vote").click()
    screen.locator("[data-queue]", has_text="3 saisies attendent le réseau").wait_for()
    screen.unroute("**/operateur/")
    # The accounts want another president than the maire: the vote of item 2 is refused when it comes, and says so.
    screen.locator("[data-aside]", has_text="Vote du point 2 : Pour les comptes le conseil élit").wait_for()
    assert types(floor) == ["open", "item", "ballot", "item"]
    assert [row["item"] for row in ballots_of(floor.sitting)] == ["1"]


def test_an_answer_that_is_lost_is_not_a_second_vote(floor: Floor, operator: Any) -> None:
    screen = hold_the_sitting(floor, operator)
    lost = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())  # the server has written it
            route.abort()
        else:
            route.continue_()

    screen.route("**/operateur/", lose)
    screen.keyboard.press("F2")
    screen.locator(".said-by-law", has_text="6 pour").wait_for()
    assert len(lost) == 1 and len(ballots_of(floor.sitting)) == 1
    assert types(floor) == ["open", "item", "ballot"]


def test_what_is_typed_outlives_a_crash_of_the_browser(floor: Floor, operator: Any) -> None:
    screen = hold_the_sitting(floor, operator)
    screen.locator(".vote-row", has_text="Ensemble").get_by_text("Contre", exact=True).click()
    screen.route("**/operateur/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    screen.locator(f"#move-{floor.key(6)}").click()
    screen.locator("[data-queue]", has_text="1 saisie attend").wait_for()
    screen.close()
    again = operator.context.new_page()
    again.goto(f"/p/{floor.sitting.pk}/operateur/")
    wait_for(lambda: types(floor) == ["open", "item", "arrive"])
    expect(again.locator(".vote-row", has_text="Ensemble").locator("[value=against]")).to_be_checked()


def test_a_refusal_leaves_the_boxes_as_they_were(floor: Floor, operator: Any) -> None:
    screen = hold_the_sitting(floor, operator)
    screen.get_by_text("En totaux", exact=True).click()
    screen.locator("#vote [name=votes_for]").fill("9")
    screen.get_by_role("button", name="Enregistrer le vote").click()
    screen.locator("[data-refused]", has_text="quelqu’un a voté deux fois").wait_for()
    expect(screen.locator("#vote [name=votes_for]")).to_have_value("9")
    assert types(floor) == ["open", "item"]


def test_nothing_of_the_votes_stays_on_the_laptop_after_the_closing(floor: Floor, operator: Any) -> None:
    screen = hold_the_sitting(floor, operator)
    screen.locator(".vote-row", has_text="Ensemble").get_by_text("Contre", exact=True).click()
    drafts = "Object.keys(localStorage).filter((key) => key.includes(':draft:')).length"
    wait_for(lambda: screen.evaluate(drafts) > 0)
    floor.close()
    screen.get_by_text("La séance est levée.").first.wait_for()
    wait_for(lambda: screen.evaluate(drafts) == 0)


def test_the_room_follows(floor: Floor, operator: Any, visitor: Any) -> None:
    room = visitor().sign_in(floor.town.signed_in(floor.town.elu)).page
    room.goto(f"/p/{floor.sitting.pk}/projection/")
    expect(room.get_by_text("La séance va s’ouvrir.")).to_be_visible()
    hold_the_sitting(floor, operator).keyboard.press("F2")
    room.locator(".projected .result", has_text="6 pour").wait_for()


def test_one_hour_serves_for_all_and_each_form_has_its_own_without_a_script(floor: Floor, visitor: Any) -> None:
    session = floor.town.signed_in(floor.secretary)
    door = f"/p/{floor.sitting.pk}/operateur/"
    screen = visitor(scripts=False).sign_in(session).page
    screen.goto(door)
    expect(screen.locator("#heure")).to_be_hidden()
    for place in range(5):
        screen.locator(f"#present-{floor.key(place)}").check(force=True)
    screen.locator(".roll-call [name=heure]").fill(timezone.localtime(floor.at(1)).strftime("%H:%M"))
    screen.get_by_role("button", name="Ouvrir la séance").click()
    screen.locator("#call-1").wait_for()
    roll = screen.locator("form[data-entry=roll]")
    roll.locator("[name=heure]").fill(timezone.localtime(floor.at(7)).strftime("%H:%M"))
    roll.locator(f"#move-{floor.key(6)}").click()
    screen.locator(".register li", has_text="Arrivée").wait_for()
    came = SittingEvent.objects.get(sitting=floor.sitting.pk, type="arrive")
    assert came.at == floor.at(7)
    scripted = visitor().sign_in(session).page
    scripted.goto(door)
    scripted.locator("#call-1").click()
    scripted.locator("#vote").wait_for()
    expect(scripted.locator("#heure")).to_be_visible()
    expect(scripted.locator("[name=heure]")).to_have_count(1)
