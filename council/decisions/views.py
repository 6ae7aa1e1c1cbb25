"""Screens of the maire's decisions: the register, a decision, the delegations, the report to a sitting."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from council.agenda.views import sitting_for
from council.decisions import operations, papers, queries
from council.decisions.forms import DecisionForm, DelegationForm, first_decision
from council.decisions.models import Decision
from council.decisions.points import POINTS
from council.members.models import Instance
from council.screens import back_to, done, file_answer, form_screen
from kb.exchange.pdf import PdfUnavailable
from kb.pages.frame import frame_for
from kb.pages.views import signed_in, small_number
from kb.permissions import Denied, viewer_of
from kb.refusals import Refused
from kb.typography import day

REGISTER = {"url": "/conseil/decisions/", "title": "Décisions du maire"}


NOT_YOURS = "Seuls les responsables des séances tiennent les décisions du maire."


def kept_instance(request: HttpRequest, refusal: str = NOT_YOURS) -> Instance:
    """The instance whose decisions the person keeps (`?instance=<id>`, else the first). Raises Denied, Http404."""
    viewer = viewer_of(request)
    kept = queries.kept_by(viewer)
    asked = request.GET.get("instance", "")
    found = kept.filter(pk=small_number(asked)).first() if asked.isdecimal() else kept.first()
    if found is None:
        if viewer.tree.home is None or not viewer.can_view(viewer.tree.home):
            raise Http404
        raise Denied(refusal)
    return found


def _decision(request: HttpRequest, decision_id: int, *, keeps: bool = False) -> Decision:
    viewer = viewer_of(request)
    found = queries.readable_by(viewer).select_related("instance", "delegation", "signer")
    decision = get_object_or_404(found, pk=decision_id)
    if keeps and not queries.keeps(viewer, decision.instance):
        raise Denied(NOT_YOURS)
    return decision


@require_GET
@signed_in
def register(request: HttpRequest) -> HttpResponse:
    """The year's register, drafts first for who keeps it."""
    viewer = viewer_of(request)
    rows = queries.readable_by(viewer)
    kept = queries.kept_by(viewer).first()
    if kept is None and not rows.exists() and (viewer.tree.home is None or not viewer.can_view(viewer.tree.home)):
        raise Http404
    years = sorted({year for year in rows.values_list("year", flat=True) if year}, reverse=True)
    asked = request.GET.get("annee", "")
    year = small_number(asked) if small_number(asked) in years else (years[0] if years else None)
    taken = rows.filter(number__isnull=False, year=year) if year else rows.none()
    context = {
        "frame": frame_for(request, "Décisions du maire"),
        "years": years,
        "year": year,
        "keeps": kept is not None,
        "drafts": [_row(one) for one in rows.filter(number__isnull=True)],
        "rows": [_row(one) for one in taken.select_related("act").order_by("-taken_on", "-rank")],
    }
    return render(request, "council/decisions/register.html", context)


def _row(decision: Decision) -> dict[str, Any]:
    return {
        "id": decision.pk,
        "number": decision.number or "Projet",
        "subject": decision.subject,
        "on": day(decision.taken_on),
    }


@require_http_methods(["GET", "POST"])
@signed_in
def write(request: HttpRequest, decision_id: int | None = None) -> HttpResponse:
    """A new draft, or one written again."""
    person = viewer_of(request).user
    if decision_id is None:
        draft = first_decision(kept_instance(request), person)
    else:
        draft = _decision(request, decision_id, keeps=True)
        if draft.number:
            messages.error(request, f"La décision {draft.number} est prise : elle ne change plus.")
            return redirect("decision", decision_id=draft.pk)
    form = DecisionForm(request.POST or None, instance=draft)
    posted = request.method == "POST" and form.is_valid()
    if posted and done(form, lambda: operations.write(decision=form.instance, by=person)):
        return redirect("decision", decision_id=form.instance.pk)
    title = "Écrire une décision du maire" if decision_id is None else "Modifier le projet de décision"
    return form_screen(request, form, title=title, submit="Enregistrer le projet", back=REGISTER)


