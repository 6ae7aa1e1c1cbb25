"""The demo's calendar: every date is counted from the day of loading, so that the town always looks alive."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from kb import typography

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
TUESDAY = 1
LAST_EXPORT = 22  # days since the accounts were last exported
FIRST_SITTING_IN = 9  # days at least between the loading and the next sitting: its notices can still go out
# Days between the next sitting and the others: whole weeks, because the council meets on Tuesdays.
SITTINGS = {-4: -182, -3: -119, -2: -77, -1: -28, 0: 0, 1: 42}


@dataclass(frozen=True)
class When:
    """Dates around `anchor`, the day of loading. Offsets are in days, negative in the past."""

    anchor: date

    def on(self, offset: int) -> date:
        """A working day: Saturdays and Sundays fall back to Friday."""
        found = self.anchor + timedelta(days=offset)
        return found - timedelta(days=max(0, found.weekday() - 4))

    def day(self, offset: int) -> str:
        """« 6 octobre 2026 »."""
        return typography.day(self.on(offset))

    def weekday(self, offset: int) -> str:
        """« mardi 6 octobre 2026 »."""
        return long_day(self.on(offset))

    def month(self, offset: int) -> str:
        """« octobre 2026 »."""
        found = self.on(offset)
        return f"{typography.MONTHS[found.month - 1]} {found.year}"

    def moment(self, offset: int, seed: str) -> datetime:
        """An hour of work on that day, always the same for the same `seed`."""
        minutes = Random(f"{seed} {offset}").randint(8 * 60 + 20, 17 * 60 + 30)  # noqa: S311
        hour = time(minutes // 60, minutes % 60)
        return timezone.make_aware(datetime.combine(self.on(offset), hour))

    def sitting(self, place: int) -> date:
        """A sitting of the council: 0 is the next one, −1 the last one held."""
        least = self.anchor + timedelta(days=FIRST_SITTING_IN)
        first = least + timedelta(days=(TUESDAY - least.weekday()) % 7)
        return first + timedelta(days=SITTINGS[place])

    def since_sitting(self, place: int, days: int) -> int:
        """The offset of a day counted from a sitting."""
        return (self.sitting(place) - self.anchor).days + days

    @property
    def closed_month(self) -> date:
        """The last day of the last month that the accounts had closed when they were last exported."""
        return (self.anchor - timedelta(days=LAST_EXPORT)).replace(day=1) - timedelta(days=1)

    @property
    def budget_year(self) -> int:
        """The year of the budget that the pages follow."""
        return self.closed_month.year

    @property
    def school_start(self) -> int:
        """The year of the next start of school, in September."""
        return self.anchor.year + (self.anchor.month >= 8)


def long_day(value: date) -> str:
    """« mardi 6 octobre 2026 »."""
    return f"{WEEKDAYS[value.weekday()]} {typography.day(value)}"
