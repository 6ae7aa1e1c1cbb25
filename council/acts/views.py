"""Screens of the papers of a sitting: what there is, the procès-verbal, the signed copies, corrections, numbering."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from council.acts import minutes, numbering, operations, papers, queries, screens, signing
from council.acts.content import Content
from council.acts.forms import ApprovalForm, CorrectionForm, SchemeForm, WhatForm
from council.acts.models import Deliberation, SignedCopy
from council.acts.papers import ActPaper, Paper
from council.agenda.enums import SittingState
from council.agenda.models import SittingPage, stage_of
from council.agenda.views import sitting_for
from council.members.models import Instance
from council.members.operations import may_manage
from council.screens import COUNCIL, done, file_answer, form_screen, refusal_of
from kb.documents.extraction.sandbox import SandboxError
from kb.documents.file_types import safe_name
from kb.documents.storage import documents
from kb.documents.views import serve
from kb.exchange.exports import MIME
from kb.exchange.models import Format
from kb.exchange.pdf import PdfUnavailable
from kb.exchange.printing import Printed
from kb.pages.frame import frame_for
from kb.pages.views import signed_in
from kb.permissions import Denied, viewer_of
from kb.refusals import Refused
from kb.typography import day

PUBLIC = "proces-verbal-public"  # without what was said in huis clos
WORDLESS = (
    "Ce papier n’a pas pu être mis en forme pour ce format : prenez-le en PDF, ou vérifiez le modèle choisi dans les réglages du "
    "conseil."
)
OPEN = (
    "La séance n’est pas levée, ses papiers ne sont pas encore faits : notez-la jusqu’à sa fin depuis « Tenir la séance », puis "
    "« Lever la séance »."
)


def _known(request: HttpRequest, page_id: int) -> tuple[SittingPage, queries.Access]:
    """A sitting of which the person has some papers. Raises Http404."""
    sitting = sitting_for(request, page_id, "view")
    access = queries.access(viewer_of(request), sitting)
    if not access:
        raise Http404
    return sitting, access


def _managed(request: HttpRequest, page_id: int) -> SittingPage:
    """A sitting whose papers the person makes. Raises Http404, Denied."""
    sitting, access = _known(request, page_id)
    if not access.manages or viewer_of(request).looker:
        raise Denied("Seuls les responsables de la séance en font les papiers.")
    return sitting


def _screen(
    request: HttpRequest, template: str, title: str, sitting: SittingPage, *, status: int = 200, **more: Any
) -> HttpResponse:
    frame = frame_for(request, f"{title} : {sitting.title}")
    context = {
        "frame": frame,
        "title": title,
        "sitting": {"id": sitting.pk, "title": sitting.title, "url": f"/p/{sitting.pk}/"},
        **more,
    }
    return render(request, f"council/acts/{template}.html", context, status=status)


# What there is.


@require_GET
@signed_in
def all_papers(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Les papiers » of a sitting: all for who makes them, his own for a member."""
    sitting, access = _known(request, page_id)
    closed = stage_of(sitting) == SittingState.CLOSED
    shown = screens.papers_of(Content(sitting, viewer_of(request).user), access) if closed else {}
    manages = access.manages and not viewer_of(request).looker
    return _screen(
        request,
        "papers",
        "Les papiers de la séance",
        sitting,
        manages=manages,
        closed=closed,
        shown=shown,
        open_words=OPEN,
    )


@never_cache
@require_GET
@signed_in
def paper_file(request: HttpRequest, page_id: int, paper: str, target: str) -> HttpResponse:
    """A paper of the whole sitting, as PDF, Word or ODT."""
    sitting, access = _known(request, page_id)
    if target not in Format.values or not screens.has(access, paper, target, sitting):
        raise Http404
    if stage_of(sitting) != SittingState.CLOSED:
        return _refused(request, sitting, OPEN)
    content = Content(sitting, viewer_of(request).user)
    if paper == PUBLIC:
        return _public_minutes(request, sitting)
    if paper == Paper.MINUTES and target == Format.PDF and content.minutes.file:
        title = f"{papers.TITLES[Paper.MINUTES]}, séance du {content.facts['on']}"
        return _answer(bytes(content.minutes.file), title, target)
    return _made(request, sitting, papers.of_sitting(content, Paper(paper)), target)


def _public_minutes(request: HttpRequest, sitting: SittingPage) -> HttpResponse:
    try:
        data = minutes.public_file(sitting)
    except Refused as refused:
        return _refused(request, sitting, str(refused))
    return _answer(data, f"Procès-verbal à publier, {sitting.title}", Format.PDF)


