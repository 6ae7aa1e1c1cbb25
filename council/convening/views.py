"""Screens of a convocation: its signature, its sending, where each one stands, its papers, and the councillor's answers."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from council.agenda import queries as agenda
from council.agenda.enums import SittingState
from council.agenda.models import SittingPage, stage_of
from council.agenda.operations import Refused
from council.agenda.views import sitting_for
from council.convening import operations, papers, queries
from council.convening.forms import BounceForm, DeliveryForm, SignatureForm
from council.convening.models import Answer, SentPaper, Way
from kb.exchange.pdf import PdfUnavailable
from kb.pages.frame import frame_for
from kb.pages.operations import Refused as PageRefused
from kb.pages.views import signed_in
from kb.permissions import Denied, abilities, viewer_of
from kb.typography import count

REFUSALS = (Refused, PageRefused)


def _screen(
    request: HttpRequest, template: str, title: str, sitting: SittingPage, *, status: int = 200, **more: Any
) -> HttpResponse:
    back = {"url": f"/p/{sitting.pk}/", "title": sitting.title}
    context = {"frame": frame_for(request, title), "title": title, "back": back, **more}
    return render(request, f"council/convening/{template}.html", context, status=status)


def _convened(request: HttpRequest, page_id: int) -> SittingPage:
    """A convened sitting that the person manages. Raises Http404, Denied."""
    sitting = sitting_for(request, page_id, "publish")
    if stage_of(sitting) == SittingState.PREPARATION:
        raise Http404
    return sitting


def _refused(deed: Callable[[], Any]) -> str:
    """Does the deed; what refuses it, in a sentence."""
    try:
        deed()
    except REFUSALS as refused:
        return str(refused)
    return ""


@require_http_methods(["GET", "POST"])
@signed_in
def sign(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Arrêter l’ordre du jour et signer », for who presides; for the secretariat, a signature given on paper."""
    sitting, viewer = sitting_for(request, page_id, "view"), viewer_of(request)
    mandate = queries.signs_for(sitting, viewer.user)
    manages = abilities(viewer, sitting)["publish"]
    if mandate is None and not manages:
        raise Denied("Seul le maire, ou qui préside cette instance, arrête l’ordre du jour et signe.")
    form = SignatureForm(request.POST or None, sitting=sitting) if mandate is None else None
    sentence = ""
    if request.method == "POST" and (form is None or form.is_valid()):

        def deed() -> None:
            if form is None:
                operations.sign(sitting=sitting, by=viewer.user)
            else:
                operations.record_signature(sitting=sitting, by=viewer.user, **form.cleaned_data)

        sentence = _refused(deed)
        if not sentence:
            messages.success(request, "L’ordre du jour est arrêté et signé : la convocation peut partir.")
            return redirect("page", page_id=sitting.pk)
    return _screen(
        request, "sign", "Arrêter l’ordre du jour et signer", sitting, form=form, sentence=sentence,
        agenda=agenda.agenda(viewer, sitting), who=str(mandate or ""), status=422 if request.method == "POST" else 200,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def send(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Envoyer la convocation » : who gets it how, then the one gesture."""
    sitting = sitting_for(request, page_id, "publish")
    sentence = ""
    if request.method == "POST":
        sentence = _refused(lambda: operations.send(sitting=sitting, by=viewer_of(request).user))
        if not sentence:
            messages.success(request, "La convocation part : suivez ici sa remise à chaque membre.")
            return redirect("convocations", page_id=sitting.pk)
    members = list(queries.to_convene(sitting))
    by_mail = [mandate for mandate in members if queries.has_mail(mandate)]
    signature, law = queries.last_signature(sitting), queries.law_of(sitting)
    return _screen(
        request, "send", "Envoyer la convocation", sitting, sentence=sentence,
        signature=queries.signature_line(signature) if signature else "", signed=queries.is_signed(sitting),
        by_mail=count(len(by_mail), "courriel"), on_paper=[str(one) for one in members if one not in by_mail],
        notes=law.notes, left=queries.time_left(law.due, timezone.now()),
        other_url=f"/p/{sitting.pk}/convocation/", status=422 if sentence else 200,
    )  # fmt: skip


@require_GET
@signed_in
def convocations(request: HttpRequest, page_id: int) -> HttpResponse:
    """Who was sent what and when; what failed, with the hours left."""
    sitting = _convened(request, page_id)
    law = queries.law_of(sitting)
    rows = queries.lines(sitting, law.due)
    alarms = [row for row in rows if row["state"].alarm]
    codes = [SentPaper.Code.CONVOCATION, *([SentPaper.Code.NOTES] if law.notes else [])]
    return _screen(
        request, "convocations", "Les convocations", sitting, rows=rows, alarms=[row["name"] for row in alarms],
        left=queries.time_left(law.due, timezone.now()) if alarms else "",
        acknowledged=queries.answers_line(rows), mention=queries.register_mention(sitting),
        papers=[{"slug": str(code), "label": str(code.label)} for code in codes],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def delivery(request: HttpRequest, page_id: int, convocation_id: int) -> HttpResponse:
    """« Noter une remise en main propre »."""
    form = DeliveryForm(request.POST or None)
    return _note(request, page_id, convocation_id, form, operations.note_delivery, "Remise en main propre")


@require_http_methods(["GET", "POST"])
@signed_in
def bounce(request: HttpRequest, page_id: int, convocation_id: int) -> HttpResponse:
    """« Noter un courriel revenu »."""
    form = BounceForm(request.POST or None)
    return _note(request, page_id, convocation_id, form, operations.note_bounce, "Courriel revenu")


def _note(
    request: HttpRequest, page_id: int, convocation_id: int, form: Any, deed: Callable[..., Any], what: str
) -> HttpResponse:
    """What the secretariat writes of one convocation, then back to the list."""
    sitting = _convened(request, page_id)
    found = get_object_or_404(sitting.convocations.select_related("mandate"), pk=convocation_id)
    if request.method == "POST" and form.is_valid():
        sentence = _refused(lambda: deed(convocation=found, by=viewer_of(request).user, **form.cleaned_data))
        if not sentence:
            return redirect("convocations", page_id=sitting.pk)
        form.add_error(None, sentence)
    title = f"{what} : {found.mandate}"
    context = {
        "frame": frame_for(request, title), "form": form, "title": title, "submit": "Enregistrer", "lede": "",
        "back": {"url": f"/p/{sitting.pk}/convocations/", "title": "Les convocations"},
    }  # fmt: skip
    return render(request, "council/form.html", context, status=422 if form.errors else 200)


# The papers.


def _by_hand(sitting: SittingPage, only: str) -> bytes:
    """The receipts of those who wait for a hand, or of one councillor."""
    due = queries.law_of(sitting).due
    all_of_them = queries.convocations_of(sitting)
    if only.isdecimal():
        wanted = list(all_of_them.filter(pk=int(only)))
    else:
        wanted = [one for one in all_of_them if one.way == Way.PAPER or queries.standing(one, due).alarm]
    if not wanted:
        raise Http404
    return papers.receipts(sitting, wanted)


PAPERS: dict[str, Callable[[SittingPage, str], bytes]] = {
    "convocation": lambda sitting, only: bytes(papers.sent_paper(sitting, SentPaper.Code.CONVOCATION).data),
    "notes": lambda sitting, only: bytes(papers.sent_paper(sitting, SentPaper.Code.NOTES).data),
    "affiche": lambda sitting, only: papers.door(sitting),
    "recepisses": _by_hand,
    "preuve": lambda sitting, only: papers.proof_pdf(sitting),
}
FILES = {
    "convocation": "convocation.pdf", "notes": "notes-de-synthese.pdf", "affiche": "affichage.pdf",
    "recepisses": "recepisses.pdf", "preuve": "preuve.pdf", "donnees": "preuve.json",
}  # fmt: skip


@never_cache
@require_GET
@signed_in
def paper(request: HttpRequest, page_id: int, paper: str) -> HttpResponse:
    """A paper of the convocation, for who manages the sitting."""
    sitting = _convened(request, page_id)
    if paper == "donnees":
        data, mime = json.dumps(papers.proof(sitting), ensure_ascii=False, indent=1).encode(), "application/json"
    elif paper not in PAPERS or (paper == "notes" and not queries.law_of(sitting).notes):
        raise Http404
    else:
        try:
            data, mime = PAPERS[paper](sitting, request.GET.get("seul", "")), "application/pdf"
        except PdfUnavailable as missing:
            messages.error(request, str(missing))
            return redirect("convocations", page_id=sitting.pk)
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = f'inline; filename="{FILES[paper]}"'
    return response


# The councillor's own.


def _own(request: HttpRequest, page_id: int) -> SittingPage:
    sitting = sitting_for(request, page_id, "view")
    if queries.own(sitting, viewer_of(request).user) is None:
        raise Denied("Seuls les membres convoqués à cette séance répondent ici.")
    return sitting


@require_POST
@signed_in
def acknowledge(request: HttpRequest, page_id: int) -> HttpResponse:
    """« J’ai bien reçu »."""
    sitting = _own(request, page_id)
    operations.acknowledge(sitting=sitting, by=viewer_of(request).user)
    messages.success(request, "Merci : la mairie sait que vous avez reçu la convocation.")
    return redirect("page", page_id=sitting.pk)


@require_POST
@signed_in
def answer(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Je serai présent », « Je serai absent », « Je ne sais pas encore »."""
    sitting, given = _own(request, page_id), request.POST.get("reponse", "")
    if given not in Answer.values:
        raise Http404
    sentence = _refused(lambda: operations.answer(sitting=sitting, answer=Answer(given), by=viewer_of(request).user))
    if sentence:
        messages.error(request, sentence)
    else:
        messages.success(request, "Votre réponse est notée. Vous pouvez en changer jusqu’à la séance.")
    return redirect("page", page_id=sitting.pk)
