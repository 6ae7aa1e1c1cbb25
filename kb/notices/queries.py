"""What a person follows, how he wants to be told, what waits for him; how many mails have not left."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.models import Page

from kb import permissions
from kb.notices import registries, rules
from kb.notices.models import Follow, Mail, MailHabits, MailState, Notice
from kb.notices.rules import Followed, Habits
from kb.pages.models import PageTag, Reading, RevisionRecord
from kb.pages.tree import Tree
from kb.people.groups import ELUS, OF_AGENTS
from kb.people.models import User
from kb.permissions import Viewer

# Answers to what the person asked himself: they are his, whatever became of his right on the page since.
OWN = ("access_answer",)
UNSENT = (MailState.WAITING, MailState.HANDING, MailState.UNSURE, MailState.WITHHELD, MailState.FAILED)
LATELY = timedelta(days=30)  # a mail withheld longer ago is in the register, and is no news on the first screen


def habits_of(person: Any) -> Habits:
    """How one person wants to be told."""
    return habits_of_all([person])[person.pk]


def habits_of_all(people: Iterable[User]) -> dict[int, Habits]:
    """Person's id → how he wants to be told. Two queries."""
    wanted = [person.pk for person in people]
    groups: dict[int, set[str]] = {pk: set() for pk in wanted}
    for pk, name in User.groups.through.objects.filter(user_id__in=wanted).values_list("user_id", "group__name"):
        groups[pk].add(name)
    chosen = {row.person_id: row for row in MailHabits.objects.filter(person__in=wanted)}
    return {pk: _habits(groups[pk], chosen.get(pk)) for pk in wanted}


def _habits(groups: set[str], chosen: MailHabits | None) -> Habits:
    is_elu = ELUS in groups
    usual = rules.default_rhythm(is_elu=is_elu, is_agent=bool(groups & OF_AGENTS))
    if chosen is None:
        return Habits(usual, True, is_elu)
    return Habits(chosen.rhythm or usual, chosen.at_once, is_elu)


def leaves_at_once(person: Any, *, asks: bool, always: bool) -> bool:
    """Whether a mail of its own leaves for this person now: kb.notices.rules, with what he got this week."""
    monday = rules.monday_of(timezone.localdate())
    start = timezone.make_aware(datetime.combine(monday, time()))
    mailed = Notice.objects.filter(person=person.pk, at__gte=start, mail__isnull=False)
    sent = mailed.exclude(mail__kind="digest").count()
    return rules.leaves_at_once(
        habits_of(person),
        asks=asks,
        always=always,
        sent_this_week=sent,
        sitting_this_week=bool(registries.sittings(monday, monday + timedelta(days=6))),
    )


def follows(tree: Tree, *, person: int | None = None) -> list[Followed]:
    """What is followed, by everybody with an open account or by one person, as the rules read it. One query."""
    rows = Follow.objects.filter(person__is_active=True)
    if person is not None:
        rows = rows.filter(person=person)
    return [
        Followed(
            row.person_id,
            row.since,
            row.page_id,
            tree.nodes[row.page_id].path if row.page_id else "",
            row.below,
            row.tag_id,
        )
        for row in rows
        if row.page_id is None or row.page_id in tree.nodes
    ]


def publications(records: Iterable[RevisionRecord], tree: Tree) -> list[rules.Publication]:
    """Records of published revisions as the rules read them. One query, for their tags."""
    known = [record for record in records if record.page_id in tree.nodes and record.published_at]
    tags: dict[int, set[int]] = {record.page_id: set() for record in known}
    rows = PageTag.objects.filter(content_object__in=tags).values_list("content_object_id", "tag_id")
    for page, tag in rows:
        tags[page].add(tag)
    return [
        rules.Publication(
            page=record.page_id,
            path=tree.nodes[record.page_id].path,
            at=record.published_at,
            tags=frozenset(tags[record.page_id]),
            actors=frozenset({record.revision.user_id, record.published_by_id} - {None}),
        )
        for record in known
        if record.published_at
    ]


class Needs(StrEnum):
    """What a person must be to the page, beside its reader, to be told of some things again."""

    COMMENTS = "commentable"
    MANAGES = "managed"


_needs: dict[str, Needs] = {}


def need(kind: str, what: Needs) -> None:
    """What was told of this kind leaves the journal of who is that no more, though he still reads the page."""
    _needs[kind] = what


def told_to(viewer: Viewer) -> QuerySet[Notice]:
    """The person's journal, less what he may see no more. Rights are asked in SQL."""
    pages = Page.objects.filter(viewer.visible()).values("pk")
    documents = permissions.readable_documents(viewer).values("pk")
    still = Q()
    for what in Needs:
        kinds = [kind for kind, needed in _needs.items() if needed == what]
        held = Page.objects.filter(getattr(viewer, what)()).values("pk")
        still &= ~Q(kind__in=kinds) | Q(page__in=held)
    return Notice.objects.filter(
        Q(kind__in=OWN) | Q(page=None) | Q(page__in=pages),
        still,
        Q(document=None) | Q(document__in=documents),
        person=viewer.user.pk,
    )


def unread(viewer: Viewer) -> QuerySet[Notice]:
    """The publications told to the person whose page he has not read since, the newest first; rights are not asked."""
    read = Reading.objects.filter(person=viewer.user.pk, page=OuterRef("page"), at__gte=OuterRef("at"))
    told = Notice.objects.filter(person=viewer.user.pk, kind="published", at__gte=timezone.now() - LATELY)
    return told.exclude(Exists(read)).select_related("by").order_by("-at", "-pk")


def waiting_for(person: Any) -> QuerySet[Notice]:
    """What no mail has said to this person yet."""
    return Notice.objects.filter(person=person.pk, mail=None)


def mails_not_sent() -> dict[str, int]:
    """State → how many mails stand there; sent ones apart, and those withheld more than a month ago. One query."""
    rows = Mail.objects.filter(state__in=UNSENT).exclude(
        state=MailState.WITHHELD, written_at__lt=timezone.now() - LATELY
    )
    return dict(rows.values_list("state").annotate(many=Count("pk")).order_by())
