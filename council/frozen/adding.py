"""Reads of an ordre du jour complémentaire: what is added, until when it may be, what its signature covers."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from council import clock
from council.agenda import queries as agenda
from council.agenda.enums import PlaceState
from council.agenda.models import AgendaPlace, SittingPage, SittingRecord
from kb.permissions import Viewer

SEALED = "Affaire réservée"


def added(sitting: SittingPage) -> list[AgendaPlace]:
    """The items written since the convocation, which nobody has received yet, in order. Two queries."""
    rows = agenda.placed(sitting)
    return [row for row in rows if not row.convened_revision_id and row.state == PlaceState.ON]


def known_as(viewer: Viewer, rows: Sequence[AgendaPlace]) -> dict[int, str]:
    """Item's id → its newest title; of one that the person may not read, that it is there: its place is his to give."""
    sealed = [row.item_id for row in rows if not viewer.knows(row.item_id)]
    names = {pk: SEALED if len(sealed) == 1 else f"{SEALED} n° {rank}" for rank, pk in enumerate(sealed, 1)}
    return {row.item_id: names.get(row.item_id) or row.item.draft_title or row.item.title for row in rows}


def taken(sitting: SittingPage) -> list[str]:
    """The numbers that are borne."""
    return [row.number for row in agenda.placed(sitting) if row.number]


def last_day(sitting: SittingPage) -> tuple[date | None, str]:
    """Until when an item may be added, and by which article; None where the clock does not know."""
    facts = agenda.Facts(SittingRecord(page=sitting, sent_on=timezone.localdate()), {}, None)
    try:
        rows = agenda.deadlines_of(sitting, facts)
    except clock.CannotTell:
        return None, ""
    return next(((row.due, row.article) for row in rows if row.code == "convocation"), (None, ""))


def signed_hash(sitting: SittingPage) -> str:
    """What its signature covers: each item at its newest draft, and the number that was chosen for it."""
    signed = [(row.item_id, row.item.latest_revision_id, row.number) for row in added(sitting)]
    return hashlib.sha256(json.dumps(signed).encode()).hexdigest()
