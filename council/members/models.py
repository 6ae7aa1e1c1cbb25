"""Instances, the population that rules them, and mandates. A councillor is not an account: some have none."""

from datetime import date
from fractions import Fraction
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from wagtail.models import Page

from council import rules


class Quorum(models.TextChoices):
    """How many of the members in office must be there, where the town says it: more than that share of them."""

    HALF = "1/2", "La majorité des membres en exercice"
    THIRD = "1/3", "Plus du tiers des membres en exercice"
    NONE = "0", "Aucun quorum"


class Instance(models.Model):  # type: ignore[django-manager-missing]
    """An assembly that sits here: the conseil municipal, a commission, the CCAS."""

    name = models.CharField("nom", max_length=120, unique=True)
    body = models.CharField("sorte", max_length=20, choices=list(rules.BODIES.items()), default="commune")
    department = models.CharField("département", max_length=3, blank=True)
    place = models.CharField("lieu des séances", max_length=160, blank=True)
    # What the product does not know and the town answered (Alsace-Moselle, EPCI, commission).
    own_clear_days = models.PositiveSmallIntegerField("délai en jours francs", null=True, blank=True)
    own_article = models.CharField("article de ce délai", max_length=80, blank=True)
    # A Word file whose styles, head and foot the convocations take.
    letterhead = models.ForeignKey(
        "kb.Document",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="modèle Word des convocations",
    )
    # A communauté, a syndicat: others convene it. Its meetings are shown, and nothing of it is computed.
    outside = models.BooleanField("extérieure", default=False)
    own_pouvoir_sittings = models.PositiveSmallIntegerField(
        "séances de suite que sert un pouvoir", null=True, blank=True
    )  # 0: no pouvoir here
    own_pouvoir_article = models.CharField("article sur les pouvoirs", max_length=80, blank=True)
    own_quorum = models.CharField("quorum", max_length=3, choices=Quorum, blank=True)
    own_quorum_article = models.CharField("article sur le quorum", max_length=80, blank=True)

    # Whose responsables read the items that engage money; without it the step falls to who answers for the sittings.
    finances = models.ForeignKey(
        Page, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="service des finances"
    )

    class Meta:
        verbose_name = "instance"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(own_clear_days__isnull=True) | ~Q(own_article=""),
                name="a_delay_rests_on_an_article",
                violation_error_message="Un délai se donne avec son article.",
            ),
            models.CheckConstraint(
                condition=Q(own_pouvoir_sittings__isnull=True) | ~Q(own_pouvoir_article=""),
                name="a_rule_on_pouvoirs_rests_on_an_article",
                violation_error_message="La règle des pouvoirs se donne avec son article.",
            ),
            models.CheckConstraint(
                condition=Q(own_quorum="") | ~Q(own_quorum_article=""),
                name="a_quorum_rests_on_an_article",
                violation_error_message="Le quorum se donne avec son article.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def population(self, on: date) -> "Population | None":
        """The one frozen at the last renewal before that day (R2151-2 to -4)."""
        return self.populations.filter(since__lte=on).order_by("-since").first()

    def in_law(self, on: date) -> rules.Instance | None:
        """Whom `council.rules` is asked for on that day; None while no population is known."""
        frozen = self.population(on)
        return rules.Instance(frozen.inhabitants, self.department, self.body, self.answers) if frozen else None

    @property
    def answers(self) -> dict[str, rules.Answer]:
        """What the town answered where the product did not know."""
        answers = {}
        if self.own_clear_days is not None:
            answers["clear_days"] = rules.Answer(self.own_clear_days, self.own_article)
        if self.own_pouvoir_sittings is not None:
            answers["pouvoir_sittings"] = rules.Answer(self.own_pouvoir_sittings, self.own_pouvoir_article)
        if self.own_quorum:
            answers["quorum"] = rules.Answer(Fraction(self.own_quorum), self.own_quorum_article)
        return answers


class Population(models.Model):
    """The population that rules an instance from a renewal on: a row is added, never changed once in force."""

    instance = models.ForeignKey(Instance, models.PROTECT, related_name="populations")
    inhabitants = models.PositiveIntegerField("habitants")
    since = models.DateField("depuis le renouvellement du")

    class Meta:
        verbose_name = "population"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instance", "since"], name="one_population_a_renewal"),
        ]


class WhyEnded(models.TextChoices):
    """Why a mandate ended before its term."""

    RESIGNED = "resigned", "Démission"
    DECEASED = "deceased", "Décès"
    OTHER = "other", "Autre raison"


class Mandate(models.Model):  # type: ignore[django-manager-missing]
    """Somebody elected on a list: in office from `since`, or still waiting for a seat where it is empty."""

    instance = models.ForeignKey(Instance, models.PROTECT, related_name="mandates")
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    office = models.CharField("fonction", max_length=120, blank=True)
    list_name = models.CharField("liste", max_length=120, blank=True)
    list_rank = models.PositiveSmallIntegerField("rang sur la liste", null=True, blank=True)
    position = models.PositiveSmallIntegerField("rang au tableau", default=999)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="mandates", verbose_name="compte"
    )
    since = models.DateField("en fonction depuis le", null=True, blank=True)
    until = models.DateField("jusqu’au", null=True, blank=True)
    why_ended = models.CharField("fin du mandat", max_length=10, choices=WhyEnded, blank=True)
    letter = models.CharField("lettre", max_length=200, blank=True)

    class Meta:
        verbose_name = "mandat"
        ordering: ClassVar = ["position", "list_rank", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=False, until__gte=F("since")),
                name="a_mandate_ends_after_it_begins",
                violation_error_message="Un mandat finit après son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Delegation(models.Model):
    """What the maire delegates to a member (L2122-18), from a day, by an arrêté."""

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="delegations")
    words = models.CharField("délégation", max_length=200)
    act = models.CharField("arrêté", max_length=120, blank=True)
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "délégation"
        ordering: ClassVar = ["since", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="a_delegation_ends_after_it_begins",
                violation_error_message="Une délégation finit après son début.",
            ),
        ]

    def __str__(self) -> str:
        return self.words
