"""Screens of a sitting: its order, its convocation, its deadlines; proposals from the services' pages."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from council.agenda import operations, queries, urgency
from council.agenda.enums import Channel, SittingState
from council.agenda.forms import AnswerForm, ConvocationForm, DoneForm, LeaveForm, ProposeForm, UrgencyForm
from council.agenda.models import AgendaItemPage, SittingPage, stage_of
from council.clock import CannotTell
from council.members.models import Instance
from council.screens import back_to, done, form_screen
from kb.pages.tree import known_title
from kb.pages.views import page_for, signed_in, small_number
from kb.permissions import viewer_of


def sitting_for(request: HttpRequest, page_id: int, ability: str) -> SittingPage:
    """A sitting on which the person has the ability. Raises Http404, Denied."""
    page = page_for(request, page_id, ability)
    if not isinstance(page, SittingPage):
        raise Http404
    return page


def convened_for(request: HttpRequest, page_id: int, ability: str = "publish") -> SittingPage:
    """A convened sitting on which the person has the ability. Raises Http404, Denied."""
    sitting = sitting_for(request, page_id, ability)
    if stage_of(sitting) == SittingState.PREPARATION:
        raise Http404
    return sitting


def item_for(request: HttpRequest, page_id: int) -> AgendaItemPage:
    """An item of an agenda that the person may order. Raises Http404, Denied."""
    page = page_for(request, page_id)
    if not isinstance(page, AgendaItemPage):
        raise Http404
    sitting_for(request, page.get_parent().pk, "edit")
    return page


@require_POST
@signed_in
def order(request: HttpRequest, page_id: int) -> HttpResponse:
    """One place up or down, for a hand or a keyboard; or, dragged, to a number (agenda.js)."""
    sitting = sitting_for(request, page_id, "edit")
    asked = request.POST.get("item", "")
    item = AgendaItemPage.objects.child_of(sitting).filter(pk=small_number(asked)).first()
    if item is None:
        raise Http404
    number, by = request.POST.get("number", ""), viewer_of(request).user
    dragged = request.headers.get("Accept") == "application/json"
    try:
        if number.isdecimal():
            operations.place_item(item=item, number=int(number[:6]), by=by)
        else:
            operations.move_item(item=item, step=-1 if request.POST.get("step") == "up" else 1, by=by)
    except operations.Refused as refused:
        messages.error(request, str(refused))
        return HttpResponse(status=409) if dragged else redirect("page", page_id=sitting.pk)
    return HttpResponse(status=204) if dragged else redirect(f"/p/{sitting.pk}/#point-{item.pk}")


@require_http_methods(["GET", "POST"])
@signed_in
def leave(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Renvoyer ou retirer ce point »."""
    item = item_for(request, page_id)
    viewer, sitting = viewer_of(request), item.get_parent()
    form = LeaveForm(request.POST or None, viewer=viewer, item=item)
    if request.method == "POST" and form.is_valid():
        to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]

        def deed() -> None:
            operations.check_not_begun(sitting)
            if to:
                operations.postpone(item=item, to=to, reason=reason, by=viewer.user)
            else:
                operations.take_off(item=item, reason=reason, by=viewer.user)

        if done(form, deed):
            what = f"renvoyé à « {to.title} »" if to else "retiré de l’ordre du jour"
            messages.success(request, f"« {item.title} » est {what}.")
            return redirect("page", page_id=sitting.pk)
    return form_screen(
        request,
        form,
        title=f"Renvoyer ou retirer « {item.title} »",
        submit="Renvoyer ou retirer ce point",
        back=back_to(sitting),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def convene(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Noter la convocation » : sent by other means, with its day, its channel and its proof."""
    sitting = sitting_for(request, page_id, "publish")
    form = ConvocationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def deed() -> None:
            operations.record_convocation(
                sitting=sitting,
                sent_on=data["sent_on"],
                channel=Channel(data["channel"]),
                proof=data["proof"],
                by=viewer_of(request).user,
            )

        if done(form, deed):
            messages.success(request, "La séance est convoquée : ses membres lisent l’ordre du jour et les points.")
            return redirect("page", page_id=sitting.pk)
    return form_screen(
        request,
        form,
        title="Noter la convocation",
        submit="Noter la convocation",
        back=back_to(sitting),
        lede=_due(sitting),
    )


def _due(sitting: SittingPage) -> str:
    """By when the convocation leaves, or why that is not known."""
    try:
        rows = queries.clock_rows(sitting, timezone.localdate())
    except CannotTell as unknown:
        return str(unknown)
    row = next(row for row in rows if row["code"] == "convocation")
    return f"{row['when']} (art. {row['article']}). {row['why']}"


@require_http_methods(["GET", "POST"])
@signed_in
def urgent(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Motiver l’urgence »."""
    sitting = sitting_for(request, page_id, "edit")
    said = urgency.reason_of(sitting)
    form = UrgencyForm(request.POST or None, initial={"reason": said})
    if request.method == "POST" and form.is_valid():
        by, reason = viewer_of(request).user, form.cleaned_data["reason"]
        if done(form, lambda: urgency.declare(sitting=sitting, reason=reason, by=by)):
            return redirect(f"/p/{sitting.pk}/#ordre-du-jour")
    lede = (
        "La raison est le premier point de la séance : le maire la signe avec l’ordre du jour, le conseil se prononce."
    )
    return form_screen(
        request, form, title="Motiver l’urgence", submit="Enregistrer la raison", back=back_to(sitting), lede=lede
    )


@require_POST
@signed_in
def held(request: HttpRequest, page_id: int) -> HttpResponse:
    """« La séance a eu lieu »."""
    sitting = sitting_for(request, page_id, "publish")
    try:
        operations.note_held(sitting=sitting, by=viewer_of(request).user)
    except operations.Refused as refused:
        messages.error(request, str(refused))
    return redirect("page", page_id=sitting.pk)


@require_http_methods(["GET", "POST"])
@signed_in
def step(request: HttpRequest, page_id: int, code: str) -> HttpResponse:
    """« Noter comme fait », with the day."""
    sitting = sitting_for(request, page_id, "publish")
    try:
        rows = {row["code"]: row for row in queries.clock_rows(sitting, timezone.localdate())}
    except CannotTell:
        raise Http404 from None
    if code not in rows or code in queries.NOT_TICKED | {"meeting"}:
        raise Http404
    form = DoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        on, by = form.cleaned_data["on"], viewer_of(request).user
        if done(form, lambda: operations.note_done(sitting=sitting, code=code, on=on, by=by)):
            return redirect(f"/p/{sitting.pk}/#calendrier")
    row = rows[code]
    lede = f"{row['when']}. {row['why']}"
    return form_screen(request, form, title=row["title"], submit="Noter comme fait", back=back_to(sitting), lede=lede)


@require_http_methods(["GET", "POST"])
@signed_in
def propose(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Proposer au conseil », from a project's page."""
    page = page_for(request, page_id, "edit")
    first = Instance.objects.filter(outside=False).first()
    if first is None or isinstance(page, SittingPage | AgendaItemPage):
        raise Http404
    form = ProposeForm(request.POST or None, initial={"title": page.title, "instance": first})
    if request.method == "POST" and form.is_valid():
        by = viewer_of(request).user
        if done(form, lambda: operations.propose(page=page, by=by, **form.cleaned_data)):
            messages.success(request, "Le secrétariat a reçu votre proposition. Sa réponse s’affichera sur cette page.")
            return redirect("page", page_id=page.pk)
    lede = "Le secrétariat répond depuis la séance qu’il prépare. Il doit pouvoir lire cette page."
    return form_screen(
        request, form, title="Proposer au conseil", submit="Envoyer la proposition", back=back_to(page), lede=lede
    )


@require_http_methods(["GET", "POST"])
@signed_in
def answer(request: HttpRequest, page_id: int, proposal_id: int) -> HttpResponse:
    """The secretariat puts a proposal on this agenda, or sets it aside with a word."""
    sitting, viewer = sitting_for(request, page_id, "create_below"), viewer_of(request)
    proposal = get_object_or_404(queries.proposals_for(viewer, sitting), pk=proposal_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["answer"]

        def deed() -> None:
            if request.POST.get("deed") == "refuse":
                operations.refuse(proposal=proposal, sitting=sitting, answer=words, by=viewer.user)
            else:
                operations.accept(proposal=proposal, sitting=sitting, by=viewer.user)

        if done(form, deed):
            return redirect("page", page_id=sitting.pk)
    node = viewer.tree.nodes[proposal.page_id]
    about = {"title": known_title(node), "url": viewer.address(node)}
    shown = {"title": proposal.title, "why": proposal.why, "by": str(proposal.by), "about": about}
    return form_screen(
        request,
        form,
        title="Proposition d’un service",
        submit="Inscrire à l’ordre du jour",
        back=back_to(sitting),
        template="council/agenda/proposal.html",
        proposal=shown,
    )
