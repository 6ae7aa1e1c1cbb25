"""What the law keeps of a pouvoir: the document, the sittings it serves, and the code that confirms it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from council.agenda.models import SittingPage
from council.convening.models import KeptPaper
from council.members.models import Mandate
from kb.buttons.models import SixDigits


class Pouvoir(models.Model):
    """One document: `giver` lets `holder` vote for him at `sitting`, and at the next ones up to `sittings` in all."""

    wagtail_reference_index_ignore = True  # Wagtail's « usages » of a page would tell of it
    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="+")  # the first, which it names
    giver = models.ForeignKey(Mandate, models.PROTECT, related_name="pouvoirs_given")
    holder = models.ForeignKey(Mandate, models.PROTECT, related_name="pouvoirs_held")
    sittings = models.PositiveSmallIntegerField(default=1)  # consecutive ones, of the same instance
    illness = models.CharField(max_length=200, blank=True)  # why it may serve longer than the law's number
    given_on = models.DateField()  # the date of the document
    noted_at = models.DateTimeField(default=timezone.now)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_paper = models.BooleanField(default=False)
    # The scan of a paper; of one given on screen, the PDF, made once and then always the same bytes.
    paper = models.OneToOneField(KeptPaper, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_how = models.CharField(max_length=200, blank=True)  # where the letter is, if it was not on screen

    class Meta:
        ordering: ClassVar = ["giver__position", "giver__list_rank", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(giver=F("holder")), name="no_pouvoir_to_oneself"),
            models.CheckConstraint(condition=Q(sittings__gte=1), name="a_pouvoir_serves_a_sitting"),
            models.CheckConstraint(
                condition=Q(on_paper=False) | Q(paper__isnull=False), name="a_pouvoir_on_paper_has_its_scan"
            ),
        ]


class ServedSitting(models.Model):
    """One sitting that a pouvoir serves. Giver and holder stand here too, so that the base itself keeps the law's rule."""

    wagtail_reference_index_ignore = True  # Wagtail's « usages » of a page would tell of it
    pouvoir = models.ForeignKey(Pouvoir, models.PROTECT, related_name="served")
    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="pouvoirs")
    rank = models.PositiveSmallIntegerField()  # 1 for the sitting that the document names
    giver = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)  # revoked

    class Meta:
        ordering: ClassVar = ["giver__position", "giver__list_rank", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pouvoir", "sitting"], name="a_pouvoir_serves_a_sitting_once"),
            models.UniqueConstraint(
                fields=["sitting", "holder"], condition=Q(ended_at=None), name="one_pouvoir_per_holder"
            ),
            models.UniqueConstraint(
                fields=["sitting", "giver"], condition=Q(ended_at=None), name="one_pouvoir_per_giver"
            ),
        ]


class PouvoirCode(SixDigits):
    """Six digits that make a pouvoir of what was chosen on the screen."""

    wagtail_reference_index_ignore = True  # Wagtail's « usages » of a page would tell of it
    salt = "council.pouvoirs.code"
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    sittings = models.PositiveSmallIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "-made_at"], name="pouvoir_code_person")]
