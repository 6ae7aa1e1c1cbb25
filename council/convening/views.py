"""Screens of a convocation: its signature, its sending, where each one stands, its papers, and the councillor's answers."""

import json
from collections.abc import Callable
from datetime import datetime
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
from council.agenda.views import convened_for, sitting_for
from council.convening import cancelling, operations, papers, proof, queries
from council.convening.forms import BounceForm, CancelForm, DeliveryForm, HeardAnswerForm, SignatureForm
from council.convening.models import Answer, Handed, KeptPaper, Sending, SentPaper, Way
from council.items import queries as items
from council.members.models import Mandate
from council.screens import PDF, back_to, done, file_answer, form_screen, refusal_of
from kb.documents.extraction.sandbox import SandboxError
from kb.exchange.exports import MIME
from kb.exchange.models import Format
from kb.exchange.pdf import PdfUnavailable
from kb.pages.frame import frame_for
from kb.pages.views import signed_in, small_number
from kb.people.account import User
from kb.permissions import Denied, abilities, viewer_of
from kb.typography import count


def _screen(
    request: HttpRequest, template: str, title: str, sitting: SittingPage, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"frame": frame_for(request, title), "title": title, "back": back_to(sitting), **more}
    return render(request, f"council/convening/{template}.html", context, status=status)


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

        sentence = refusal_of(deed)
        if not sentence:
            messages.success(request, "L’ordre du jour est arrêté et signé : la convocation peut partir.")
            return redirect("page", page_id=sitting.pk)
    return _screen(
        request,
        "sign",
        "Arrêter l’ordre du jour et signer",
        sitting,
        form=form,
        sentence=sentence,
        not_through=items.not_through(viewer, sitting),
        agenda=agenda.agenda(viewer, sitting),
        who=str(mandate or ""),
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "POST"])
@signed_in
def send(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Envoyer la convocation » : who gets it how, then the one gesture."""
    sitting = sitting_for(request, page_id, "publish")
    sentence = ""
    if request.method == "POST":
        sentence = refusal_of(lambda: operations.send(sitting=sitting, by=viewer_of(request).user))
        if not sentence:
            messages.success(request, "La convocation part : suivez ici sa remise à chaque membre.")
            return redirect("convocations", page_id=sitting.pk)
    members = list(queries.to_convene(sitting))
    sendings = queries.sendings(members)
    by_mail = [mandate for mandate in members if sendings[mandate.pk] != Sending.PAPER]
    signature, law = queries.last_signature(sitting), queries.law_of(sitting)
    return _screen(
        request,
        "send",
        "Envoyer la convocation",
        sitting,
        sentence=sentence,
        not_through=items.not_through(viewer_of(request), sitting),
        signature=queries.signature_line(signature) if signature else "",
        signed=queries.is_signed(sitting),
        by_mail=count(len(by_mail), "courriel"),
        on_paper=[str(one) for one in members if one not in by_mail],
        notes=law.notes,
        left=queries.time_left(law.due, timezone.now()),
        other_url=f"/p/{sitting.pk}/convocation/",
        status=422 if sentence else 200,
    )


@require_GET
@signed_in
def convocations(request: HttpRequest, page_id: int) -> HttpResponse:
    """Who was sent what and when; what failed, with the hours left."""
    sitting = convened_for(request, page_id)
    law = queries.law_of(sitting)
    rows = queries.lines(sitting, law.due)
    cancelled = stage_of(sitting) == SittingState.CANCELLED
    alarms = [] if cancelled else [row for row in rows if row["state"].alarm]
    notes = law.notes and agenda.reads_whole(viewer_of(request), sitting)
    codes = [SentPaper.Code.CONVOCATION, *([SentPaper.Code.NOTES] if notes else [])]
    return _screen(
        request,
        "convocations",
        "Les convocations",
        sitting,
        rows=rows,
        alarms=[row["name"] for row in alarms],
        left=queries.time_left(law.due, timezone.now()) if alarms else "",
        acknowledged=queries.answers_line(rows),
        mention=queries.register_mention(sitting),
        papers=[{"slug": str(code), "label": str(code.label)} for code in codes],
    )


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


@require_http_methods(["GET", "POST"])
@signed_in
def heard(request: HttpRequest, page_id: int, convocation_id: int) -> HttpResponse:
    """« Noter une réponse », come on paper or on the telephone."""
    form = HeardAnswerForm(request.POST or None, request.FILES or None)
    return _note(request, page_id, convocation_id, form, operations.note_answer, "Réponse reçue")


@never_cache
@require_GET
@signed_in
def answer_paper(request: HttpRequest, page_id: int, convocation_id: int) -> HttpResponse:
    """The scan of an answer, as it came."""
    sitting = convened_for(request, page_id)
    found = get_object_or_404(sitting.convocations.select_related("answer_paper"), pk=convocation_id)
    if found.answer_paper is None:
        raise Http404
    return kept_file(found.answer_paper, f"reponse-{found.pk}")


def kept_file(kept: KeptPaper, name: str) -> HttpResponse:
    """The bytes of a paper that was kept: a PDF or a picture, which no browser takes for anything else."""
    return file_answer(bytes(kept.data), f"{name}.{kept.file_name.rpartition('.')[2]}", mime=kept.mime)


def _note(
    request: HttpRequest, page_id: int, convocation_id: int, form: Any, deed: Callable[..., Any], what: str
) -> HttpResponse:
    """What the secretariat writes of one convocation, then back to the list."""
    sitting = convened_for(request, page_id)
    found = get_object_or_404(sitting.convocations.select_related("mandate"), pk=convocation_id)
    back = {"url": f"/p/{sitting.pk}/convocations/", "title": "Les convocations"}
    return note_of(request, found, form, deed, what, back)


def note_of(
    request: HttpRequest, found: Handed, form: Any, deed: Callable[..., Any], what: str, back: dict[str, str]
) -> HttpResponse:
    """A delivery or a bounce, of a convocation or of a change since."""
    if request.method == "POST" and form.is_valid():
        by = viewer_of(request).user
        if done(form, lambda: deed(convocation=found, by=by, **form.cleaned_data)):
            return redirect(back["url"])
    return form_screen(request, form, title=f"{what} : {found.mandate}", submit="Enregistrer", back=back)


@require_http_methods(["GET", "POST"])
@signed_in
def cancel(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Annuler ou reporter la séance »."""
    sitting = convened_for(request, page_id)
    form = CancelForm(request.POST or None)
    posted = request.method == "POST" and form.is_valid()
    if posted and done(form, lambda: _called_off(sitting, form.cleaned_data, viewer_of(request).user)):
        messages.success(
            request, "La séance n’a pas lieu : les membres convoqués par courriel l’apprennent maintenant."
        )
        return redirect("page", page_id=sitting.pk)
    title = "Annuler ou reporter la séance"
    lede = "La page et ses papiers restent, avec la raison. Qui est convoqué sur papier est à prévenir autrement."
    return form_screen(request, form, title=title, submit=title, back=back_to(sitting), lede=lede)


def _called_off(sitting: SittingPage, told: dict[str, Any], by: User) -> None:
    if told["on"] is None:
        cancelling.call_off(sitting=sitting, reason=told["reason"], by=by)
        return
    at = told["at"] or timezone.localtime(sitting.starts_at).time()
    starts_at = timezone.make_aware(datetime.combine(told["on"], at))
    cancelling.put_off(sitting=sitting, starts_at=starts_at, reason=told["reason"], by=by)


# The papers.


def _by_hand(sitting: SittingPage, only: str) -> bytes:
    """The receipts of those who wait for a hand, or of one councillor."""
    due = queries.law_of(sitting).due
    all_of_them = queries.convocations_of(sitting)
    if only.isdecimal():
        wanted = list(all_of_them.filter(pk=small_number(only)))
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
    "preuve": lambda sitting, only: proof.as_pdf(sitting),
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
    sitting = convened_for(request, page_id)
    if paper == "donnees":
        data, mime = json.dumps(proof.as_data(sitting), ensure_ascii=False, indent=1).encode(), "application/json"
    elif paper == "word":
        return _word(request, sitting)
    elif paper not in PAPERS or (paper == "notes" and not _has_notes(request, sitting)):
        raise Http404
    else:
        try:
            data, mime = PAPERS[paper](sitting, request.GET.get("seul", "")), PDF
        except PdfUnavailable as missing:
            messages.error(request, str(missing))
            return redirect("convocations", page_id=sitting.pk)
    return file_answer(data, FILES[paper], mime=mime)


def _has_notes(request: HttpRequest, sitting: SittingPage) -> bool:
    """The notes tell of every item: they are for who reads them all. The convocation is on the door of the mairie."""
    return queries.law_of(sitting).notes and agenda.reads_whole(viewer_of(request), sitting)


def _word(request: HttpRequest, sitting: SittingPage) -> HttpResponse:
    """The convocation to be finished by hand; the PDF is what was sent."""
    try:
        data = papers.convocation_docx(sitting)
    except SandboxError:
        messages.error(
            request,
            f"La convocation n’a pas pu être mise en Word : vérifiez le modèle choisi dans les réglages de "
            f"« {sitting.instance} », ou prenez le PDF.",
        )
        return redirect("convocations", page_id=sitting.pk)
    return file_answer(data, "convocation.docx", mime=MIME[Format.DOCX], attachment=True)


# The councillor's own.


def as_member(request: HttpRequest, page_id: int) -> tuple[SittingPage, Mandate]:
    """A convened sitting, and the mandate by which the person sits there. Raises Http404, Denied."""
    sitting, viewer = sitting_for(request, page_id, "view"), viewer_of(request)
    mandate = None if viewer.looker else queries.own(sitting, viewer.user)
    if mandate is None:
        raise Denied("Seuls les membres convoqués à cette séance répondent ici.")
    return sitting, mandate


@require_POST
@signed_in
def acknowledge(request: HttpRequest, page_id: int) -> HttpResponse:
    """« J’ai bien reçu »."""
    sitting, _mandate = as_member(request, page_id)
    operations.acknowledge(sitting=sitting, by=viewer_of(request).user)
    messages.success(request, "Merci : la mairie sait que vous avez reçu la convocation.")
    return _back(request, sitting)


@require_POST
@signed_in
def answer(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Je viens », « Je ne viens pas », « Je ne sais pas encore »."""
    sitting, _mandate = as_member(request, page_id)
    given = request.POST.get("reponse", "")
    if given not in Answer.values:
        raise Http404
    sentence = refusal_of(lambda: operations.answer(sitting=sitting, answer=Answer(given), by=viewer_of(request).user))
    if sentence:
        messages.error(request, sentence)
    else:
        messages.success(request, "Votre réponse est notée. Vous pouvez en changer jusqu’à la séance.")
    return _back(request, sitting)


def _back(request: HttpRequest, sitting: SittingPage) -> HttpResponse:
    """Where he pressed: his home, or the sitting."""
    return redirect("elu_home") if request.POST.get("retour") == "accueil" else redirect("page", page_id=sitting.pk)
