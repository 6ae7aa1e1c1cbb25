"""Reads of a sitting under way or held: what its events say."""

from council.agenda.models import SittingPage
from council.floor.models import SittingEvent
from council.floor.record import Record, Row, told_by


def events_of(sitting_id: int) -> list[SittingEvent]:
    """All that was noted of a sitting, in order of time. One query."""
    return list(SittingEvent.objects.filter(sitting=sitting_id).select_related("undone_by"))


def record_of(sitting: SittingPage) -> Record:
    """Who is there, the quorum, the ballots: the engine's answer on the standing events. One query."""
    return told_by(events_of(sitting.pk))


def ballots_of(sitting: SittingPage) -> list[Row]:
    """A row per ballot in the order they were held, with its sentence; none before the opening."""
    return record_of(sitting).rows
