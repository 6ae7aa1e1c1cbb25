"""Who takes no part in an affair writes nothing in its file."""

from typing import Any

from council.elus.homes import holds_a_mandate
from council.withdrawals.queries import closed_to
from kb.permissions import closes


@closes
def closed_items(person: Any) -> frozenset[int]:
    """The items. No query for who holds no mandate: it is asked of all who write."""
    return closed_to(person.pk) if holds_a_mandate(person) else frozenset()
