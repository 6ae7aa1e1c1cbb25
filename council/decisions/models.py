"""What the council delegated to its maire, and the decisions taken under it. A decision taken never changes."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from council.decisions.points import POINTS
from council.members.models import Instance, Mandate
from kb.typography import day


class DelegatedPower(models.Model):
    """A délibération by which the council delegates some of the matters of L2122-22."""

    instance = models.ForeignKey(Instance, models.PROTECT, related_name="delegations")
    deliberation = models.CharField("délibération", max_length=60)  # its number: it may be older than this product
    since = models.DateField("en date du")
    until = models.DateField("jusqu’au", null=True, blank=True)  # the first day without it
    points = models.JSONField(default=list)  # numbers of L2122-22
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-since", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instance", "deliberation"], name="a_delegation_is_noted_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="a_delegated_power_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"délibération {self.deliberation} du {day(self.since)}"

    def covers(self, point: int, on: date) -> bool:
        """Whether the maire may decide of this matter on that day."""
        return point in self.points and self.since <= on and (self.until is None or on < self.until)


class Decision(models.Model):
    """A décision du maire. Without a number it is a draft; numbered, it never changes."""

    instance = models.ForeignKey(Instance, models.PROTECT, related_name="decisions")
    delegation = models.ForeignKey(
        DelegatedPower,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="délégation du conseil",
    )
    point = models.PositiveSmallIntegerField("matière déléguée", choices=list(POINTS.items()), null=True, blank=True)
    subject = models.CharField("objet", max_length=500)
    text = models.TextField("texte de la décision")
    matter = models.CharField("matière @CTES", max_length=5)
    signer = models.ForeignKey(Mandate, models.PROTECT, related_name="+", verbose_name="signée par")
    quality = models.CharField(max_length=120, blank=True)  # the office, as it was on that day
    taken_on = models.DateField("en date du", default=timezone.localdate)
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    rank = models.PositiveIntegerField(null=True, editable=False)
    number = models.CharField(max_length=15, unique=True, null=True, editable=False)
    numbered_at = models.DateTimeField(null=True, editable=False)
    numbered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-taken_on", "-rank", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instance", "year", "rank"], name="decisions_of_a_year_are_numbered_once"),
            models.CheckConstraint(
                condition=Q(number__isnull=True, numbered_at__isnull=True)
                | Q(number__isnull=False, numbered_at__isnull=False, delegation__isnull=False, point__isnull=False),
                name="a_decision_taken_rests_on_its_delegation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or 'Projet de décision'} : {self.subject}"
