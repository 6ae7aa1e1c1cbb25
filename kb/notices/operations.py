"""Deeds: tell a person, write a mail, write a digest, follow and stop following, choose how to be told."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import Page

from kb import permissions
from kb.notices import digests, following, queries, registries, rules
from kb.notices.models import Follow, Mail, MailHabits, Notice, Rhythm
from kb.pages.models import RevisionRecord
from kb.pages.tree import current as current_tree
from kb.people.models import User
from kb.permissions import Viewer
from kb.refusals import Refused
from kb.work import operations as work


@transaction.atomic
def write(
    *, kind: str, to: Any, by: User | None = None, page: Any = None, document: Any = None, words: str = "", **data: Any
) -> Mail:
    """A mail to one person, in the caller's transaction; the worker sends it when it commits."""
    mail = Mail.objects.create(
        kind=kind, to=to, by=by, page_id=page.pk if page else None, document=document, words=words, data=data
    )
    work.enqueue(kind="mail", payload={"mail": mail.pk}, key=f"mail-{mail.pk}")
    return mail


@transaction.atomic
def tell(
    *,
    kind: str,
    to: Any,
    page: Any = None,
    by: User | None = None,
    document: Any = None,
    words: str = "",
    asks: bool = True,
    always: bool = False,
    **data: Any,
) -> Notice:
    """One line in a person's journal, in the caller's transaction; and a mail now, or a line of his next digest.

    `asks`: it asks him for an act, or answers what he asked; such a thing leaves at once unless he chose
    otherwise. `always`: the law asks to send it (a convocation), whatever he chose. The rest waits for the digest.
    """
    about: dict[str, Any] = {"kind": kind, "by": by, "document": document, "words": words}
    mail = None
    if queries.leaves_at_once(to, asks=asks, always=always):
        mail = write(to=to, page=page, **about, **data)
    return Notice.objects.create(
        person=to, page_id=page.pk if page else None, data=data, asks=asks or always, always=always, mail=mail, **about
    )


def tell_followers(*, record: RevisionRecord) -> int:
    """A line in the journal of each who follows a page published with « Prévenir ». Returns how many are new.

    Whoever may not read the page is told nothing. Doing it twice changes nothing. One statement writes them all, and
    no transaction holds the rest: within one, the tree would be read afresh for each person.
    """
    if not record.announce:
        return 0
    tree = current_tree()
    made = 0
    for publication in queries.publications([record], tree):
        reasons = rules.followers(publication, queries.follows(tree))
        people = User.objects.in_bulk(reasons)
        readers = [pk for pk in reasons if Viewer(people[pk]).can_view(tree.nodes[publication.page])]
        known = set(Notice.objects.filter(revision=record.revision_id).values_list("person", flat=True))
        fresh = [_published(record, reasons[pk]) for pk in readers if pk not in known]
        made += len(Notice.objects.bulk_create(fresh, ignore_conflicts=True))
    return made


def _published(record: RevisionRecord, reason: rules.Followed) -> Notice:
    return Notice(
        kind="published",
        person_id=reason.person,
        page_id=record.page_id,
        revision_id=record.revision_id,
        by_id=record.revision.user_id or record.published_by_id,
        words=record.why,
        at=record.published_at or timezone.now(),
        through_page_id=reason.page,
        through_tag_id=reason.tag,
    )


@transaction.atomic
def write_digest(*, person: User, today: date) -> Mail | None:
    """The turn of this person's digest, if it is due: one mail with all that waits for him, or nothing at all.

    What waits is told by this mail and by none after it. Doing it twice the same day changes nothing.
    """
    MailHabits.objects.get_or_create(person=person)
    chosen = MailHabits.objects.select_for_update().get(person=person)
    rhythm = queries.habits_of(person).rhythm
    if not rules.is_due(rhythm, chosen.last_turn, today):
        return None
    since = chosen.last_turn or today - timedelta(days=1 if rhythm == rules.DAILY else 7)
    chosen.last_turn = today
    chosen.save(update_fields=["last_turn"])
    lines = registries.contributed(person, timezone.make_aware(datetime.combine(since, rules.MORNING)))
    waiting = list(digests.with_all(queries.waiting_for(person)))
    if not digests.Contents(person, waiting, lines, timezone.now()).lines:
        return None
    mail = write(kind="digest", to=person, others=[digests.as_data(line) for line in lines])
    Notice.objects.filter(pk__in=[notice.pk for notice in waiting]).update(mail=mail)
    return mail


@transaction.atomic
def follow_page(*, page: Page, person: Any, below: bool = False) -> Follow:
    """`person` hears of the publications of this page, and with `below` of all those under it. Raises PermissionDenied."""
    if not permissions.can_view(person, page):
        raise PermissionDenied("Vous ne pouvez pas lire cette page.")
    followed, _ = Follow.objects.update_or_create(person=person, page_id=page.pk, defaults={"below": below})
    return followed


@transaction.atomic
def follow_tag(*, tag: Tag, person: Any) -> Follow:
    """`person` hears of the publications of the pages that carry this tag. Raises PermissionDenied."""
    if not following.known_tags(Viewer.of(person), [tag.pk]):
        raise PermissionDenied("Aucune page que vous puissiez lire ne porte ce mot-clé.")
    followed, _ = Follow.objects.get_or_create(person=person, tag=tag)
    return followed


@transaction.atomic
def stop_following(*, person: Any, page: int | None = None, tag: int | None = None) -> None:
    """From now on, nothing more of it; what was told stays in the journal."""
    Follow.objects.filter(person=person.pk, page=page, tag=tag).delete()


@transaction.atomic
def choose(*, person: Any, rhythm: str, at_once: bool) -> MailHabits:
    """How the person wants to be told from now on. Raises Refused (no such rhythm)."""
    if rhythm not in Rhythm.values:
        raise Refused("Choisissez l’un des trois rythmes proposés.")
    habits, _ = MailHabits.objects.update_or_create(person=person, defaults={"rhythm": rhythm, "at_once": at_once})
    return habits


@transaction.atomic
def stop_mails(*, person: Any, channel: str) -> None:
    """No more digests (`digest`), or no more mails of their own (`at_once`); the journal goes on."""
    wanted: dict[str, Any] = {"rhythm": Rhythm.NEVER} if channel == "digest" else {"at_once": False}
    MailHabits.objects.update_or_create(person=person, defaults=wanted)
