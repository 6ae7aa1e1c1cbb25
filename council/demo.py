"""The council of the demo town: its nineteen members, a sitting held with what was said in it, one convened, one in preparation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone
from wagtail.blocks.stream_block import StreamValue
from wagtail.models import Page, Revision, TaskState, WorkflowState

from council import demo_acts, demo_evening, demo_papers
from council.agenda import operations
from council.agenda.enums import DECIDED, Channel
from council.agenda.models import AgendaItemPage, AgendaPlace, DoneStep, Proposal, SittingPage, SittingRecord
from council.calendars.models import OutsideMeetingPage
from council.convening import operations as convening
from council.convening.models import Answer, Convocation, Signature
from council.frozen import operations as frozen
from council.frozen.models import FrozenPaper, PaperChange
from council.frozen.queries import is_to_come
from council.items import operations as taken_up
from council.items.circuit import MAIRE
from council.items.models import ItemAdvice, ItemSubject, Resumption, YearlyItem
from council.members import operations as members
from council.members.models import Delegation, Instance, Mandate
from council.pouvoirs import operations as pouvoirs
from council.pouvoirs.models import Pouvoir
from council.questions import operations as questions
from council.questions.models import Question
from council.withdrawals import operations as withdrawals
from council.withdrawals.models import Ground, Withdrawal
from kb.access import operations as access
from kb.access.models import Grant, Role
from kb.buttons.models import PersonalButton
from kb.buttons.tokens import digits_of
from kb.demo import making
from kb.demo.circuits import last_of
from kb.demo.history import History, date_entries, last_entries
from kb.demo.papers_town import AMENDMENT
from kb.demo.people import ADMINISTRATOR, ALONE, ELECTED, FINANCE, MAJORITY, OPPOSITION, Person
from kb.demo.when import long_day
from kb.demo.writing import french, html_of
from kb.documents.models import Attachment, DocumentVersion
from kb.moderation import operations as moderation
from kb.moderation import queries as reviewing
from kb.notices.models import Mail, MailState, Notice
from kb.pages import operations as pages
from kb.pages.models import RevisionRecord
from kb.permissions import Viewer
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
DELEGATED = (
    ("bernard", "finances et budget"), ("sylvie", "école et bâtiments"), ("didier", "travaux et urbanisme"),
)  # fmt: skip
AT_THE_COMMUNAUTE = (
    ("helene", "Conseillère communautaire"), ("bernard", "Conseiller communautaire"), ("catherine", "Conseillère communautaire"),
)  # fmt: skip
ASKED_ABOUT, APART_FROM = "Tarifs de la cantine", "École des Tilleuls : attribution du lot 2, menuiseries"
QUESTION = "Combien de familles paieraient un euro, et sur combien ?"
ANSWER = "41 familles sur 118, d'après les quotients de septembre. Le tableau est en mairie, je l'apporterai en séance."
CORRECTED = "La recette de DETR n’est inscrite qu’une fois : le total de la section est corrigé."
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
    matter: str = ""
    subjects: tuple[str, ...] = ()  # the projects and services that it concerns, beside `about`
    budget: bool = False  # of this year's budget
    comes_back: bool = False
    advice: str = ""  # what the commission of finances said of it


OPENING = (
    Point("Désignation du secrétaire de séance", "appointment", matter="5.2", comes_back=True),
    # Arrêté at the start of the next sitting (L2121-15): no vote, no délibération.
    Point(
        "Procès-verbal de la séance précédente",
        "information",
        summary="À arrêter.",
        papers=("pv-dernier",),
        comes_back=True,
    ),
    Point("Décisions prises par la maire par délégation", "information", comes_back=True),
)
HELD = (
    OPENING[0],
    Point("Procès-verbal de la séance précédente", "information", summary="À arrêter.", papers=("pv-avant",), comes_back=True),
    OPENING[2],
    Point(
        "Chemin des Lauzes : avenant au marché", rapporteur="jean-luc", matter="1.1", subjects=("lauzes",),
        body="Vu le code de la commande publique ;\n\nConsidérant que le mur du tronçon 2 est à consolider ;\n\nAprès en avoir délibéré, le conseil municipal **approuve** l'avenant.",
        note="L'étude de sol a montré que le mur ne tient pas seul. L'avenant finance sa consolidation.",
    ),
    Point(
        "Éclairage public, tranche 2", rapporteur="didier", matter="1.1", subjects=("led",), budget=True, papers=("marche-eclairage",),
        body="Vu le code de la commande publique ;\n\nVu la loi n° 2021-1104 du 22 août 2021 ;\n\nConsidérant que la première tranche a réduit de 61 % l'électricité de la voie publique ;\n\nAprès en avoir délibéré, le conseil municipal **approuve** la seconde tranche, pour 76 800 € HT.",
        note="312 points lumineux, dont 148 restent à remplacer. Le syndicat d'énergie finance 64 400 €.",
    ),
    Point("Extinction de l'éclairage public de minuit à 5 h", rapporteur="didier", matter="6.1", body="Après en avoir délibéré, le conseil municipal **décide** d'éteindre l'éclairage public de minuit à 5 h."),
    Point("Subvention au comité des fêtes", rapporteur="nadia", matter="7.5", body="Après en avoir délibéré, le conseil municipal **attribue** 1 200 € au comité des fêtes."),
    Point("Délégué au syndicat des eaux", "appointment", matter="5.3", body="Le conseil municipal **désigne** son délégué au syndicat des eaux."),
)  # fmt: skip
CONVENED = (
    *OPENING,
    Point(
        "École des Tilleuls : attribution du lot 2, menuiseries", rapporteur="sylvie", about="ecole", papers=("analyse-lot2",), matter="1.1", budget=True,
        summary="Trois offres, toutes complètes. Le calendrier tient si le lot est attribué ce soir-là.",
        body="Vu le code de la commande publique ;\n\nVu le rapport d'analyse des offres ;\n\nConsidérant que l'offre retenue est économiquement la plus avantageuse ;\n\nAprès en avoir délibéré, le conseil municipal **décide** :\n\n1. d'attribuer le lot 2, menuiseries\n1. d'autoriser la maire à signer le marché",
        note="Trois entreprises ont répondu. Le classement suit les critères annoncés : prix 60 %, technique 40 %.",
    ),
    Point(
        "Décision modificative n° 2", rapporteur="bernard", papers=("dm2",), by="sandrine", matter="7.1", budget=True,
        body="Après en avoir délibéré, le conseil municipal **approuve** la décision modificative n° 2 du budget.",
        note="Elle inscrit 43 740 € d'acompte de DETR et relève les charges générales de 38 000 €.",
        advice="À l'unanimité ; la commission demande un point sur l'énergie en mars.",
    ),
    Point(
        "Tarifs de la cantine", rapporteur="nadia", matter="7.10", budget=True,
        body="Après en avoir délibéré, le conseil municipal **fixe** à 1 € le repas des familles les plus modestes.",
        note="L'État compense 3 € par repas. Coût net pour la commune : 1 900 € par an.",
    ),
    Point("Voirie du chemin des Lauzes : point d'étape", "information", "jean-luc"),
    Point("Questions orales", "question_orale", comes_back=True),
)  # fmt: skip
TO_COME = (
    OPENING[0],
    Point(
        "Convention avec le centre de loisirs Les Aulnes", rapporteur="sylvie", summary="Le projet de convention est attendu.",
        matter="7.5", budget=True,
        body="Vu le code général des collectivités territoriales ;\n\nConsidérant que les familles attendent une place le mercredi ;\n\nAprès en avoir délibéré, le conseil municipal **approuve** la convention et autorise la maire à la signer.",
    ),
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
    told.commission_of_finances()
    told.held(-1, HELD)
    told.convened(0, CONVENED)
    told.in_preparation(1, TO_COME)
    told.delegations()
    told.outside()


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
            instance=instance,
            first_name=person.first_name,
            last_name=person.last_name,
            position=position,
            office=person.office.split(f", {name}", maxsplit=1)[0],
            list_name=name,
            list_rank=ranks[name],
            account=history.people[person.key],
            since=population.since,
        )
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
        demo_acts.tell(sitting, self.mandates, self.history.people, self.when.anchor)
        DoneStep.objects.filter(sitting=sitting).update(noted_at=self._moment(place, 3))
        date_entries(last, self._moment(place, 3))

    def convened(self, place: int, points: Iterable[Point]) -> None:
        """The next sitting: its convocation left the day before the demo is loaded, or a week before it."""
        sitting, last = self._convened(place, points, under="seance-0", channel=Channel.MAIL), last_entries()
        self._convoke_each(sitting, self._moment(place, 0, sent=True))
        self._replace_a_piece(sitting, self._moment(place, 0, sent=True) + timedelta(hours=6))
        operations.note_done(sitting=sitting, code="posting", on=self._sent(place), by=self.claire)
        DoneStep.objects.filter(sitting=sitting).update(noted_at=self._moment(place, 0, sent=True))
        date_entries(last, self._moment(place, 0, sent=True))
        self._members_side(sitting, self._moment(place, 0, sent=True) + timedelta(hours=3))

    def in_preparation(self, place: int, points: Iterable[Point]) -> None:
        """Drafts, and a proposal that waits."""
        last, at = last_entries(), self.when.moment(-4, "council-to-come")
        sitting, items = self._written(place, points, under="seance-1")
        self._on_their_way(sitting, items[-1], at)
        waiting = operations.propose(
            instance=self.instance,
            page=self.history.pages["lauzes"],
            by=self.history.people["patrick"],
            title="Chemin des Lauzes : réception du tronçon 1",
            why="La garantie court à partir de la réception.",
        )
        Proposal.objects.filter(pk=waiting.pk).update(at=at)
        for page in (sitting, *items):
            _date(page, at)
        date_entries(last, at)

    def delegations(self) -> None:
        """What the maire delegated to her adjoints after the renewal."""
        last, since = last_entries(), self.instance.populations.get().since + timedelta(days=18)
        for number, (key, words) in enumerate(DELEGATED, 1):
            given = Delegation(
                mandate=self.mandates[key], words=words, act=f"n°\u00a0{since.year}-{number:02}", since=since
            )
            members.delegate(delegation=given, by=self.history.people[ADMINISTRATOR.key])
        date_entries(last, self.when.moment(-390, "council-delegations"))

    def outside(self) -> None:
        """The communauté, where three of the members sit: its next meeting, with what it sent."""
        last, admin, at = (
            last_entries(),
            self.history.people[ADMINISTRATOR.key],
            self.when.moment(-6, "council-outside"),
        )
        outside = Instance(
            name="Communauté de communes des Trois Vallons", place="siège de la communauté, salle des Aires"
        )
        members.note_outside(instance=outside, by=admin)
        for position, (key, office) in enumerate(AT_THE_COMMUNAUTE, 1):
            own = self.mandates[key]
            seat = Mandate(
                instance=outside,
                first_name=own.first_name,
                last_name=own.last_name,
                account=own.account,
                since=own.since,
                position=position,
                office=office,
            )
            members.add_member(mandate=seat, by=admin)
        day = self.when.sitting(0) + timedelta(days=6)
        page = OutsideMeetingPage(
            title=french(f"Conseil communautaire du {long_day(day)}"),
            instance=outside,
            summary="Collecte des déchets, fonds de concours pour l’école.",
            starts_at=timezone.make_aware(datetime.combine(day, HALF_PAST_SIX)),
        )
        shelf = Page.objects.get(pk=self.history.pages["seances"].pk)
        made = pages.create_page(parent=shelf, page=page, author=self.claire, why="Convocation reçue", publish=True)
        _date(made, at)
        date_entries(last, at)

    def _on_their_way(self, sitting: SittingPage, item: AgendaItemPage, at: datetime) -> None:
        """One item at its rapporteur's, one taken up from a sitting held and still to be looked at."""
        sandrine = self.history.people["sandrine"]
        mails, jobs, states, tasks = (last_of(model) for model in (Mail, Job, WorkflowState, TaskState))
        moderation.submit(page=item, author=self.claire, why="Convention reçue du centre")
        page = AgendaItemPage.objects.get(pk=item.pk)
        waiting = reviewing.on_page(page, Viewer(sandrine))
        assert waiting is not None
        seen = reviewing.seen(page, page.get_latest_revision())
        moderation.approve(task_state=waiting.task_state, by=sandrine, seen=seen, words="Crédits ouverts.")
        source = AgendaItemPage.objects.get(title="Éclairage public, tranche 2")
        again = taken_up.resume(source=source, sitting=sitting, by=self.claire)
        _date(again, at)
        Resumption.objects.filter(item=again.pk).update(at=at)
        self._circuits_of([item], states, tasks, at)
        taken_up.keep_planned(planned=self._yearly(sitting), by=self.history.people[ADMINISTRATOR.key])
        Mail.objects.filter(pk__gt=mails).update(state=MailState.SENT, sent_at=timezone.now())
        Job.objects.filter(pk__gt=jobs, kind="mail").update(state=JobState.DONE, finished_at=timezone.now())

    def _agreed_and_signed(self, sitting: SittingPage, items: Iterable[AgendaItemPage], at: datetime) -> None:
        """Each item that asks for it passes all its circuit; its last step, the maire's, is her signature."""
        mails, jobs, states, tasks = (last_of(model) for model in (Mail, Job, WorkflowState, TaskState))
        asked = [item for item in items if item.item_kind in DECIDED and not item.comes_back]
        for item in asked:
            moderation.submit(page=item, author=self.claire, why="Prêt pour le conseil")
            self._agreed(item)
        convening.sign(sitting=sitting, by=self.history.people["helene"])
        Signature.objects.filter(sitting=sitting).update(at=at)
        self._circuits_of(asked, states, tasks, at)
        self._told_as_sent(mails, jobs, at)

    def _circuits_of(self, items: Iterable[AgendaItemPage], states: int, tasks: int, at: datetime) -> None:
        """What was made of these circuits since those rows is of that moment."""
        WorkflowState.objects.filter(pk__gt=states).update(created_at=at)
        TaskState.objects.filter(pk__gt=tasks).update(started_at=at)
        TaskState.objects.filter(pk__gt=tasks, finished_at__isnull=False).update(finished_at=at)
        Grant.objects.filter(page__in=items).update(given_at=at)

    def _agreed(self, item: AgendaItemPage) -> None:
        """Who takes each step agrees, until it waits for the maire."""
        while True:
            page = AgendaItemPage.objects.get(pk=item.pk)
            waiting = reviewing.on_page(page, Viewer(self.claire))
            if waiting is None or waiting.step == MAIRE:
                return
            by = next((one for one in self.history.people.values() if one.pk in waiting.takers.ids), self.claire)
            seen = reviewing.seen(page, page.get_latest_revision())
            words = "" if by.pk in waiting.takers.ids else "Vu avec le service."
            moderation.approve(task_state=waiting.task_state, by=by, seen=seen, words=words)

    def commission_of_finances(self) -> None:
        """The maire presides over it by right, an adjoint in her place; it meets before the council (L2121-22)."""
        last, admin = last_entries(), self.history.people[ADMINISTRATOR.key]
        since = self.instance.populations.get().since + timedelta(days=18)
        self.commission = members.settle_instance(
            instance=Instance(name=FINANCE, body="commission", place="salle des mariages"),
            inhabitants=INHABITANTS,
            since=since,
            by=admin,
        )
        members_of = [person.key for person in ELECTED if FINANCE in person.groups]
        for position, key in enumerate(members_of, 1):
            own = self.mandates[key]
            members.add_member(
                mandate=Mandate(
                    instance=self.commission,
                    first_name=own.first_name,
                    last_name=own.last_name,
                    account=own.account,
                    since=since,
                    position=position,
                    office="Vice-président" if key == "bernard" else "",
                ),
                by=admin,
            )
        date_entries(last, self.when.moment(-380, "council-commission"))

    def _yearly(self, sitting: SittingPage) -> YearlyItem:
        """What this town adds to its plan, in the month of the sitting to come."""
        month = timezone.localtime(sitting.starts_at).month
        return YearlyItem(
            instance=self.instance,
            month=month,
            title="Tableau des effectifs",
            matter="4.1",
            article="Art. L313-1 du code général de la fonction publique",
        )

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
        finances = Page.objects.get(pk=self.history.pages["finances"].pk)
        head = access.give(
            page=finances,
            grantee=access.Grantee(person=self.history.people["sandrine"]),
            role=Role.MANAGER,
            by=self.claire,
            why="Relit ce qui engage de l’argent.",
        )
        Grant.objects.filter(pk=head.pk).update(given_at=at)
        Instance.objects.filter(pk=self.instance.pk).update(finances=finances)
        date_entries(last, at)

    def _convoke_each(self, sitting: SittingPage, at: datetime) -> None:
        """A mail each, told as sent: nobody of an invented town reads it; a paper handed over to who has no address."""
        mails, jobs = last_of(Mail), last_of(Job)
        found = convening.convoke_each(sitting=sitting, mandates=list(self.mandates.values()), by=self.claire)
        self._told_as_sent(mails, jobs, at)
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

    def _members_side(self, sitting: SittingPage, at: datetime) -> None:
        """A pouvoir given on a phone, a question that was answered, and somebody who takes no part."""
        if sitting.starts_at <= timezone.now():  # loaded as of a day gone by: nobody gives a pouvoir any more
            return
        last, mails, jobs = last_entries(), last_of(Mail), last_of(Job)
        people, items = self.history.people, {item.title: item for item in AgendaItemPage.objects.child_of(sitting)}
        giver, asker, apart = (people[key] for key in ("catherine", "olivier", "didier"))
        code = pouvoirs.choose(sitting=sitting, holder=self.mandates["bernard"], sittings=1, by=giver)
        given = pouvoirs.confirm(sitting=sitting, digits=digits_of(code), by=giver)
        assert given is not None
        Pouvoir.objects.filter(pk=given.pk).update(given_on=at.date(), noted_at=at)
        asked = questions.ask(item=items[french(ASKED_ABOUT)], text=french(QUESTION), to_all=True, by=asker)
        questions.answer(question=asked, text=french(ANSWER), by=people["nadia"])
        Question.objects.filter(pk=asked.pk).update(asked_at=at, answered_at=at + timedelta(hours=1))
        withdrawn = withdrawals.declare(
            item=items[french(APART_FROM)], ground=Ground.PERSONAL, why="un proche travaille chez un candidat", by=apart
        )
        Withdrawal.objects.filter(pk=withdrawn.pk).update(at=at)
        self._told_as_sent(mails, jobs, at)
        date_entries(last, at)

    def _told_as_sent(self, mails: int, jobs: int, at: datetime) -> None:
        Mail.objects.filter(pk__gt=mails).update(state=MailState.SENT, sent_at=at, written_at=at)
        Job.objects.filter(pk__gt=jobs, kind="mail").update(state=JobState.DONE, finished_at=at)
        Notice.objects.filter(mail__gt=mails).update(at=at)

    def _replace_a_piece(self, sitting: SittingPage, at: datetime) -> None:
        """The same day, a total was wrong: each member is told. A town told long after the day has none of it."""
        if not is_to_come(sitting):
            return
        paper = FrozenPaper.objects.get(sitting=sitting, version__document=self.history.papers["dm2"])
        mails, jobs = last_of(Mail), last_of(Job)
        made = making.pdf_of(str(paper.content["title"]), f"{AMENDMENT}\n\n{CORRECTED}", at)
        change = frozen.replace_piece(
            paper=paper,
            file=BytesIO(made),
            file_name="decision-modificative-2-corrigee.pdf",
            reason="La recette de DETR était inscrite deux fois dans le total.",
            by=self.claire,
        )
        PaperChange.objects.filter(pk=change.pk).update(opened_at=at, sent_at=at)
        change.papers.update(at=at)
        change.dispatches.update(made_at=at)
        self._told_as_sent(mails, jobs, at)
        for one in change.dispatches.filter(mail=None):
            convening.note_delivery(
                convocation=one, on=at.date(), how="à l’intéressé, à son domicile, récépissé signé", by=self.claire
            )
        change.dispatches.filter(mail=None).update(delivery_noted_at=at)
        for row in change.papers.select_related("version", "place__item"):
            self._date_piece(row, at)

    def _date_piece(self, row: FrozenPaper, at: datetime) -> None:
        """The version and the revision that carries it are of that moment."""
        assert row.place is not None
        DocumentVersion.objects.filter(sha256=row.content["sha256"]).update(deposited_at=at)
        page, revision = row.place.item_id, row.place.convened_revision_id
        Revision.objects.filter(pk=revision).update(created_at=at)
        RevisionRecord.objects.filter(revision=revision).update(published_at=at)
        Page.objects.filter(pk=page).update(last_published_at=at, latest_revision_created_at=at)

    def _convened(
        self, place: int, points: Iterable[Point], *, under: str, channel: Channel = Channel.PLATFORM
    ) -> SittingPage:
        last, at = last_entries(), self._moment(place, 0, sent=True)
        sitting, items = self._written(place, points, under=under)
        if channel == Channel.MAIL:
            self._agreed_and_signed(sitting, items, at - timedelta(hours=1))
            Signature.objects.filter(sitting=sitting).update(signed_on=self._sent(place))
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
        FrozenPaper.objects.filter(sitting=sitting.pk).update(at=at)
        Proposal.objects.filter(item__in=items).update(at=at - timedelta(days=12), answered_at=at - timedelta(days=9))
        date_entries(last, at)
        return SittingPage.objects.get(pk=sitting.pk)

    def _written(self, place: int, points: Iterable[Point], *, under: str) -> tuple[SittingPage, list[AgendaItemPage]]:
        day = self.when.sitting(place)
        page = SittingPage(
            title=french(f"Séance du {long_day(day)}"),
            instance=self.instance,
            starts_at=timezone.make_aware(datetime.combine(day, HALF_PAST_SIX)),
        )
        shelf = Page.objects.get(pk=self.history.pages[under].pk)
        sitting: Any = pages.create_page(parent=shelf, page=page, author=self.claire, why="Séance ouverte")
        return sitting, [self._item(sitting, point) for point in points]

    def _item(self, sitting: SittingPage, point: Point) -> AgendaItemPage:
        fields = self._fields(point)
        if not point.about:
            page = _filled(AgendaItemPage(), fields, point, self.history)
            if point.advice:
                page.advices.add(self._advice(point))
            return pages.create_page(parent=sitting, page=page, author=self.claire)
        proposal = operations.propose(
            instance=self.instance,
            page=self.history.pages[point.about],
            title=fields["title"],
            why=point.summary[:300],
            by=self.history.people[point.by],
        )
        item = operations.accept(proposal=proposal, sitting=sitting, by=self.claire)
        draft = _filled(item.get_latest_revision_as_object(), fields, point, self.history)
        pages.save_draft(page=draft, author=self.claire, why="Projet de délibération")
        return item

    def _advice(self, point: Point) -> ItemAdvice:
        on = self._sent(0) - timedelta(days=2)
        return ItemAdvice(commission=self.commission, given_on=on, words=french(point.advice))

    def _fields(self, point: Point) -> dict[str, Any]:
        return {
            "title": french(point.title),
            "summary": french(point.summary),
            "item_kind": point.kind,
            "rapporteur": self.mandates[point.rapporteur],
            "note": french(point.note),
            "matter": point.matter,
            "budget_year": self.when.anchor.year if point.budget else None,
            "comes_back": point.comes_back,
        }


def _filled(page: Any, fields: dict[str, Any], point: Point, history: History) -> Any:
    for name, value in fields.items():
        setattr(page, name, value)
    if point.body:
        # Its id is drawn from its words: two loadings on one day make the same town.
        block = {"type": "paragraph", "value": html_of(point.body), "id": str(uuid5(NAMESPACE_URL, point.body))}
        page.body = StreamValue(page.body.stream_block, [block], is_lazy=True)
    for subject in (*([point.about] if point.about else []), *point.subjects):
        if all(row.subject_id != history.pages[subject].pk for row in page.subjects.all()):
            page.subjects.add(ItemSubject(subject_id=history.pages[subject].pk))
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
