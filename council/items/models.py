"""The rows of an item: what it is about, what commissions said of it, where it comes from; and the yearly plan."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable, Page, Revision

from council import nomenclature
from council.agenda.enums import ItemKind
from council.agenda.models import AgendaItemPage
from council.members.models import Instance


class ItemSubject(Orderable):
    """A project or a service that an item is about."""

    page = ParentalKey(AgendaItemPage, on_delete=models.CASCADE, related_name="subjects")
    subject = models.ForeignKey(Page, models.PROTECT, related_name="+", verbose_name="projet ou service")

    class Meta(Orderable.Meta):
        verbose_name = "page concernée"


class Sense(models.TextChoices):
    """What a commission advises."""

    FAVOURABLE = "favourable", "Favorable"
    RESERVED = "reserved", "Favorable avec réserves"
    AGAINST = "against", "Défavorable"
    NONE = "none", "Sans avis"


class ItemAdvice(Orderable):
    """What a commission said of an item (L2121-22): an advice, never a decision."""

    page = ParentalKey(AgendaItemPage, on_delete=models.CASCADE, related_name="advices")
    commission = models.ForeignKey(
        Instance, models.PROTECT, related_name="+", verbose_name="commission", limit_choices_to={"body": "commission"}
    )
    given_on = models.DateField("réunie le")
    sense = models.CharField("avis", max_length=10, choices=Sense, default=Sense.FAVOURABLE)
    words = models.TextField("en une ou deux lignes", blank=True, max_length=600)

    class Meta(Orderable.Meta):
        verbose_name = "avis de commission"


class Resumption(models.Model):
    """« Reprendre une délibération » : an item written from one of an earlier sitting, as it was then."""

    wagtail_reference_index_ignore = True  # Wagtail's « usages » of a page or a file would tell of hidden items
    item = models.OneToOneField(AgendaItemPage, models.PROTECT, related_name="resumption", primary_key=True)
    source = models.ForeignKey(AgendaItemPage, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")


class AnnexToRenew(models.Model):
    """A file that the earlier item bore: to be replaced by this year's, or said to be of no use."""

    wagtail_reference_index_ignore = True  # Wagtail's « usages » of a page or a file would tell of hidden items
    resumption = models.ForeignKey(Resumption, models.PROTECT, related_name="annexes")
    document = models.ForeignKey("kb.Document", models.PROTECT, related_name="+")
    title = models.CharField(max_length=255)  # as it was called on the earlier item
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resumption", "document"], name="an_annex_is_renewed_once"),
        ]


MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


class YearlyItem(models.Model):
    """An item that comes back each year in its month. A row that no longer holds is ended, never erased."""

    instance = models.ForeignKey(Instance, models.PROTECT, related_name="yearly_items")
    month = models.PositiveSmallIntegerField(
        "mois", choices=list(enumerate(MONTHS, 1)), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    title = models.CharField("titre du point", max_length=200)
    item_kind = models.CharField("nature", max_length=16, choices=ItemKind, default=ItemKind.DELIBERATION)
    matter = models.CharField("matière", max_length=5, choices=nomenclature.choices, blank=True)
    article = models.CharField(
        "texte et échéance",
        max_length=200,
        blank=True,
        help_text="Par exemple : « art. L1612-12 du CGCT, avant le 30 juin ».",
    )
    concerns_money = models.BooleanField("engage de l’argent", default=False)
    since = models.DateField("depuis le", null=True, blank=True)
    until = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "point du plan annuel"
        ordering: ClassVar = ["month", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=models.F("since")),
                name="a_yearly_item_ends_after_it_begins",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def holds(self, on: date) -> bool:
        """Whether the plan has it on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


class YearlyUse(models.Model):
    """An item written from the plan: it is not proposed again that year, and serves as a start the next."""

    wagtail_reference_index_ignore = True  # Wagtail's « usages » of a page or a file would tell of hidden items
    planned = models.ForeignKey(YearlyItem, models.PROTECT, related_name="uses")
    item = models.OneToOneField(AgendaItemPage, models.PROTECT, related_name="yearly_use")
    year = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["planned", "year"], name="a_yearly_item_once_a_year"),
        ]
