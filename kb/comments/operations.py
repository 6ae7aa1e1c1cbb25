"""Deeds on comments. Each asks the right, changes, logs and tells, in one transaction."""

import unicodedata
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from kb import permissions
from kb.comments import rights
from kb.comments.models import LONGEST_TEXT, CommentAnswer, CommentState, PageComment
from kb.comments.places import PAGE, Place
from kb.comments.signals import comment_changed
from kb.people.account import User
from kb.permissions import Denied
from kb.refusals import Refused

MOST_AT_ONCE = 60  # comments and answers of one person…
AT_ONCE = timedelta(minutes=10)  # …in this time: a script, or a key held down
SAID_TWICE = timedelta(minutes=2)  # the same words again at the same place: a button pressed twice


def clean_text(text: str) -> str:
    """`text` as it is kept: plain, one kind of line end, no control character. Raises Refused."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()
    if not kept:
        raise Refused("Le commentaire est vide : écrivez ce que vous avez à dire, puis envoyez.")
    if len(kept) > LONGEST_TEXT:
        raise Refused(
            f"Le commentaire compte {len(kept)} caractères, pour {LONGEST_TEXT} au plus : "
            "raccourcissez-le, ou faites-en deux."
        )
    return kept


@transaction.atomic
def write(
    *,
    page: Page,
    text: str,
    by: User,
    place: Place = PAGE,
    on_draft: bool = False,
    quote: str = "",
    revision: Revision | None = None,
    rail_id: int | None = None,
    field_path: str = "",
    position: str = "",
) -> PageComment:
    """A new comment of `by` on a place of `page`, as its readers see it, or as its draft is.

    `revision` is what was read; by default the live one, or the latest. Raises Denied, Refused.
    """
    rights_on = permissions.abilities(by, page)
    if not rights_on["read_draft" if on_draft or not page.live else "comment"]:
        raise Denied(f"Vous ne pouvez pas commenter « {page.title} ».")
    words = clean_text(text)
    if rail_id is None and (twice := _said_already(PageComment, by, words, page=page.pk, **_about(place))):
        return twice
    if rail_id is None:
        _refuse_a_flood(by)
    read = revision.pk if revision else (page.latest_revision_id if on_draft else page.live_revision_id)
    comment = PageComment.objects.create(
        page_id=page.pk,
        author=by,
        text=words,
        quote=quote[:160],
        revision_id=read,
        rail_id=rail_id,
        field_path=field_path,
        position=position,
        **_about(place),
    )
    _tell("write", "written", comment, by)
    return comment


@transaction.atomic
def answer(*, comment: PageComment, text: str, by: User, rail_id: int | None = None) -> CommentAnswer:
    """An answer of `by`. Raises Denied, Refused."""
    found = _locked(comment)
    if not rights.can_answer(by, found):
        raise Denied("Vous ne pouvez pas répondre à ce commentaire.")
    words = clean_text(text)
    if rail_id is None and (twice := _said_already(CommentAnswer, by, words, comment=found)):
        return twice
    if rail_id is None:
        _refuse_a_flood(by)
    said = CommentAnswer.objects.create(comment=found, author=by, text=words, rail_id=rail_id)
    _tell("answer", "answered", found, by, said=said)
    return said


@transaction.atomic
def resolve(*, comment: PageComment, by: User) -> PageComment:
    """The comment is done with; already so, it stays so. Raises Denied."""
    found = _to_settle(comment, by)
    if found.is_open:
        _set_state(found, CommentState.RESOLVED, by)
        _tell("resolve", "resolved", found, by)
    return found


@transaction.atomic
def reopen(*, comment: PageComment, by: User) -> PageComment:
    """The comment waits again; already so, it stays so. Raises Denied."""
    found = _to_settle(comment, by)
    if not found.is_open:
        _set_state(found, CommentState.REOPENED, by)
        _tell("reopen", "reopened", found, by)
    return found


@transaction.atomic
def show_to_readers(*, comment: PageComment, shown: bool, by: User) -> PageComment:
    """Opens the thread to all who read the page and have an account, or closes it. Raises Denied."""
    found = _locked(comment)
    if not permissions.abilities(by, found.page)["edit"]:
        raise Denied("Seul qui modifie la page ouvre un commentaire à ses lecteurs.")
    if found.open_to_readers != shown:
        found.open_to_readers = shown
        found.save(update_fields=["open_to_readers"])
        _tell("open" if shown else "close", "opened" if shown else "closed", found, by)
    return found


@transaction.atomic
def edit(*, said: PageComment | CommentAnswer, text: str, by: User) -> None:
    """The author takes his words up again; the log keeps what they were. Raises Denied, Refused."""
    found = type(said).objects.select_for_update(of=("self",)).get(pk=said.pk)
    if not _is_own(found, by):
        raise Denied("On ne reprend que ce qu’on a écrit soi-même.")
    words, before = clean_text(text), found.text
    if words == before:
        return
    found.text, found.edited_at = words, timezone.now()
    found.save(update_fields=["text", "edited_at"])
    _tell("edit", "edited", _thread(found), by, said=found, before=before)


@transaction.atomic
def withdraw(*, said: PageComment | CommentAnswer, by: User) -> None:
    """The author takes his words back: kept, and shown to nobody. A comment so withdrawn is resolved. Raises Denied."""
    found = type(said).objects.select_for_update(of=("self",)).get(pk=said.pk)
    if not _is_own(found, by):
        raise Denied("On ne retire que ce qu’on a écrit soi-même.")
    if found.withdrawn_at:
        return
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    if isinstance(found, PageComment) and found.is_open:
        _set_state(found, CommentState.RESOLVED, by)
    _tell("withdraw", "withdrawn", _thread(found), by, said=found)


def _about(place: Place) -> dict[str, Any]:
    return {"block": place.block, "document_id": place.document}


def _thread(said: PageComment | CommentAnswer) -> PageComment:
    return said.comment if isinstance(said, CommentAnswer) else said


def _is_own(said: PageComment | CommentAnswer, by: User) -> bool:
    """Whether `by` wrote it, and may still comment there."""
    return said.author_id == by.pk and rights.can_answer(by, _thread(said))


def _locked(comment: PageComment) -> PageComment:
    """The comment as it is now, which nobody else changes meanwhile."""
    return PageComment.objects.select_for_update(of=("self",)).select_related("page").get(pk=comment.pk)


def _to_settle(comment: PageComment, by: User) -> PageComment:
    found = _locked(comment)
    if not rights.can_settle(by, found):
        raise Denied("Seuls l’auteur d’un commentaire et qui modifie la page le disent résolu ou le rouvrent.")
    return found


def _set_state(comment: PageComment, state: CommentState, by: User) -> None:
    comment.state, comment.state_at, comment.state_by = state, timezone.now(), by
    comment.save(update_fields=["state", "state_at", "state_by"])


def _said_already(model: type[Any], by: User, words: str, **where: Any) -> Any:
    since = timezone.now() - SAID_TWICE
    mine = model.objects.filter(author=by.pk, text=words, written_at__gte=since, withdrawn_at=None, **where)
    return mine.first()


def _refuse_a_flood(by: User) -> None:
    since = timezone.now() - AT_ONCE
    said = sum(
        model.objects.filter(author=by.pk, written_at__gte=since).count() for model in (PageComment, CommentAnswer)
    )
    if said >= MOST_AT_ONCE:
        raise Refused(f"Vous avez écrit {said} commentaires en dix minutes. Attendez un peu, puis envoyez celui-ci.")


def _tell(action: str, event: str, comment: PageComment, by: User, *, said: Any = None, **data: Any) -> None:
    """The audit log, then, on commit, whoever listens."""
    answered = said if isinstance(said, CommentAnswer) else None
    if answered:
        data["answer"] = answered.pk
    log(comment.page, f"kb.comment.{action}", user=by, data={"comment": comment.pk, **data})
    transaction.on_commit(
        lambda: comment_changed.send(PageComment, comment=comment, answer=answered, by=by, event=event)
    )
