"""Reads of what acts set going."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from council.agenda.models import Proposal
from council.follow_up.models import FollowUp, Task
from council.members.models import Instance
from council.publication import queries as publication
from council.publication.models import Act
from kb.permissions import Viewer
from kb.typography import day, euros

Row = dict[str, Any]


def tasks_of(person: Any) -> QuerySet[Task]:
    """A person's own, those to do first."""
    return (
        Task.objects.filter(owner=person.pk)
        .select_related("owner", "act__deliberation", "act__decision")
        .order_by("done_on", "due", "pk")
    )


def tasks_known_to(person: Any, kept: QuerySet[Act]) -> QuerySet[Task]:
    """His own, and those of the acts that he keeps (`kept`)."""
    return Task.objects.filter(Q(owner=person.pk) | Q(act__in=kept.order_by().values("pk")))


def line(task: Task) -> Row:
    """A task as lists print it."""
    late = task.done_on is None and task.due < timezone.localdate()
    service = f", {task.service}" if task.service else ""
    closed = "" if task.owner.is_active else " (compte fermé)"  # nobody is reminded of it any more
    return {
        "id": task.pk,
        "what": task.what,
        "who": f"{task.owner}{service}{closed}",
        "due": day(task.due),
        "late": late,
        "done": day(task.done_on) if task.done_on else "",
        "words": task.done_words,
    }


def follow_up_of(act: Act) -> Row:
    """The money, the contract, where it stands."""
    found = FollowUp.objects.filter(act=act.pk).first()
    if found is None:
        return {"amount": "", "budget": "", "contract": "", "note": ""}
    budget = f"{found.budget_name}, exercice {found.budget_year}" if found.budget_year else ""
    return {
        "amount": euros(found.amount) if found.amount is not None else "",
        "budget": budget,
        "contract": found.contract,
        "note": found.note,
    }


def of_instance(person: Any, instance: Instance) -> list[Row]:
    """The acts that something is still to be done about, then the rest of the year, for who keeps them."""
    kept = publication.acts_kept_by(person).filter(instance=instance)
    acts = publication.with_source(kept).prefetch_related("tasks__owner").order_by("-decided_on", "-number")[:200]
    return [_act(act) for act in acts]


def _act(act: Act) -> Row:
    tasks = [line(task) for task in act.tasks.all()]
    return {
        "id": act.pk,
        "title": f"{act} : {act.subject}",
        "on": day(act.decided_on),
        "standing": publication.standing(act),
        "sending": publication.sending_line(act),
        "tasks": tasks,
        "waits": any(not one["done"] for one in tasks),
    }


def about_page(viewer: Viewer, page_id: int) -> list[Row]:
    """What the council decided about a project's page, for who reads the page.

    In the council's words where he reads the sitting and the item, in the public's otherwise.
    """
    items = Proposal.objects.filter(page=page_id, item__isnull=False).values("item")
    decided = publication.with_source(Act.objects.filter(deliberation__item__in=items))
    acts = list(decided.order_by("-decided_on", "-number"))
    kept = publication.kept_among(viewer, [act.pk for act in acts])
    found = []
    for act in acts:
        online = publication.standing_publication(act)
        reads = act.deliberation is not None and all(
            viewer.knows(page) for page in (act.deliberation.sitting_id, act.deliberation.item_id)
        )
        public = online is not None and online.way == "electronic"
        if not (reads or public):
            continue
        found.append(
            {
                "title": f"{act} : {act.subject if reads else online.subject if online else ''}",
                "url": f"/conseil/actes/{act.pk}/" if act.pk in kept else act.address if public else "",
                "on": day(act.decided_on),
                "words": publication.standing(act).words
                if reads or online is None
                else publication.standing_words(online),
            }
        )
    return found
