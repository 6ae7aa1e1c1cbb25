"""The circuit of an item: service, finances where there is money, secrétariat général, rapporteur, maire.

kb.moderation runs it; here is who takes each step, and how they come to read the item: see docs/permissions.md.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from council.agenda.models import AgendaItemPage, SittingPage
from council.agenda.queries import drafts_of, meeting_day
from council.convening.queries import presides
from council.members.models import Instance
from council.members.queries import in_office
from kb.access import operations as access
from kb.access.models import Role
from kb.moderation import registry
from kb.moderation.models import Absence, Step
from kb.moderation.registry import Concerned, OwnCircuit, OwnStep
from kb.moderation.reviewers import Reviewers
from kb.people.models import User
from kb.permissions import Viewer

ABOUT, FINANCES, SECRETARIAT, RAPPORTEUR, MAIRE = "about", "finances", "secretariat", "rapporteur", "maire"
People = frozenset[int]


def people(pages: Collection[int]) -> Concerned:
    """Item's id → who takes each step. Some ten queries, whatever the number of items."""
    drafts = drafts_of(AgendaItemPage.objects.filter(pk__in=pages))
    told = _Told(drafts.values())
    return {
        pk: {
            ABOUT: told.services(draft),
            FINANCES: told.finances(draft) if draft.goes_by_finances else None,
            SECRETARIAT: told.nearest(draft.path),
            RAPPORTEUR: told.account(draft.rapporteur_id) if draft.rapporteur_id else None,
            MAIRE: told.maire(draft),
        }
        for pk, draft in drafts.items()
    }


class _Told:
    """What is read once for all the items."""

    def __init__(self, drafts: Iterable[Any]) -> None:
        drafts = list(drafts)
        above = {draft.path[: -Page.steplen] for draft in drafts}
        sittings = SittingPage.objects.filter(path__in=above).select_related("instance__finances")
        self._instances: dict[str, Instance] = {sitting.path: sitting.instance for sitting in sittings}
        subjects = {row.subject_id for draft in drafts for row in draft.subjects.all()}
        self._paths = dict(Page.objects.filter(pk__in=subjects).values_list("pk", "path"))
        seats = [
            mandate
            for instance in {one.pk: one for one in self._instances.values()}.values()
            for mandate in in_office(instance, timezone.localdate())
        ]
        self._accounts = {mandate.pk: mandate.account_id for mandate in seats}
        self._maires = {mandate.instance_id: mandate.pk for mandate in seats if presides(mandate)}
        self._reviewers = Reviewers()

    def nearest(self, path: str) -> People:
        """The responsables given nearest to a page; nobody where the step would fall to others."""
        takers = self._reviewers.of(path, Step.SERVICE, None)
        return frozenset() if takers.fell or takers.alone else frozenset(takers.ids)

    def services(self, draft: Any) -> People | None:
        """The responsables of the pages that an item is about; None where it is about none."""
        paths = [self._paths[row.subject_id] for row in draft.subjects.all() if row.subject_id in self._paths]
        if not paths:
            return None
        return frozenset().union(*(self.nearest(path) for path in paths))

    def finances(self, draft: Any) -> People:
        """The responsables of the service of finances, where the town said which."""
        instance = self._instances.get(draft.path[: -Page.steplen])
        return self.nearest(instance.finances.path) if instance and instance.finances else frozenset()

    def account(self, mandate: int) -> People:
        """The account of somebody elected, in office, if he has one."""
        found = self._accounts.get(mandate)
        return frozenset({found}) if found else frozenset()

    def maire(self, draft: Any) -> People:
        """Who presides over the instance of an item's sitting."""
        instance = self._instances.get(draft.path[: -Page.steplen])
        mandate = self._maires.get(instance.pk) if instance else None
        return self.account(mandate) if mandate else frozenset()


def open_to_readers(item: AgendaItemPage) -> None:
    """Who takes a step, and his deputy, is given to read and correct what is submitted, until the day of the sitting.

    A modérateur's right on the item alone, by the system: it shows under « Accès » as any other.
    """
    ids = {pk for who in people([item.pk])[item.pk].values() for pk in who or ()}
    away = Absence.objects.filter(person__in=ids, ended_at=None, until__gte=timezone.localdate())
    ids |= {pk for pk in away.values_list("deputy", flat=True) if pk}
    until = max(meeting_day(SittingPage.objects.get(pk=item.get_parent().pk)), timezone.localdate())
    for person in User.objects.filter(pk__in=ids, is_active=True).order_by("pk"):
        standing = Viewer(person).granted(item)
        if not standing.manages and not standing.moderates:
            access.give(
                page=item,
                grantee=access.Grantee(person=person),
                role=Role.MODERATOR,
                by=None,
                until=until,
                why="Circuit du point.",
            )


CIRCUIT = registry.adds(
    OwnCircuit(
        code="council",
        label="Service, finances s’il y a de l’argent, secrétariat général, rapporteur, maire",
        steps=(
            OwnStep(ABOUT, "Relecture par le service", "le service concerné"),
            OwnStep(FINANCES, "Relecture par les finances", "le service des finances"),
            OwnStep(SECRETARIAT, "Relecture par le secrétariat général", "le secrétariat général"),
            OwnStep(RAPPORTEUR, "Accord du rapporteur", "le rapporteur"),
            OwnStep(MAIRE, "Accord du maire", "le maire"),
        ),
        ends="convocation de la séance",
        people=people,
        opens=open_to_readers,
    )
)
