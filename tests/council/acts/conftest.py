"""The council of seven, its sitting of an hour ago told to its end."""

import pytest
from django.utils import timezone

from council.acts.models import Deliberation
from council.agenda.enums import SittingState
from council.agenda.models import SittingRecord
from kb.access.models import Role
from tests.council.floor.conftest import Floor


class Acts(Floor):
    """`run` holds the whole sitting: six present, one of them by pouvoir for the seventh's."""

    def run(self):
        """Catherine gives a pouvoir; Bernard takes no part in the tariffs; the accounts; a delegate; a question."""
        self.open(5, pouvoirs=[(5, 1)], secretaries=[self.council.mandates[2]])
        self.tell("item", 2, item="1")
        self.tell("withdraw", 3, members=[self.key(3)], ground="personal", left_room=True)
        self.vote = self.tell("ballot", 6, votes={self.key(4): "against"}, others="for")
        self.tell("item", 7, item="2")
        self.tell("preside", 8, member=self.key(1))
        self.tell("ballot", 12, unanimous=True)
        self.tell("item", 13, item="3")
        self.tell("ballot", 20, candidates={self.key(1): 4}, blanks=1, nulls=1)
        self.tell("arrive", 21, members=[self.key(6)])
        self.tell("item", 22, item="4")
        self.close()
        return self.sitting

    def following(self):
        """The next sitting, its roll call made."""
        sitting = self.council.sitting(2, title="Conseil suivant")
        SittingRecord.objects.create(page=sitting, state=SittingState.OPEN, sent_on=timezone.localdate())
        return sitting

    def seated(self, place=0):
        """Who sits there, with an account that reads the sittings."""
        person = self.town.person("Une", "Élue")
        self.town.give(Role.READER, self.council.shelf, person=person)
        mandate = self.council.mandates[place]
        mandate.account = person
        mandate.save()
        return person

    @property
    def deliberations(self):
        return list(Deliberation.objects.order_by("position"))


@pytest.fixture
def acts(council):
    """The sitting, convened and not yet opened."""
    return Acts(council)
