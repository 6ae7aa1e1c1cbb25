"""Délibérations as they were decided, the procès-verbal, and the signed copies that came back."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from council.agenda.models import AgendaItemPage, SittingPage
from council.members.models import Instance
from kb.documents import storage
from kb.documents.models import fresh_name

LONGEST_NUMBER = 15  # @CTES takes no more
LONGEST_OBJECT = 500


class NumberScheme(models.Model):
    """How an instance numbers its acts, from a day on: a row is added, never changed. See council.acts.numbering."""

    instance = models.ForeignKey(Instance, models.PROTECT, related_name="number_schemes")
    pattern = models.CharField("modèle du numéro", max_length=20)
    since = models.DateField("pour les séances tenues à partir du")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instance", "since"], name="one_number_scheme_a_day"),
        ]


class Decided(models.TextChoices):
    """What the council made of an item."""

    ADOPTED = "adopted", "Adoptée"
    REJECTED = "rejected", "Rejetée"
    ELECTED = "elected", "Élection acquise"
    TAKEN_NOTE = "taken_note", "Le conseil prend acte"
    NOBODY = "nobody", "Personne n’est élu"


class Deliberation(models.Model):
    """One decided item, as it stands. Its number never moves; a correction is a dated act that keeps what stood before."""

    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="deliberations")
    item = models.ForeignKey(AgendaItemPage, models.PROTECT, related_name="deliberations")
    item_number = models.CharField(max_length=10)  # on the agenda
    position = models.PositiveIntegerField()  # in the sitting, from 1
    # As @CTES takes it, [A-Z0-9_]; and as the town writes it.
    number = models.CharField(
        "numéro", max_length=LONGEST_NUMBER, unique=True, validators=[RegexValidator(r"^[A-Z0-9_]{1,15}$")]
    )
    written = models.CharField("numéro écrit", max_length=LONGEST_NUMBER)
    decided_on = models.DateField("date de la décision")
    object = models.CharField("objet", max_length=LONGEST_OBJECT)
    rapporteur = models.CharField(max_length=200, blank=True)
    text = models.TextField("texte")  # clean HTML, images as data: addresses
    matter = models.CharField("matière", max_length=8, blank=True)  # the code of the @CTES classification
    result = models.CharField("résultat", max_length=10, choices=Decided)
    sentence = models.TextField("ce que dit le registre")
    # As docs/events.md writes a ballot, its members by their names; `names` in the roll are those of the ballot's minute.
    ballots = models.JSONField(default=list)
    roll = models.JSONField(default=dict)  # see council.acts.evening.Roll
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["decided_on", "sitting", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "item"], name="one_deliberation_an_item"),
            models.UniqueConstraint(fields=["sitting", "position"], name="deliberations_follow_each_other"),
        ]

    def __str__(self) -> str:
        return f"Délibération {self.written}"

    @property
    def votes(self) -> dict[str, Any] | None:
        """The ballot that decided; None where nobody voted (« prend acte », a candidacy read out)."""
        return next((row for row in reversed(self.ballots) if row["voting"] and row["decides"]), None)


class Correction(models.Model):
    """A dated act on a délibération: the reason, and what stood before."""

    deliberation = models.ForeignKey(Deliberation, models.PROTECT, related_name="corrections")
    reason = models.CharField("raison", max_length=300)
    before = models.JSONField()  # field → what it held
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_correction_says_why"),
        ]


class MinutesState(models.TextChoices):
    """The life of a procès-verbal."""

    DRAFT = "draft", "En rédaction"
    SENT = "sent", "Envoyé aux membres"
    APPROVED = "approved", "Arrêté"


class ProcesVerbal(models.Model):
    """What people type of a sitting's minutes, and where they stand; all else is read from the events."""

    sitting = models.OneToOneField(SittingPage, models.PROTECT, related_name="minutes", primary_key=True)
    state = models.CharField(max_length=10, choices=MinutesState, default=MinutesState.DRAFT)
    sent_at = models.DateTimeField(null=True)
    sent_mark = models.CharField(max_length=64, blank=True)  # of the text that was sent
    approved_on = models.DateField(null=True)
    approved_in = models.ForeignKey(SittingPage, models.PROTECT, null=True, related_name="minutes_approved")
    remarks = models.TextField("remarques", blank=True)  # said when it was arrêté
    # The bytes that the council arrêta: made once.
    file = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state=MinutesState.APPROVED)
                | (Q(approved_on__isnull=False) & Q(file__isnull=False) & ~Q(sha256="")),
                name="approved_minutes_have_a_day_and_a_file",
            ),
        ]


class Discussion(models.Model):
    """The substance of what was said on an item, typed or pasted by the secretary; each saving is a row (the last counts)."""

    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="discussions")
    item = models.ForeignKey(AgendaItemPage, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["at", "pk"]


class SignedPaper(models.TextChoices):
    """What comes back signed."""

    DELIBERATION = "deliberation", "Délibération"
    MINUTES = "minutes", "Procès-verbal"
    ATTENDANCE = "attendance", "Feuille de présence"
    CLOSING = "closing", "Feuillet de clôture"


def signed_name(instance: models.Model, file_name: str) -> str:
    """Storage name of a signed copy."""
    return fresh_name("s-", file_name)


class SignedCopy(models.Model):
    """A scan, or an electronically signed file: its bytes never change, the newest of a paper counts.

    `paper` empty: nobody has said yet what it is.
    """

    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="signed_copies")
    paper = models.CharField(max_length=12, choices=SignedPaper, blank=True)
    deliberation = models.ForeignKey(Deliberation, models.PROTECT, null=True, related_name="signed_copies")
    file = models.FileField(upload_to=signed_name, storage=storage.documents, max_length=200)
    file_name = models.CharField(max_length=255)
    mime = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    mark = models.CharField(max_length=64, blank=True)  # of the text that it signs: another one, and the copy is stale
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_aside_at = models.DateTimeField(null=True)  # not a paper of this sitting: kept, shown nowhere

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(paper=SignedPaper.DELIBERATION) & Q(deliberation__isnull=False))
                | (~Q(paper=SignedPaper.DELIBERATION) & Q(deliberation__isnull=True)),
                name="a_signed_deliberation_is_known",
            ),
        ]