@require_GET
@signed_in
def show(request: HttpRequest, decision_id: int) -> HttpResponse:
    """A decision: a draft to take, or an act with what became of it."""
    return _show(request, _decision(request, decision_id))


def _show(request: HttpRequest, decision: Decision, sentence: str = "") -> HttpResponse:
    act = getattr(decision, "act", None) if decision.number else None
    title = f"Décision du maire {decision.number}" if decision.number else "Projet de décision"
    context = {
        "frame": frame_for(request, title),
        "back": REGISTER,
        "title": title,
        "sentence": sentence,
        "subject": decision.subject,
        "text": decision.text,
        "on": day(decision.taken_on),
        "number": decision.number or "",
        "delegation": papers.delegation_line(decision),
        "signer": f"{decision.signer}, {decision.quality or decision.signer.office}",
        "keeps": queries.keeps(viewer_of(request), decision.instance),
        "id": decision.pk,
        "act_id": act.pk if act else 0,
    }
    return render(request, "council/decisions/decision.html", context, status=422 if sentence else 200)


@require_POST
@signed_in
def take(request: HttpRequest, decision_id: int) -> HttpResponse:
    """« Prendre la décision » : it gets its number."""
    decision = _decision(request, decision_id, keeps=True)
    try:
        taken = operations.take(decision=decision, by=viewer_of(request).user)
    except Refused as refused:
        return _show(request, decision, str(refused))
    messages.success(request, f"La décision porte le numéro {taken.number}. Imprimez-la et faites-la signer.")
    return redirect("decision", decision_id=taken.pk)


@require_GET
@signed_in
def paper(request: HttpRequest, decision_id: int) -> HttpResponse:
    """The decision to sign, as PDF."""
    decision = _decision(request, decision_id)
    try:
        data = papers.to_sign(decision)
    except PdfUnavailable as missing:
        return _show(request, decision, str(missing))
    return file_answer(data, f"{decision.number or 'Projet de décision'}.pdf")


@require_http_methods(["GET", "POST"])
@signed_in
def delegations(request: HttpRequest) -> HttpResponse:
    """What the council delegated, and one more délibération."""
    instance = kept_instance(request)
    form = DelegationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = viewer_of(request).user
        if done(form, lambda: operations.note_delegation(instance=instance, by=by, **form.cleaned_data)):
            messages.success(request, "La délégation est notée.")
            return redirect("delegations")
    rows = [
        {
            "number": one.deliberation,
            "since": day(one.since),
            "until": day(one.until) if one.until else "",
            "points": [POINTS[point] for point in one.points if point in POINTS],
        }
        for one in instance.delegations.all()
    ]
    context = {"frame": frame_for(request, "Délégations au maire"), "back": REGISTER, "rows": rows, "form": form}
    return render(request, "council/decisions/delegations.html", context, status=422 if form.errors else 200)


@require_GET
@signed_in
def report(request: HttpRequest, page_id: int) -> HttpResponse:
    """What the maire reports at a sitting, for who reads it and sits there, or keeps the decisions."""
    sitting = sitting_for(request, page_id, "view")
    context = {
        "frame": frame_for(request, "Décisions prises par délégation"),
        "rows": papers.report_rows(sitting, viewer_of(request)),
        "back": back_to(sitting),
    }
    return render(request, "council/decisions/report.html", context)


@require_GET
@signed_in
def report_paper(request: HttpRequest, page_id: int) -> HttpResponse:
    """The same on paper."""
    sitting = sitting_for(request, page_id, "view")
    try:
        return file_answer(
            papers.report(sitting, viewer_of(request)), f"Décisions par délégation, {day(sitting.starts_at)}.pdf"
        )
    except PdfUnavailable as missing:
        messages.error(request, str(missing))
        return redirect("decisions_report", page_id=sitting.pk)
