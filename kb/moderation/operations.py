"""Deeds on drafts in a circuit. Each asks the right, changes, logs and tells, in one transaction."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, Revision, TaskState, WorkflowPage, WorkflowState

from kb import permissions, typography
from kb.access import operations as access
from kb.access.models import Grant, Role
from kb.access.queries import boundary_on
from kb.history.difference import compare
from kb.moderation import checks, queries, registry
from kb.moderation.models import Absence, Circuit, Preset, ReviewLink, Submission
from kb.moderation.reviewers import Reviewers
from kb.notices import operations as notices
from kb.pages import operations as pages
from kb.pages import tree
from kb.pages.models import RevisionRecord
from kb.people.account import User
from kb.permissions import Viewer
from kb.prepared import Prepared
from kb.refusals import Refused

TRIVIAL = 12  # words changed at most, of a live page, in its text alone
LINK_LASTS = timedelta(days=7)
LONGEST_ABSENCE = timedelta(days=92)
CHANGED = "Ce brouillon a changé depuis que vous l’avez ouvert. Relisez-le, puis décidez."
GONE = "Ce brouillon n’attend plus : quelqu’un d’autre a décidé, ou son auteur l’a repris."


@transaction.atomic
def submit(*, page: Page, author: User, why: str = "", announce: bool = False) -> WorkflowState:
    """The newest draft of `page` starts its circuit; who takes the first step is told.

    Raises PermissionDenied, Refused (nothing to read, already waiting, something missing, what the law forbids).
    """
    fresh = _alone_on(page)
    if not permissions.abilities(author, fresh)["edit"]:
        raise PermissionDenied(f"Vous ne pouvez pas modifier « {fresh.title} ».")
    revision = fresh.get_latest_revision()
    if revision is None or (fresh.live and not fresh.has_unpublished_changes):
        raise Refused("Rien n’a changé depuis la dernière publication : il n’y a rien à relire.")
    if queries.on_page(fresh, Viewer(author)):
        raise Refused("Ce brouillon est déjà chez qui le relit.")
    draft = revision.as_object()
    _require_fit(draft)
    RevisionRecord.objects.update_or_create(
        revision=revision, defaults={"page_id": fresh.pk, "why": why.strip(), "announce": announce}
    )
    back = _close_returned(fresh, author)
    return _start(fresh, revision, author, came_back=back)


def _require_fit(draft: Any) -> None:
    """A draft that is whole, and that the law lets out. Raises Refused."""
    pages.require_complete(draft)
    for wall in checks.walls_of(draft):
        raise Refused(f"{wall.title} {wall.why} {wall.mend}")


def _close_returned(page: Page, by: User) -> bool:
    """The round that ended with changes asked is over: a new one starts from the first step."""
    old = WorkflowState.objects.for_instance(page).filter(status=WorkflowState.STATUS_NEEDS_CHANGES).first()
    if old is not None:
        old.cancel(user=by)
    return old is not None


def _start(page: Any, revision: Revision, author: User, *, came_back: bool = False, because: str = "") -> WorkflowState:
    workflow = page.get_workflow()
    if workflow is None or not Circuit.objects.filter(workflow=workflow).exists():
        raise Refused("Aucun circuit de relecture ne vaut sur cette page. Demandez à un responsable d’en choisir un.")
    own = registry.own(page.own_circuit)
    if own is not None:
        own.opens(page)
    state: WorkflowState = workflow.start(page, author)
    draft = revision.as_object()
    added, removed, trivial = _size_of_change(page, draft)
    Submission.objects.create(
        state=state,
        page_id=page.pk,
        words_added=added,
        words_removed=removed,
        trivial=trivial,
        came_back=came_back,
        restarted_because=because,
        wanted_at=draft.go_live_at,
    )
    _ask(state)
    return state


def _size_of_change(page: Any, draft: Any) -> tuple[int, int, bool]:
    """Words added and removed since what readers see, and whether it is a few words of the text alone."""
    if not page.live or not page.live_revision:
        return sum(change.added for change in compare(type(draft)(), draft)), 0, False
    changes = [change for change in compare(page.live_revision.as_object(), draft) if change.kind != "same"]
    added, removed = sum(change.added for change in changes), sum(change.removed for change in changes)
    in_text = all(change.kind == "changed" and not change.rows and change.label == "Texte" for change in changes)
    return added, removed, in_text and 0 < added + removed <= TRIVIAL


def _ask(state: WorkflowState) -> None:
    """Tells who takes the step at which the draft now stands."""
    task_state = state.current_task_state
    if task_state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
        return
    page = Page.objects.get(pk=state.object_id)
    for person in queries.takers_of(task_state).people:
        if person.pk != state.requested_by_id:
            notices.tell(kind="review_asked", to=person, by=state.requested_by, page=page, task_state=task_state.pk)


@transaction.atomic
def take_back(*, page: Page, by: User) -> None:
    """The author, or a responsable, takes the draft out of its circuit. Raises PermissionDenied, Refused."""
    fresh = _alone_on(page)
    waiting = queries.on_page(fresh, Viewer(by))
    if waiting is None:
        raise Refused(GONE)
    if not may_take_back(Viewer(by), fresh, waiting):
        raise PermissionDenied(f"Vous ne pouvez pas reprendre « {fresh.title} ».")
    _leave(waiting.task_state.workflow_state, by)


def may_take_back(viewer: Viewer, page: Any, waiting: queries.Waiting) -> bool:
    """Whether the person may: who submitted it, if he edits still, and the responsables."""
    mine = waiting.author is not None and waiting.author.pk == viewer.user.pk
    return (mine and viewer.can_edit(page)) or viewer.can_manage(page)


def _leave(state: WorkflowState, by: User) -> None:
    state.cancel(user=by)
    _revoke(state)


def _revoke(state: WorkflowState) -> None:
    ReviewLink.objects.open().filter(task_state__workflow_state=state).update(revoked_at=timezone.now())


@transaction.atomic
def approve(
    *,
    task_state: TaskState,
    by: User,
    seen: str,
    words: str = "",
    at: datetime | None = None,
    until: datetime | None = None,
    as_planned: bool = False,
) -> WorkflowState:
    """The draft that `by` has before his eyes (`seen`) passes its step. After the last one it is published, now or `at`.

    `until`: when it leaves its readers. `as_planned`: at the times that the author wrote. Raises PermissionDenied, Refused.
    """
    page, state = _judged(task_state, by, seen)
    waiting = queries.on_page(page, Viewer(by))
    assert waiting is not None
    words = _in_place_of(waiting, page, by, words)
    current = page.get_latest_revision()
    _require_fit(current.as_object())
    if waiting.is_last and not as_planned:
        current = _timed(page, current, by, at, until)
    here = state.current_task_state
    here.revision = current  # what the taker corrected is what he approves
    here.save(update_fields=["revision"])
    _revoke(state)
    _reopen_concerned(state, page)
    here.approve(user=by, comment=words.strip())
    state.refresh_from_db()
    if state.status == WorkflowState.STATUS_IN_PROGRESS:
        _ask(state)
    elif page.published_apart:
        _tell_outcome(state, page, by, "ready", words)
    else:
        _tell_outcome(state, page, by, "approved", words, at=at or _planned_at(current))
    return state


def may_pass(viewer: Viewer, page: Any) -> bool:
    """Whether the person takes any step in the place of who is missing: a responsable, where none may publish directly."""
    return bool(page.published_apart) and viewer.can_manage(page)


def _in_place_of(waiting: queries.Waiting, page: Any, by: User, words: str) -> str:
    """What is kept of the step: who passes it in somebody's place says why. Raises Refused."""
    if by.pk in waiting.takers.ids:
        return words
    if not words.strip():
        raise Refused(
            f"Cette étape est {waiting.takers.where}. Pour la passer à sa place, dites pourquoi : une ligne suffit."
        )
    log(page, "kb.moderation.passed", user=by, data={"instead_of": waiting.takers.names, "why": words.strip()})
    return f"Passée à la place de {waiting.takers.names} : {words.strip()}"


