"""A stretch of the town's past told again by today's rules: the mails that each person would have had.

The rules are those of the site (kb.notices.rules), on what happened: the publications with « Prévenir », what was
said beside pages, and the rest of the journals. Follows count from the day they were made; rights and habits are
today's. Nothing is sent, nothing is written.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import NamedTuple

from django.utils import timezone

from kb.comments.models import CommentAnswer, PageComment
from kb.notices import queries, registries, rules
from kb.notices.listening import who_hears
from kb.notices.models import Notice
from kb.notices.rules import Habits, Told
from kb.pages.models import RevisionRecord
from kb.pages.tree import Tree
from kb.pages.tree import current as current_tree
from kb.people.groups import ELUS, OF_AGENTS
from kb.people.models import User
from kb.permissions import Viewer

RECOUNTED = ("published", "comment", "comment_answer")  # told again from what happened, not from the journals


class Event(NamedTuple):
    """One thing told to one person."""

    at: datetime
    person: int
    told: Told
    always: bool = False


class Tally(NamedTuple):
    """What one person would have had."""

    person: str
    role: str
    mails: int
    max_per_week: int
    max_per_week_outside_sittings: int


@dataclass
class Mailbox:
    """One person while the days go by: what waits, the days on which a mail left."""

    habits: Habits
    waiting: list[Told] = field(default_factory=list)
    last_turn: date | None = None
    at_once: Counter[date] = field(default_factory=Counter)  # Monday → mails that left at once
    days: list[date] = field(default_factory=list)

    def hear(self, event: Event, sitting_weeks: set[date]) -> None:
        """A mail now, or later in a digest."""
        day = timezone.localdate(event.at)
        monday = rules.monday_of(day)
        if rules.leaves_at_once(
            self.habits,
            asks=event.told.asks,
            always=event.always,
            sent_this_week=self.at_once[monday],
            sitting_this_week=monday in sitting_weeks,
        ):
            self.at_once[monday] += 1
            self.days.append(day)
        else:
            self.waiting.append(event.told)

    def turn(self, today: date, morning: datetime) -> None:
        """The morning's digest, if it is due and has something to say."""
        if not rules.is_due(self.habits.rhythm, self.last_turn, today):
            return
        self.last_turn = today
        if rules.digest_of(self.waiting, morning).lines:
            self.days.append(today)
            self.waiting.clear()


def replay(*, first: date, last: date) -> list[Tally]:
    """The tally of each open account between two days, both included, by name."""
    people = list(User.objects.filter(is_active=True).prefetch_related("groups"))
    habits = queries.habits_of_all(people)
    boxes = {person.pk: Mailbox(habits[person.pk]) for person in people if person.email}
    sittings = {rules.monday_of(day) for day in registries.sittings(first, last)}
    _let_days_go_by(boxes, first, last, sorted(_events(people, first, last)), sittings)
    tallies = [_tally(person, boxes.get(person.pk), sittings) for person in people]
    return sorted(tallies, key=lambda tally: tally.person)


def _let_days_go_by(
    boxes: dict[int, Mailbox], first: date, last: date, events: list[Event], sitting_weeks: set[date]
) -> None:
    to_come = iter([*events, None])
    event = next(to_come)
    for number in range((last - first).days + 2):
        today = first + timedelta(days=number)
        morning = timezone.make_aware(datetime.combine(today, rules.MORNING))
        while event is not None and event.at < morning:
            if event.person in boxes:
                boxes[event.person].hear(event, sitting_weeks)
            event = next(to_come)
        for box in boxes.values() if today <= last else ():
            box.turn(today, morning)


def _events(people: list[User], first: date, last: date) -> Iterator[Event]:
    tree = current_tree()
    viewers = {person.pk: Viewer(person) for person in people}
    for viewer in viewers.values():
        viewer.__dict__["tree"] = tree  # read once for all: within a transaction each would read it again
    span = [timezone.make_aware(datetime.combine(day, time())) for day in (first, last + timedelta(days=1))]
    numbers = count()
    for at, person, page, asks, always in _told(tree, span):
        node = tree.nodes.get(page or 0)
        if page is None or (node is not None and person in viewers and viewers[person].can_view(node)):
            yield Event(at, person, Told(next(numbers), at, page, asks), always)


What = tuple[datetime, int, int | None, bool, bool]


def _told(tree: Tree, span: list[datetime]) -> Iterator[What]:
    """When, who, of which page, whether it asks for an act, whether the law asks to send it."""
    records = RevisionRecord.objects.filter(announce=True, published_at__range=span).select_related("revision")
    follows = queries.follows(tree)
    for publication in queries.publications(records, tree):
        for person in rules.followers(publication, follows):
            yield publication.at, person, publication.page, False, False
    yield from _said(span)
    others = Notice.objects.filter(at__range=span).exclude(kind__in=RECOUNTED)
    yield from others.values_list("at", "person", "page", "asks", "always")


def _said(span: list[datetime]) -> Iterator[What]:
    comments = PageComment.objects.filter(written_at__range=span).select_related("page__owner", "author")
    answers = CommentAnswer.objects.filter(written_at__range=span).select_related(
        "author", "comment__page", "comment__author"
    )
    said: Iterable[tuple[PageComment, CommentAnswer | None]] = [
        *((comment, None) for comment in comments),
        *((answer.comment, answer) for answer in answers),
    ]
    for comment, answer in said:
        if heard := who_hears(comment, answer):
            yield (answer or comment).written_at, heard.to.pk, comment.page_id, heard.asks, False


def _tally(person: User, box: Mailbox | None, sitting_weeks: set[date]) -> Tally:
    weeks = Counter(rules.monday_of(day) for day in box.days) if box else Counter()
    return Tally(
        person=person.username,
        role=_role(person),
        mails=sum(weeks.values()),
        max_per_week=max(weeks.values(), default=0),
        max_per_week_outside_sittings=max(
            (many for week, many in weeks.items() if week not in sitting_weeks), default=0
        ),
    )


def _role(person: User) -> str:
    groups = {group.name for group in person.groups.all()}
    if ELUS in groups:
        return "élu"
    if groups & OF_AGENTS:
        return "agent"
    return "administrateur" if person.is_superuser else "autre compte"
