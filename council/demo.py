"""The council of the demo town: its nineteen members, a sitting held with what was said in it, one convened, one in preparation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone
from wagtail.blocks.stream_block import StreamValue
from wagtail.models import Page, Revision

from council import demo_acts, demo_evening, demo_papers
from council.agenda import operations
from council.agenda.enums import Channel
from council.agenda.models import AgendaItemPage, AgendaPlace, DoneStep, Proposal, SittingPage, SittingRecord
from council.convening import operations as convening
from council.convening.models import Answer, Convocation, Signature
from council.members import operations as members
from council.members.models import Instance, Mandate
from kb.access import operations as access
from kb.access.models import Grant, Role
from kb.buttons.models import PersonalButton
from kb.demo.circuits import last_of
from kb.demo.history import History, date_entries, last_entries
from kb.demo.people import ADMINISTRATOR, ALONE, ELECTED, MAJORITY, OPPOSITION, Person
from kb.demo.when import long_day
from kb.demo.writing import french, html_of
from kb.documents.models import Attachment
from kb.notices.models import Mail, MailState, Notice
from kb.pages import operations as pages
from kb.pages.models import RevisionRecord
from kb.work.models import Job, JobState

RENEWALS = (date(2014, 3, 23), date(2020, 3, 15), date(2026, 3, 15))
INHABITANTS = 2380
SENT_BEFORE = 7  # days between the sending and the sitting: six jours francs for three
HALF_PAST_SIX = time(18, 30)
# What the members said since: the others have not answered yet.
ANSWERS = (
    ("helene", Answer.PRESENT), ("bernard", Answer.PRESENT), ("didier", Answer.PRESENT), ("nadia", Answer.UNKNOWN),
    ("jean-luc", Answer.PRESENT), ("catherine", Answer.ABSENT), ("olivier", Answer.PRESENT),
)  # fmt: skip
WAITING = (("Colette", "Arnaud", MAJORITY), ("Bruno", "Estève", OPPOSITION))


@dataclass(frozen=True)
class Point:
    """An item of the demo's agendas; `about` is the project that proposed it."""

    title: str
    kind: str = "deliberation"
    rapporteur: str = "helene"
    summary: str = ""
    body: str = ""
    note: str = ""
    papers: tuple[str, ...] = ()
    about: str = ""
    by: str = "patrick"


OPENING = (
    Point("Désignation du secrétaire de séance", "appointment"),
    Point("Procès-verbal de la séance précédente", summary="À arrêter.", papers=("pv-dernier",)),
    Point("Décisions prises par la maire par délégation", "information"),
)
HELD = (
    OPENING[0],
    Point("Procès-verbal de la séance précédente", summary="À arrêter.", papers=("pv-avant",)),
    OPENING[2],
    Point(
        "Chemin des Lauzes : avenant au marché", rapporteur="jean-luc",
        body="Vu le code de la commande publique ;\n\nConsidérant que le mur du tronçon 2 est à consolider ;\n\nAprès en avoir délibéré, le conseil municipal **approuve** l'avenant.",
        note="L'étude de sol a montré que le mur ne tient pas seul. L'avenant finance sa consolidation.",
    ),
    Point("Éclairage public, tranche 2", rapporteur="didier", body="Après en avoir délibéré, le conseil municipal **approuve** la seconde tranche."),
    Point("Extinction de l'éclairage public de minuit à 5 h", rapporteur="didier", body="Après en avoir délibéré, le conseil municipal **décide** d'éteindre l'éclairage public de minuit à 5 h."),
    Point("Subvention au comité des fêtes", rapporteur="nadia", body="Après en avoir délibéré, le conseil municipal **attribue** 1 200 € au comité des fêtes."),
    Point("Délégué au syndicat des eaux", "appointment", body="Le conseil municipal **désigne** son délégué au syndicat des eaux."),
)  # fmt: skip
CONVENED = (
    *OPENING,
    Point(
        "École des Tilleuls : attribution du lot 2, menuiseries", rapporteur="sylvie", about="ecole", papers=("analyse-lot2",),
        summary="Trois offres, toutes complètes. Le calendrier tient si le lot est attribué ce soir-là.",
        body="Vu le code de la commande publique ;\n\nVu le rapport d'analyse des offres ;\n\nConsidérant que l'offre retenue est économiquement la plus avantageuse ;\n\nAprès en avoir délibéré, le conseil municipal **décide** :\n\n1. d'attribuer le lot 2, menuiseries\n1. d'autoriser la maire à signer le marché",
        note="Trois entreprises ont répondu. Le classement suit les critères annoncés : prix 60 %, technique 40 %.",
    ),
    Point(
        "Décision modificative n° 2", rapporteur="bernard", papers=("dm2",), by="sandrine",
        body="Après en avoir délibéré, le conseil municipal **approuve** la décision modificative n° 2 du budget.",
        note="Elle inscrit 43 740 € d'acompte de DETR et relève les charges générales de 38 000 €.",
    ),
    Point(
        "Tarifs de la cantine", rapporteur="nadia",
        body="Après en avoir délibéré, le conseil municipal **fixe** à 1 € le repas des familles les plus modestes.",
        note="L'État compense 3 € par repas. Coût net pour la commune : 1 900 € par an.",
    ),
    Point("Voirie du chemin des Lauzes : point d'étape", "information", "jean-luc"),
    Point("Questions orales", "question_orale"),
)  # fmt: skip
TO_COME = (
    OPENING[0],
    Point("Convention avec le centre de loisirs Les Aulnes", rapporteur="sylvie", summary="Le projet de convention est attendu."),
)  # fmt: skip


