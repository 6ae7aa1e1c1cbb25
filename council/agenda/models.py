"""Sittings and their items as pages; what the law keeps of them as plain rows that no draft can change."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Page, Revision

from council import clock, nomenclature
from council.agenda.enums import Channel, ItemKind, PlaceState, ProposalState, SittingKind, SittingState
from council.agenda.locks import Convened
from council.items.panels import SubjectPanel
from council.members.models import Instance, Mandate
from kb.pages.knowledge import KnowledgePage

OPENED_TOGETHER = (
    "Une séance et ses points s’ouvrent ensemble à leurs lecteurs, quand la convocation est notée. Ensuite leurs papiers "
    "sont figés."
)


def check_hour(starts_at: datetime | None) -> None:
    """Raises ValidationError for the hour of a meeting that no calendar can add anything to."""
    if starts_at and not clock.FIRST_DAY.year <= starts_at.year <= clock.LAST_DAY.year:
        raise ValidationError({"starts_at": clock.OUT_OF_TIME})


class SittingPage(KnowledgePage):
    """A séance: when and where an instance sits. Its state and its agenda are rows, see below."""

    parent_page_types: ClassVar = ["kb.HomePage", "kb.FolderPage"]
    subpage_types: ClassVar = ["council.AgendaItemPage"]
    is_creatable = True
    own_template = "council/agenda/sitting.html"
    published_apart = OPENED_TOGETHER
    told_fields: ClassVar = ("sitting_kind", "starts_at", "place")

    instance = models.ForeignKey(
        Instance, models.PROTECT, related_name="sittings", limit_choices_to={"outside": False}, verbose_name="instance"
    )
    sitting_kind = models.CharField("convocation", max_length=12, choices=SittingKind, default=SittingKind.ORDINARY)
    starts_at = models.DateTimeField("jour et heure")
    place = models.CharField("lieu", max_length=160, blank=True)

    own_panels: ClassVar = [
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("place")]),
        FieldRowPanel([FieldPanel("instance"), FieldPanel("sitting_kind")]),
    ]

    by_change: Any = None  # the change after the convocation that writes this revision: see council.frozen

    class Meta:
        verbose_name = "séance"

    def get_lock(self) -> Any:
        """Wagtail's; once it is convened, ours for everybody."""
        return Convened(self) if self.is_closed() else super().get_lock()

    def is_closed(self) -> bool:
        """Whether what it says has left with a convocation."""
        return stage_of(self) != SittingState.PREPARATION

    def clean(self) -> None:
        """At an hour that the legal clock can count to; what a convocation has said no longer changes."""
        super().clean()
        check_hour(self.starts_at)
        stored = SittingPage.objects.filter(pk=self.pk).first()
        if stored is None or stage_of(stored) == SittingState.PREPARATION:
            return
        for name in ("starts_at", "instance_id", "sitting_kind"):
            if getattr(self, name) != getattr(stored, name):
                raise ValidationError(
                    {name.removesuffix("_id"): "La séance est convoquée : pour en changer, convoquez une autre séance."}
                )


