"""Screens of a sitting under way: the operator's, with its small state, the projector's, corrections, blank papers."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from council.agenda.enums import SittingState
from council.agenda.models import SittingPage, stage_of
from council.agenda.operations import Refused
from council.agenda.queries import meeting_day
from council.agenda.views import convened_for, refusal_of
from council.floor import board, operations, papers
from council.floor.forms import CorrectionForm
from council.floor.operations import Entry
from council.floor.queries import record_of
from council.floor.typed import entry_of, id_of, is_live, moment_of, opening_of
from council.members.queries import in_office
from kb.exchange.pdf import PdfUnavailable
from kb.pages.frame import frame_for, icons
from kb.pages.views import signed_in
from kb.permissions import viewer_of

# The operator's screen.


@require_http_methods(["GET", "POST"])
@signed_in
def operator(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """The screen, and the door at which each of its forms knocks; a script asks for JSON and has the small state back."""
    sitting = convened_for(request, page_id)
    refused = ""
    if request.method == "POST":
        refused = refusal_of(lambda: _do(request, sitting))
        if request.headers.get("Accept") == "application/json":
            return _state(request, sitting, refused=refused)
        if not refused:
            return redirect("operator", page_id=sitting.pk)
    return _screen(request, sitting, refused)


def _screen(request: HttpRequest, sitting: SittingPage, refused: str) -> HttpResponse:
    viewer = viewer_of(request)
    stage, version = board.stage_and_version(sitting.pk, viewer)
    context = {
        "frame": frame_for(request, f"Tenir la séance : {sitting.title}"), "shown": board.board_of(viewer, sitting, stage),
        "version": version, "refused": refused, "fresh": uuid4, "heure": _hour_to_type(request, sitting),
        "live": is_live(sitting), "now": timezone.now().isoformat(),
    }  # fmt: skip
    return render(request, "council/floor/operator.html", context, status=422 if refused else 200)


def _hour_to_type(request: HttpRequest, sitting: SittingPage) -> str:
    """What was typed stays typed; a sitting of another day starts from its last event, or from the hour convened."""
    typed = str(request.POST.get("heure") or "")
    if typed or is_live(sitting):
        return typed
    return board.last_hour(record_of(sitting)) or timezone.localtime(sitting.starts_at).strftime("%H:%M")


def _do(request: HttpRequest, sitting: SittingPage) -> None:
    """The deed of a form. Raises Refused, PermissionDenied."""
    post, by = request.POST, viewer_of(request).user
    deed = post.get("deed")
    if deed == "undo":
        operations.undo(sitting=sitting, event=_uuid(post.get("event")), by=by)
        return
    if deed in {"open", "close"}:
        at, given = moment_of(post, sitting)
        entry = Entry(id_of(post), str(deed), {}, at, given)
        if deed == "close":
            operations.close(sitting=sitting, entry=entry, by=by)
            return
        table = {str(one.pk): one for one in in_office(sitting.instance, meeting_day(sitting))}
        operations.open_sitting(sitting=sitting, entry=entry, by=by, **opening_of(post, table))
        return
    operations.note(sitting=sitting, entry=entry_of(post, sitting, record_of(sitting).sitting), by=by)


def _uuid(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise Refused("Cette saisie n’est pas de cette séance : rechargez la page.") from None


@require_GET
@signed_in
def state(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """The small state that the screen asks every few seconds: 304 while nothing changed."""
    return _unchanged(request, page_id, "publish") or _state(request, convened_for(request, page_id))


def _unchanged(request: HttpRequest, page_id: int, ability: str) -> HttpResponseBase | None:
    """304 for who has that right and has the newest state already; asked of the tree kept in memory."""
    viewer = viewer_of(request)
    node = viewer.tree.nodes.get(page_id)
    if node is None or not viewer.can_view(node) or (ability == "publish" and not viewer.can_publish(node)):
        return None
    _stage, version = board.stage_and_version(page_id, viewer)
    if request.headers.get("If-None-Match") != f'"{version}"':
        return None
    return _tagged(HttpResponseNotModified(), version)


def _tagged(answer: HttpResponseBase, version: str) -> HttpResponseBase:
    answer["ETag"] = f'"{version}"'
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def _state(request: HttpRequest, sitting: SittingPage, *, refused: str = "") -> HttpResponseBase:
    viewer = viewer_of(request)
    stage, version = board.stage_and_version(sitting.pk, viewer)
    context = {
        "shown": board.board_of(viewer, sitting, stage), "fresh": uuid4, "heure": "", "frame": {"icons": icons()},
        "live": is_live(sitting),
    }  # fmt: skip
    html = render_to_string("council/floor/board.html", context, request=request)
    told = {"version": version, "html": html, "refused": refused, "now": timezone.now().isoformat()}
    return _tagged(JsonResponse(told), version)


@require_POST
@signed_in
def rehearse(request: HttpRequest, page_id: int) -> JsonResponse:
    """What the vote being typed would give, without writing it: its sentence, or why it is refused."""
    sitting = convened_for(request, page_id)
    sentences: list[str] = []

    def deed() -> None:
        entry = entry_of(request.POST, sitting, record_of(sitting).sitting)
        sentences.extend(operations.rehearse(sitting=sitting, entry=entry, by=viewer_of(request).user))

    refused = refusal_of(deed)
    return JsonResponse({"refused": refused, "sentence": " ".join(sentences)})


# After the closing.


@require_http_methods(["GET", "POST"])
@signed_in
def correction(request: HttpRequest, page_id: int, event_id: UUID) -> HttpResponse:
    """A dated act on what was noted in a closed sitting."""
    sitting = convened_for(request, page_id)
    record = record_of(sitting)
    event = next((one for one in record.standing if one.pk == event_id and one.type not in board.NOT_CORRECTED), None)
    if event is None or stage_of(sitting) != SittingState.CLOSED:
        raise Http404
    members = [(one.id, one.name) for one in record.sitting.room.members.values()] if record.sitting else []
    counted = next(iter(record.made.get(str(event.pk), ())), {})
    form = CorrectionForm(request.POST or None, event=event, counted=counted, members=members)
    if request.method == "POST" and form.is_valid():
        refused = refusal_of(
            lambda: operations.correct(
                sitting=sitting, entry=Entry(form.id(), "correct"), event=event.pk,
                reason=form.cleaned_data["reason"], change=form.change(), by=viewer_of(request).user,
            )
        )  # fmt: skip
        if not refused:
            return redirect("operator", page_id=sitting.pk)
        form.add_error(None, refused)
    viewer = viewer_of(request)
    context = {
        "frame": frame_for(request, "Corriger une saisie"), "form": form, "title": "Corriger une saisie",
        "submit": "Corriger", "lede": board.words_of(viewer, sitting, record, event),
        "back": {"url": f"/p/{sitting.pk}/operateur/", "title": "Tenir la séance"},
    }  # fmt: skip
    return render(request, "council/form.html", context, status=422 if form.errors else 200)


# The projector.


@require_GET
@signed_in
def projection(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """The screen of the room, for whoever reads the sitting; closed during a huis clos."""
    sitting, viewer = convened_for(request, page_id, "view"), viewer_of(request)
    stage, version = board.stage_and_version(sitting.pk, viewer)
    context = {
        "frame": frame_for(request, f"Écran de la salle : {sitting.title}"), "version": version,
        "shown": board.projection_of(viewer, sitting, stage), "page_id": sitting.pk,
    }  # fmt: skip
    return render(request, "council/floor/projection.html", context)


@require_GET
@signed_in
def projection_state(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """The small state of the screen of the room: 304 while nothing changed."""
    unchanged = _unchanged(request, page_id, "view")
    if unchanged:
        return unchanged
    sitting, viewer = convened_for(request, page_id, "view"), viewer_of(request)
    stage, version = board.stage_and_version(sitting.pk, viewer)
    context = {"shown": board.projection_of(viewer, sitting, stage)}
    html = render_to_string("council/floor/projected.html", context, request=request)
    return _tagged(JsonResponse({"version": version, "html": html}), version)


# On paper.


@require_GET
@signed_in
def blank(request: HttpRequest, page_id: int) -> HttpResponse:
    """The papers of a sitting run without a screen: roll call, comings and goings, a grid per item."""
    sitting = convened_for(request, page_id)
    try:
        data = papers.blank(sitting, viewer_of(request))
    except PdfUnavailable as missing:
        return HttpResponse(str(missing), status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="seance-vierge.pdf"'
    return answer