def tell(history: History) -> None:
    """All of it, each deed dated where it belongs."""
    last = last_entries()
    at = history.when.moment(-399, "council")
    instance = _instance(history)
    mandates = _mandates(history, instance)
    date_entries(last, at)
    told = _Telling(history, instance, mandates)
    told.open_to_the_maire()
    told.held(-1, HELD)
    told.convened(0, CONVENED)
    told.in_preparation(1, TO_COME)


def _instance(history: History) -> Instance:
    since = max((day for day in RENEWALS if day <= history.when.anchor - timedelta(days=60)), default=RENEWALS[0])
    instance = Instance(name="Conseil municipal", place="salle du conseil, mairie")
    return members.settle_instance(
        instance=instance, inhabitants=INHABITANTS, since=since, by=history.people[ADMINISTRATOR.key]
    )


def _mandates(history: History, instance: Instance) -> dict[str, Mandate]:
    """The nineteen, in the order of the table, and who follows them on each list."""
    admin, ranks = history.people[ADMINISTRATOR.key], dict.fromkeys((MAJORITY, OPPOSITION, ALONE), 0)
    population = instance.populations.get()
    found: dict[str, Mandate] = {}
    for position, person in enumerate(ELECTED, 1):
        name = _list_of(person)
        ranks[name] += 1
        mandate = Mandate(
            instance=instance, first_name=person.first_name, last_name=person.last_name, position=position,
            office=person.office.split(f", {name}", maxsplit=1)[0], list_name=name, list_rank=ranks[name],
            account=history.people[person.key], since=population.since,
        )  # fmt: skip
        found[person.key] = members.add_member(mandate=mandate, by=admin)
    for first, last, name in WAITING:
        follower = Mandate(
            instance=instance, first_name=first, last_name=last, list_name=name, list_rank=ranks[name] + 1
        )
        members.add_member(mandate=follower, by=admin)
    return found


def _list_of(person: Person) -> str:
    return next((name for name in (OPPOSITION, ALONE) if person.office.endswith(name)), MAJORITY)


