"""What people of the demo follow, and what they were told in the last weeks: by the rules, dated as it would have been."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from kb.comments.models import CommentAnswer, PageComment
from kb.demo.history import History
from kb.notices import operations, queries, rules
from kb.notices.listening import who_hears
from kb.notices.models import Follow, Mail, MailHabits, MailState, Notice
from kb.pages.models import PageTag, RevisionRecord
from kb.people.models import User

MOVED_IN = 330  # days before the loading: until then pages came from the old server, without a word to anybody
SINCE = 300
REMEMBERED = 45  # days of journals
# Who follows what; a key ended by « * » is followed with all that is below, « # » is a tag.
FOLLOWED = {
    "helene": ("accueil*",), "bernard": ("finances*", "seances*"), "sylvie": ("ecole*", "enfance*", "seances*"),
    "didier": ("projets*", "technique*"), "nadia": ("enfance*", "cantine"), "jean-luc": ("technique*", "lauzes*"),
    "catherine": ("finances*", "#conseil"), "olivier": ("projets*",), "marie-paule": ("ecole", "seances*"),
    "karim": ("budget-chapitres", "#conseil"), "anne-sophie": ("projets*", "plu"), "lucie": ("enfance*", "#conseil"),
    "philippe": ("#conseil",), "michel": ("finances*", "projets*"), "francoise": ("enfance*",), "thierry": ("lauzes",),
    "claire": ("seances*", "ecole*"), "patrick": ("projets*",), "sandrine": ("projets*", "seances*"),
    "yann": ("plu", "projets*"), "emilie": ("ecole*",), "julien": ("technique*",), "laure": ("mode-emploi*",),
}  # fmt: skip


def keep(history: History) -> None:
    """The follows; the publications of the year said to have been announced; the journals of the last weeks."""
    start = history.when.moment(-MOVED_IN, "moved in")
    announced = RevisionRecord.objects.filter(published_at__gte=start).exclude(why="")
    announced.update(announce=True)
    for person, names in FOLLOWED.items():
        for name in names:
            _follow(history, person, name)
    lately = history.when.moment(-REMEMBERED, "remembered")
    for record in announced.filter(published_at__gte=lately).select_related("revision"):
        operations.tell_followers(record=record)
    _what_was_said(history, lately)
    _digests(history)


def _follow(history: History, person: str, name: str) -> None:
    since = history.when.moment(-SINCE, f"{person} follows {name}")
    who = history.people[person]
    if name.startswith("#"):
        tag = PageTag.objects.filter(tag__name=name[1:]).first()
        assert tag is not None, name
        Follow.objects.create(person=who, tag_id=tag.tag_id, since=since)
        return
    page = history.pages[name.rstrip("*")]
    Follow.objects.create(person=who, page_id=page.pk, below=name.endswith("*"), since=since)


def _what_was_said(history: History, since: datetime) -> None:
    comments = PageComment.objects.filter(written_at__gte=since).select_related("page__owner", "author")
    answers = CommentAnswer.objects.select_related("author", "comment__page", "comment__author")
    for comment in comments:
        _said(comment, None)
    for answer in answers.filter(written_at__gte=since):
        _said(answer.comment, answer)


def _said(comment: PageComment, answer: CommentAnswer | None) -> None:
    if heard := who_hears(comment, answer):
        at = (answer or comment).written_at
        data = {"comment": comment.pk, **({"answer": answer.pk} if answer else {})}
        mail = _mail(heard.kind, heard.to, at, by=heard.by, page_id=comment.page_id, data=data) if heard.asks else None
        Notice.objects.create(
            person=heard.to,
            kind=heard.kind,
            page_id=comment.page_id,
            by=heard.by,
            data=data,
            asks=heard.asks,
            at=at,
            mail=mail,
        )


def _digests(history: History) -> None:
    """The digests that left until this morning; what came since waits for the next ones."""
    people = list(User.objects.filter(is_active=True, email__isnull=False))
    habits = queries.habits_of_all(people)
    for person in people:
        last = None
        for number in range(REMEMBERED, -1, -1):
            today = history.when.anchor - timedelta(days=number)
            if rules.is_due(habits[person.pk].rhythm, last, today):
                last = today
                _digest(person, today)
        MailHabits.objects.create(person=person, last_turn=last)


def _digest(person: User, today: date) -> None:
    morning = timezone.make_aware(datetime.combine(today, rules.MORNING))
    waiting = Notice.objects.filter(person=person, mail=None, at__lt=morning)
    if waiting.exists():
        waiting.update(mail=_mail("digest", person, morning))


def _mail(kind: str, to: User, at: datetime, **about: object) -> Mail:
    mail = Mail.objects.create(kind=kind, to=to, state=MailState.SENT, sent_at=at, **about)
    Mail.objects.filter(pk=mail.pk).update(written_at=at)
    return mail