@never_cache
@require_GET
@signed_in
def act_file(request: HttpRequest, page_id: int, deliberation_id: int, paper: str, target: str) -> HttpResponse:
    """A délibération, or its extract."""
    sitting, access = _known(request, page_id)
    found = get_object_or_404(Deliberation, pk=deliberation_id, sitting=sitting)
    if target not in Format.values or paper not in list(ActPaper) or not (access.manages or target == Format.PDF):
        raise Http404
    return _made(request, sitting, papers.of_act(Content(sitting), found, ActPaper(paper)), target)


def _made(request: HttpRequest, sitting: SittingPage, printed: Printed, target: str) -> HttpResponse:
    try:
        data = papers.made(printed, target, instance=sitting.instance)
    except PdfUnavailable as missing:
        return _refused(request, sitting, str(missing))
    except SandboxError:
        return _refused(request, sitting, WORDLESS)
    return _answer(data, printed.title, target)


def _answer(data: bytes, title: str, target: str) -> HttpResponse:
    name = safe_name(f"{title}.{target}")
    return file_answer(data, name, mime=MIME[Format(target)], attachment=target != Format.PDF)


def _refused(request: HttpRequest, sitting: SittingPage, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("papers", page_id=sitting.pk)


# One délibération.


@require_http_methods(["GET", "POST"])
@signed_in
def correct(request: HttpRequest, page_id: int, deliberation_id: int) -> HttpResponse:
    """« Corriger » its object or its text, by a dated act."""
    sitting = _managed(request, page_id)
    found = get_object_or_404(Deliberation, pk=deliberation_id, sitting=sitting)
    form = CorrectionForm(request.POST or None, deliberation=found)
    if request.method == "POST" and form.is_valid():
        said, by = form.cleaned_data, viewer_of(request).user
        deed = partial(
            operations.correct,
            deliberation=found,
            object=said["object"],
            text=form.decided(),
            reason=said["reason"],
            by=by,
        )
        if done(form, deed):
            messages.success(request, f"La délibération {found.written} est corrigée ; ce qui était écrit reste gardé.")
            return redirect("papers", page_id=sitting.pk)
    lede = "Les voix se corrigent depuis le fil de la séance ; la délibération les suit."
    if form.lines is None:
        lede += " Son texte contient un tableau, une image ou un lien : corrigez-le dans le fichier Word, puis faites-le signer."
    back = {"url": f"/p/{sitting.pk}/papiers/", "title": "Les papiers de la séance"}
    title = f"Corriger la délibération {found.written}"
    return form_screen(request, form, title=title, submit="Corriger", back=back, lede=lede)


# The procès-verbal.


@require_http_methods(["GET", "POST"])
@signed_in
def minutes_screen(request: HttpRequest, page_id: int) -> HttpResponse:
    """What was said on each item, typed or pasted; where the procès-verbal stands, and its next step."""
    sitting = _managed(request, page_id)
    content, typed, sentence = Content(sitting), {}, ""
    if request.method == "POST":
        typed = {
            one.place.item_id: request.POST[f"d-{one.place.item_id}"]
            for one in content.items
            if f"d-{one.place.item_id}" in request.POST
        }
        seen = {item: request.POST.get(f"vu-{item}", "") for item in typed}
        clash = screens.clashes(content, seen)
        sentence = clash or refusal_of(
            lambda: minutes.type_discussions(sitting=sitting, texts=typed, by=viewer_of(request).user)
        )
        if not sentence:
            messages.success(request, "Les débats sont enregistrés.")
            return redirect("minutes", page_id=sitting.pk)
    return _screen(
        request,
        "minutes",
        "Le procès-verbal",
        sitting,
        sentence=sentence,
        status=422 if sentence else 200,
        **screens.minutes_of(content, typed),
    )


@require_POST
@signed_in
def minutes_send(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Envoyer le projet aux membres »."""
    sitting = _managed(request, page_id)
    without: list[str] = []
    sentence = refusal_of(lambda: without.extend(minutes.send(sitting=sitting, by=viewer_of(request).user)))
    if sentence:
        messages.error(request, sentence)
    else:
        paper = f" À remettre sur papier : {', '.join(without)}." if without else ""
        messages.success(request, f"Le projet de procès-verbal est envoyé aux membres.{paper}")
    return redirect("minutes", page_id=sitting.pk)


@require_http_methods(["GET", "POST"])
@signed_in
def minutes_approve(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Arrêter le procès-verbal », at the start of the next sitting."""
    sitting = _managed(request, page_id)
    form = ApprovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        remarks, by = form.cleaned_data["remarks"], viewer_of(request).user
        if done(form, lambda: minutes.approve(sitting=sitting, remarks=remarks, by=by)):
            messages.success(
                request,
                "Le procès-verbal est arrêté : faites-le signer, et publiez-le dans la semaine (art. L2121-15).",
            )
            return redirect("minutes", page_id=sitting.pk)
    following = minutes.next_held(sitting)
    lede = f"À la séance du {day(following.starts_at)}. Son texte ne changera plus." if following else ""
    title, back = "Arrêter le procès-verbal", {"url": f"/p/{sitting.pk}/pv/", "title": "Le procès-verbal"}
    return form_screen(request, form, title=title, submit=title, back=back, lede=lede)


# The signed copies.


@require_http_methods(["GET", "POST"])
@signed_in
def signed(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Les papiers signés » : where each stands, where files are dropped, and what nobody recognised."""
    sitting = _managed(request, page_id)
    sentences: list[str] = []
    if request.method == "POST":
        files, by = request.FILES.getlist("file"), viewer_of(request).user
        if stage_of(sitting) != SittingState.CLOSED:
            sentences.append(OPEN)
        elif not files:
            sentences.append("Choisissez au moins un fichier.")
        else:
            for file in files:
                deed = partial(signing.receive, sitting=sitting, file=file, file_name=file.name or "", by=by)
                said = refusal_of(deed)
                sentences += [said] if said else []
        if not sentences:
            messages.success(request, "Les fichiers sont déposés : voyez ci-dessous ce que chacun signe.")
            return redirect("signed", page_id=sitting.pk)
    content = Content(sitting)
    return _screen(
        request,
        "signed",
        "Les papiers signés",
        sitting,
        sentences=sentences,
        status=422 if sentences else 200,
        **screens.signed_of(content),
    )


def _copy(sitting: SittingPage, copy_id: int) -> SignedCopy:
    return get_object_or_404(queries.signed_copies(sitting), pk=copy_id)


@require_POST
@signed_in
def signed_say(request: HttpRequest, page_id: int, copy_id: int) -> HttpResponse:
    """What a file is, said by a person."""
    sitting = _managed(request, page_id)
    copy, form, by = _copy(sitting, copy_id), WhatForm(request.POST, content=Content(sitting)), viewer_of(request).user
    if not form.is_valid():
        messages.error(request, "Choisissez dans la liste le papier que ce fichier signe.")
        return redirect("signed", page_id=sitting.pk)
    found = form.found()

    def deed() -> None:
        if found is None:
            signing.set_aside(copy=copy, by=by)
        else:
            signing.say(copy=copy, found=found, by=by)

    sentence = refusal_of(deed)
    if sentence:
        messages.error(request, sentence)
    return redirect("signed", page_id=sitting.pk)


@never_cache
@require_GET
@signed_in
def signed_file(request: HttpRequest, page_id: int, copy_id: int) -> HttpResponseBase:
    """A signed copy, as it came back."""
    sitting, access = _known(request, page_id)
    copy = _copy(sitting, copy_id)
    if not access.manages:
        raise Http404
    return serve(
        request,
        documents(),
        str(copy.file.name),
        mime=copy.mime,
        etag=copy.sha256,
        file_name=copy.file_name,
        attachment=not copy.mime.startswith(("image/png", "image/jpeg", "application/pdf")),
    )


# Numbering.


@require_http_methods(["GET", "POST"])
@signed_in
def scheme(request: HttpRequest, instance_id: int) -> HttpResponse:
    """« La numérotation des délibérations » of an instance."""
    viewer = viewer_of(request)
    if viewer.tree.home is None or not viewer.can_view(viewer.tree.home):
        raise Http404
    if viewer.looker or not may_manage(viewer.user):
        raise Denied("Seuls les responsables de la commune choisissent le modèle des numéros.")
    instance = get_object_or_404(Instance, pk=instance_id)
    now = numbering.pattern_today(instance)
    form = SchemeForm(request.POST or None, initial={"pattern": now})
    posted = request.method == "POST" and form.is_valid()
    if posted and done(form, lambda: operations.set_scheme(instance=instance, by=viewer.user, **form.cleaned_data)):
        messages.success(request, f"Les délibérations de « {instance} » suivent ce modèle.")
        return redirect("council")
    lede = f"Aujourd’hui : {now}."
    title = f"Numéroter les délibérations : {instance}"
    return form_screen(request, form, title=title, submit="Choisir ce modèle", back=COUNCIL, lede=lede)
