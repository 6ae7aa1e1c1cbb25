"""Who is told what, and when: pure rules over events. The site, its digests and `replay_notifications` all ask them.

Nobody is drowned: what asks for an act leaves at once, the rest waits for a digest of seven lines at most, and an
élu gets three mails a week at most outside the weeks of a sitting: one digest, and AT_ONCE_A_WEEK others.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

MOST_LINES = 7
AT_ONCE_A_WEEK = 2  # for an élu, in a week without a sitting; what the law asks to send is not held back
FRESH = timedelta(days=15)  # what waited longer (mails were stopped) is in the journal, and no more news
MORNING = time(6, 30)  # when the day’s digests are written
FRIDAY = 4  # before the weekend, when élus read
DAILY, WEEKLY, NEVER = "daily", "weekly", "never"


class Habits(NamedTuple):
    """How one person wants to be told."""

    rhythm: str = WEEKLY  # of the digest: DAILY, WEEKLY, NEVER
    at_once: bool = True  # what asks for an act leaves at once, else it waits for the digest
    is_elu: bool = False


def default_rhythm(*, is_elu: bool, is_agent: bool) -> str:
    """An agent works with pages every day; anybody else reads them once a week."""
    return DAILY if is_agent and not is_elu else WEEKLY


@dataclass(frozen=True)
class Publication:
    """A page published with « Prévenir »: where it stands in the tree, its tags, who did it."""

    page: int
    path: str
    at: datetime
    tags: frozenset[int] = frozenset()
    actors: frozenset[int] = frozenset()  # who wrote it or published it knows already


@dataclass(frozen=True)
class Followed:
    """What one person follows: a page, with what is below it or not, or a tag."""

    person: int
    since: datetime
    page: int | None = None
    path: str = ""  # of the page
    below: bool = False
    tag: int | None = None

    def covers(self, publication: Publication) -> bool:
        """Whether this publication is one that the person wanted to hear of."""
        if publication.at < self.since:
            return False
        if self.page is None:
            return self.tag in publication.tags
        return self.page == publication.page or (self.below and publication.path.startswith(self.path))


def followers(publication: Publication, follows: Iterable[Followed]) -> dict[int, Followed]:
    """Person's id → the reason why he is told, the nearest one: the page, the lowest branch, a tag. One each."""
    found: dict[int, Followed] = {}
    for followed in follows:
        if followed.person in publication.actors or not followed.covers(publication):
            continue
        known = found.get(followed.person)
        if known is None or len(followed.path) > len(known.path):
            found[followed.person] = followed
    return found


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def leaves_at_once(
    habits: Habits, *, asks: bool, always: bool = False, sent_this_week: int, sitting_this_week: bool
) -> bool:
    """Whether a mail of its own leaves now; else the next digest says it.

    `asks`: it asks the person for an act, or answers what he asked; `always`: the law asks to send it.
    """
    if always:
        return True
    if not asks or not habits.at_once:
        return False
    return not habits.is_elu or sitting_this_week or sent_this_week < AT_ONCE_A_WEEK


def planned(rhythm: str, today: date) -> date | None:
    """The last day, today included, on which a digest of this rhythm was to leave."""
    if rhythm == DAILY:
        return today - timedelta(days=max(0, today.weekday() - 4))  # a working day
    if rhythm == WEEKLY:
        return today - timedelta(days=(today.weekday() - FRIDAY) % 7)
    return None


def is_due(rhythm: str, last: date | None, today: date) -> bool:
    """Whether a digest is to be written today, the last turn having been on `last`: late rather than never."""
    day = planned(rhythm, today)
    return day is not None and (day == today if last is None else last < day)


class Told(NamedTuple):
    """One thing that a digest may say."""

    key: int
    at: datetime
    page: int | None = None
    asks: bool = False


class Digest(NamedTuple):
    """What a digest says: the keys of its lines, first what asks for an act; and how many pages it leaves out."""

    lines: tuple[int, ...]
    left_out: int


def digest_of(told: Collection[Told], now: datetime) -> Digest:
    """At most seven lines, one a page: what asks for an act, then the newest. Nothing new, no line."""
    by_page: dict[object, Told] = {}
    for one in sorted(told, key=lambda one: (one.asks, one.at)):
        if now - one.at <= FRESH:
            by_page[one.page if one.page is not None else ("alone", one.key)] = one
    kept = sorted(by_page.values(), key=lambda one: (not one.asks, -one.at.timestamp()))
    return Digest(tuple(one.key for one in kept[:MOST_LINES]), max(0, len(kept) - MOST_LINES))
