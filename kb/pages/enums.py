"""States of projects and their parts, named once."""

from django.db.models import TextChoices


class ProjectState(TextChoices):
    """Where a project stands."""

    IDEA = "idea", "À l’étude"  # nothing is decided yet
    RUNNING = "running", "En cours"  # decided, work goes on
    SUSPENDED = "suspended", "Suspendu"  # stopped for a time, with a reason on the page
    DONE = "done", "Terminé"  # received and paid
    ABANDONED = "abandoned", "Abandonné"  # will not be done


# A project somebody still works on.
OPEN_STATES = frozenset({ProjectState.IDEA, ProjectState.RUNNING, ProjectState.SUSPENDED})


class FundingState(TextChoices):
    """Where a subsidy or a loan stands."""

    ASKED = "asked", "Demandé"
    GRANTED = "granted", "Accordé"
    RECEIVED = "received", "Reçu"
    REFUSED = "refused", "Refusé"


# Money that can be counted on.
SURE_FUNDING = frozenset({FundingState.GRANTED, FundingState.RECEIVED})


class ArticleKind(TextChoices):
    """What a plain wiki page is for."""

    NOTE = "note", "Note"
    PROCEDURE = "procedure", "Procédure"
    SHEET = "sheet", "Fiche"
    MINUTES = "minutes", "Compte rendu"


class ChildrenShown(TextChoices):
    """How a page lists what is below it."""

    LIST = "list", "Liste"
    CARDS = "cards", "Cartes"
