"""Screens of a sitting under way: the operator's, with its small state, the projector's, corrections, blank papers."""

from functools import partial
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
from council.agenda.queries import meeting_day
from council.agenda.views import convened_for
from council.floor import board, operations, papers
from council.floor.forms import CorrectionForm
from council.floor.operations import Entry
from council.floor.queries import record_of
from council.floor.typed import entry_of, id_of, is_live, moment_of, opening_of
from council.members.queries import in_office
from council.screens import done, file_answer, form_screen, refusal_of
from kb.access import passages
from kb.exchange.pdf import PdfUnavailable
from kb.pages.frame import frame_for, icons
from kb.pages.views import signed_in
from kb.permissions import Denied, viewer_of
from kb.refusals import Refused

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
            now = board.now_of(sitting.pk, viewer_of(request))
            return _state(request, sitting, now=now, refused=refused)
        if not refused:
            return redirect("operator", page_id=sitting.pk)
    return _screen(request, sitting, refused)


def _screen(request: HttpRequest, sitting: SittingPage, refused: str) -> HttpResponse:
    viewer = viewer_of(request)
    now = board.now_of(sitting.pk, viewer)
    context = {
        "frame": frame_for(request, f"Tenir la séance : {sitting.title}"),
        "shown": board.board_of(viewer, sitting, now),
        "version": now.version,
        "refused": refused,
        "fresh": uuid4,
        "heure": _hour_to_type(request, sitting),
        "live": is_live(sitting),
        "now": timezone.now().isoformat(),
    }
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
    sitting, now = _polled(request, page_id, "publish")
    return _state(request, sitting, now=now) if sitting else _tagged(HttpResponseNotModified(), now)


def _polled(request: HttpRequest, page_id: int, ability: str) -> tuple[SittingPage | None, board.Now]:
    """The sitting as it stands; None in its place for who has its newest state already. Raises Http404, Denied.

    Asked every few seconds: rights are those of the tree kept in memory.
    """
    viewer = viewer_of(request)
    node = viewer.tree.nodes.get(page_id)
    if node is None or not viewer.can_view(node):
        raise Http404
    if ability == "publish" and not viewer.can_publish(node):
        raise Denied("Vous ne pouvez pas tenir cette séance.")
    now = board.now_of(page_id, viewer)
    if now.stage == SittingState.PREPARATION:  # or no sitting at all
        raise Http404
    if request.headers.get("If-None-Match") == f'"{now.version}"':
        return None, now
    sitting = SittingPage.objects.select_related("instance").get(pk=page_id)
    passages.note(viewer, sitting, door=request.path)
    return sitting, now


def _tagged(answer: HttpResponseBase, now: board.Now) -> HttpResponseBase:
    answer["ETag"] = f'"{now.version}"'
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def _state(request: HttpRequest, sitting: SittingPage, *, now: board.Now, refused: str = "") -> HttpResponseBase:
    context = {
        "shown": board.board_of(viewer_of(request), sitting, now),
        "fresh": uuid4,
        "heure": "",
        "frame": {"icons": icons()},
        "live": is_live(sitting),
    }
    html = render_to_string("council/floor/board.html", context, request=request)
    told = {"version": now.version, "html": html, "refused": refused, "now": timezone.now().isoformat()}
    return _tagged(JsonResponse(told), now)


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
        deed = partial(
            operations.correct,
            sitting=sitting,
            entry=Entry(form.id(), "correct"),
            event=event.pk,
            reason=form.cleaned_data["reason"],
            change=form.change(),
            by=viewer_of(request).user,
        )
        if done(form, deed):
            return redirect("operator", page_id=sitting.pk)
    lede = board.words_of(viewer_of(request), sitting, record, event)
    back = {"url": f"/p/{sitting.pk}/operateur/", "title": "Tenir la séance"}
    return form_screen(request, form, title="Corriger une saisie", submit="Corriger", back=back, lede=lede)


# The projector.


@require_GET
@signed_in
def projection(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """The screen of the room, for whoever reads the sitting; closed during a huis clos."""
    sitting, viewer = convened_for(request, page_id, "view"), viewer_of(request)
    now = board.now_of(sitting.pk, viewer)
    context = {
        "frame": frame_for(request, f"Écran de la salle : {sitting.title}"),
        "version": now.version,
        "shown": board.projection_of(viewer, sitting, now),
        "page_id": sitting.pk,
    }
    return render(request, "council/floor/projection.html", context)


@require_GET
@signed_in
def projection_state(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """The small state of the screen of the room: 304 while nothing changed."""
    sitting, now = _polled(request, page_id, "view")
    if sitting is None:
        return _tagged(HttpResponseNotModified(), now)
    context = {"shown": board.projection_of(viewer_of(request), sitting, now)}
    html = render_to_string("council/floor/projected.html", context, request=request)
    return _tagged(JsonResponse({"version": now.version, "html": html}), now)


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
    return file_answer(data, "seance-vierge.pdf")