def _reopen_concerned(state: WorkflowState, page: Any) -> None:
    """What was corrected may name other people; a step passed over, that it concerns after all, is to be taken."""
    own = registry.own(page.own_circuit)
    if own is None:
        return
    own.opens(page)
    skipped = state.task_states.filter(status=TaskState.STATUS_SKIPPED).select_related("task__reviewtask")
    reviewers = Reviewers()
    reviewers.foresee(page.own_circuit, [page.pk])
    again = [one.pk for one in skipped if reviewers.concerns(page.pk, one.task.reviewtask.step)]
    TaskState.objects.filter(pk__in=again).update(status=TaskState.STATUS_CANCELLED)


def _planned_at(revision: Revision) -> datetime | None:
    revision.refresh_from_db(fields=["approved_go_live_at"])
    return revision.approved_go_live_at


def _timed(page: Any, revision: Revision, by: User, at: datetime | None, until: datetime | None) -> Revision:
    """The same draft, to be published now or `at`, and to leave its readers `until`."""
    now = timezone.now()
    if at is not None and at <= now:
        raise Refused("L’heure de publication est passée. Choisissez une heure à venir, ou « maintenant ».")
    if until is not None and until <= (at or now):
        raise Refused("La page quitterait ses lecteurs avant d’y arriver. Choisissez une date de retrait plus tardive.")
    draft = revision.as_object()
    ahead = draft.go_live_at if draft.go_live_at and draft.go_live_at > now else None
    if (ahead, draft.expire_at) == (at, until):
        return revision
    record = RevisionRecord.objects.filter(revision=revision).first()
    draft.go_live_at, draft.expire_at = at, until
    draft.why, draft.announce = (record.why, record.announce) if record else ("", None)
    return draft.save_revision(user=by, previous_revision=revision, moving=set())


