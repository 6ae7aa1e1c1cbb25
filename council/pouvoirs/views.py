"""Screens of pouvoirs: the member's own in two taps and a code; the list and the papers, for who follows the sitting."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from council.agenda.models import SittingPage
from council.agenda.views import convened_for, sitting_for
from council.convening.views import as_member, kept_file
from council.members.models import Mandate
from council.pouvoirs import operations, papers, queries, rules
from council.pouvoirs.forms import CodeForm, PaperForm, RevocationForm
from council.pouvoirs.models import ServedSitting
from council.screens import back_to, done, form_screen, refusal_of
from kb.exchange.pdf import PdfUnavailable
from kb.pages.frame import frame_for
from kb.pages.views import signed_in, small_number
from kb.permissions import Denied, abilities, viewer_of
from kb.refusals import Refused
from kb.typography import day, moment

WRONG = "Ce code n’est pas le bon, ou ne sert plus. Vérifiez les six chiffres du dernier courriel reçu, ou recommencez votre choix."


def _screen(
    request: HttpRequest, template: str, title: str, sitting: SittingPage, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "frame": frame_for(request, title),
        "title": title,
        "when": moment(sitting.starts_at),
        "sentence": "",
        "back": back_to(sitting),
        **more,
    }
    return render(request, template, context, status=status)


# The member's own.


@require_http_methods(["GET", "POST"])
@signed_in
def give(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Je donne pouvoir à… » : each member, and beside who cannot hold it, why. A tap sends the code."""
    sitting, mandate = as_member(request, page_id)
    sentence = ""
    if request.method == "POST":
        asked = request.POST.get("porteur", "")
        holder = get_object_or_404(Mandate, pk=small_number(asked), instance=sitting.instance_id)
        length = request.POST.get("seances", "1")
        by = viewer_of(request).user
        sentence = refusal_of(
            lambda: operations.choose(sitting=sitting, holder=holder, sittings=small_number(length), by=by)
        )
        if not sentence:
            return redirect("pouvoir_code", page_id=sitting.pk)
    return _own(request, sitting, mandate, sentence)


def _own(request: HttpRequest, sitting: SittingPage, mandate: Mandate, sentence: str) -> HttpResponse:
    given, held = queries.given_by(sitting, mandate), queries.held_by(sitting, mandate)
    over = queries.has_begun(sitting)
    rows, choices, unknown = [], [], ""
    if given is None and not over:
        try:
            rule = queries.rule_of(sitting)
            rules.check_length(sittings=1, rule=rule, illness="")
            rows, choices = queries.candidates(sitting, mandate), queries.lengths(rule)
        except Refused as refused:
            unknown = str(refused)
    return _screen(
        request,
        "council/pouvoirs/give.html",
        "Votre pouvoir" if given else "Je donne pouvoir à…",
        sitting,
        sentence=sentence,
        unknown=unknown,
        over=over,
        rows=rows,
        lengths=choices,
        given=_told(given),
        held=_told(held),
        status=422 if sentence else 200,
    )


def _told(served: ServedSitting | None) -> dict[str, Any] | None:
    if served is None:
        return None
    return {
        "giver": str(served.giver),
        "holder": str(served.holder),
        "on": day(served.pouvoir.given_on),
        "how": queries.how(served),
        "url": f"/p/{served.sitting_id}/pouvoirs/{served.pouvoir_id}/document/",
    }


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def code(request: HttpRequest, page_id: int) -> HttpResponse:
    """The six digits that make the pouvoir."""
    sitting, _mandate = as_member(request, page_id)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pouvoir = operations.confirm(
                sitting=sitting, digits=form.cleaned_data["digits"], by=viewer_of(request).user
            )
        except Refused as refused:
            form.add_error("digits", str(refused))
        else:
            if pouvoir:
                messages.success(
                    request, f"C’est fait : {pouvoir.holder} votera en votre nom. Vous pouvez retirer ce pouvoir."
                )
                return redirect("give_pouvoir", page_id=sitting.pk)
            form.add_error("digits", WRONG)
    return _screen(
        request,
        "council/pouvoirs/code.html",
        "Confirmer votre pouvoir",
        sitting,
        form=form,
        status=422 if form.errors else 200,
    )


