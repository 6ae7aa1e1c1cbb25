"""The order of an agenda with a mouse: the same deed as the buttons, kept after a reload."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from council.agenda.models import AgendaItemPage, SittingPage
from council.members import operations as members
from council.members.models import Instance

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def sitting(town):
    instance = members.settle_instance(
        instance=Instance(name="Conseil"), inhabitants=2380, since=date(2026, 3, 15), by=town.admin
    )
    page = town.page(
        "Séance", model=SittingPage, publish=False, instance=instance, starts_at=timezone.now() + timedelta(days=30)
    )
    for title in ("Un", "Deux", "Trois"):
        town.page(title, model=AgendaItemPage, under=page, publish=False)
    return page


def expect_order(page, *titles):
    expect(page.locator(".agenda .title")).to_have_text(list(titles), use_inner_text=True)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_last_item_is_dragged_to_the_top(town, visitor, sitting, width):
    secretary = visitor(width=width).sign_in(town.signed_in(town.admin))
    page = secretary.page
    page.goto(f"/p/{sitting.pk}/")
    expect_order(page, "Un", "Deux", "Trois")
    handles = page.locator(".drag-handle")
    handles.nth(2).scroll_into_view_if_needed()
    first, last = page.locator(".agenda > li").first.bounding_box(), handles.nth(2).bounding_box()
    with page.expect_response(lambda answer: "/ordre/" in answer.url) as told:
        page.mouse.move(last["x"] + 10, last["y"] + 10)
        page.mouse.down()
        page.mouse.move(last["x"] + 10, first["y"] + first["height"] * 1.4, steps=8)
        page.mouse.move(last["x"] + 10, first["y"] + 4, steps=8)
        page.mouse.up()
    assert told.value.status == 204
    expect(page.locator(".agenda .when")).to_have_text(["1", "2", "3"], use_inner_text=True)
    page.reload()
    expect_order(page, "Trois", "Un", "Deux")
    assert secretary.troubles == []
