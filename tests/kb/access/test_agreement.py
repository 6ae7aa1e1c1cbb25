"""The three shapes of the one rule agree, on random trees with grants, boundaries, drafts, moves and deletions."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.models import Page
from wagtail.permissions import policy_registry

from kb import permissions
from kb.access import audience, inheritance
from kb.access.models import Boundary, Grant, Inheritance, Role
from kb.pages import tree as trees
from kb.pages.models import ArticlePage, ProjectPage, TeamMember
from kb.people.models import User
from kb.permissions import NOBODY, Standing, Viewer
from kb.trash import operations as trash
from kb.trash.models import Deletion, Trashed

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
PAGES, GRANTS, BOUNDARIES, MOVES, DELETIONS = 300, 40, 12, 8, 6


class Wood:
    """A random tree, built by treebeard itself so that its paths are Wagtail's."""

    def __init__(self, seed: int, home: Page) -> None:
        self.draw = random.Random(seed)
        self.project = home.add_child(instance=ProjectPage(title="Projet", slug=f"projet-{seed}", live=True))
        pages: list[Page] = [home, self.project]
        for number in range(PAGES):
            parent = Page.objects.get(pk=self.draw.choice(pages[-40:] if self.draw.random() < 0.8 else pages).pk)
            if parent.depth >= 12:
                parent = home
            live = self.draw.random() < 0.8
            pages.append(parent.add_child(instance=ArticlePage(title=f"P{number}", slug=f"p{number}", live=live)))
        self.pages = pages
        self.people = [User.objects.create(username=f"p{seed}-{n}") for n in range(6)]
        self.groups = [Group.objects.create(name=f"g{seed}-{n}") for n in range(3)]
        for person in self.people:
            person.groups.set(self.draw.sample(self.groups, self.draw.randrange(3)))
        for person in self.draw.sample(self.people, 2):
            TeamMember.objects.create(page=self.project, person=person)
        for page in self.draw.sample(pages[1:], 40):
            if not page.live:
                Page.objects.filter(pk=page.pk).update(owner=self.draw.choice(self.people))
        self.give()
        for page in self.draw.sample(pages[1:], BOUNDARIES):
            Boundary.objects.create(page_id=page.pk)
        self.move()
        self.delete()
        self.move()  # what is in the trash moves with what stands above it

    def give(self) -> None:
        today = timezone.localdate()
        taken: set[Any] = set()
        certain = [role for role in Role for _ in range(3)]  # or some seed would leave a role out
        while len(taken) < GRANTS:
            kind = self.draw.choice(["person", "person", "group", "group", "team", "public"])
            role = Role.READER if kind == "public" else certain.pop() if certain else self.draw.choice(list(Role))
            who: dict[str, Any] = {
                "person": {"person": self.draw.choice(self.people)},
                "group": {"group": self.draw.choice(self.groups)},
                "team": {"team": self.project},
                "public": {"public": True},
            }[kind]
            page = self.draw.choice(self.pages)
            key = (page.pk, kind, str(who), role == Role.MODERATOR)
            if key in taken:
                continue
            taken.add(key)
            until = self.draw.choice([None, None, today, today - timedelta(days=1), today + timedelta(days=9)])
            Grant.objects.create(page_id=page.pk, role=role, until=until, **who)

    def move(self) -> None:
        for _ in range(MOVES):
            page, target = (Page.objects.get(pk=self.draw.choice(self.pages[1:]).pk) for _ in range(2))
            if Trashed.objects.filter(page__in=[page, target]).exists():
                continue
            if not target.path.startswith(page.path) and target.depth < 10:
                page.move(target, pos="last-child")

    def delete(self) -> None:
        """Some deleted and one of them restored; one above another, sometimes."""
        root = User.objects.create(username=f"cleaner{self.draw.random()}", is_superuser=True)
        done: list[Deletion] = []
        for page in self.draw.sample(self.pages[2:], DELETIONS):
            if not Trashed.objects.filter(page=page.pk).exists():
                done.append(trash.delete_page(page=page, by=root, why="x"))
        for deletion in self.draw.sample(done, len(done)):
            try:
                trash.restore(deletion=deletion, by=root)
                break
            except trash.Refused:
                continue

    def cast(self) -> Iterator[Any]:
        yield AnonymousUser()
        yield from self.people
        yield User.objects.create(username=f"root{self.draw.random()}", is_superuser=True)
        yield User.objects.create(username=f"closed{self.draw.random()}", is_active=False, is_superuser=True)


def by_hand(person: Any, page: Page, rows: list[Any], reserved: set[str], mine: set[Any]) -> Standing:
    """The rule as the issue says it, on plain lists: from the page upwards, up to and including a reserved one."""
    standing, path = NOBODY, page.path
    while path:
        for where, role, who in rows:
            if where == path and who in mine:
                standing = standing.with_role(role)
        if path in reserved:
            break
        path = path[: -Page.steplen]
    return standing


@settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(min_value=0, max_value=10**6))
def test_the_three_shapes_agree(town, seed):
    with transaction.atomic():
        agree(town, seed)
        transaction.set_rollback(True)


def agree(town: Any, seed: int) -> None:
    Grant.objects.all().delete()
    wood = Wood(seed, Page.objects.get(pk=town.home.pk))
    trees.changed(None)
    assert set(Inheritance.objects.values_list("page", "source")) == inheritance.expected()
    today = timezone.localdate()
    rows = [
        (grant.page.path, grant.role, (grant.person_id, grant.group_id, grant.team_id, grant.public))
        for grant in Grant.objects.select_related("page")
        if grant.ended_at is None and (grant.until is None or grant.until >= today)
    ]
    gone = set(Trashed.objects.values_list("page", flat=True))
    assert gone
    reserved = set(Boundary.objects.values_list("page__path", flat=True))
    pages = list(Page.objects.filter(depth__gt=1))
    policy = policy_registry.get_by_type(Page)
    outcomes = set()
    for person in wood.cast():
        mine: set[Any] = {(None, None, None, True)}
        if person.is_active:
            mine |= {(person.pk, None, None, False)}
            mine |= {(None, pk, None, False) for pk in person.groups.values_list("pk", flat=True)}
            teams = TeamMember.objects.filter(person=person).values_list("page", flat=True)
            mine |= {(None, None, pk, False) for pk in teams}
        viewer = Viewer(person)
        visible = set(permissions.visible_to(Page.objects.all(), person).values_list("pk", flat=True))
        editable = set(permissions.editable_by(Page.objects.all(), person).values_list("pk", flat=True))
        deletable = set(Page.objects.filter(Viewer(person).deletable()).values_list("pk", flat=True))
        published = set(policy.instances_user_has_permission_for(person, "publish").values_list("pk", flat=True))
        passes = person.is_superuser and person.is_active
        mine_to_drop = drafts_of(person)
        for page in pages:
            expected = by_hand(person, page, rows, reserved, mine)
            outcomes.add(expected.label)
            node = viewer.tree.nodes.get(page.pk) or viewer.tree.trash[page.path]
            assert viewer.granted(node) == expected, (person, page.path)  # in memory
            assert Viewer(person).granted(page) == expected, (person, page.path)  # in the database
            rights = permissions.abilities(viewer, page)
            assert viewer.could_delete(node) == viewer.could_delete(page)
            if page.pk in gone:
                assert page.pk not in viewer.tree.nodes
                assert page.pk not in visible | editable | published | deletable
                assert set(rights.values()) | {viewer.can_view(node)} == {False}
                continue
            assert rights["delete"] == (page.pk in deletable) == viewer.could_delete(node)
            assert rights["delete"] == (
                page.depth > 2 and (passes or expected.manages or (expected.edits and page.pk in mine_to_drop))
            )
            edits = passes or expected.edits
            assert rights["edit"] == (page.pk in editable) == edits
            assert rights["publish"] == (page.pk in published) == (passes or expected.manages)
            assert rights["view"] == viewer.can_view(node) == (page.pk in visible)
            assert rights["view"] == (edits or (page.live and (expected.reads or passes)))
    assert {"aucun", "lecteur", "commentateur", "éditeur", "responsable"} <= outcomes  # the tree had something to say


def drafts_of(person: Any) -> set[int]:
    """The drafts that he made; none of the wood was published by a deed."""
    return set(Page.objects.filter(owner=person.pk, live=False).values_list("pk", flat=True)) if person.pk else set()


def test_people_on_a_page_are_those_the_rule_names(town):
    page, below = town.page("École"), None
    below = town.page("Chauffage", under=page)
    town.give(Role.MANAGER, page, person=town.outsider)
    Boundary.objects.create(page_id=page.pk)
    trees.changed(None)
    people = audience.people_on(Page.objects.get(pk=below.pk))
    assert {held.person: held.standing.label for held in people.values()} == {town.outsider: "responsable"}
    for person in (town.technical, town.elu, town.communication, town.outsider):
        expected = people[person.pk].standing if person.pk in people else NOBODY
        assert Viewer(person).granted(below) == expected


def test_a_wrong_closure_is_found_and_repaired(town):
    page = town.page("École")
    assert inheritance.repair() == 0
    Inheritance.objects.filter(page=page.pk).delete()
    assert page.pk not in permissions.visible_to(Page.objects.all(), town.elu).values_list("pk", flat=True)
    assert inheritance.repair() == 2
    assert page.pk in permissions.visible_to(Page.objects.all(), town.elu).values_list("pk", flat=True)
