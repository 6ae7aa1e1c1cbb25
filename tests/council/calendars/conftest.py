"""The council that convenes, and a communauté where the élue sits too."""

from datetime import timedelta

import pytest
from django.utils import timezone

from council.calendars.models import OutsideMeetingPage
from council.members.models import Instance, Mandate
from tests.council.convening.conftest import convening  # noqa: F401


class Outside:
    """A communauté where the élue sits, and its shelf."""

    def __init__(self, town) -> None:
        self.town, self.shelf = town, town.folder("Communauté de communes")
        self.instance = Instance.objects.create(name="Communauté de communes", body="epci", outside=True)
        Mandate.objects.create(
            instance=self.instance,
            first_name="Bernard",
            last_name="Aubanel",
            since=timezone.localdate(),
            account=town.elu,
        )

    def meeting(self, days=10, title="Conseil communautaire", publish=True, **fields):
        """A meeting, some days from now."""
        starts = timezone.now().replace(microsecond=0) + timedelta(days=days)
        return self.town.page(
            title,
            model=OutsideMeetingPage,
            under=self.shelf,
            publish=publish,
            instance=self.instance,
            starts_at=starts,
            place="siège",
            **fields,
        )


@pytest.fixture
def outside(town):
    return Outside(town)
