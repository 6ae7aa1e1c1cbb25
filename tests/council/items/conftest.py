"""A council whose maire and rapporteur have accounts, a service of finances, and a project whose service proposes."""

import pytest

from council.agenda.models import AgendaItemPage
from council.items.models import ItemSubject
from kb.access.models import Role
from kb.moderation import operations, queries
from kb.pages import operations as pages
from kb.permissions import Viewer


class Way:
    """An item, its people, and its way through the circuit."""

    def __init__(self, council) -> None:
        self.council, self.town = council, council.town
        self.secretary = council.secretary
        self.clerk = self.town.person("Lucie", "Clerc")
        self.town.give(Role.EDITOR, council.shelf, person=self.clerk)
        self.maire, self.rapporteur = self.town.person("Hélène", "Marchetti"), self.town.person("Nadia", "Benkacem")
        for mandate, account, office in (
            (council.mandates[0], self.maire, "Maire"),
            (council.mandates[2], self.rapporteur, "Adjointe"),
        ):
            mandate.account, mandate.office = account, office
            mandate.save()
        self.head, self.treasurer = self.town.person("Paul", "Chef"), self.town.person("Rose", "Comptes")
        self.service, self.finances = self.town.service("Écoles"), self.town.service("Finances")
        self.town.give(Role.MANAGER, self.service, person=self.head)
        self.town.give(Role.MANAGER, self.finances, person=self.treasurer)
        self.project = self.town.project("École des Tilleuls", under=self.service)
        council.instance.finances = self.finances
        council.instance.save()
        self.sitting = council.sitting()

    def item(self, **fields):
        """An item about the project, whose rapporteur is Nadia, written by the clerk."""
        about = fields.pop("about", [self.project])
        fields.setdefault("rapporteur", self.council.mandates[2])
        page = self.town.page(
            fields.pop("title", "Tarifs de la cantine"),
            "<p>Vu le code.</p>",
            under=self.sitting,
            author=self.clerk,
            publish=False,
            model=AgendaItemPage,
            **fields,
        )
        draft = page.get_latest_revision_as_object()
        draft.subjects = [ItemSubject(subject=one) for one in about]
        pages.save_draft(page=draft, author=self.clerk)
        page.refresh_from_db()
        return page

    def submit(self, page, by=None):
        return operations.submit(page=page, author=by or self.clerk)

    def waiting(self, page):
        return queries.on_page(page, Viewer(self.town.admin))

    def approve(self, page, by, words=""):
        page.refresh_from_db()
        seen = queries.seen(page, page.get_latest_revision())
        return operations.approve(task_state=self.waiting(page).task_state, by=by, seen=seen, words=words)

    def stands(self, page):
        """« step: who », or nothing once it is over."""
        found = self.waiting(page)
        return f"{found.step}: {found.takers.names}" if found else ""


@pytest.fixture
def way(council) -> Way:
    """See above."""
    return Way(council)