@transaction.atomic
def ask_for_changes(*, task_state: TaskState, by: User, seen: str, words: str) -> None:
    """The draft goes back to its author, with what is to be changed. Raises PermissionDenied, Refused."""
    page, state = _judged(task_state, by, seen)
    if not words.strip():
        raise Refused("Dites à l’auteur ce qu’il faut changer : une ligne suffit.")
    _revoke(state)
    state.current_task_state.reject(user=by, comment=words.strip())
    _tell_outcome(state, page, by, "changes", words)


def _judged(task_state: TaskState, by: User, seen: str) -> tuple[Any, WorkflowState]:
    """The page and its round, alone, if `by` takes this step and judges what stands there now."""
    page = _alone_on(Page.objects.get(pk=task_state.workflow_state.object_id))
    viewer = Viewer(by)
    waiting = queries.on_page(page, viewer)
    if not viewer.can_edit(page):
        raise PermissionDenied(f"Vous ne pouvez pas relire « {page.title} ».")
    if waiting is None or waiting.id != task_state.pk:
        raise Refused(GONE)
    if by.pk not in waiting.takers.ids and not may_pass(viewer, page):
        raise PermissionDenied(f"Cette étape n’est pas à vous : elle est {waiting.takers.where}.")
    if seen != queries.seen(page, page.get_latest_revision()):
        raise Refused(CHANGED)
    return page, WorkflowState.objects.select_related("current_task_state").get(pk=task_state.workflow_state_id)


def _tell_outcome(
    state: WorkflowState, page: Page, by: User, outcome: str, words: str, *, at: datetime | None = None
) -> None:
    author = state.requested_by
    if author is not None and author.pk != by.pk:
        when = typography.moment(at) if at else ""
        notices.tell(kind="review_outcome", to=author, by=by, page=page, words=words.strip(), outcome=outcome, at=when)


@transaction.atomic
def cancel_planned(*, page: Page, by: User) -> None:
    """What was to be published at a time is a draft again; its author is told. Raises PermissionDenied, Refused."""
    fresh = _alone_on(page)
    viewer = Viewer(by)
    if not viewer.can_edit(fresh) or not (viewer.can_manage(fresh) or viewer.standing(fresh).moderates):
        raise PermissionDenied(f"Vous ne décidez pas de la publication de « {fresh.title} ».")
    planned = fresh.scheduled_revision
    if planned is None:
        raise Refused("Rien n’est prévu pour cette page, ou c’est déjà publié.")
    planned.approved_go_live_at = None
    planned.save(update_fields=["approved_go_live_at"])
    log(fresh, "wagtail.schedule.cancel", user=by, revision=planned)
    last = queries.last_decision(fresh.pk)
    if last is not None and last.revision_id == planned.pk:
        _tell_outcome(last.workflow_state, fresh, by, "unplanned", "")


# What happens to a draft in a circuit besides the deeds above.

