"""The cast as a real town has it: an agent who writes, a head of service, a moderator, a secretary who answers for all."""

from typing import Any

import pytest

from kb.access.models import Grant, Role
from kb.moderation import operations, queries
from kb.moderation.models import Preset
from kb.pages import operations as pages
from kb.permissions import Viewer


class Circuit:
    """A town with a service whose head is Paul, moderated by Inès, answered for by Claire's Direction (Denise)."""

    def __init__(self, town: Any) -> None:
        self.town = town
        Grant.objects.all().delete()
        self.agent, self.officer, self.elu = town.technical, town.communication, town.elu
        self.head = town.person("Paul", "Chef", "Services techniques")
        self.secretary = town.person("Denise", "Direction", "Direction")
        town.give(Role.READER, group="Élus")
        town.give(Role.MODERATOR, person=self.officer)
        town.give(Role.MANAGER, person=self.secretary)
        self.service = town.service("Voirie", author=self.secretary)
        town.give(Role.EDITOR, self.service, person=self.agent)
        town.give(Role.MANAGER, self.service, person=self.head)

    def choose(self, preset: Preset, page: Any = None) -> None:
        operations.set_circuit(page=page or self.service, preset=preset, by=self.town.admin)

    def draft(self, title: str = "Déneigement", body: str = "<p>On sale à 5 h.</p>", **fields: Any) -> Any:
        """A page of the service, never published."""
        return self.town.page(title, body, under=self.service, author=self.agent, publish=False, **fields)

    def live(self, title: str = "Déneigement", body: str = "<p>On sale à 5 h.</p>", **fields: Any) -> Any:
        """A page of the service, published."""
        return self.town.page(title, body, under=self.service, author=self.secretary, **fields)

    def change(self, page: Any, body: str, by: Any = None, why: str = "") -> Any:
        """A newer draft of a page, with its one paragraph changed in place."""
        fresh = page.get_latest_revision_as_object()
        raw = fresh.body.get_prep_value()
        fresh.body = type(fresh.body)(fresh.body.stream_block, [{**raw[0], "value": body}], is_lazy=True)
        revision = pages.save_draft(page=fresh, author=by or self.agent, why=why)
        page.refresh_from_db()
        return revision

    def submit(self, page: Any, by: Any = None, **fields: Any) -> Any:
        page.refresh_from_db()
        return operations.submit(page=page, author=by or self.agent, **fields)

    def waiting(self, page: Any) -> Any:
        return queries.on_page(page, Viewer(self.town.admin))

    def seen(self, page: Any) -> str:
        fresh = type(page).objects.get(pk=page.pk)
        return queries.seen(fresh, fresh.get_latest_revision())

    def approve(self, page: Any, by: Any, **fields: Any) -> Any:
        fields.setdefault("seen", self.seen(page))
        return operations.approve(task_state=self.waiting(page).task_state, by=by, **fields)

    def refuse(self, page: Any, by: Any, words: str = "Précisez l’heure.") -> None:
        operations.ask_for_changes(task_state=self.waiting(page).task_state, by=by, seen=self.seen(page), words=words)

    def takers(self, page: Any) -> list[Any]:
        return list(self.waiting(page).takers.people)


@pytest.fixture
def circuit(town: Any) -> Circuit:
    """See above."""
    return Circuit(town)


@pytest.fixture
def short(circuit: Circuit) -> Circuit:
    """The same, where communication alone validates."""
    circuit.choose(Preset.COMMUNICATION)
    return circuit
