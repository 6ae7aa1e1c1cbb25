"""The compiled rights are those of kb.permissions, for the whole cast."""

from dataclasses import fields
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from council.acts.queries import Reach
from kb.access import operations as access
from kb.access.models import Role
from kb.permissions import Viewer, readable_versions, visible_to
from search import rights
from search.models import Entry
from tests.conftest import Town

pytestmark = pytest.mark.both_databases


def expected(person: Any) -> set[int]:
    """What the rule itself says."""
    pages = visible_to(Page.objects.all(), person)
    versions = readable_versions(person)
    return set(Entry.objects.filter(page__in=pages).values_list("pk", flat=True)) | set(
        Entry.objects.filter(version__in=versions).values_list("pk", flat=True)
    )


def found(person: Any) -> set[int]:
    sql, parameters = rights.condition(Viewer(person))
    return {row.pk for row in Entry.objects.raw(f"SELECT id FROM search_entry WHERE {sql}", parameters)}


@pytest.fixture
def peopled(town: Town) -> Town:
    open_service, closed = town.service("Ouvert"), town.service("Fermé")
    access.reserve(page=closed, by=town.admin, why="")
    town.give(Role.EDITOR, closed, person=town.technical)
    town.give(Role.MODERATOR, closed, group="Communication")
    access.give(page=open_service, grantee=access.Grantee(public=True), role=Role.READER, by=None)
    for service in (open_service, closed):
        page = town.page("Page", "<p>Mots.</p>", under=service)
        town.page("Brouillon", under=service, publish=False)
        town.attach(page, town.document(b"Un", "un.txt"))
    town.document(b"Seul", "seul.txt", author=town.technical)
    return town


def test_everybody_finds_what_he_may_see(peopled: Town) -> None:
    town = peopled
    cast = [town.admin, town.technical, town.finance, town.communication, town.elu, town.outsider, AnonymousUser()]
    answers = [found(person) for person in cast]
    assert answers == [expected(person) for person in cast]
    assert len({frozenset(answer) for answer in answers}) >= 5  # the cast tells the rules apart


def test_a_page_that_waits_for_a_moderator(peopled: Town) -> None:
    draft = Page.objects.get(title="Brouillon", path__startswith=Page.objects.get(title="Fermé").path).specific
    viewer = Viewer(peopled.communication)
    assert draft.pk not in {entry.page_id for entry in Entry.objects.filter(pk__in=found(peopled.communication))}
    viewer.__dict__["submitted"] = frozenset({draft.pk, peopled.home.pk})
    sql, parameters = rights.condition(viewer)
    pages = {row.page_id for row in Entry.objects.raw(f"SELECT * FROM search_entry WHERE {sql}", parameters)}
    assert draft.pk in pages
    assert pages - {None} == set(Page.objects.filter(viewer.visible(), depth__gt=1).values_list("pk", flat=True))


def test_a_draft_closed_to_its_editor_and_one_that_a_reader_is_invited_to(peopled: Town) -> None:
    closed = Page.objects.get(title="Brouillon", path__startswith=Page.objects.get(title="Fermé").path)
    peopled.attach(closed.specific, peopled.document(b"Deux", "deux.txt"), publish=False)
    peopled.give(Role.COMMENTER, closed, person=peopled.finance)
    for person, name in ((peopled.technical, "closed"), (peopled.finance, "invited")):
        before, viewer = found(person), Viewer(person)
        viewer.__dict__[name] = frozenset({closed.pk})
        sql, parameters = rights.condition(viewer)
        after = {row.pk for row in Entry.objects.raw(f"SELECT id FROM search_entry WHERE {sql}", parameters)}
        assert after == expected(viewer) and after != before


@pytest.mark.parametrize(("signed_in", "passes"), [(False, False), (True, False), (True, True)])
def test_what_is_compiled_asks_the_database_nothing(peopled: Town, signed_in: bool, passes: bool) -> None:
    """A right that a Viewer reads would be read of nobody: it goes into _OWN_LISTS."""
    lengths = (2,) * (len(rights._OWN_LISTS) + len(fields(Reach)))
    shape = rights._Shape(signed_in, passes, lengths, timezone.localdate(), "default")
    with CaptureQueriesContext(connection) as asked:
        rights._compiled.__wrapped__(shape)
    assert list(asked) == []


def test_nobody_is_given_somebody_elses_answer(peopled: Town) -> None:
    before = found(peopled.elu)
    assert found(peopled.technical) != before
    assert found(peopled.elu) == before
