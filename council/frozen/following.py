"""Reads of what was sent since the convocation, for who manages a sitting."""

from typing import Any

from council.convening.models import Way
from council.convening.queries import standing
from council.frozen.models import PaperChange


def lines(change: PaperChange) -> list[dict[str, Any]]:
    """Each councillor’s copy, and where it stands. No day is late here: the clock bears on the convocation."""
    rows = change.dispatches.all()  # prefetched where many changes are listed
    return [
        {
            "id": row.pk,
            "name": str(row.mandate),
            "office": row.mandate.office,
            "way": str(Way(row.way).label),
            "address": row.address,
            "state": standing(row, None),
            "delivered": row.delivered_on is not None,
            "may_bounce": row.mail is not None and row.bounced_on is None and row.delivered_on is None,
        }
        for row in rows
    ]


def alarms(change: PaperChange) -> list[str]:
    """Whose copy asks for a hand."""
    return [row["name"] for row in lines(change) if row["state"].alarm]
