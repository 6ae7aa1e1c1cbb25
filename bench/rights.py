"""Rights with 20,000 pages: what 2,000 grants held by the person who asks cost beside 20, asked in turn."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from wagtail.models import Page  # noqa: E402

from bench import town  # noqa: E402
from kb import permissions  # noqa: E402
from kb.access.models import Grant, Role  # noqa: E402
from kb.pages import tree  # noqa: E402
from kb.people.groups import AGENT_GROUPS  # noqa: E402
from kb.people.models import User  # noqa: E402
from kb.people.operations import open_account  # noqa: E402
from kb.permissions import Viewer  # noqa: E402

PAGES, ROUNDS = 20_000, 40
HELD = {"few": 20, "many": 2_000}


def agent(name: str, grants: int) -> User:
    """An agent who edits `grants` branches: half by himself, half by a group of his own."""
    entry = Group.objects.get(name=AGENT_GROUPS[0]).permissions.all()
    group = Group.objects.create(name=f"Groupe {name}")
    group.permissions.set(entry)
    Grant.objects.create(page=Page.objects.get(depth=2), group=group, role=Role.READER)  # both list the same rows
    person = open_account(
        first_name=name, last_name="Agent", email=f"{name}@banc.example", groups=(group.name,), password=town.PASSWORD
    )
    deep = list(Page.objects.filter(depth__gt=3).order_by("path").values_list("pk", flat=True))
    chosen = deep[:: len(deep) // grants][:grants]
    Grant.objects.bulk_create(
        Grant(page_id=pk, role=Role.EDITOR, **({"person": person} if place % 2 else {"group": group}))
        for place, pk in enumerate(chosen)
    )
    return person


def spent(deed: Callable[[], Any]) -> float:
    """Milliseconds of one deed."""
    start = time.perf_counter()
    deed()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Prints the ratios and what they are to reach."""
    town.build(PAGES)
    call_command("collectstatic", verbosity=0, interactive=False)
    people = {name: agent(name, grants) for name, grants in HELD.items()}
    tree.changed(None)
    clients = {}
    for name, person in people.items():
        clients[name] = Client(headers={"host": "127.0.0.1"})
        clients[name].force_login(person, backend="kb.people.backends.SignInNameOrEmail")
    parent = Page.objects.filter(numchild__gt=0, depth=3).first() or Page.objects.get(depth=2)
    page = Page.objects.filter(depth=5).first()
    deeds: dict[str, Callable[[str], Any]] = {
        "deciding one page": lambda name: permissions.abilities(people[name], page),
        "deciding one page of the tree": lambda name: (viewer := Viewer(people[name])).can_view(
            viewer.tree.nodes[page.pk]
        ),
        "listing 50 children": lambda name: list(
            permissions.visible_to(Page.objects.child_of(parent), people[name]).order_by("path")[:50]
        ),
        "the explorer's first page": lambda name: _explorer(clients[name]),
    }
    for label, deed in deeds.items():
        pairs = []
        for _ in range(ROUNDS):
            few, many = spent(lambda deed=deed: deed("few")), spent(lambda deed=deed: deed("many"))
            pairs.append((few, many))
        ratio = statistics.median(many / few for few, many in pairs)
        cost = statistics.median(many for _, many in pairs)
        print(f"{label}: {ratio:.2f} x with 2,000 grants beside 20 (goal 1.2; {cost:.2f} ms)")


def _explorer(client: Client) -> None:
    answer = client.get("/admin/pages/", follow=True)
    if answer.status_code != 200:
        raise SystemExit(f"The explorer answered {answer.status_code}.")


if __name__ == "__main__":
    main()
