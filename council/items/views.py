"""Screens: taking up a délibération, duplicating a sitting, the yearly plan."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from council.agenda.enums import SittingState
from council.agenda.models import AgendaItemPage, SittingPage, stage_of
from council.agenda.views import sitting_for
from council.items import operations, queries
from council.items.forms import DuplicateForm, PlannedForm
from council.items.models import MONTHS, AnnexToRenew, YearlyItem
from council.members import operations as members
from council.members.models import Instance
from council.rules import COMMUNES
from council.screens import back_to, form_screen
from kb.pages.frame import frame_for
from kb.pages.views import page_for, signed_in, small_number
from kb.permissions import Denied, viewer_of
from kb.refusals import Refused
from kb.typography import day


def _prepared(request: HttpRequest, page_id: int) -> SittingPage:
    """A sitting in preparation, that the person completes. Raises Http404, Denied."""
    sitting = sitting_for(request, page_id, "create_below")
    if stage_of(sitting) != SittingState.PREPARATION:
        raise Http404
    return sitting


def _said(request: HttpRequest, deed: Callable[[], Any]) -> Any:
    """What the deed gives; what refuses it is said, and nothing is given."""
    try:
        return deed()
    except Refused as refused:
        messages.error(request, str(refused))
        return None


@require_http_methods(["GET", "POST"])
@signed_in
def resume(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Reprendre une délibération » : the earlier ones, by title; one press takes one up."""
    sitting, viewer = _prepared(request, page_id), viewer_of(request)
    if request.method == "POST":
        asked = request.POST.get("source", "")
        source = AgendaItemPage.objects.filter(pk=small_number(asked)).first()
        if source is None or not viewer.can_view(source):
            raise Http404
        item = _said(request, lambda: operations.resume(source=source, sitting=sitting, by=viewer.user))
        if item is None:
            return redirect("resume_item", page_id=sitting.pk)
        messages.success(request, f"« {item.title} » est reprise : vérifiez ses chiffres et ses annexes.")
        return redirect("page", page_id=item.pk)
    words = " ".join(request.GET.get("mots", "").split())[:100]
    context = {
        "frame": frame_for(request, "Reprendre une délibération"),
        "sitting": sitting.title,
        "back": {"url": f"/p/{sitting.pk}/", "title": sitting.title},
        "words": words,
        "rows": queries.earlier_items(viewer, sitting, words),
    }
    return render(request, "council/items/resume.html", context)


@require_POST
@signed_in
def settle_annex(request: HttpRequest, page_id: int, annex_id: int) -> HttpResponse:
    """« Réglée » : this year's is joined, or the old one has no use any more."""
    page = page_for(request, page_id, "edit")
    annex = get_object_or_404(AnnexToRenew, pk=annex_id, resumption=page.pk)
    operations.settle_annex(annex=annex, by=viewer_of(request).user)
    return redirect(f"/p/{page.pk}/#annexes-a-renouveler")


@require_http_methods(["GET", "POST"])
@signed_in
def duplicate(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Dupliquer la séance »."""
    sitting, viewer = sitting_for(request, page_id, "edit"), viewer_of(request)
    offered = [item for item in operations.repeatable(sitting) if viewer.can_view(item)]
    hour = timezone.localtime(sitting.starts_at).time()
    form = DuplicateForm(
        request.POST or None, offered=offered, initial={"hour": hour, "place": sitting.place or sitting.instance.place}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = operations.duplicate(
                sitting=sitting,
                starts_at=form.starts_at,
                place=data["place"],
                items=[int(pk) for pk in data.get("items", [])],
                by=viewer.user,
            )
        except Refused as refused:
            form.add_error("day", str(refused))
        else:
            messages.success(request, f"« {made.title} » est en préparation.")
            return redirect("page", page_id=made.pk)
    lede = "Une séance en préparation, de la même instance. Les décisions ne sont jamais reprises ici."
    return form_screen(
        request, form, title="Dupliquer la séance", submit="Créer la séance", back=back_to(sitting), lede=lede
    )


# The yearly plan.


@require_POST
@signed_in
def put_planned(request: HttpRequest, page_id: int, planned_id: int) -> HttpResponse:
    """« Inscrire » : one press puts an item of the plan on the agenda."""
    sitting = _prepared(request, page_id)
    planned = get_object_or_404(YearlyItem, pk=planned_id)
    by = viewer_of(request).user
    item = _said(request, lambda: operations.put_planned(planned=planned, sitting=sitting, by=by))
    if item is None:
        return redirect("page", page_id=sitting.pk)
    messages.success(request, f"« {item.title} » est à l’ordre du jour.")
    return redirect(f"/p/{sitting.pk}/#point-{item.pk}")


def _instance(request: HttpRequest) -> Instance:
    """The conseil municipal, whose plan it is, for who reads the town's page. Raises Http404."""
    viewer = viewer_of(request)
    found = Instance.objects.filter(body__in=COMMUNES).first()
    if found is None or viewer.tree.home is None or not viewer.can_view(viewer.tree.home):
        raise Http404
    return found


@require_GET
@signed_in
def plan(request: HttpRequest) -> HttpResponse:
    """What comes back each year, month by month."""
    instance = _instance(request)
    rows = [_planned(row) for row in instance.yearly_items.all()]
    viewer = viewer_of(request)
    context = {
        "frame": frame_for(request, "Plan annuel du conseil"),
        "months": [
            {"name": name.capitalize(), "rows": [row for row in rows if row["month"] == number]}
            for number, name in enumerate(MONTHS, 1)
            if any(row["month"] == number for row in rows)
        ],
        "manages": not viewer.looker and members.may_manage(viewer.user),
    }
    return render(request, "council/items/plan.html", context)


def _planned(row: YearlyItem) -> dict[str, Any]:
    today = timezone.localdate()
    ended = f"N’est plus proposé depuis le {day(row.until)}" if row.until and row.until < today else ""
    later = f"Proposé à partir du {day(row.since)}" if row.since and row.since > today else ""
    return {
        "id": row.pk,
        "month": row.month,
        "title": row.title,
        "article": row.article,
        "kind": row.get_item_kind_display(),
        "matter": row.get_matter_display() if row.matter else "",
        "money": row.concerns_money,
        "state": ended or later,
    }


@require_http_methods(["GET", "POST"])
@signed_in
def planned(request: HttpRequest, planned_id: int = 0) -> HttpResponse:
    """A row of the plan: a new one, or one to change or to end."""
    instance, viewer = _instance(request), viewer_of(request)
    if viewer.looker or not members.may_manage(viewer.user):
        raise Denied("Seuls les responsables de la commune tiennent le plan annuel.")
    known = (
        get_object_or_404(YearlyItem, pk=planned_id, instance=instance) if planned_id else YearlyItem(instance=instance)
    )
    form = PlannedForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        try:
            operations.keep_planned(planned=form.instance, by=viewer.user)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, f"« {form.instance.title} » est au plan annuel.")
            return redirect("council_plan")
    title = f"Plan annuel : « {known.title} »" if planned_id else "Ajouter un point au plan annuel"
    back = {"url": "/conseil/plan/", "title": "Plan annuel du conseil"}
    return form_screen(request, form, title=title, submit="Enregistrer", back=back)
