"""The page types, models of pages, and what each person keeps of pages."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable, Page, Revision

from kb.pages.amounts import AmountInput
from kb.pages.blocks import BodyBlock
from kb.pages.enums import ArticleKind, FundingState, ProjectState
from kb.pages.fields import BodyField
from kb.pages.knowledge import KnowledgePage, PeoplePanel
from kb.pages.knowledge import PageTag as PageTag

ANY_BELOW = ["kb.ServicePage", "kb.ProjectPage", "kb.ArticlePage", "kb.FolderPage"]


class Trade(models.Model):  # type: ignore[django-manager-missing]
    """A métier of the town hall: technique, budget, projets… A town adds its own."""

    name = models.CharField("métier", max_length=80, unique=True)
    position = models.PositiveIntegerField("ordre", default=100)

    class Meta:
        verbose_name = "métier"
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class HomePage(KnowledgePage):
    """The town: its name is the page's title."""

    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ANY_BELOW
    max_count = 1
    is_creatable = True

    class Meta:
        verbose_name = "accueil"


class ServicePage(KnowledgePage):
    """A service of the town hall and its métier."""

    parent_page_types: ClassVar = ["kb.HomePage", "kb.FolderPage", "kb.ServicePage"]
    subpage_types: ClassVar = ANY_BELOW
    is_creatable = True

    trade = models.ForeignKey(
        Trade, models.PROTECT, null=True, blank=True, verbose_name="métier", related_name="services"
    )
    contact = models.CharField(
        "pour joindre le service",
        max_length=200,
        blank=True,
        help_text="Téléphone, bureau, heures.",
    )

    own_tab = "Le service"
    own_panels: ClassVar = [
        FieldRowPanel([FieldPanel("trade"), FieldPanel("contact")]),
        InlinePanel(
            "indicators",
            [FieldRowPanel([FieldPanel("label"), FieldPanel("value"), FieldPanel("line")])],
            heading="Chiffres du moment",
            label="Chiffre",
            max_num=4,
        ),
    ]

    class Meta:
        verbose_name = "service"


class Indicator(Orderable):
    """A figure that a service shows: its label, its value, one line of context."""

    page = ParentalKey(ServicePage, on_delete=models.CASCADE, related_name="indicators")
    label = models.CharField("intitulé", max_length=80)
    value = models.CharField("valeur", max_length=40)
    line = models.CharField("précision", max_length=120, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "chiffre"


class ProjectPage(KnowledgePage):
    """A project: where it stands, its money, its dates, who does what next."""

    parent_page_types: ClassVar = ["kb.HomePage", "kb.ServicePage", "kb.FolderPage", "kb.ProjectPage"]
    subpage_types: ClassVar = ["kb.ProjectPage", "kb.ArticlePage", "kb.FolderPage"]
    is_creatable = True

    state = models.CharField("état", max_length=10, choices=ProjectState, default=ProjectState.IDEA)
    budget = models.DecimalField("enveloppe (€)", max_digits=12, decimal_places=2, null=True, blank=True)
    budget_basis = models.CharField("taxes", max_length=3, choices=[("HT", "HT"), ("TTC", "TTC")], default="HT")
    committed = models.DecimalField("déjà engagé (€)", max_digits=12, decimal_places=2, null=True, blank=True)

    own_tab = "Le projet"
    own_panels: ClassVar = [
        FieldPanel("state"),
        PeoplePanel(
            "next_steps",
            [FieldPanel("title"), FieldRowPanel([FieldPanel("owner"), FieldPanel("due"), FieldPanel("done")])],
            heading="Prochaines étapes",
            label="Étape",
        ),
        InlinePanel(
            "phases",
            [FieldPanel("title"), FieldRowPanel([FieldPanel("starts"), FieldPanel("ends"), FieldPanel("done")])],
            heading="Phases et jalons",
            label="Phase",
        ),
        FieldRowPanel(
            [
                FieldPanel("budget", widget=AmountInput),
                FieldPanel("budget_basis"),
                FieldPanel("committed", widget=AmountInput),
            ],
            heading="Argent",
        ),
        InlinePanel(
            "funding",
            [FieldPanel("label"), FieldRowPanel([FieldPanel("amount", widget=AmountInput), FieldPanel("state")])],
            heading="Financement",
            label="Ligne",
        ),
        PeoplePanel(
            "team",
            [FieldRowPanel([FieldPanel("person"), FieldPanel("role")])],
            heading="Qui s’en occupe",
            label="Personne",
        ),
    ]

    class Meta:
        verbose_name = "projet"


class Phase(Orderable):
    """A stretch of a project, or a milestone when it ends the day it starts."""

    page = ParentalKey(ProjectPage, on_delete=models.CASCADE, related_name="phases")
    title = models.CharField("phase ou jalon", max_length=80)
    starts = models.DateField("début", null=True, blank=True)
    ends = models.DateField("fin", null=True, blank=True)
    done = models.BooleanField("terminée", default=False)

    class Meta(Orderable.Meta):
        verbose_name = "phase"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True)
                | models.Q(starts__isnull=True)
                | models.Q(ends__gte=models.F("starts")),
                name="a_phase_ends_after_it_starts",
                violation_error_message="La fin d’une phase ne peut pas précéder son début.",
            ),
        ]


