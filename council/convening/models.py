"""What the law keeps of a convocation: who signed which agenda, what was sent to whom, and what each answered."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from council.agenda.models import SittingPage, SittingRecord
from council.members.models import Mandate
from kb.buttons.models import PersonalButton
from kb.notices.models import Mail


class Signature(models.Model):
    """Who presides arrested the agenda and signed the convocation (L2121-10), on screen or on paper."""

    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="signatures")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    quality = models.CharField(max_length=120)  # the office, as it was on that day
    signed_on = models.DateField()
    on_screen = models.BooleanField()
    proof = models.CharField(max_length=300, blank=True)  # where the signed paper is
    agenda_hash = models.CharField(max_length=64)  # of what was signed: another agenda asks for another signature
    # What was signed before its circuit was over, on the signer's responsibility: [{"item", "title", "missing": [steps]}].
    unchecked = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(on_screen=True) | ~Q(proof=""), name="a_signature_on_paper_says_where_it_is"
            ),
        ]


class Way(models.TextChoices):
    """How a convocation goes to one councillor."""

    MAIL = "mail", "Courriel"
    PAPER = "paper", "Papier"  # no account, or no e-mail address
    ELSEWHERE = "elsewhere", "Autre moyen"  # the whole sitting was convened by other means


class Answer(models.TextChoices):
    """What a councillor says of his presence."""

    PRESENT = "present", "Présent"
    ABSENT = "absent", "Absent"
    UNKNOWN = "unknown", "Ne sait pas encore"


class KeptPaper(models.Model):
    """The bytes of a paper, as they came or as they were made once: never changed."""

    file_name = models.CharField(max_length=160)
    mime = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()  # in the base, so that it is there whenever its row is
    kept_at = models.DateTimeField(default=timezone.now)


class Handed(models.Model):
    """What goes to one councillor. Where it stands is read from its mail, never copied from it."""

    way = models.CharField(max_length=9, choices=Way)
    address = models.CharField(max_length=254, blank=True)  # the one used, as it was
    mail = models.OneToOneField(Mail, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    # Came back to the town's mailbox after the mail server had taken it: only a person sees that.
    bounced_on = models.DateField(null=True)
    bounced_why = models.CharField(max_length=200, blank=True)
    # Delivered by hand: paper, or after a mail that failed.
    delivered_on = models.DateField(null=True)
    delivered_how = models.CharField(max_length=200, blank=True)
    delivery_noted_at = models.DateTimeField(null=True)
    delivery_noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    sitting: Any
    mandate: Any

    @property
    def sent_on(self) -> date | None:
        """The day from which it may be delivered."""
        raise NotImplementedError


class Convocation(Handed):
    """One councillor's convocation to one sitting."""

    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="convocations")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="convocations")
    button = models.OneToOneField(PersonalButton, models.PROTECT, null=True, related_name="+")
    # What the councillor says himself, or the secretariat from his paper.
    acknowledged_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_how = models.CharField(max_length=200, blank=True)  # what the secretariat heard or read
    answer_noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer_paper = models.OneToOneField(KeptPaper, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["mandate__position", "mandate__list_rank", "mandate"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "mandate"], name="one_convocation_per_councillor"),
            models.CheckConstraint(
                condition=Q(mail__isnull=True) | (Q(way=Way.MAIL) & ~Q(address="")), name="a_mail_has_its_address"
            ),
            models.CheckConstraint(
                condition=Q(delivered_on__isnull=True) | ~Q(delivered_how=""), name="a_delivery_says_how"
            ),
        ]

    @property
    def sent_on(self) -> date | None:
        """The convocation's day."""
        return SittingRecord.objects.values_list("sent_on", flat=True).get(page=self.sitting_id)


class SentPaper(models.Model):
    """A file that travels with the convocation: made once, then the same bytes to all."""

    class Code(models.TextChoices):
        """Which paper."""

        CONVOCATION = "convocation", "Convocation"
        NOTES = "notes", "Notes de synthèse"

    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="sent_papers")
    code = models.CharField(max_length=12, choices=Code)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()  # in the base, so that it is there whenever its row is
    made_at = models.DateTimeField(default=timezone.now)
    change = models.ForeignKey("council.PaperChange", models.PROTECT, null=True, related_name="sent_papers")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sitting", "code"], condition=Q(change__isnull=True), name="one_paper_of_a_kind_per_sitting"
            ),
            models.UniqueConstraint(fields=["change", "code"], name="one_paper_of_a_kind_per_change"),
        ]


class Cancellation(models.Model):
    """Why a convened sitting does not take place, and the one that takes its agenda over, if any."""

    sitting = models.OneToOneField(SittingPage, models.PROTECT, related_name="cancellation", primary_key=True)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    moved_to = models.ForeignKey(SittingPage, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_sitting_is_called_off_with_a_reason"),
        ]


class Sending(models.TextChoices):
    """How a councillor is sent what convenes him."""

    MAIL = "mail", "Par courriel, avec un bouton qui ouvre le dossier"  # the law's ordinary way
    DOSSIER = "dossier", "Par courriel, avec le dossier en PDF dans le courriel"
    PAPER = "paper", "Sur papier"  # L2121-10: where he asks for it


class SendingChoice(models.Model):
    """What a councillor asked for, from a day on: the last row counts, none is the law's ordinary way."""

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="sending_choices")
    sending = models.CharField(max_length=7, choices=Sending)
    asked_on = models.DateField()
    proof = models.CharField(max_length=200, blank=True)  # where his letter is, if he did not choose on the screen
    noted_at = models.DateTimeField(default=timezone.now)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["noted_at", "pk"]