class _Telling:
    """Writes sittings by the product's own deeds, then puts their dates back."""

    def __init__(self, history: History, instance: Instance, mandates: dict[str, Mandate]) -> None:
        self.history, self.when = history, history.when
        self.instance, self.mandates = instance, mandates
        self.claire = history.people["claire"]

    def held(self, place: int, points: Iterable[Point]) -> None:
        """A sitting that took place, its first deadlines met."""
        sitting, last = self._convened(place, points, under="tenues"), last_entries()
        demo_evening.tell(sitting, self.mandates, by=self.claire)
        demo_papers.tell(sitting, by=self.claire)
        for code, days in (("posting", -SENT_BEFORE), ("list", 3), ("transmission", 2)):
            operations.note_done(
                sitting=sitting, code=code, on=self.when.sitting(place) + timedelta(days=days), by=self.claire
            )
        DoneStep.objects.filter(sitting=sitting).update(noted_at=self._moment(place, 3))
        demo_acts.tell(sitting, self.mandates, self.history.people, self.when.anchor)
        date_entries(last, self._moment(place, 3))

    def convened(self, place: int, points: Iterable[Point]) -> None:
        """The next sitting: its convocation left the day before the demo is loaded, or a week before it."""
        sitting, last = self._convened(place, points, under="seance-0", channel=Channel.MAIL), last_entries()
        self._convoke_each(sitting, self._moment(place, 0, sent=True))
        operations.note_done(sitting=sitting, code="posting", on=self._sent(place), by=self.claire)
        DoneStep.objects.filter(sitting=sitting).update(noted_at=self._moment(place, 0, sent=True))
        date_entries(last, self._moment(place, 0, sent=True))

    def in_preparation(self, place: int, points: Iterable[Point]) -> None:
        """Drafts, and a proposal that waits."""
        last, at = last_entries(), self.when.moment(-4, "council-to-come")
        sitting, items = self._written(place, points, under="seance-1")
        waiting = operations.propose(
            instance=self.instance, page=self.history.pages["lauzes"], by=self.history.people["patrick"],
            title="Chemin des Lauzes : réception du tronçon 1", why="La garantie court à partir de la réception.",
        )  # fmt: skip
        Proposal.objects.filter(pk=waiting.pk).update(at=at)
        for page in (sitting, *items):
            _date(page, at)
        date_entries(last, at)

    def _sent(self, place: int) -> date:
        return min(self.when.sitting(place) - timedelta(days=SENT_BEFORE), self.when.anchor - timedelta(days=1))

    def _moment(self, place: int, days: int, *, sent: bool = False) -> datetime:
        day = self._sent(place) if sent else self.when.sitting(place) + timedelta(days=days)
        return timezone.make_aware(datetime.combine(day, time(9, 40)))

    def open_to_the_maire(self) -> None:
        """She reads the agenda that she signs."""
        last, at = last_entries(), self.when.moment(-300, "council-maire")
        shelf, grantee = (
            Page.objects.get(pk=self.history.pages["seances"].pk),
            access.Grantee(person=self.history.people["helene"]),
        )
        grant = access.give(
            page=shelf, grantee=grantee, role=Role.EDITOR, by=self.claire, why="La maire arrête l’ordre du jour."
        )
        Grant.objects.filter(pk=grant.pk).update(given_at=at)
        date_entries(last, at)

    def _convoke_each(self, sitting: SittingPage, at: datetime) -> None:
        """A mail each, told as sent: nobody of an invented town reads it; a paper handed over to who has no address."""
        mails, jobs = last_of(Mail), last_of(Job)
        found = convening.convoke_each(sitting=sitting, mandates=list(self.mandates.values()), by=self.claire)
        Mail.objects.filter(pk__gt=mails).update(state=MailState.SENT, sent_at=at, written_at=at)
        Job.objects.filter(pk__gt=jobs, kind="mail").update(state=JobState.DONE, finished_at=at)
        Notice.objects.filter(mail__gt=mails).update(at=at)
        PersonalButton.objects.filter(pk__in=[one.button_id for one in found if one.button_id]).update(made_at=at)
        rows = Convocation.objects.filter(sitting=sitting)
        rows.update(made_at=at)
        for one in rows.filter(mail=None):
            convening.note_delivery(
                convocation=one, on=at.date(), how="à l’intéressé, à son domicile, récépissé signé", by=self.claire
            )
        rows.filter(mail=None).update(delivery_noted_at=at)
        for number, (key, said) in enumerate(ANSWERS, 1):
            heard = at + timedelta(minutes=40 * number)
            rows.filter(mandate=self.mandates[key]).update(acknowledged_at=heard, answer=said, answered_at=heard)

    def _convened(
        self, place: int, points: Iterable[Point], *, under: str, channel: Channel = Channel.PLATFORM
    ) -> SittingPage:
        last, at = last_entries(), self._moment(place, 0, sent=True)
        sitting, items = self._written(place, points, under=under)
        if channel == Channel.MAIL:
            convening.sign(sitting=sitting, by=self.history.people["helene"])
            Signature.objects.filter(sitting=sitting).update(at=at - timedelta(hours=1), signed_on=self._sent(place))
            proof = convening.SENT_FROM_HERE
        else:
            proof = "Accusés de réception de la plateforme, dossier de la séance."
        operations.record_convocation(
            sitting=sitting, sent_on=self._sent(place), channel=channel, by=self.claire, proof=proof
        )
        for page in (sitting, *items):
            _date(page, at)
        SittingRecord.objects.filter(page=sitting.pk).update(convened_at=at)
        AgendaPlace.objects.filter(sitting=sitting.pk).update(changed_at=at)
        Proposal.objects.filter(item__in=items).update(at=at - timedelta(days=12), answered_at=at - timedelta(days=9))
        date_entries(last, at)
        return SittingPage.objects.get(pk=sitting.pk)

    def _written(self, place: int, points: Iterable[Point], *, under: str) -> tuple[SittingPage, list[AgendaItemPage]]:
        day = self.when.sitting(place)
        page = SittingPage(
            title=french(f"Séance du {long_day(day)}"), instance=self.instance,
            starts_at=timezone.make_aware(datetime.combine(day, HALF_PAST_SIX)),
        )  # fmt: skip
        shelf = Page.objects.get(pk=self.history.pages[under].pk)
        sitting: Any = pages.create_page(parent=shelf, page=page, author=self.claire, why="Séance ouverte")
        return sitting, [self._item(sitting, point) for point in points]

    def _item(self, sitting: SittingPage, point: Point) -> AgendaItemPage:
        fields = self._fields(point)
        if not point.about:
            return pages.create_page(  # type: ignore[return-value]
                parent=sitting, page=_filled(AgendaItemPage(), fields, point, self.history), author=self.claire
            )
        proposal = operations.propose(
            instance=self.instance, page=self.history.pages[point.about], title=fields["title"], why=point.summary[:300],
            by=self.history.people[point.by],
        )  # fmt: skip
        item = operations.accept(proposal=proposal, sitting=sitting, by=self.claire)
        draft = _filled(item.get_latest_revision_as_object(), fields, point, self.history)
        pages.save_draft(page=draft, author=self.claire, why="Projet de délibération")
        return item

    def _fields(self, point: Point) -> dict[str, Any]:
        return {
            "title": french(point.title), "summary": french(point.summary), "item_kind": point.kind,
            "rapporteur": self.mandates[point.rapporteur], "note": french(point.note),
        }  # fmt: skip


