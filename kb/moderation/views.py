"""« À valider », submission, taking back, circuits, absences."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.models import Page, TaskState, get_page_models

from kb import typography
from kb.access import passages
from kb.comments import queries as comments
from kb.documents.widening import sentence, widened_by_publishing
from kb.history.difference import Change, compare
from kb.moderation import checks, operations, queries, registry
from kb.moderation.forms import AbsenceForm, CircuitForm, DecisionForm, SubmitForm
from kb.moderation.models import Preset, Step
from kb.moderation.queries import Waiting
from kb.moderation.reviewers import Reviewers
from kb.pages import presentation, rendering, revising
from kb.pages.frame import frame_for
from kb.pages.models import RevisionRecord
from kb.pages.tree import known_title
from kb.pages.views import page_for, signed_in
from kb.people.account import User
from kb.permissions import Viewer, viewer_of

MOST_AT_ONCE = 50


@require_http_methods(["GET", "POST"])
@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the person, his own drafts, and what is planned. A POST approves the trivial ones he ticked."""
    viewer = viewer_of(request)
    if request.method == "POST":
        return _approve_ticked(request, viewer)
    found = queries.desk(viewer)
    context = {
        "frame": frame_for(request, "À valider"),
        "mine": [row(one) for one in found.mine],
        "bulk": any(is_trivial(one) for one in found.mine),
        "written": [{**row(one), "may_take_back": True} for one in found.written],
        "returned": found.returned,
        "planned": found.planned,
        "elsewhere": [row(one) for one in found.elsewhere],
        "direct": queries.direct_publications(viewer),
        "absence": _absence_line(viewer),
        "manages": viewer.manages_some,
    }
    return render(request, "kb/moderation/desk.html", context)


def row(one: Waiting) -> dict[str, Any]:
    """A draft as the desk lists it."""
    wanted = one.submission.wanted_at if one.submission else None
    return {
        "id": one.id,
        "page_id": one.node.id,
        "title": one.title,
        "who": str(one.author or "Le système"),
        "since": queries.since_words(one.since),
        "stands": one.stands,
        "note": one.takers.note,
        "next": one.next_words,
        "why": one.why,
        "came_back": bool(one.submission and one.submission.came_back),
        "restarted": one.submission.restarted_because if one.submission else "",
        "size": _size(one),
        "trivial": is_trivial(one),
        "new": not one.node.live,
        "wanted": typography.day(wanted) if wanted and wanted > timezone.now() else "",
        "stamp": one.stamp,
        "is_last": one.is_last,
        "apart": one.apart,
    }


def is_trivial(one: Waiting) -> bool:
    """Whether it may be approved with others, from the list: a few words of a live page."""
    return bool(one.is_last and one.submission and one.submission.trivial)


def _size(one: Waiting) -> str:
    if one.submission is None:
        return ""
    if not one.node.live:
        return f"Page nouvelle, {typography.count(one.submission.words_added, 'mot')}"
    return (
        f"{typography.count(one.submission.words_added, 'mot ajouté', 'mots ajoutés')}, "
        f"{typography.count(one.submission.words_removed, 'mot retiré', 'mots retirés')}"
    )