class FundingLine(Orderable):
    """Where some of the money comes from."""

    page = ParentalKey(ProjectPage, on_delete=models.CASCADE, related_name="funding")
    label = models.CharField("financeur", max_length=120)
    amount = models.DecimalField("montant (€)", max_digits=12, decimal_places=2)
    state = models.CharField("état", max_length=10, choices=FundingState, default=FundingState.ASKED)

    class Meta(Orderable.Meta):
        verbose_name = "ligne de financement"


class NextStep(Orderable):
    """Something to do, by somebody, before a date."""

    page = ParentalKey(ProjectPage, on_delete=models.CASCADE, related_name="next_steps")
    title = models.CharField("à faire", max_length=160)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="par",
    )
    due = models.DateField("avant le", null=True, blank=True)
    done = models.BooleanField("fait", default=False)

    class Meta(Orderable.Meta):
        verbose_name = "prochaine étape"


class TeamMember(Orderable):
    """Somebody who works on a project."""

    page = ParentalKey(ProjectPage, on_delete=models.CASCADE, related_name="team")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="personne")
    role = models.CharField("rôle", max_length=80, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "membre de l’équipe"


class ArticlePage(KnowledgePage):
    """The plain wiki page: procedure, note, sheet, minutes."""

    parent_page_types: ClassVar = [
        "kb.HomePage",
        "kb.ServicePage",
        "kb.ProjectPage",
        "kb.ArticlePage",
        "kb.FolderPage",
    ]
    subpage_types: ClassVar = ["kb.ArticlePage", "kb.FolderPage"]
    is_creatable = True

    kind = models.CharField("nature", max_length=10, choices=ArticleKind, default=ArticleKind.NOTE)

    own_panels: ClassVar = [FieldPanel("kind")]

    class Meta:
        verbose_name = "page"

    def kind_label(self) -> str:
        """Procédure, note, fiche or compte rendu."""
        return ArticleKind(self.kind).label


class FolderPage(KnowledgePage):
    """A shelf of documents with a few lines."""

    parent_page_types: ClassVar = [
        "kb.HomePage",
        "kb.ServicePage",
        "kb.ProjectPage",
        "kb.ArticlePage",
        "kb.FolderPage",
    ]
    subpage_types: ClassVar = ANY_BELOW
    is_creatable = True

    class Meta:
        verbose_name = "dossier"


# The types of pages that a model may be of; other floors add theirs.
STARTABLE = {"articlepage": "Page", "projectpage": "Projet", "servicepage": "Service", "folderpage": "Dossier"}


def startable() -> list[tuple[str, str]]:
    """The same, as the choices of a field."""
    return list(STARTABLE.items())


class PageModel(models.Model):
    """A model that a new page starts from, edited by the town."""

    name = models.CharField("nom du modèle", max_length=80, unique=True)
    description = models.CharField("quand s’en servir", max_length=200, blank=True)
    page_type = models.CharField(
        "type de page",
        max_length=20,
        choices=startable,
        default="articlepage",
    )
    article_kind = models.CharField(
        "nature de la page",
        max_length=10,
        choices=ArticleKind,
        blank=True,
        help_text="Pour une « Page » : ce que sera la page commencée ainsi.",
    )
    summary = models.TextField("résumé", blank=True, max_length=400)
    body = BodyField(BodyBlock(), blank=True, verbose_name="contenu")
    position = models.PositiveIntegerField("ordre", default=100)

    panels: ClassVar = [
        FieldPanel("name"),
        FieldPanel("description"),
        FieldPanel("page_type"),
        FieldPanel("article_kind"),
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("position"),
    ]

    class Meta:
        verbose_name = "modèle de page"
        verbose_name_plural = "modèles de pages"
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class RevisionRecord(models.Model):
    """What Wagtail does not keep of a revision: why it was written, and whether it may still change."""

    revision = models.OneToOneField(Revision, models.CASCADE, related_name="record")
    page = models.ForeignKey(Page, models.CASCADE, related_name="revision_records")
    why = models.CharField("pourquoi", max_length=255, blank=True)
    # Whether those who follow the page are told of it when it is published: corrections stay silent.
    announce = models.BooleanField("prévenir", default=False)
    published_at = models.DateTimeField("publiée le", null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # A sentence when the revision must never be overwritten: restored from, frozen with a sitting…
    kept_because = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["page", "published_at"])]


class TreeChange(models.Model):
    """One row for each change of the tree; processes keep the tree in memory and catch up (kb.pages.tree)."""

    page_id = models.BigIntegerField(null=True)  # null: read the whole tree again
    at = models.DateTimeField(auto_now_add=True)


class Favourite(models.Model):
    """A page that a person keeps at hand."""

    wagtail_reference_index_ignore = True  # Wagtail's « usages » of a page would tell who keeps it
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourites")
    page = models.ForeignKey(Page, models.CASCADE, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "page"], name="one_favourite_per_page"),
        ]


class Reading(models.Model):
    """The last time a person read a page, and which revision. Private to that person."""

    wagtail_reference_index_ignore = True  # Wagtail's « usages » of a page would tell who reads it
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="readings")
    page = models.ForeignKey(Page, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "page"], name="one_reading_per_page"),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "-at"])]
