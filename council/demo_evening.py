"""The last sitting of the demo town, as its operator noted it: a late arrival, a withdrawal, a close vote, a secret ballot."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import F

from council.agenda.models import SittingPage
from council.floor import operations
from council.floor.models import SittingEvent
from council.floor.operations import Entry
from council.members.models import Mandate
from kb.people.account import User

POUVOIRS = {"gerard": "catherine", "elodie": "michel", "philippe": "bernard"}
LATE = "olivier"
AGAINST = ("michel", "francoise", "thierry", "elodie", "robert", "gerard", "catherine", "karim", "marie-paule")
OPPOSED = ("michel", "francoise", "thierry", "elodie")
# Minutes after the hour convened, and what was noted; members by their keys.
EVENING: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (2, "item", {"item": "1"}),
    (3, "appoint_secretary", {"members": ["lucie"]}),
    (5, "item", {"item": "2"}),
    (10, "item", {"item": "3"}),
    (17, "arrive", {"members": [LATE]}),
    (21, "item", {"item": "4"}),
    (38, "ballot", {"votes": dict.fromkeys(OPPOSED, "abstention"), "others": "for"}),
    (39, "item", {"item": "5"}),
    (52, "ballot", {"unanimous": True}),
    (53, "item", {"item": "6"}),
    (88, "ballot", {"votes": dict.fromkeys(AGAINST, "against"), "others": "for"}),
    (89, "item", {"item": "7"}),
    (90, "withdraw", {"item": "7", "members": ["nadia"], "ground": "personal", "left_room": True}),
    (97, "ballot", {"unanimous": True}),
    (98, "item", {"item": "8"}),
    (104, "ballot", {"candidates": {"jean-luc": 11, "thierry": 5}, "blanks": 2, "nulls": 1}),
)


def tell(sitting: SittingPage, mandates: Mapping[str, Mandate], *, by: User) -> None:
    """Opens the sitting, notes its evening, closes it; each event was noted in its own minute."""
    out = {*POUVOIRS, LATE}
    operations.open_sitting(
        sitting=sitting,
        entry=_entry(sitting, 0, "open"),
        president=None,
        secretaries=[],
        by=by,
        present=[mandate for key, mandate in mandates.items() if key not in out],
        pouvoirs={mandates[giver]: mandates[holder] for giver, holder in POUVOIRS.items()},
    )
    keys = {key: str(mandate.pk) for key, mandate in mandates.items()}
    for minute, type_, data in EVENING:
        operations.note(sitting=sitting, entry=_entry(sitting, minute, type_, _with_ids(data, keys)), by=by)
    operations.close(sitting=sitting, entry=_entry(sitting, 112, "close"), by=by)
    SittingEvent.objects.filter(sitting=sitting).update(noted_at=F("at"))


def _entry(sitting: SittingPage, minute: int, type_: str, data: Mapping[str, Any] | None = None) -> Entry:
    known: UUID = uuid5(NAMESPACE_URL, f"{sitting.slug}/{minute}/{type_}")
    return Entry(known, type_, data or {}, sitting.starts_at + timedelta(minutes=minute), given=True)


def _with_ids(data: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """Keys of the demo's people become the ids that events write."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        if name == "members":
            found[name] = [keys[one] for one in value]
        elif name in {"votes", "candidates"}:
            found[name] = {keys[one]: said for one, said in value.items()}
        else:
            found[name] = value
    return found