def _approve_ticked(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Each is judged as the person would one by one; what may not be is left, and said."""
    ticked = [pk for pk in request.POST.getlist("draft") if pk.isdecimal()][:MOST_AT_ONCE]
    done, left = 0, []
    for pk in ticked:
        waiting = queries.waiting_one(int(pk), viewer)
        if waiting is None or not is_trivial(waiting):
            left.append(operations.GONE if waiting is None else f"« {waiting.title} » se relit à part.")
            continue
        page = Page.objects.get(pk=waiting.node.id).specific
        revision = page.get_latest_revision()
        if request.POST.get(f"seen-{pk}") != waiting.stamp or widened_by_publishing(page):
            left.append(f"« {waiting.title} » a changé, ou porte un fichier : relisez-la à part.")
            continue
        try:
            operations.approve(
                task_state=waiting.task_state, by=viewer.user, seen=queries.seen(page, revision), as_planned=True
            )
            done += 1
        except operations.Refused as refused:
            left.append(str(refused))
    if done:
        messages.success(request, f"{typography.count(done, 'brouillon approuvé', 'brouillons approuvés')}.")
    for words in left or ([] if ticked else ["Cochez au moins un brouillon."]):
        messages.error(request, words)
    return redirect("desk")


def _absence_line(viewer: Viewer) -> str:
    absence = queries.absence_of(viewer.user)
    if absence is None:
        return ""
    who = f" {absence.deputy} prend vos étapes." if absence.deputy else " Vos étapes reviennent aux responsables."
    return f"Vous êtes absent jusqu’au {typography.day(absence.until)}.{who}"


@require_http_methods(["GET", "POST"])
@signed_in
def review(request: HttpRequest, task_state_id: int) -> HttpResponse:
    """One draft: what changes, advice, comments; approve it, or ask for changes."""
    viewer = viewer_of(request)
    waiting, others = queries.beside_others(task_state_id, viewer)
    if waiting is None:
        return _no_more(request, task_state_id, viewer)
    page = page_of(waiting)
    passages.note(viewer, waiting.node, door=request.path)
    form = DecisionForm(request.POST or None)
    takes = viewer.user.pk in waiting.takers.ids and not viewer.looker
    passes = not takes and not viewer.looker and operations.may_pass(viewer, page)
    error = ""
    if request.method == "POST":
        if not takes and not passes:
            raise Http404
        error = decided(request, waiting, form, viewer.user)
        if not error:
            return redirect("desk")
    context = {
        "frame": frame_for(request, f"Relire « {waiting.title} »"),
        **judged(waiting, page, viewer, on_desk=True),
        "takes": takes,
        "passes": passes,
        "error": error,
        "words": request.POST.get("words", ""),
        "action": request.path,
        "others": [row(one) for one in others],
        "next_url": _next(waiting, others),
        "draft_url": f"/p/{page.pk}/brouillon/",
        "edit_url": f"/admin/pages/{page.pk}/edit/",
        "comments": _comments(viewer, waiting),
    }
    return render(request, "kb/moderation/review.html", context, status=422 if error else 200)


def _next(waiting: Waiting, others: list[Waiting]) -> str:
    """The address of the draft that comes after this one, or nothing."""
    ids = [one.id for one in others]
    after = ids[ids.index(waiting.id) + 1 :] if waiting.id in ids else ids
    return reverse("review", args=[after[0]]) if after else ""


def _no_more(request: HttpRequest, task_state_id: int, viewer: Viewer) -> HttpResponse:
    """A step that is over leads to the desk, for who may still know of its page; else there is nothing here."""
    over = (
        TaskState.objects.filter(pk=task_state_id, task__reviewtask__isnull=False)
        .select_related("workflow_state")
        .first()
    )
    node = viewer.tree.nodes.get(int(over.workflow_state.object_id)) if over else None
    if node is None or not viewer.can_view(node):
        raise Http404
    messages.error(request, operations.GONE)
    return redirect("desk")


def page_of(waiting: Waiting) -> Any:
    """The page of a draft that waits, in its own type. One query."""
    model: Any = next(model for model in get_page_models() if model._meta.model_name == waiting.node.model)
    return model.objects.get(pk=waiting.node.id)


def judged(waiting: Waiting, page: Any, viewer: Viewer, *, on_desk: bool) -> dict[str, Any]:
    """What a reviewer has before his eyes, on the desk or from a mail."""
    revisions = page.revisions.in_bulk([page.latest_revision_id, page.live_revision_id or page.latest_revision_id])
    revision, published = (
        revisions[page.latest_revision_id],
        revisions.get(page.live_revision_id) if page.live else None,
    )
    draft = revising.to_read(page, revision)
    before = revising.to_read(page, published) if published else type(page)()
    widened = widened_by_publishing(page)
    changes = compare(before, draft)
    record = RevisionRecord.objects.filter(revision=revision).first()
    planned = draft.go_live_at if draft.go_live_at and draft.go_live_at > timezone.now() else None
    return {
        "waiting": row(waiting),
        "page_id": page.pk,
        "where": " › ".join(
            known_title(above) for above in viewer.tree.ancestors(waiting.node)[1:] if viewer.can_view(above)
        ),
        "compared": _compared(page, revision),
        "why": record.why if record else "",
        "announce": bool(record and record.announce),
        "changes": changes,
        "added": typography.count(_sum(changes, "added"), "mot ajouté, souligné", "mots ajoutés, soulignés"),
        "removed": typography.count(_sum(changes, "removed"), "mot retiré, barré", "mots retirés, barrés"),
        "seen": queries.seen(page, revision, widened),
        "gains": [sentence(document, change) for document, change in widened],
        "advice": checks.advice_on(draft, viewer) if on_desk else [],
        "draft": as_read(draft, viewer) if on_desk else None,
        "planned": planned,
        "planned_words": typography.moment(planned) if planned else "",
        "planned_day": f"{timezone.localtime(planned):%Y-%m-%d}" if planned else "",
        "planned_hour": f"{timezone.localtime(planned):%H:%M}" if planned else "08:00",
        "until_day": f"{timezone.localtime(draft.expire_at):%Y-%m-%d}" if draft.expire_at else "",
    }


def _compared(page: Any, revision: Any) -> str:
    of_draft = f"brouillon du {typography.moment(revision.created_at)}"
    if page.live and page.live_revision:
        return f"Version publiée du {typography.day(page.last_published_at)} comparée au {of_draft}."
    return f"Page jamais publiée, {of_draft}."


def _sum(changes: list[Change], kind: str) -> int:
    return sum(getattr(change, kind) for change in changes)


def _comments(viewer: Viewer, waiting: Waiting) -> list[dict[str, str]]:
    threads = comments.threads(viewer, waiting.node, draft=True)
    return [
        {
            "who": str(thread.comment.author),
            "text": thread.comment.text,
            "url": f"/p/{waiting.node.id}/brouillon/?fil={thread.comment.pk}#fil-{thread.comment.pk}",
        }
        for thread in threads
        if thread.comment.is_open
    ]


def as_read(draft: Any, viewer: Viewer) -> dict[str, Any]:
    """The draft as its readers will see it."""
    content = presentation.content_of(draft, revision_id=None)
    return {
        "kind_label": content.kind_label,
        "title": content.title,
        "summary": content.summary,
        "body_html": rendering.fitted(
            content.body,
            page_id=draft.pk,
            viewer=viewer,
            tree=viewer.tree,
            can_create=False,
            beside=rendering.nothing_beside,
        ),
        "attachments": content.attachments,
    }


def decided(request: HttpRequest, waiting: Waiting, form: DecisionForm, by: User) -> str:
    """Does what the form says; the sentence of what stops it, or nothing."""
    if not form.is_valid():
        return "Le formulaire est incomplet : vérifiez le jour et l’heure, puis recommencez."
    data = form.cleaned_data
    if data["deed"] == "approve" and data["when"] == "now" and data["day"] not in {None, _wanted_day(waiting)}:
        return "Vous avez donné un jour : choisissez « À une heure choisie », ou effacez-le pour publier maintenant."
    try:
        if data["deed"] == "changes":
            operations.ask_for_changes(task_state=waiting.task_state, by=by, seen=data["seen"], words=data["words"])
            messages.success(request, f"« {waiting.title} » revient à {waiting.author}, avec votre mot.")
        else:
            operations.approve(
                task_state=waiting.task_state,
                by=by,
                seen=data["seen"],
                words=data["words"],
                at=form.at,
                until=form.leaves,
                as_planned=not data["when"],
            )
            messages.success(request, _approved(waiting, form))
    except operations.Refused as refused:
        return str(refused)
    except django_forms.ValidationError as wrong:
        return str(wrong.message)
    return ""


def _wanted_day(waiting: Waiting) -> Any:
    """The day that the author asked for, which the form shows already."""
    wanted = waiting.submission.wanted_at if waiting.submission else None
    return timezone.localtime(wanted).date() if wanted else None


def _approved(waiting: Waiting, form: DecisionForm) -> str:
    if not waiting.is_last:
        return f"« {waiting.title} » : approuvé ; prochaine étape : {waiting.next_words}."
    if form.at:
        return f"« {waiting.title} » sera publiée le {typography.moment(form.at)}."
    return f"« {waiting.title} » est publiée : ses lecteurs la voient."


@require_http_methods(["GET", "POST"])
@signed_in
def submit(request: HttpRequest, page_id: int) -> HttpResponse:
    """What changes, who is told, advice; then the draft goes to its circuit."""
    page, viewer = page_for(request, page_id, "edit"), viewer_of(request)
    revision = page.get_latest_revision()
    if revision is None or queries.on_page(page, viewer) or (page.live and not page.has_unpublished_changes):
        return redirect("draft", page_id=page_id)
    form = SubmitForm(request.POST or None, initial=_said(page))
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            operations.submit(page=page, author=viewer.user, **form.cleaned_data)
        except operations.Refused as refused:
            error = str(refused)
        else:
            waiting = queries.on_page(page, viewer)
            messages.success(request, f"Le brouillon est soumis. {waiting.stands if waiting else ''}")
            return redirect("draft", page_id=page_id)
    draft = revising.to_read(page, revision)
    returned = queries.asked_changes(page.pk)
    preset = queries.circuit_of(page)
    context = {
        "frame": frame_for(request, f"Soumettre « {draft.title} »"),
        "title": draft.title,
        "draft_url": f"/p/{page.pk}/brouillon/",
        "edit_url": f"/admin/pages/{page.pk}/edit/",
        "form": form,
        "error": error,
        "advice": checks.advice_on(draft, viewer),
        "checklist": checks.checklist(),
        "circuit": preset.label if preset else "",
        "then": preset.ends if isinstance(preset, registry.OwnCircuit) else "publication",
        "asked": {"who": str(returned.finished_by), "words": returned.comment} if returned else None,
    }
    return render(request, "kb/moderation/submit.html", context, status=422 if error else 200)


def _said(page: Any) -> dict[str, Any]:
    """What the author said of the changes since the last publication, the newest words first."""
    rows = RevisionRecord.objects.filter(page=page.pk, published_at=None).order_by("-revision")
    if page.live_revision_id:
        rows = rows.filter(revision__gt=page.live_revision_id)
    said = list(rows.values_list("why", "announce")[:20])
    return {"why": next((why for why, _ in said if why), ""), "announce": bool(said and said[0][1])}


@require_POST
@signed_in
def take_back(request: HttpRequest, page_id: int) -> HttpResponse:
    """The author takes his draft back."""
    page = page_for(request, page_id, "edit")
    try:
        operations.take_back(page=page, by=viewer_of(request).user)
        messages.success(request, "Le brouillon est repris : vous pouvez le modifier, puis le soumettre à nouveau.")
    except operations.Refused as refused:
        messages.error(request, str(refused))
    return redirect("draft", page_id=page_id)


@require_POST
@signed_in
def cancel_planned(request: HttpRequest, page_id: int) -> HttpResponse:
    """What was to be published at a time is a draft again."""
    page = page_for(request, page_id, "edit")
    try:
        operations.cancel_planned(page=page, by=viewer_of(request).user)
        messages.success(
            request, f"La publication prévue de « {page.title} » est annulée : c’est de nouveau un brouillon."
        )
    except operations.Refused as refused:
        messages.error(request, str(refused))
    return redirect("desk")


@require_GET
@signed_in
def circuits(request: HttpRequest) -> HttpResponse:
    """The circuits of the branches: for responsables."""
    viewer = viewer_of(request)
    if not viewer.manages_some:
        raise Http404
    context = {
        "frame": frame_for(request, "Circuits de relecture"),
        "rows": queries.circuits(viewer),
        "pages": _pages_to_choose(viewer),
    }
    return render(request, "kb/moderation/circuits.html", context)


def _pages_to_choose(viewer: Viewer) -> list[dict[str, Any]]:
    """The branches that may get a circuit of their own: what stands on the two first floors of what he manages."""
    nodes = sorted(viewer.tree.nodes.values(), key=lambda node: node.path)
    shelves = [
        node
        for node in nodes
        if len(node.path) <= 5 * Page.steplen and node.model in {"servicepage", "folderpage", "projectpage"}
    ]
    return [
        {"id": node.id, "title": f"{'– ' * (len(node.path) // Page.steplen - 3)}{known_title(node)}"}
        for node in shelves
        if viewer.can_manage(node)
    ]


@require_GET
@signed_in
def choose_circuit(request: HttpRequest) -> HttpResponse:
    """From the list to one branch (`?page=<id>`)."""
    page = request.GET.get("page", "")
    return redirect("circuit", page_id=int(page)) if page.isdecimal() else redirect("circuits")


@require_http_methods(["GET", "POST"])
@signed_in
def circuit(request: HttpRequest, page_id: int) -> HttpResponse:
    """The circuit of one branch."""
    page, viewer = page_for(request, page_id, "manage_access"), viewer_of(request)
    if page.published_apart:
        raise Http404  # a sitting and its items have their own
    node = viewer.tree.nodes[page.pk]
    is_town = node is viewer.tree.home or node.id == getattr(viewer.tree.home, "id", 0)
    own = next((one["preset"] for one in queries.circuits(viewer) if one["id"] == page.pk), "")
    form = CircuitForm(request.POST or None, is_town=is_town, initial={"preset": own})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["preset"]
        operations.set_circuit(page=page, preset=Preset(chosen) if chosen else None, by=viewer.user)
        messages.success(
            request,
            f"Le circuit de « {known_title(node)} » est enregistré. Les brouillons déjà soumis gardent le leur.",
        )
        return redirect("circuits")
    preset = queries.circuit_of(page)
    context = {
        "frame": frame_for(request, f"Circuit de « {known_title(node)} »"),
        "title": known_title(node),
        "form": form,
        "now": preset.label if preset else "Aucun circuit",
        "inherited": not own,
        "steps": _who_takes(page, viewer),
    }
    return render(request, "kb/moderation/circuit.html", context, status=422 if form.errors else 200)


def _who_takes(page: Any, viewer: Viewer) -> list[dict[str, str]]:
    """Each step of the circuit in force, and who would take a draft submitted by somebody else."""
    preset, reviewers = queries.circuit_of(page), Reviewers()
    steps = [Step(code) for code in registry.steps_of(preset)] if isinstance(preset, Preset) else []
    found = [(step, reviewers.of(page.path, step, None)) for step in steps]
    return [{"step": step.label, "names": takers.names, "note": takers.note} for step, takers in found]


@require_http_methods(["GET", "POST"])
@signed_in
def absence(request: HttpRequest) -> HttpResponse:
    """Away until a day, with a deputy; or back."""
    viewer = viewer_of(request)
    form = AbsenceForm(request.POST if request.POST.get("deed") == "leave" else None, viewer=viewer)
    error = ""
    if request.method == "POST" and request.POST.get("deed") == "back":
        operations.come_back(person=viewer.user)
        messages.success(request, "Vous êtes de retour : vos étapes sont de nouveau à vous.")
        return redirect("absence")
    if request.method == "POST" and form.is_valid():
        try:
            operations.be_absent(person=viewer.user, **form.cleaned_data)
            messages.success(request, _absence_line(viewer))
            return redirect("desk")
        except operations.Refused as refused:
            error = str(refused)
    context = {
        "frame": frame_for(request, "Mon absence"),
        "form": form,
        "error": error,
        "now": _absence_line(viewer),
    }
    return render(request, "kb/moderation/absence.html", context, status=422 if error or form.errors else 200)
