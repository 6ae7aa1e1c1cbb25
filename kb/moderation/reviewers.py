"""Who takes a step of a circuit on a page: the rights matrix says it, absences and deputies counted.

Everything is read once (five queries, six with teams) and then asked for as many pages as there are: the desk has one answer to give
for each draft that waits.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from wagtail.models import Page

from kb.access.models import Boundary, Grant, Role
from kb.access.queries import members_of
from kb.moderation import registry
from kb.moderation.models import Absence, Step
from kb.people.models import User


@dataclass(frozen=True)
class Takers:
    """The people who take a step, in their order; why it is them where it is not the step's own people."""

    people: tuple[User, ...]
    step: str
    fell: bool = False  # nobody of the step can: it fell to the responsables of the branch
    alone: bool = False  # nobody but the author can

    @property
    def ids(self) -> set[int]:
        """Their ids."""
        return {person.pk for person in self.people}

    @property
    def names(self) -> str:
        """« Inès Morel, Claire Valette »."""
        return ", ".join(str(person) for person in self.people)

    @property
    def where(self) -> str:
        """« chez la communication (Inès Morel) »."""
        if self.alone:
            return "chez son auteur"
        if self.fell:
            return f"chez les responsables ({self.names})"
        return f"chez {registry.WHOM[self.step]} ({self.names})"

    @property
    def note(self) -> str:
        """Why it is them, a sentence; empty where it is the step's own people."""
        if self.alone:
            return "Personne d’autre ne peut relire ici : l’auteur peut approuver son propre brouillon."
        if self.fell:
            return f"{self._nobody} ne peut prendre cette étape : elle revient aux responsables de la branche."
        return ""

    @property
    def _nobody(self) -> str:
        if registry.own_step(self.step):
            return registry.WHOM[self.step].capitalize()
        return {Step.SERVICE: "Personne dans le service", Step.COMMUNICATION: "Personne à la communication"}[
            Step(self.step)
        ]


class Reviewers:
    """The people of the matrix who may take a step somewhere."""

    def __init__(self) -> None:
        roles = (Role.MODERATOR, Role.MANAGER)
        found = Grant.objects.in_force().filter(role__in=roles, public=False)
        self._grants = list(found.select_related("page"))
        self._members = members_of(self._grants)
        self._reserved = list(Boundary.objects.values_list("page__path", flat=True))
        absences = Absence.objects.filter(ended_at=None).values_list("person", "deputy", "until", "grants")
        self._concerned: registry.Concerned = {}
        self._deputies: dict[int, int | None] = {}
        self._lent: set[int | None] = set()
        for person, deputy, until, grant in absences:
            self._lent.add(grant)
            if until >= timezone.localdate():
                self._deputies[person] = deputy

    @cached_property
    def _people(self) -> dict[int, User]:
        wanted = {pk for people in self._members.values() for pk in people} | set(self._deputies.values())
        return User.objects.filter(is_active=True).in_bulk([pk for pk in wanted if pk])

    @cached_property
    def _administrators(self) -> list[User]:
        return list(User.objects.filter(is_active=True, is_superuser=True).order_by("last_name", "first_name", "pk"))

    def foresee(self, circuit: str, pages: Collection[int]) -> None:
        """Reads at once who takes the steps of these pages, in a circuit of another floor."""
        own = registry.own(circuit)
        missing = [page for page in pages if page not in self._concerned]
        if own and missing:
            self._concerned |= own.people(missing)

    def concerns(self, page: int, step: str) -> bool:
        """Whether a step has anything to say of a page that was foreseen; kb's always have."""
        return registry.own_step(step) is None or self._concerned[page].get(step) is not None

    def own_people(self, page: int, step: str) -> frozenset[int]:
        """Who takes a step of another floor, by its own rule."""
        return self._concerned[page].get(step) or frozenset()

    def of(self, path: str, step: str, author: int | None, page: int = 0) -> Takers:
        """Who takes `step` on the page of this tree path, the draft being `author`'s.

        `page`: its id, foreseen, where the step is another floor's.
        """
        grants = self._counted(path)
        own = [grant for grant in grants if grant.pk not in self._lent]
        managing = [grant for grant in own if grant.role == Role.MANAGER]
        nearest = max((len(grant.page.path) for grant in managing), default=0)
        of_step = (
            [grant for grant in managing if len(grant.page.path) == nearest]
            if step == Step.SERVICE
            else [grant for grant in own if grant.role == Role.MODERATOR]
        )
        able = self._holders(grants)
        responsables = self._holders(managing)
        own_people = self.own_people(page, step) if registry.own_step(step) else None
        first: set[int | None] = {pk for pk in able if own_people and pk in own_people}
        first = first if own_people is not None else self._holders(of_step)
        for people, fell in ((first, False), (responsables, True)):
            present = self._present(people, able) - {author}
            if present:
                return self._takers(present, step, fell=fell)
        if responsables - {author}:  # away, without a deputy: better late than blocked
            return self._takers(responsables - {author}, step, fell=True)
        if author in first | responsables:
            return self._takers({author}, step, alone=True)
        administrators: set[int | None] = {person.pk for person in self._administrators}
        others = administrators - {author}
        return self._takers(others or administrators, step, fell=bool(others), alone=not others)

    def _counted(self, path: str) -> list[Grant]:
        """The grants that count on a page: given on it or above, up to the nearest reserved page."""
        above = {path[:end] for end in range(Page.steplen, len(path) + 1, Page.steplen)}
        least = max((len(reserved) for reserved in self._reserved if reserved in above), default=0)
        return [grant for grant in self._grants if grant.page.path in above and len(grant.page.path) >= least]

    def _holders(self, grants: Iterable[Grant]) -> set[int | None]:
        return {pk for grant in grants for pk in self._members[grant.pk] if pk in self._people}

    def _present(self, people: set[int | None], able: set[int | None]) -> set[int | None]:
        """Who is there, and the deputies of who is not, where they may act on this branch."""
        there = {pk for pk in people if pk not in self._deputies}
        deputies = {self._deputies[pk] for pk in people if pk in self._deputies}
        return there | {pk for pk in deputies if pk in able and pk not in self._deputies}

    def _takers(self, ids: set[int | None], step: str, *, fell: bool = False, alone: bool = False) -> Takers:
        known = {person.pk: person for person in self._administrators} | self._people if alone or fell else self._people
        people = [known[pk] for pk in ids if pk in known]
        people.sort(key=lambda person: (person.last_name, person.first_name, person.pk))
        return Takers(tuple(people), step, fell=fell, alone=alone)
