"""The demo's circuits: one branch without communication, and drafts at different steps of their way."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.utils import timezone
from wagtail.models import Page, Revision, TaskState, WorkflowPage, WorkflowState

from kb.demo.history import History, date_entries, last_entries
from kb.demo.when import When
from kb.moderation import circuits, operations, queries
from kb.moderation.models import ChecklistItem, Preset
from kb.notices.models import Mail, MailState
from kb.permissions import Viewer
from kb.work.models import Job, JobState

WITHOUT_COMMUNICATION = "technique"
SECRETARY, OFFICER = "claire", "ines"


class Act(NamedTuple):
    """Who did what of a draft, how many days ago."""

    page: str
    person: str
    age: int
    deed: str  # submit, approve, changes, plan
    words: str = ""
    announce: bool = False


ACTS = (
    Act("loisirs", "emilie", 12, "submit", "Mercredis ajoutés à la convention"),
    Act("loisirs", SECRETARY, 11, "approve"),
    Act("loisirs", OFFICER, 10, "changes", "Ajoutez le prix du mercredi : c’est la première question des familles."),
    Act("arretes-voirie", "julien", 6, "submit", "Formulaire à l’accueil"),
    Act("arretes-voirie", SECRETARY, 5, "plan"),
    Act("associations-page", "laure", 4, "submit", "Nouvelle adresse de la chorale"),
    Act("cantine", "emilie", 3, "submit", "Repas à 1 €, inscription en ligne", announce=True),
    Act("cantine", SECRETARY, 2, "approve"),
    Act("deneigement", "patrick", 1, "submit", "Plan du prochain hiver"),
    Act("biblio", OFFICER, 1, "submit", "Dates confirmées par l’équipe bénévole"),
)
CHECKLIST = (
    ("Les montants sont ceux que le conseil a votés.", "Un tarif annoncé trop tôt a coûté deux mois de réclamations."),
    ("Un habitant qui ne connaît pas la mairie comprend la page.", ""),
    ("Le numéro de téléphone est celui du service, pas d’une personne.", "Les gens changent de bureau."),
)


def wait() -> None:
    """While a year is told, pages are published as they were before there were circuits."""
    WorkflowPage.objects.all().delete()


def lay(history: History) -> None:
    """The circuits, the town's checklist, and the drafts on their way, from the oldest deed to the newest."""
    last = last_entries()
    circuits.lay(history.home)
    branch = Page.objects.get(pk=history.pages[WITHOUT_COMMUNICATION].pk)
    operations.set_circuit(page=branch, preset=Preset.SERVICE, by=history.people[SECRETARY])
    date_entries(last, history.when.moment(-13, "circuits"))
    for position, (text, why) in enumerate(CHECKLIST):
        ChecklistItem.objects.create(text=text, why=why, position=position)
    mails, jobs = last_of(Mail), last_of(Job)
    for act in ACTS:
        _do(history, act)
    # Nobody of an invented town reads its mails: they are told as sent.
    Mail.objects.filter(pk__gt=mails).update(state=MailState.SENT, sent_at=timezone.now())
    Job.objects.filter(pk__gt=jobs, kind="mail").update(state=JobState.DONE, finished_at=timezone.now())


def last_of(model: Any) -> int:
    """The newest row's number."""
    return int(model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)


def _do(history: History, act: Act) -> None:
    last, states, tasks, revisions = last_entries(), last_of(WorkflowState), last_of(TaskState), last_of(Revision)
    at = history.when.moment(-act.age, f"{act.person} {act.deed} {act.page}")
    page = Page.objects.get(pk=history.pages[act.page].pk).specific
    waiting = queries.on_page(page, Viewer(history.people[act.person]))
    decided = waiting.task_state.pk if waiting else 0
    _deed(history, act, page, waiting)()
    WorkflowState.objects.filter(pk__gt=states).update(created_at=at)
    TaskState.objects.filter(pk__gt=tasks).update(started_at=at)
    TaskState.objects.filter(pk=decided).update(finished_at=at)
    if Revision.objects.filter(pk__gt=revisions).update(created_at=at):
        Page.objects.filter(pk=page.pk).update(latest_revision_created_at=at)
    date_entries(last, at)


def _deed(history: History, act: Act, page: Any, waiting: Any) -> Callable[[], Any]:
    by = history.people[act.person]
    if act.deed == "submit":
        return partial(operations.submit, page=page, author=by, why=act.words, announce=act.announce)
    judged = {"task_state": waiting.task_state, "by": by, "seen": queries.seen(page, page.get_latest_revision())}
    if act.deed == "changes":
        return partial(operations.ask_for_changes, **judged, words=act.words)
    return partial(operations.approve, **judged, at=_planned(history.when) if act.deed == "plan" else None)


def _planned(when: When) -> datetime:
    """In four days, when the town hall opens; a town told as of a day gone by plans nothing in the past."""
    opening = when.moment(4, "planned").replace(hour=8, minute=0) + timedelta(days=1)
    return max(opening, timezone.localtime() + timedelta(days=1))