_waiting_on = Prepared(  # asked at each save
    lambda page: Submission.objects.filter(page=page, state__status=WorkflowState.STATUS_IN_PROGRESS).values_list(
        "state"
    ),
    slots=1,
)
_approved = Prepared(  # asked at each publication
    lambda revision: TaskState.objects.filter(revision=revision, status=TaskState.STATUS_APPROVED).values_list("pk"),
    slots=1,
)


def follow_revision(*, page: Any, revision: Revision, author: User) -> None:
    """A revision was written on a page whose draft waits: by who takes the step, it is a correction; else all is to
    be read again from the first step. Called in the transaction that writes it.
    """
    waiting = _waiting_on(page.pk)
    if not waiting:
        return
    [(pk,)] = waiting
    state = WorkflowState.objects.select_related("current_task_state", "requested_by").get(pk=pk)
    if state.current_task_state.revision_id == revision.pk:
        return
    if page.beside_draft:
        Submission.objects.filter(state=state).update(beside=revision)
        return
    judged = state.current_task_state.revision
    if page.taken_from is None and author is not None and author.pk in queries.takers_of(state.current_task_state).ids:
        _keep_said(page, judged, revision)
        return
    elsewhere = page.taken_from is not None and page.taken_from.pk < judged.pk  # older than what is judged
    if not elsewhere:
        _copy_record(judged, revision)
    _restart(state, revision, author, displaced=judged if elsewhere else None)


def _keep_said(page: Any, before: Revision, after: Revision) -> None:
    """Who corrects says something else of the change, or leaves what the author said of it."""
    record = RevisionRecord.objects.filter(revision=before).first()
    said = {"why": record.why, "announce": record.announce} if record else {}
    kept = {name: value for name, value in said.items() if getattr(page, name) in {"", None}}
    RevisionRecord.objects.filter(revision=after).update(**kept) if kept else None


def _copy_record(before: Revision, after: Revision) -> None:
    """« Ce qui change » and « Prévenir » stay the author's."""
    record = RevisionRecord.objects.filter(revision=before).first()
    if record is not None:
        RevisionRecord.objects.filter(revision=after).update(why=record.why, announce=record.announce)


def _restart(state: WorkflowState, revision: Revision, by: User, *, displaced: Revision | None) -> None:
    page, author = Page.objects.get(pk=state.object_id).specific, state.requested_by
    back = getattr(state, "submission", None)
    _leave(state, by)
    who = f"{by} a changé" if by is not None else "Quelque chose a changé dans"
    again = _start(
        page,
        revision,
        author,
        came_back=bool(back and back.came_back),
        because=f"{who} ce brouillon le {typography.moment(timezone.now())} : il se relit depuis le début.",
    )
    if displaced is not None:
        Submission.objects.filter(state=again).update(displaced=displaced)


def follow_publication(*, page: Page, revision: Revision, by: User) -> None:
    """A responsable published by himself, not through the circuit: it leaves its trace, and the draft that waited
    is either what he published, or comes back on top. Called in the transaction that publishes.
    """
    if _approved(revision.pk):
        return
    waiting = _waiting_on(page.pk)
    if not waiting and queries.circuit_of(page) is None:
        return
    why = RevisionRecord.objects.filter(revision=revision).values_list("why", flat=True).first() or ""
    log(
        page,
        "kb.moderation.direct",
        user=by,
        revision=revision,
        data={
            "why": why,
            "difference": _difference_address(page, revision),
        },
    )
    submission = Submission.objects.select_related("displaced", "state").get(state=waiting[0][0]) if waiting else None
    if submission is None or submission.beside_id == revision.pk:
        return
    state, displaced = submission.state, submission.displaced
    _leave(state, by)
    if displaced is None:
        _tell_outcome(state, page, by, "direct", why)
    else:
        _put_back(page, displaced, state.requested_by)
        _tell_outcome(state, page, by, "urgent", why)


def _put_back(page: Page, draft: Revision, author: User) -> None:
    """The draft that waited is written again on top of what was published, and waits again."""
    again = draft.as_object()
    again.taken_from, again.why = draft, "Brouillon en cours, repris"
    revision = again.save_revision(user=draft.user, moving=set())
    _copy_record(draft, revision)
    fresh = Page.objects.get(pk=page.pk).specific
    _start(fresh, revision, author, because="Une correction urgente a été publiée entre-temps.")


