"""A council whose maire has an account, with one élue by mail and one member on paper, and a signed sitting."""

import pytest

from council.convening import operations
from kb.access.models import Role


class Convening:
    """`maire` prepares with the secretary; `elue` reads; Nadia Benkacem has no account."""

    def __init__(self, council) -> None:
        self.council, self.town, self.secretary = council, council.town, council.secretary
        self.maire, self.elue = self.town.person("Hélène", "Marchetti", "Élus"), self.town.elu
        self.town.give(Role.EDITOR, council.shelf, person=self.maire)
        first, second, self.on_paper = council.mandates
        first.account, first.office = self.maire, "Maire"
        first.save()
        second.account = self.elue
        second.save()

    def sitting(self, days=20, *, signed=True, **fields):
        """One item, signed by the maire."""
        sitting = self.council.sitting(days, **fields)
        self.item = self.council.item(sitting, note="Une page.")
        if signed:
            operations.sign(sitting=sitting, by=self.maire)
        return sitting

    def sent(self, days=20, **fields):
        """A convened sitting."""
        sitting = self.sitting(days, **fields)
        operations.send(sitting=sitting, by=self.secretary)
        return type(sitting).objects.get(pk=sitting.pk)


@pytest.fixture
def convening(council):
    return Convening(council)
