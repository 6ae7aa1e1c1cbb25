"""Reads of a sitting under way or held: what its events say."""

from council.agenda.models import SittingPage
from council.floor.record import Record, Row, told_by


def record_of(sitting: SittingPage) -> Record:
    """Who is there, the quorum, the ballots: the engine's answer on the standing events. One query."""
    return told_by(sitting.events.select_related("by", "undone_by"))


def ballots_of(sitting: SittingPage) -> list[Row]:
    """A row per ballot in the order they were held, with its sentence; none before the opening."""
    return record_of(sitting).rows