def _difference_address(page: Page, revision: Revision) -> str:
    before = RevisionRecord.objects.filter(page=page.pk, published_at__isnull=False).exclude(revision=revision)
    last = before.order_by("-published_at").values_list("revision", flat=True).first()
    return f"/p/{page.pk}/historique/{last}/{revision.pk}/" if last else ""


# Circuits and absences.


@transaction.atomic
def set_circuit(*, page: Page, preset: Preset | None, by: User) -> None:
    """The drafts of `page` and below go through this circuit from now on; None: the one above.

    Drafts that wait already keep theirs. Raises PermissionDenied, Refused.
    """
    fresh = _alone_on(page)
    if not permissions.abilities(by, fresh)["manage_access"]:
        raise PermissionDenied(f"Vous n’êtes pas responsable de « {fresh.title} ».")
    if fresh.specific.published_apart:
        raise Refused("Une séance et ses points ont leur propre circuit : il ne se choisit pas.")
    if preset is None and fresh.depth <= 2:
        raise Refused(
            "La page d’accueil donne le circuit de toute la commune : choisissez-en un autre, sans le retirer."
        )
    before = queries.circuit_of(fresh.specific)
    if preset is None:
        WorkflowPage.objects.filter(page=fresh.pk).delete()
    else:
        circuit = Circuit.objects.get(preset=preset)
        WorkflowPage.objects.update_or_create(page_id=fresh.pk, defaults={"workflow": circuit.workflow})
    log(
        fresh,
        "kb.moderation.circuit",
        user=by,
        data={
            "before": before.label if before else "aucun",
            "after": Preset(preset).label if preset else "celui d’au-dessus",
        },
    )


@transaction.atomic
def be_absent(*, person: Any, until: Any, deputy: Any = None) -> Absence:
    """`person` is away through `until`; `deputy` takes his steps meanwhile.

    The deputy is given the moderator's right, through the same day, on each page where `person` himself holds one
    that takes steps, if he may read that page already. In reserved branches nothing is lent. Raises Refused.
    """
    tree.one_writer()
    today = timezone.localdate()
    if until < today:
        raise Refused("Ce jour est passé : donnez le dernier jour de votre absence.")
    if until - today > LONGEST_ABSENCE:
        raise Refused(
            "Une suppléance dure trois mois au plus : au-delà, un responsable donne les droits par « Accès »."
        )
    if deputy is not None and (deputy.pk == person.pk or not deputy.is_active):
        raise Refused("Choisissez un autre suppléant.")
    come_back(person=person)
    absence = Absence.objects.create(person=person, deputy=deputy, until=until)
    if deputy is not None:
        lent = _lend(person, deputy, until)
        if not lent:
            raise Refused(f"{deputy} ne peut rien lire de ce que vous relisez. Choisissez quelqu’un de ces branches.")
        absence.grants.set(lent)
    return absence


def _lend(person: Any, deputy: Any, until: Any) -> list[Grant]:
    held = Grant.objects.in_force().of(person).filter(role__in=(Role.MODERATOR, Role.MANAGER), absences=None)
    lent, eyes = [], Viewer(deputy)
    for page in Page.objects.filter(pk__in=held.values("page")).order_by("path"):
        standing = eyes.granted(page)
        if boundary_on(page) is not None or not standing.reads:
            continue
        own = Grant.objects.in_force().filter(page=page.pk, person=deputy, role=Role.MODERATOR, absences=None)
        if own.exists():  # his own right, which must not end with the absence
            lent.append(own.get())
            continue
        lent.append(
            access.give(
                page=page,
                grantee=access.Grantee(person=deputy),
                role=Role.MODERATOR,
                by=None,
                until=until,
                why=f"Suppléance de {person}.",
            )
        )
    return lent


@transaction.atomic
def come_back(*, person: Any) -> None:
    """The absence ends now, and what was lent with it."""
    tree.one_writer()
    for absence in Absence.objects.filter(person=person, ended_at=None):
        for grant in absence.grants.filter(ended_at=None, why=f"Suppléance de {person}."):
            access.end(grant=grant, by=None, why=f"{person} est de retour.")
        absence.ended_at = timezone.now()
        absence.save(update_fields=["ended_at"])


def _alone_on(page: Page) -> Any:
    """The page as it stands now, changed by nobody else until the end."""
    tree.one_writer()
    return Page.objects.get(pk=page.pk).specific
