"""The comments of a page that one person may read, and what he may do with each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from kb.comments import rights
from kb.comments.models import CommentAnswer, PageComment
from kb.pages.tree import Node
from kb.permissions import Viewer
from kb.prepared import Prepared

_of_page = Prepared(lambda page: PageComment.objects.filter(page=page).values_list("open_to_readers"), slots=1)


@dataclass(frozen=True)
class Thread:
    """A comment with its answers, and what the person may do with it."""

    comment: PageComment
    answers: list[CommentAnswer] = field(default_factory=list)
    may_answer: bool = False
    may_settle: bool = False
    may_open: bool = False
    quote: str = ""  # empty where it would tell words of a draft that the person does not read


def threads(viewer: Viewer, node: Node, *, draft: bool) -> list[Thread]:
    """The threads of the page as it is read (live, or its draft), in their order.

    One query where the page has no comment for this person; three otherwise.
    """
    comments = viewer.standing(node).comments or viewer.reads_draft(node)
    rows = _of_page(node.id) if viewer.signed_in else []
    if not any(comments or opened for (opened,) in rows):
        return []
    found = rights.comments_on(viewer, node)
    if not draft:
        found = found.filter(rights.PUBLISHED_BY_NOW)  # an editor reads the live page as its readers do
    return described(viewer, node, found)


def described(viewer: Viewer, page: Any, found: Any) -> list[Thread]:
    """The threads of a queryset of one page's comments, already filtered for this person. Two queries."""
    answers = Prefetch("answers", CommentAnswer.objects.select_related("author"))
    rows: Iterable[PageComment] = found.select_related(
        "author", "state_by", "document", "revision__record"
    ).prefetch_related(answers)
    edits, drafts = viewer.can_edit(page), viewer.reads_draft(page)
    may_answer = drafts or (page.live and viewer.signed_in and viewer.standing(page).comments)
    return [
        Thread(
            comment=row,
            answers=list(row.answers.all()),
            may_answer=may_answer,
            may_settle=edits or (may_answer and row.author_id == viewer.user.pk),
            may_open=edits,
            quote=row.quote if drafts or _was_published(row) else "",
        )
        for row in rows
    ]


def _was_published(comment: PageComment) -> bool:
    record = getattr(comment.revision, "record", None)
    return comment.revision is None or bool(record and record.published_at)


def drafts_to_read(viewer: Viewer) -> list[Node]:
    """The pages whose draft the person is invited to read, in the tree's order."""
    nodes = (viewer.tree.nodes.get(pk) for pk in viewer.invited)
    wanted = [node for node in nodes if node and (node.has_draft or not node.live) and viewer.reads_draft(node)]
    return sorted(wanted, key=lambda node: node.path)


def waiting_on_draft(viewer: Viewer, node: Node) -> int:
    """How many open comments the draft has that the live page does not show."""
    found = rights.comments_on(viewer, node).exclude(rights.PUBLISHED_BY_NOW)
    return found.filter(state__in=rights.OPEN_STATES).count()


def comment_for(viewer: Viewer, pk: int) -> PageComment | None:
    """The comment of this number, if the person may read it."""
    found = PageComment.objects.select_related("page").filter(pk=pk).first()
    if found is None or not rights.comments_on(viewer, found.page).filter(pk=pk).exists():
        return None
    return found