@require_POST
@signed_in
def revoke(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Retirer ce pouvoir »."""
    sitting, _mandate = as_member(request, page_id)
    try:
        pouvoir = operations.revoke(sitting=sitting, by=viewer_of(request).user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Votre pouvoir est retiré : {pouvoir.holder} ne vote plus en votre nom.")
    return redirect("give_pouvoir", page_id=sitting.pk)


# Who follows.


def _followed(request: HttpRequest, page_id: int) -> SittingPage:
    sitting = sitting_for(request, page_id, "view")
    if not queries.follows(viewer_of(request), sitting):
        raise Denied("Le secrétariat et qui préside suivent les pouvoirs d’une séance.")
    return sitting


@require_GET
@signed_in
def pouvoirs(request: HttpRequest, page_id: int) -> HttpResponse:
    """Every pouvoir of the sitting."""
    sitting = _followed(request, page_id)
    manages = abilities(viewer_of(request), sitting)["publish"]
    return _screen(
        request,
        "council/pouvoirs/list.html",
        "Les pouvoirs",
        sitting,
        rows=queries.lines(sitting),
        manages=manages,
        over=queries.has_begun(sitting),
    )


def _list_of(sitting: SittingPage) -> dict[str, str]:
    return {"url": f"/p/{sitting.pk}/pouvoirs/", "title": "Les pouvoirs"}


@require_http_methods(["GET", "POST"])
@signed_in
def paper(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Entrer un pouvoir reçu sur papier »."""
    sitting = convened_for(request, page_id)
    form = PaperForm(request.POST or None, request.FILES or None, sitting=sitting)
    if request.method == "POST" and form.is_valid():
        try:
            pouvoir = operations.note_paper(sitting=sitting, by=viewer_of(request).user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Le pouvoir de {pouvoir.giver} à {pouvoir.holder} est noté.")
            return redirect("pouvoirs", page_id=sitting.pk)
    title = "Entrer un pouvoir reçu sur papier"
    return form_screen(request, form, title=title, submit="Enregistrer le pouvoir", back=_list_of(sitting))


@require_http_methods(["GET", "POST"])
@signed_in
def note_revocation(request: HttpRequest, page_id: int, pouvoir_id: int) -> HttpResponse:
    """« Noter un retrait »."""
    sitting = convened_for(request, page_id)
    served = get_object_or_404(sitting.pouvoirs.select_related("giver"), pouvoir=pouvoir_id, ended_at=None)
    form = RevocationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        how, by = form.cleaned_data["how"], viewer_of(request).user
        if done(form, lambda: operations.note_revocation(served=served, how=how, by=by)):
            return redirect("pouvoirs", page_id=sitting.pk)
    title = f"Retrait du pouvoir de {served.giver}"
    return form_screen(request, form, title=title, submit="Noter le retrait", back=_list_of(sitting))


@never_cache
@require_GET
@signed_in
def document(request: HttpRequest, page_id: int, pouvoir_id: int) -> HttpResponse:
    """The document itself: for its giver, its holder, the secretariat, and who presides."""
    sitting = sitting_for(request, page_id, "view")
    rows = sitting.pouvoirs.select_related(
        "pouvoir__paper", "pouvoir__sitting__instance", "pouvoir__giver", "pouvoir__holder"
    )
    served = rows.filter(pouvoir=pouvoir_id).first()
    if served is None or not queries.may_have_paper(viewer_of(request), served):
        raise Http404
    try:
        kept = papers.paper_of(served.pouvoir)
    except PdfUnavailable as missing:
        messages.error(request, str(missing))
        return redirect("page", page_id=sitting.pk)
    return kept_file(kept, f"pouvoir-{pouvoir_id}")
