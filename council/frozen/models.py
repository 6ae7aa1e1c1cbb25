"""The papers of a convened sitting, copied; and what changed since, each change sent with its own proof."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Revision

from council.agenda.models import AgendaPlace, SittingPage
from council.convening.models import Handed, Signature, Way
from council.members.models import Mandate
from kb.documents.models import DocumentVersion


class ChangeKind(models.TextChoices):
    """How the papers of a convened sitting may still change."""

    REPLACED = "replaced", "Pièce remplacée"
    CORRECTED = "corrected", "Texte corrigé"
    ADDED = "added", "Ordre du jour complémentaire"


class PaperChange(models.Model):
    """A change after the convocation: opened, then sent to each councillor, or dropped."""

    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="changes")
    place = models.ForeignKey(
        AgendaPlace, models.PROTECT, null=True, related_name="changes"
    )  # none where items are added
    kind = models.CharField(max_length=9, choices=ChangeKind)
    reason = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signature = models.OneToOneField(Signature, models.PROTECT, null=True, related_name="change")  # of items added
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["opened_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | (~Q(reason="") & Q(dropped_at__isnull=True)),
                name="a_change_sent_says_why",
            ),
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.ADDED, place__isnull=True)
                | (~Q(kind=ChangeKind.ADDED) & Q(place__isnull=False)),
                name="a_change_is_of_an_item_or_adds_some",
            ),
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="one_correction_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["sitting"],
                condition=Q(kind=ChangeKind.ADDED, sent_at__isnull=True, dropped_at__isnull=True),
                name="one_addition_at_a_time",
            ),
        ]


class Dispatch(Handed):
    """One councillor's copy of a change: as his convocation, with its own state and its own proof."""

    change = models.ForeignKey(PaperChange, models.PROTECT, related_name="dispatches")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["mandate__position", "mandate__list_rank", "mandate"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "mandate"], name="one_dispatch_per_councillor"),
            models.CheckConstraint(
                condition=Q(mail__isnull=True) | (Q(way=Way.MAIL) & ~Q(address="")),
                name="a_change_by_mail_has_its_address",
            ),
        ]

    @property
    def sitting(self) -> SittingPage:
        """Whose papers changed."""
        return self.change.sitting

    @property
    def sent_on(self) -> date | None:
        """The day of the change."""
        return timezone.localdate(self.change.sent_at) if self.change.sent_at else None


class FrozenPaper(models.Model):
    """A paper of a convened sitting as it was sent. Written once: a trigger of the database refuses to change it.

    What replaces it is another row that points to it; the rank of an annex passes from one to the other.
    """

    class Kind(models.TextChoices):
        """What was copied."""

        SITTING = "sitting", "Séance"
        ITEM = "item", "Point"
        ANNEX = "annex", "Annexe"

    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="frozen")
    place = models.ForeignKey(AgendaPlace, models.PROTECT, null=True, related_name="frozen")
    kind = models.CharField(max_length=7, choices=Kind)
    rank = models.PositiveIntegerField(default=0)  # of an annex, from 1
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)  # of the content, canonical: see copying.digest
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, null=True, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    change = models.ForeignKey(PaperChange, models.PROTECT, null=True, related_name="papers")  # none: the convocation
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place", "kind", "rank"], condition=Q(replaces__isnull=True), name="a_paper_is_frozen_once"
            ),
            models.UniqueConstraint(fields=["sitting"], condition=Q(kind="sitting"), name="a_sitting_is_frozen_once"),
            models.CheckConstraint(
                condition=Q(kind="annex", version__isnull=False) | (~Q(kind="annex") & Q(version__isnull=True)),
                name="an_annex_is_a_version",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | Q(change__isnull=False), name="what_replaces_belongs_to_a_change"
            ),
        ]
