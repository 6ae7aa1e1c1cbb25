"""Screens of acts, for who keeps them: the list, an act's sheet, the settings, the papers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from council.acts.queries import access
from council.agenda.views import sitting_for
from council.decisions.views import kept_instance
from council.follow_up import queries as follow_up
from council.members.models import Instance
from council.nomenclature import label_of, sent_number
from council.publication import files, forms, operations, papers, queries, sitting_papers, transmission
from council.publication.models import Act, Choice, FileRole, Flag, Publication, SendingWay, SittingPaper, Way
from council.screens import file_answer, refusal_of
from kb.documents import storage
from kb.documents.views import serve
from kb.exchange.pdf import PdfUnavailable
from kb.pages.frame import frame_for
from kb.pages.views import signed_in, small_number
from kb.permissions import Denied, viewer_of
from kb.refusals import Refused
from kb.typography import day, moment, size

SIGNED = {"label": "Acte signé, en PDF"}
MASKED = {"label": "Version masquée, en PDF", "prefix": "masked"}
ANNEX = {"label": "Pièce à joindre", "accept": "", "prefix": "annex"}
ACTS = {"url": "/conseil/actes/", "title": "Les actes"}


def act_for(request: HttpRequest, act_id: int) -> Act:
    """An act that the person keeps; what he may not keep does not exist. Raises Http404."""
    return get_object_or_404(queries.with_source(queries.acts_kept_by(viewer_of(request))), pk=act_id)


def instance_for(request: HttpRequest) -> Instance:
    """The instance whose acts the person keeps. Raises Http404, Denied."""
    return kept_instance(request, "Seuls les responsables des séances suivent les actes.")


@require_GET
@signed_in
def acts(request: HttpRequest) -> HttpResponse:
    """The acts of a year, each with what is to be done about it."""
    instance = instance_for(request)
    viewer = viewer_of(request)
    kept = queries.numbers_kept_by(viewer)
    years = [one.year for one in kept.order_by().dates("decided_on", "year", order="DESC")]
    asked = request.GET.get("annee", "")
    year = small_number(asked) if small_number(asked) in years else (years[0] if years else None)
    found = kept.filter(decided_on__year=year) if year else kept.none()
    context = {
        "frame": frame_for(request, "Les actes"),
        "years": years,
        "year": year,
        "instance": instance.pk,
        "rows": [_line(act, told) for act, told in queries.told_to(viewer, found)],
        "mode": queries.mode_line(queries.mode_of(instance, timezone.localdate())),
    }
    return render(request, "council/publication/acts.html", context)


def _line(act: Act, told: queries.Told) -> dict[str, Any]:
    return {
        "url": f"/conseil/actes/{act.pk}/" if told.kept else "",
        "title": told.title,
        "on": day(act.decided_on),
        "standing": told.standing,
        "sending": queries.sending_line(act) if told.kept else "",
    }


@require_GET
@signed_in
def act(request: HttpRequest, act_id: int) -> HttpResponse:
    """The sheet of an act: its signed file, what it tells of people, its publication, its sending, what follows."""
    return _sheet(request, act_for(request, act_id))


def _sheet(request: HttpRequest, found: Act, sentence: str = "", **bound: Any) -> HttpResponse:
    signed, publication = files.signed_of(found), queries.standing_publication(found)
    sent = queries.transmission_of(found)
    since = queries.enforceable_on(found, sent)
    flags = [_flag(one) for one in found.flags.all()]
    waiting = [one for one in flags if not one["choice"]]
    correction, again, last = _correction(found, signed), queries.correction_to_send(found), queries.last_sending(found)
    context = {
        "frame": frame_for(request, str(found)),
        "back": ACTS,
        "title": str(found),
        "sentence": sentence,
        "id": found.pk,
        "subject": found.subject,
        "on": day(found.decided_on),
        "standing": queries.standing(found),
        "signed": _file(signed) if signed else None,
        "flags": flags,
        "waiting": len(waiting),
        "source_url": f"/conseil/decisions/{found.decision_id}/" if found.decision_id else "",
        "matter": label_of(found.matter),
        "publication": _publication(publication) if publication else None,
        "former": [_publication(one) for one in found.publications.exclude(down_at=None)],
        "mode": queries.mode_of(found.instance, timezone.localdate()).get_way_display(),
        "examined": signed is not None and files.is_examined(signed),
        "correction": correction,
        "settled": publication is not None and correction is None,
        "may_publish": signed is not None
        and not waiting
        and (correction["signed"] if correction else publication is None),
        "sending": queries.sending_line(found),
        "received": bool(last and last.received_on),
        "to_send_again": again is not None,
        "sendings": queries.former_sendings(found),
        "apart": bool(sent and sent.way == SendingWay.NONE),
        "enforceable": day(since) if since else "",
        "annexes": [one.file_name for one in found.files.all() if one.role == FileRole.ANNEX],
        "follow": follow_up.follow_up_of(found),
        "tasks": [follow_up.line(one) for one in found.tasks.select_related("owner")],
        "signed_form": forms.FileForm(**SIGNED),
        "publish_form": forms.PublishForm(),
        "mask_form": forms.MaskForm(),
        "masked_form": forms.FileForm(**MASKED),
        "annex_form": forms.FileForm(**ANNEX),
        "sending_form": forms.SendingForm(
            initial={"nature": sent.nature if sent else "1", "way": sent.way if sent else "electronic"}
        ),
        "receipt_form": forms.ReceiptForm(prefix="receipt"),
        "down_form": forms.TakeDownForm(prefix="down"),
        "matter_form": forms.MatterForm(initial={"matter": found.matter}, prefix="matter"),
        **bound,
    }
    refused = bool(sentence) or any(getattr(form, "errors", None) for form in bound.values())
    return render(request, "council/publication/act.html", context, status=422 if refused else 200)


def _correction(found: Act, signed: files.Signed | None) -> dict[str, Any] | None:
    """What was corrected since the public has it; `signed`: the corrected text came back signed."""
    correction = queries.unpublished_correction(found)
    deliberation = found.deliberation
    if correction is None or deliberation is None:  # décisions are never corrected
        return None
    return {
        "on": day(correction.at),
        "reason": correction.reason,
        "signed": signed is not None and signed.at > correction.at,
        "paper": f"/p/{deliberation.sitting_id}/deliberations/{deliberation.pk}/deliberation.pdf",
    }


def _file(signed: files.Signed) -> dict[str, str]:
    return {"name": signed.file_name, "sha256": signed.sha256, "size": size(signed.size), "at": moment(signed.at)}


def _flag(flag: Flag) -> dict[str, Any]:
    chosen = f"{flag.get_choice_display()} par {flag.chosen_by} : {flag.reason}" if flag.choice else ""
    return {
        "id": flag.pk,
        "kind": flag.kind[:1].upper() + flag.kind[1:],
        "words": flag.words,
        "choice": flag.choice,
        "chosen": chosen,
        "must_go": flag.must_go,
    }


def _publication(publication: Publication) -> dict[str, Any]:
    return {
        "id": publication.pk,
        "way": publication.get_way_display(),
        "up_on": day(publication.up_on),
        "until": day(queries.last_day_up(publication)),
        "author": publication.author,
        "sha256": publication.sha256,
        "masked": publication.masked,
        "named": publication.named,
        "down_on": day(publication.down_on) if publication.down_on else "",
        "why": publication.down_why,
        "url": publication.act.address if publication.way == Way.ELECTRONIC else "",
    }


def _done(
    request: HttpRequest, found: Act, form: Any, deed: Callable[[], Any], said: str, **bound: Any
) -> HttpResponse:
    """Does the deed and goes back to the sheet; what refuses it is said there."""
    if not form.is_valid():
        return _sheet(request, found, **bound)
    try:
        deed()
    except Refused as refused:
        return _sheet(request, act_for(request, found.pk), str(refused), **bound)
    messages.success(request, said)
    return redirect("act", act_id=found.pk)


def _uploaded(form: Any) -> dict[str, Any]:
    file = form.cleaned_data["file"]
    return {"data": file.read(), "file_name": file.name}


def _drop(
    request: HttpRequest, act_id: int, name: str, deed: Callable[..., Any], said: str, **about: Any
) -> HttpResponse:
    """A file dropped on the sheet, in the form of that name."""
    found, by = act_for(request, act_id), viewer_of(request).user
    form = forms.FileForm(request.POST, request.FILES, **about)
    return _done(request, found, form, lambda: deed(act=found, by=by, **_uploaded(form)), said, **{name: form})


@require_POST
@signed_in
def deposit(request: HttpRequest, act_id: int) -> HttpResponse:
    """The signed act comes back."""
    said = "L’acte signé est déposé, et son texte examiné."
    return _drop(request, act_id, "signed_form", operations.deposit_signed, said, **SIGNED)


@require_POST
@signed_in
def deposit_masked(request: HttpRequest, act_id: int) -> HttpResponse:
    """A public version masked by hand."""
    said = "La version masquée est déposée."
    return _drop(request, act_id, "masked_form", operations.deposit_masked, said, **MASKED)


@require_POST
@signed_in
def deposit_annex(request: HttpRequest, act_id: int) -> HttpResponse:
    """A paper that travels with the act."""
    return _drop(request, act_id, "annex_form", operations.deposit_annex, "La pièce est jointe.", **ANNEX)


@require_POST
@signed_in
def examine(request: HttpRequest, act_id: int) -> HttpResponse:
    """« Examiner le texte » of a signed copy that came with the signature folder."""
    operations.examine(act=act_for(request, act_id))
    messages.success(request, "Le texte est examiné.")
    return redirect("act", act_id=act_id)


@require_POST
@signed_in
def choose(request: HttpRequest, act_id: int, flag_id: int) -> HttpResponse:
    """« Masquer » or « Garder » one passage."""
    found = act_for(request, act_id)
    flag = get_object_or_404(found.flags, pk=flag_id)
    given, form = request.POST.get("choice", ""), forms.ReasonForm(request.POST)
    if given not in Choice.values:
        raise Http404
    if not form.is_valid():
        return _sheet(request, found, "Un choix se garde avec sa raison : écrivez-la, puis masquez ou gardez.")
    by = viewer_of(request).user
    return _done(
        request,
        found,
        form,
        lambda: operations.choose(flag=flag, choice=Choice(given), reason=form.cleaned_data["reason"], by=by),
        "Le choix est noté.",
    )


@require_POST
@signed_in
def mask(request: HttpRequest, act_id: int) -> HttpResponse:
    """A passage that nothing flagged."""
    found, form = act_for(request, act_id), forms.MaskForm(request.POST)
    by = viewer_of(request).user
    return _done(
        request,
        found,
        form,
        lambda: operations.mask_more(act=found, by=by, **form.cleaned_data),
        "Le passage sera masqué dans la version publique.",
        mask_form=form,
    )


@require_POST
@signed_in
def publish(request: HttpRequest, act_id: int) -> HttpResponse:
    """« Publier »."""
    found, form = act_for(request, act_id), forms.PublishForm(request.POST)
    by = viewer_of(request).user
    return _done(
        request,
        found,
        form,
        lambda: operations.publish(act=found, up_on=form.cleaned_data["up_on"], by=by),
        "L’acte est publié.",
        publish_form=form,
    )


@require_POST
@signed_in
def take_down(request: HttpRequest, act_id: int) -> HttpResponse:
    """« Retirer »."""
    found, form = act_for(request, act_id), forms.TakeDownForm(request.POST, prefix="down")
    publication, by = queries.standing_publication(found), viewer_of(request).user
    if publication is None:
        raise Http404
    return _done(
        request,
        found,
        form,
        lambda: operations.take_down(publication=publication, by=by, **form.cleaned_data),
        "L’acte est retiré : sa publication reste dans l’historique.",
        down_form=form,
    )


@require_POST
@signed_in
def classify(request: HttpRequest, act_id: int) -> HttpResponse:
    """The matter of the classification."""
    found, form = act_for(request, act_id), forms.MatterForm(request.POST, prefix="matter")
    by = viewer_of(request).user
    return _done(
        request,
        found,
        form,
        lambda: transmission.classify(act=found, by=by, **form.cleaned_data),
        "La matière est notée.",
        matter_form=form,
    )


@require_POST
@signed_in
def send(request: HttpRequest, act_id: int) -> HttpResponse:
    """The act left for the préfecture."""
    found, form = act_for(request, act_id), forms.SendingForm(request.POST)
    by = viewer_of(request).user

    def deed() -> None:
        data = form.cleaned_data
        transmission.note_sent(act=found, way=SendingWay(data["way"]), nature=data["nature"], on=data["on"], by=by)

    return _done(request, found, form, deed, "L’envoi est noté.", sending_form=form)


@require_POST
@signed_in
def receive(request: HttpRequest, act_id: int) -> HttpResponse:
    """The acknowledgement: its file, or its words."""
    found, form = act_for(request, act_id), forms.ReceiptForm(request.POST, request.FILES, prefix="receipt")
    by = viewer_of(request).user

    def deed() -> None:
        data = form.cleaned_data
        if data["file"]:
            transmission.drop_receipt(act=found, by=by, **_uploaded(form))
        else:
            transmission.note_received(act=found, on=data["on"], number=data["number"], by=by)

    return _done(request, found, form, deed, "L’accusé de réception est noté.", receipt_form=form)


# The papers.


@require_safe
@signed_in
def signed_file(request: HttpRequest, act_id: int) -> HttpResponseBase:
    """The signed act itself."""
    signed = files.signed_of(act_for(request, act_id))
    if signed is None:
        raise Http404
    return serve(request, signed.storage, signed.name, mime=signed.mime, etag=signed.sha256, file_name=signed.file_name)


@require_safe
@signed_in
def published_file(request: HttpRequest, act_id: int) -> HttpResponseBase:
    """What the public has, to print and post."""
    publication = queries.standing_publication(act_for(request, act_id))
    if publication is None:
        raise Http404
    return serve(
        request,
        storage.documents(),
        publication.file_name,
        mime=publication.mime,
        etag=publication.sha256,
        file_name=f"{publication.act.number}-public.pdf",
    )


@require_GET
@signed_in
def outgoing(request: HttpRequest, act_id: int) -> HttpResponse:
    """The folder for the tool of télétransmission."""
    found = act_for(request, act_id)
    try:
        data = transmission.outgoing(act=found, by=viewer_of(request).user)
    except Refused as refused:
        return _sheet(request, found, str(refused))
    return file_answer(data, f"{sent_number(found.number)}.zip", mime="application/zip", attachment=True)


@require_GET
@signed_in
def bordereau(request: HttpRequest, act_id: int) -> HttpResponse:
    """The list for acts sent on paper."""
    found = act_for(request, act_id)
    return _paper(request, found, lambda: papers.bordereau([found]), f"Bordereau {found.written}.pdf")


@require_GET
@signed_in
def certificate(request: HttpRequest, act_id: int, publication_id: int) -> HttpResponse:
    """« Certificat d’affichage », or of publication."""
    found = act_for(request, act_id)
    publication = get_object_or_404(found.publications, pk=publication_id)
    return _paper(request, found, lambda: papers.certificate(publication), f"Certificat {found.written}.pdf")


def _paper(request: HttpRequest, found: Act, make: Callable[[], bytes], name: str) -> HttpResponse:
    try:
        return file_answer(make(), name)
    except PdfUnavailable as missing:
        return _sheet(request, found, str(missing))


# The papers of a whole sitting.


@require_POST
@signed_in
def publish_paper(request: HttpRequest, page_id: int, paper: str) -> HttpResponse:
    """« Mettre en ligne » the list of délibérations, or the procès-verbal."""
    sitting, viewer = sitting_for(request, page_id, "view"), viewer_of(request)
    if paper not in SittingPaper.values or not access(viewer, sitting):
        raise Http404
    if viewer.looker:
        raise Denied("Seuls les responsables de la séance mettent ses papiers en ligne.")
    kind = SittingPaper(paper)
    sentence = refusal_of(lambda: sitting_papers.publish(sitting=sitting, paper=kind, by=viewer.user))
    if sentence:
        messages.error(request, sentence)
    else:
        messages.success(request, f"{kind.label} : en ligne, à une adresse qui ne change pas.")
    return redirect("minutes" if kind == SittingPaper.MINUTES else "papers", page_id=sitting.pk)


# The settings.


@require_http_methods(["GET", "POST"])
@signed_in
def settings(request: HttpRequest) -> HttpResponse:
    """How the town publishes, and its SIRET."""
    instance, by = instance_for(request), viewer_of(request).user
    identity = getattr(instance, "identity", None)
    known = {"siret": identity.siret, "prefecture": identity.prefecture} if identity else {}
    which = request.POST.get("which", "")
    way = forms.WayForm(request.POST if which == "way" else None)
    named = forms.IdentityForm(request.POST if which == "identity" else None, initial=known)
    try:
        if which == "way" and way.is_valid():
            operations.choose_way(instance=instance, by=by, **way.cleaned_data)
            messages.success(request, "Le mode de publication est noté.")
            return redirect("acts_settings")
        if which == "identity" and named.is_valid():
            operations.identify(instance=instance, by=by, **named.cleaned_data)
            messages.success(request, "Le SIRET est noté.")
            return redirect("acts_settings")
    except Refused as refused:
        way.add_error(None, str(refused))
    context = {
        "frame": frame_for(request, "Réglages des actes"),
        "back": ACTS,
        "way_form": way,
        "identity_form": named,
        "modes": [queries.mode_line(one) for one in instance.publication_modes.all()]
        or [queries.mode_line(queries.mode_of(instance, timezone.localdate()))],
    }
    refused_form = way.errors or named.errors
    return render(request, "council/publication/settings.html", context, status=422 if refused_form else 200)
