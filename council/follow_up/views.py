"""Screens of the follow-up: an instance's, one's own tasks, an act's money and tasks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from council import screens
from council.decisions.queries import kept_by
from council.follow_up import operations, queries
from council.follow_up.forms import DoneForm, FollowUpForm, TaskForm
from council.follow_up.models import FollowUp, Task
from council.publication import queries as publication
from council.publication.models import Act
from council.publication.views import ACTS, act_for
from kb.pages.frame import frame_for
from kb.pages.views import signed_in
from kb.permissions import viewer_of


@require_GET
@signed_in
def of_instance(request: HttpRequest, instance_id: int) -> HttpResponse:
    """« Que devient la délibération ? »"""
    viewer = viewer_of(request)
    instance = get_object_or_404(kept_by(viewer), pk=instance_id)
    rows = queries.of_instance(viewer, instance)
    context = {
        "frame": frame_for(request, "Que deviennent les actes ?"),
        "back": ACTS,
        "name": str(instance),
        "waiting": [row for row in rows if row["waits"]],
        "others": [row for row in rows if not row["waits"]],
    }
    return render(request, "council/follow_up/instance.html", context)


@require_GET
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """One's own tasks."""
    viewer = viewer_of(request)
    tasks = list(queries.tasks_of(viewer.user)[:100])
    kept = publication.kept_among(viewer, [task.act_id for task in tasks])
    rows = [
        {
            **queries.line(task),
            "act": str(task.act),
            "act_url": f"/conseil/actes/{task.act_id}/" if task.act_id in kept else "",
        }
        for task in tasks
    ]
    context = {"frame": frame_for(request, "Mes tâches"), "rows": rows}
    return render(request, "council/follow_up/mine.html", context)


def _back(act: Act) -> dict[str, str]:
    return {"url": f"/conseil/actes/{act.pk}/", "title": str(act)}


@require_http_methods(["GET", "POST"])
@signed_in
def note(request: HttpRequest, act_id: int) -> HttpResponse:
    """The money, the contract, where it stands."""
    act = act_for(request, act_id)
    form = FollowUpForm(request.POST or None, instance=FollowUp.objects.filter(act=act).first())
    if request.method == "POST" and form.is_valid():
        by = viewer_of(request).user
        if screens.done(form, lambda: operations.note(act=act, values=form.cleaned_data, by=by)):
            messages.success(request, "Le suivi est noté.")
            return redirect("act", act_id=act.pk)
    return screens.form_screen(
        request, form, title="Que devient cet acte ?", submit="Enregistrer le suivi", back=_back(act)
    )


@require_http_methods(["GET", "POST"])
@signed_in
def give(request: HttpRequest, act_id: int) -> HttpResponse:
    """A task about an act."""
    act, viewer = act_for(request, act_id), viewer_of(request)
    form = TaskForm(request.POST or None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if screens.done(form, lambda: operations.give_task(act=act, by=viewer.user, **told), field="due"):
            messages.success(request, f"La tâche est confiée à {told['owner']}.")
            return redirect("act", act_id=act.pk)
    return screens.form_screen(request, form, title="Confier une tâche", submit="Confier la tâche", back=_back(act))


@require_http_methods(["GET", "POST"])
@signed_in
def done(request: HttpRequest, todo_id: int) -> HttpResponse:
    """« C’est fait »: by its owner, or by who keeps the act."""
    viewer = viewer_of(request)
    kept = publication.acts_kept_by(viewer).values("pk")
    task = get_object_or_404(Task.objects.filter(owner=viewer.user.pk) | Task.objects.filter(act__in=kept), pk=todo_id)
    form = DoneForm(request.POST or None)
    keeps = publication.may_keep(viewer, task.act)
    posted = request.method == "POST" and form.is_valid()
    if posted and screens.done(
        form, lambda: operations.finish(task=task, by=viewer.user, **form.cleaned_data), field="on"
    ):
        messages.success(request, "La tâche est notée comme faite.")
        return redirect("act", act_id=task.act_id) if keeps else redirect("my_tasks")
    back = _back(task.act) if keeps else {"url": "/conseil/mes-taches/", "title": "Mes tâches"}
    return screens.form_screen(request, form, title=f"C’est fait : {task.what}", submit="Noter comme fait", back=back)
