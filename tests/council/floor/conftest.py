"""A council of seven, convened, whose sitting began an hour ago: an ordinary item, the accounts, an appointment, a question."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from council.agenda import operations as agenda
from council.agenda.enums import Channel, ItemKind
from council.agenda.models import SittingPage
from council.floor import operations, queries
from council.floor.operations import Entry
from council.members import operations as members
from council.members.models import Mandate
from tests.council.conftest import RENEWAL

OTHERS = (
    ("Catherine", "Delmas", "Ensemble"), ("Michel", "Bressac", "Autrement"), ("Thierry", "Combe", "Autrement"),
    ("Robert", "Sauzet", ""),
)  # fmt: skip
ITEMS = (
    ("Tarifs de la cantine", ItemKind.DELIBERATION), ("Compte financier unique", ItemKind.ACCOUNTS),
    ("Délégué au syndicat des eaux", ItemKind.APPOINTMENT), ("Questions diverses", ItemKind.OTHER_BUSINESS),
)  # fmt: skip


class Floor:
    """`maire`, then six others in the order of the table; `open` makes the roll call, `tell` notes an event."""

    def __init__(self, council) -> None:
        self.council, self.town, self.secretary = council, council.town, council.secretary
        for place, (first, last, group) in enumerate(OTHERS, 4):
            mandate = Mandate(
                instance=council.instance,
                first_name=first,
                last_name=last,
                list_name=group,
                since=RENEWAL,
                position=place,
            )
            council.mandates.append(members.add_member(mandate=mandate, by=self.town.admin))
        self.maire, *self.others = council.mandates
        self.maire.office = "Maire"
        self.maire.save()
        self.items = []
        self.began = (timezone.now() - timedelta(hours=1)).replace(second=0, microsecond=0)
        self.sitting = self._convened()

    def _convened(self, **fields):
        sitting = self.council.sitting(20, **fields)
        self.items = [self.council.item(sitting, title, item_kind=kind, note="Une note.") for title, kind in ITEMS]
        agenda.record_convocation(
            sitting=sitting, sent_on=timezone.localdate(), channel=Channel.MAIL, proof="accusés", by=self.secretary
        )
        SittingPage.objects.filter(pk=sitting.pk).update(starts_at=self.began)
        return SittingPage.objects.get(pk=sitting.pk)

    def open(self, present=5, *, pouvoirs=(), minute=0, **more):
        """The first `present` members are there; `pouvoirs` are pairs of places at the table, giver then holder."""
        table = self.council.mandates
        entry = Entry(more.pop("id", None) or uuid4(), "open", {}, self.at(minute), given=True)
        operations.open_sitting(
            sitting=self.sitting,
            entry=entry,
            present=table[:present],
            pouvoirs={table[giver]: table[holder] for giver, holder in pouvoirs},
            president=more.pop("president", None),
            secretaries=more.pop("secretaries", []),
            by=more.pop("by", self.secretary),
        )
        return entry

    def tell(self, type, minute=None, *, id=None, by=None, **data):
        """One event; its id comes back."""
        data = {"from" if name == "giver" else name: value for name, value in data.items()}
        at = self.at(minute) if minute is not None else None
        entry = Entry(id or uuid4(), type, data, at, given=at is not None)
        operations.note(sitting=self.sitting, entry=entry, by=by or self.secretary)
        return entry.id

    def close(self, **more):
        operations.close(sitting=self.sitting, entry=Entry(more.pop("id", None) or uuid4(), "close"), by=self.secretary)

    def at(self, minute):
        """That many minutes after the beginning."""
        return self.began + timedelta(minutes=minute)

    def key(self, place):
        """The id of who sits there at the table, as events write it."""
        return str(self.council.mandates[place].pk)

    @property
    def record(self):
        return queries.record_of(self.sitting)


@pytest.fixture
def floor(council):
    return Floor(council)