def _filled(page: Any, fields: dict[str, Any], point: Point, history: History) -> Any:
    for name, value in fields.items():
        setattr(page, name, value)
    if point.body:
        # Its id is drawn from its words: two loadings on one day make the same town.
        block = {"type": "paragraph", "value": html_of(point.body), "id": str(uuid5(NAMESPACE_URL, point.body))}
        page.body = StreamValue(page.body.stream_block, [block], is_lazy=True)
    for number, paper in enumerate(point.papers):
        page.attachments.add(Attachment(document_id=history.papers[paper], sort_order=number))
    return page


def _date(page: Page, at: datetime) -> None:
    """The page and its revisions are of that moment."""
    revisions = Revision.objects.filter(object_id=str(page.pk), base_content_type__model="page").order_by("pk")
    written = at - timedelta(days=3)
    for number, pk in enumerate(revisions.values_list("pk", flat=True)):
        written = at - timedelta(days=3) + timedelta(hours=number)
        Revision.objects.filter(pk=pk).update(created_at=written)
    RevisionRecord.objects.filter(page=page.pk).exclude(published_at=None).update(published_at=at)
    live = Page.objects.filter(pk=page.pk, live=True)
    live.update(first_published_at=at, last_published_at=at)
    Page.objects.filter(pk=page.pk).update(latest_revision_created_at=written)
