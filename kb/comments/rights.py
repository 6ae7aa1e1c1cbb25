"""Who may read, answer and settle comments: built on kb.permissions, in the same shapes (one page; a list in SQL)."""

from django.db.models import F, Q, QuerySet
from wagtail.models import Page

from kb.comments.models import OPEN_STATES as OPEN_STATES
from kb.comments.models import PageComment
from kb.permissions import HasPlace, Person, Viewer

# A comment on a draft speaks of what is not public: it waits until that draft, or a later one, is published.
PUBLISHED_BY_NOW = Q(revision=None) | Q(revision__lte=F("page__live_revision"))


def readable_comments(user: Person) -> QuerySet[PageComment]:
    """The comments that `user` may read, filtered in SQL.

    Who reads the draft: all of the page. Who may comment the live page: those written on what is published by
    now. A reader with an account: among these, those opened to readers. The public: none, they tell names.
    """
    viewer = Viewer.of(user)
    if viewer.passes:
        return PageComment.objects.filter(page__trashed=None)
    if not viewer.signed_in:
        return PageComment.objects.none()
    published = PUBLISHED_BY_NOW & Q(page__in=Page.objects.filter(live=True))
    return PageComment.objects.filter(
        Q(page__in=Page.objects.filter(viewer.drafts()))
        | (published & Q(page__in=Page.objects.filter(viewer.commentable())))
        | (published & Q(open_to_readers=True) & Q(page__in=Page.objects.filter(viewer.read())))
    )


def comments_on(user: Person, page: HasPlace) -> QuerySet[PageComment]:
    """As `readable_comments`, for one page, judged in memory: no condition of rights is left in the SQL."""
    viewer = Viewer.of(user)
    found = PageComment.objects.filter(page=page.pk)
    if viewer.reads_draft(page):
        return found
    if not page.live or not viewer.signed_in:
        return found.none()
    standing = viewer.standing(page)
    if standing.comments:
        return found.filter(PUBLISHED_BY_NOW)
    return found.filter(PUBLISHED_BY_NOW, open_to_readers=True) if standing.reads else found.none()


def can_settle(user: Person, comment: PageComment) -> bool:
    """Whether `user` may resolve and reopen this comment: its author while he may read it, or who edits the page."""
    viewer = Viewer.of(user)
    if viewer.can_edit(comment.page):
        return True
    mine = viewer.signed_in and comment.author_id == viewer.user.pk
    return mine and can_answer(viewer, comment)


def can_answer(user: Person, comment: PageComment) -> bool:
    """Whether `user` may answer this comment: who may comment there, and read it."""
    viewer = Viewer.of(user)
    page = comment.page
    if not (viewer.reads_draft(page) or (page.live and viewer.signed_in and viewer.standing(page).comments)):
        return False
    return comments_on(viewer, page).filter(pk=comment.pk).exists()