class AgendaItemPage(KnowledgePage):
    """An « affaire » on legal papers, a « point » on screens: the body is the projet de délibération."""

    parent_page_types: ClassVar = ["council.SittingPage"]
    subpage_types: ClassVar[list[str]] = []
    is_creatable = True
    own_template = "council/agenda/item.html"
    published_apart = OPENED_TOGETHER
    own_circuit = "council"
    own_tab = "Le point"
    told_fields: ClassVar = ("item_kind", "rapporteur", "matter", "budget_year", "note")
    told_rows: ClassVar = {"advices": "Avis des commissions"}

    item_kind = models.CharField("nature", max_length=16, choices=ItemKind, default=ItemKind.DELIBERATION)
    rapporteur = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="items", verbose_name="rapporteur"
    )
    note = models.TextField(
        "note de synthèse",
        blank=True,
        help_text="Ce qu’un élu doit savoir avant de voter. Obligatoire à partir de 3 500 habitants (art. L2121-12).",
    )
    behind_closed_doors = models.BooleanField("huis clos proposé", default=False)
    matter = models.CharField(
        "matière",
        max_length=5,
        choices=nomenclature.choices,
        blank=True,
        help_text="Sous quelle matière l’acte partira au contrôle de légalité (nomenclature @CTES).",
    )
    budget_year = models.PositiveSmallIntegerField(
        "exercice budgétaire", null=True, blank=True, validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )
    concerns_money = models.BooleanField(
        "engage de l’argent",
        default=False,
        help_text="Le point passe alors par les finances. Une matière « 7 Finances locales » suffit à le dire.",
    )
    comes_back = models.BooleanField(
        "revient à chaque séance",
        default=False,
        help_text="Secrétaire de séance, procès-verbal à arrêter… Le point est repris quand la séance est dupliquée.",
    )

    own_panels: ClassVar = [
        FieldRowPanel([FieldPanel("item_kind"), FieldPanel("rapporteur")]),
        FieldPanel("note"),
        FieldPanel("behind_closed_doors"),
        FieldPanel("matter"),
        FieldRowPanel([FieldPanel("budget_year"), FieldPanel("concerns_money")]),
        FieldPanel("comes_back"),
        SubjectPanel("subjects", [FieldPanel("subject")], heading="Projets et services concernés", label="Page"),
        InlinePanel(
            "advices",
            [
                FieldPanel("commission"),
                FieldRowPanel([FieldPanel("given_on"), FieldPanel("sense")]),
                FieldPanel("words"),
            ],
            heading="Avis des commissions",
            label="Avis",
        ),
    ]

    by_change: Any = None  # the change after the convocation that writes this revision: see council.frozen

    class Meta:
        verbose_name = "point"

    def get_lock(self) -> Any:
        """Wagtail's; once it is convened, ours for everybody, but while its text is being corrected."""
        return Convened(self) if self.is_closed() else super().get_lock()

    def is_closed(self) -> bool:
        """Whether what it says has left with a convocation, and nobody is correcting it."""
        sent = AgendaPlace.objects.filter(item=self.pk).exclude(convened_revision=None).first() if self.pk else None
        return sent is not None and not sent.changes.filter(sent_at=None, dropped_at=None).exists()

    @property
    def goes_by_finances(self) -> bool:
        """Whether the item engages money, said or by its matière."""
        return self.concerns_money or self.matter.split(".")[0] == nomenclature.FINANCES

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Below a sitting in preparation; once it is convened, where an ordre du jour complémentaire is open."""
        if not super().can_create_at(parent):
            return False
        if stage_of(parent) == SittingState.PREPARATION:
            return True
        reopened = SittingPage.objects.filter(
            pk=parent.pk, changes__kind="added", changes__sent_at=None, changes__dropped_at=None
        )
        return reopened.exists()

    def can_move_to(self, parent: Page) -> bool:
        """From one sitting in preparation to another: what was sent stays where it was sent."""
        stages = {stage_of(place) for place in (parent, self.get_parent())}
        return bool(super().can_move_to(parent)) and stages == {SittingState.PREPARATION}


def stage_of(sitting: Page) -> SittingState:
    """Where a sitting stands; without a record it is in preparation."""
    state = SittingRecord.objects.filter(page=sitting.pk).values_list("state", flat=True).first()
    return SittingState(state or SittingState.PREPARATION)


class SittingRecord(models.Model):
    """What happened to a sitting: kept apart from the page, whose drafts come and go."""

    page = models.OneToOneField(SittingPage, models.PROTECT, related_name="record", primary_key=True)
    state = models.CharField(max_length=12, choices=SittingState, default=SittingState.PREPARATION)
    sent_on = models.DateField(null=True)
    channel = models.CharField(max_length=10, choices=Channel, blank=True)
    proof = models.CharField(max_length=300, blank=True)
    urgency = models.CharField(max_length=300, blank=True)  # why it could not wait, told to the council (L2121-11)
    convened_at = models.DateTimeField(null=True)
    convened_revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    convened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=SittingState.PREPARATION) | Q(sent_on__isnull=False),
                name="a_convened_sitting_knows_when_it_was",
            ),
        ]


class AgendaPlace(models.Model):
    """The place of an item on an agenda. A postponed item keeps its row, with the reason, where it stood."""

    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="places")
    item = models.ForeignKey(AgendaItemPage, models.PROTECT, related_name="places")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=12, blank=True)  # as announced: « 4 », « 6 bis »; it never moves
    urgency = models.BooleanField(default=False)  # « Constat de l’urgence », the first item of an urgent sitting
    state = models.CharField(max_length=10, choices=PlaceState, default=PlaceState.ON)
    title = models.CharField(max_length=255, blank=True)  # as it was called when it left the agenda
    reason = models.CharField(max_length=300, blank=True)
    moved_to = models.ForeignKey(SittingPage, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # What was sent: the revision that the convocation names, which no later draft overwrites.
    convened_revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "item"], name="an_item_once_on_an_agenda"),
            models.UniqueConstraint(
                fields=["item"], condition=~Q(state=PlaceState.POSTPONED), name="an_item_on_one_agenda"
            ),
            models.CheckConstraint(
                condition=Q(state=PlaceState.ON) | ~Q(reason=""), name="who_leaves_an_agenda_leaves_a_reason"
            ),
        ]


class DoneStep(models.Model):
    """A deadline of the legal clock that was met, and when."""

    sitting = models.ForeignKey(SittingPage, models.PROTECT, related_name="steps")
    code = models.CharField(max_length=30)
    on = models.DateField()
    noted_at = models.DateTimeField(default=timezone.now)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "code"], name="a_step_is_done_once"),
        ]


class Proposal(models.Model):
    """« Proposer au conseil » : what a service would put on an agenda, about one of its pages."""

    instance = models.ForeignKey(Instance, models.PROTECT, related_name="proposals")
    page = models.ForeignKey(Page, models.PROTECT, related_name="+")
    title = models.CharField(max_length=255)
    why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.WAITING)
    item = models.OneToOneField(AgendaItemPage, models.PROTECT, null=True, related_name="proposal")
    answer = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state=ProposalState.ACCEPTED) | Q(item__isnull=False),
                name="an_accepted_proposal_has_an_item",
            ),
        ]
