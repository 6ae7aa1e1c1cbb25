"""A council of seven in a town of 2,380, its shelf of sittings, and who prepares them."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from council.agenda.models import AgendaItemPage, SittingPage
from council.members import operations as members
from council.members.models import Instance, Mandate
from kb.access.models import Role
from tests.council.convening.conftest import convening as convening  # a council whose convocation may leave

RENEWAL = date(2026, 3, 15)


class Council:
    """Builds sittings and items; `secretary` is responsable of the shelf, and of nothing else."""

    def __init__(self, town) -> None:
        self.town = town
        self.instance = members.settle_instance(
            instance=Instance(name="Conseil municipal", place="salle du conseil"),
            inhabitants=2380,
            since=RENEWAL,
            by=town.admin,
        )
        self.mandates = [
            members.add_member(
                mandate=Mandate(
                    instance=self.instance,
                    first_name=first,
                    last_name=last,
                    since=RENEWAL,
                    position=place,
                    list_name="Ensemble",
                    list_rank=place,
                ),
                by=town.admin,
            )
            for place, (first, last) in enumerate(
                [("Hélène", "Marchetti"), ("Bernard", "Aubanel"), ("Nadia", "Benkacem")], 1
            )
        ]
        self.shelf = town.folder("Séances")
        self.secretary = town.person("Jeanne", "Secrète")
        town.give(Role.MANAGER, self.shelf, person=self.secretary)

    def sitting(self, days: int = 20, title: str = "Conseil d’octobre", **fields) -> SittingPage:
        """A sitting in preparation, some days from now, at half past six."""
        on = timezone.localdate() + timedelta(days=days)
        at = timezone.make_aware(datetime(on.year, on.month, on.day, 18, 30))
        return self.town.page(
            title,
            model=SittingPage,
            under=self.shelf,
            author=self.secretary,
            publish=False,
            instance=self.instance,
            starts_at=at,
            **fields,
        )

    def item(self, sitting: SittingPage, title: str = "Tarifs de la cantine", **fields) -> AgendaItemPage:
        """An item of its agenda, as a draft."""
        return self.town.page(
            title, model=AgendaItemPage, under=sitting, author=self.secretary, publish=False, **fields
        )


@pytest.fixture
def council(town) -> Council:
    """The council."""
    return Council(town)
