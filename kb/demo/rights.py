"""The demo's matrix: open while a year is told, then laid as a town would lay it."""

from datetime import datetime, timedelta

from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Page

from kb.access import operations as access
from kb.access.models import Boundary, Grant, Role
from kb.access.operations import Grantee
from kb.demo.history import History, date_entries, last_entries
from kb.people.groups import AGENT_GROUPS, COMMUNICATION, DIRECTION, ELUS, EXECUTIVE, SECRETARIAT

MOVED_IN = "Le temps de reprendre les fichiers du serveur."
LAID = 14  # days before the loading

# Group, role, key of the page, reason.
BY_GROUP = (
    (ELUS, Role.READER, "accueil", "Les élus lisent ce que la mairie publie."),
    (EXECUTIVE, Role.COMMENTER, "projets", "Le bureau municipal annote les projets."),
    ("Commission finances", Role.COMMENTER, "finances", "La commission prépare le budget."),
    ("Commission travaux", Role.COMMENTER, "projets", "La commission suit les chantiers."),
    ("Services techniques", Role.EDITOR, "technique", "Tient les pages de son service."),
    ("Projets", Role.EDITOR, "projets", "Tient les pages des projets."),
    ("Finances", Role.EDITOR, "finances", "Tient les pages de son service."),
    ("Accueil et état civil", Role.EDITOR, "accueil-service", "Tient les pages de son service."),
    ("École et enfance", Role.EDITOR, "enfance", "Tient les pages de son service."),
    (COMMUNICATION, Role.EDITOR, "communication", "Tient les pages de son service."),
    (COMMUNICATION, Role.EDITOR, "mode-emploi", "Écrit le mode d’emploi."),
    (SECRETARIAT, Role.MANAGER, "seances", "Prépare et tient les séances."),
)
RESERVED = "tresorerie"
BEHIND_THE_BOUNDARY = (
    (DIRECTION, Role.MANAGER, "Suit la trésorerie."),
    ("Finances", Role.EDITOR, "Tient le tableau."),
    (EXECUTIVE, Role.COMMENTER, "Le bureau municipal suit la trésorerie."),
)


def open_to_agents(home: Page, at: datetime) -> None:
    """Every agent writes everywhere, as on the old server."""
    last = last_entries()
    for name in (*AGENT_GROUPS, COMMUNICATION):
        _give(home, Grantee(group=Group.objects.get(name=name)), Role.EDITOR, why=MOVED_IN)
    date_entries(last, at)
    Grant.objects.update(given_at=at)


def lay(history: History) -> None:
    """Each to his shelf; one reserved page; the team of the school's project; a guest for a month."""
    last, at = last_entries(), history.when.moment(-LAID, "rights")
    new = Grant.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    pages = {key: Page.objects.get(pk=page.pk) for key, page in history.pages.items()}
    claire = history.people["claire"]
    for name in (*AGENT_GROUPS, COMMUNICATION):
        grantee = Grantee(group=Group.objects.get(name=name))
        _give(pages["accueil"], grantee, Role.READER, why="Un agent lit tout ce que sa mairie publie.")
    for name, role, key, why in BY_GROUP:
        _give(pages[key], Grantee(group=Group.objects.get(name=name)), role, why=why)
    school = history.pages["ecole"].specific
    _give(pages["ecole"], Grantee(team=school), Role.EDITOR, why="L’équipe tient la page de son projet.")
    access.give(
        page=pages["passerelle"],
        grantee=Grantee(person=history.people["emilie"]),
        role=Role.COMMENTER,
        by=claire,
        until=timezone.localdate() + timedelta(days=30),
        why="Avis sur le chemin des écoliers.",
    )
    access.reserve(page=pages[RESERVED], by=claire, why="Soldes et emprunts en négociation.")
    for name, role, why in BEHIND_THE_BOUNDARY:
        _give(pages[RESERVED], Grantee(group=Group.objects.get(name=name)), role, why=why)
    date_entries(last, at)
    Grant.objects.filter(pk__gt=new).update(given_at=at)
    Grant.objects.exclude(ended_at=None).update(ended_at=at)
    Boundary.objects.update(reserved_at=at)


def _give(page: Page, grantee: Grantee, role: Role, *, why: str) -> None:
    access.give(page=page, grantee=grantee, role=role, by=None, why=why)
