"""Comments, their answers, and invitations to read a draft. Nothing here is ever deleted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

LONGEST_TEXT = 4000


class CommentState(models.TextChoices):
    """Where a comment stands. Every change is in the audit log."""

    OPEN = "open", "ouvert"  # waits for an answer
    RESOLVED = "resolved", "résolu"  # its author, or who edits the page, says it is done with
    REOPENED = "reopened", "rouvert"  # said done, and it was not


OPEN_STATES = (CommentState.OPEN, CommentState.REOPENED)


class Said(models.Model):
    """Words that somebody wrote. Plain text: what looks like a tag or a link is shown as it was typed."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="auteur")
    text = models.TextField("texte", max_length=LONGEST_TEXT)
    written_at = models.DateTimeField("écrit le", default=timezone.now, editable=False)
    edited_at = models.DateTimeField("repris le", null=True, editable=False)
    # Taken back by its author: the words are kept, and shown to nobody.
    withdrawn_at = models.DateTimeField("retiré le", null=True, editable=False)
    # The row of Wagtail's editor that shows it. Wagtail erases its rows; ours remembers the number and makes it again.
    rail_id = models.PositiveBigIntegerField(null=True, unique=True, editable=False)

    wagtail_reference_index_ignore = True  # Wagtail's « usages » of a page or a document would tell of comments

    class Meta:
        abstract = True


class PageComment(Said):
    """What somebody says of a page: of one block, of one attached document, or of the whole.

    Named apart from `wagtail.models.Comment`, which is only its face in the editor (see kb.comments.rail).
    """

    page = models.ForeignKey("wagtailcore.Page", models.PROTECT, related_name="comments", verbose_name="page")
    block = models.CharField("bloc", max_length=36, blank=True)  # the id of a block of the body
    document = models.ForeignKey(
        "kb.Document", models.PROTECT, null=True, blank=True, related_name="comments", verbose_name="pièce jointe"
    )
    # Where it stands in the editor: « title », « body.<block>.text »; empty when it was not written there.
    field_path = models.CharField(max_length=200, blank=True, editable=False)
    position = models.TextField(blank=True, editable=False)  # within a rich text, in the editor's own terms
    quote = models.CharField("passage", max_length=160, blank=True)  # its first words, when it was written
    # What was being read: the live revision, or the draft's. It decides who may see the comment.
    revision = models.ForeignKey("wagtailcore.Revision", models.PROTECT, null=True, related_name="+")
    state = models.CharField("état", max_length=10, choices=CommentState, default=CommentState.OPEN)
    state_at = models.DateTimeField("état depuis le", default=timezone.now, editable=False)
    state_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    open_to_readers = models.BooleanField("ouvert aux lecteurs", default=False)

    class Meta:
        verbose_name = "commentaire"
        ordering: ClassVar = ["written_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["page", "state"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(block="") | Q(document=None), name="a_comment_is_about_one_thing"),
            models.CheckConstraint(condition=Q(state__in=CommentState.values), name="a_comment_has_a_known_state"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.state in OPEN_STATES


class CommentAnswer(Said):
    """An answer to a comment, in its thread."""

    comment = models.ForeignKey(PageComment, models.PROTECT, related_name="answers", verbose_name="commentaire")

    class Meta:
        verbose_name = "réponse"
        ordering: ClassVar = ["written_at", "pk"]


class DraftInvitation(models.Model):
    """Somebody who may comment a page is shown its draft, until the invitation is ended. It gives no role."""

    page = models.ForeignKey("wagtailcore.Page", models.PROTECT, related_name="draft_invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="draft_invitations")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField("invité le", default=timezone.now, editable=False)
    ended_at = models.DateTimeField("terminée le", null=True, editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "invitation à relire un brouillon"
        verbose_name_plural = "invitations à relire un brouillon"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["page", "person"], condition=Q(ended_at=None), name="one_invitation_per_person"
            ),
        ]
