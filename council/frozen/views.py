"""Screens of what changes after a convocation: what changed, for its readers; replacing, correcting, adding, following."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from council.agenda.models import AgendaItemPage, SittingPage
from council.agenda.views import sitting_for
from council.convening import operations as convening_deeds
from council.convening import papers
from council.convening import queries as convening
from council.convening.forms import BounceForm, DeliveryForm, SignatureForm
from council.convening.views import note_of
from council.frozen import adding, differences, following, operations, queries
from council.frozen.forms import NumbersForm, ReasonForm, ReplaceForm
from council.frozen.models import Dispatch, FrozenPaper, PaperChange
from council.items import queries as items
from council.screens import back_to, done, file_answer, refusal_of
from kb.access import passages
from kb.documents.views import serve_version
from kb.exchange.pdf import PdfUnavailable
from kb.pages.frame import frame_for
from kb.pages.views import page_for, signed_in
from kb.people.account import User
from kb.permissions import Denied, Viewer, abilities, viewer_of
from kb.typography import NBSP, count, day, moment

IN_TIME = (
    "À partir de 3 500 habitants, l’information doit parvenir aux membres à temps pour qu’ils se prononcent (art. L2121-12, "
    "L2121-13) : plus la séance approche, plus le changement peut être contesté."
)

POST_AGAIN = (
    "L’ordre du jour complémentaire part, et chaque membre en est averti. Affichez de nouveau la feuille de la porte : elle "
    "porte les points ajoutés (art.\u00a0L2121-10)."
)


def _screen(
    request: HttpRequest, template: str, title: str, page: Any, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"frame": frame_for(request, title), "title": title, "back": back_to(page), **more}
    return render(request, f"council/frozen/{template}.html", context, status=status)


def _item_managed(request: HttpRequest, page_id: int) -> AgendaItemPage:
    """A convened item of a sitting that the person manages. Raises Http404, Denied."""
    page = page_for(request, page_id)
    if not isinstance(page, AgendaItemPage) or queries.of_item(page) is None:
        raise Http404
    sitting_for(request, page.get_parent().pk, "publish")
    return page


def _warning(sitting: SittingPage) -> str:
    return IN_TIME if convening.law_of(sitting).notes else ""


# For who reads the item.


@require_GET
@signed_in
def file(request: HttpRequest, page_id: int, paper_id: int) -> HttpResponseBase:
    """A frozen annex, replaced since or not: for who reads the item."""
    page = page_for(request, page_id)
    paper = get_object_or_404(
        FrozenPaper.objects.exclude(version=None).select_related("version__document"), pk=paper_id, place__item=page.pk
    )
    assert paper.version is not None
    passages.note_file(viewer_of(request), paper.version.document, door=request.path)
    return serve_version(request, paper.version)


@require_GET
@signed_in
def change(request: HttpRequest, page_id: int, change_id: int) -> HttpResponse:
    """« Pièce remplacée », « Texte corrigé » : what changed, for who reads the item."""
    page = page_for(request, page_id)
    found = get_object_or_404(PaperChange.objects.exclude(sent_at=None), pk=change_id, place__item=page.pk)
    row = get_object_or_404(found.papers.select_related("replaces__place", "place"))
    assert row.replaces is not None
    of_file = row.kind == FrozenPaper.Kind.ANNEX
    changes = (differences.of_file if of_file else differences.of_text)(row.replaces, row)
    added, removed = differences.counted(changes)
    return _screen(
        request,
        "change",
        queries.said_of(found),
        page,
        reason=found.reason,
        sent=moment(queries.moment_of(found)),
        files=[differences.facts(one) for one in (row.replaces, row)] if of_file else [],
        changes=changes,
        inline=True,
        added=count(added, "mot ajouté", "mots ajoutés"),
        removed=count(removed, "mot retiré", "mots retirés"),
    )


# A piece, a text.


@require_http_methods(["GET", "POST"])
@signed_in
def replace(request: HttpRequest, page_id: int, paper_id: int) -> HttpResponse:
    """« Remplacer cette pièce »."""
    item = _item_managed(request, page_id)
    paper = get_object_or_404(FrozenPaper.objects.exclude(version=None), pk=paper_id, place__item=item.pk)
    form = ReplaceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        deed = partial(
            operations.replace_piece,
            paper=paper,
            file=upload,
            file_name=upload.name,
            reason=form.cleaned_data["reason"],
            by=viewer_of(request).user,
        )
        if done(form, deed):
            messages.success(request, "La pièce est remplacée, et chaque membre en est averti.")
            return redirect("page", page_id=item.pk)
    return _screen(
        request,
        "replace",
        f"Remplacer « {paper.content['title']} »",
        item,
        form=form,
        now=differences.facts(paper),
        warning=_warning(paper.sitting),
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@signed_in
def correction(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Corriger le texte » : open the editor again, then send the correction, or drop it."""
    item, by = _item_managed(request, page_id), viewer_of(request).user
    frozen = queries.of_item(item)
    assert frozen is not None
    found = queries.open_correction(frozen.place)
    form = ReasonForm(request.POST if request.POST.get("deed") == "send" else None)
    sentence = ""
    if request.method == "POST":
        sentence = _correct(request.POST.get("deed", ""), item, found, form, by)
        if not sentence and not form.errors:
            return redirect("page" if found else "correct_item", item.pk)
    draft: Any = item.get_latest_revision_as_object()
    written = found is not None and item.latest_revision_id != frozen.place.convened_revision_id
    changes = differences.with_draft(frozen.item, draft) if written else []
    return _screen(
        request,
        "correction",
        f"Corriger le texte de « {frozen.title} »",
        item,
        form=form,
        sentence=sentence,
        opened=found is not None,
        changes=changes,
        inline=True,
        edit_url=f"/admin/pages/{item.pk}/edit/",
        warning=_warning(frozen.place.sitting),
        status=422 if sentence or form.errors else 200,
    )


def _correct(deed: str, item: AgendaItemPage, found: PaperChange | None, form: ReasonForm, by: User) -> str:
    """One of the three gestures; why it is refused, or ""."""
    if found is None:
        return refusal_of(lambda: operations.open_correction(item=item, by=by))
    if deed == "drop":
        return refusal_of(lambda: operations.drop_correction(change=found, by=by))
    if not form.is_valid():
        return ""
    return refusal_of(lambda: operations.send_correction(change=found, reason=form.cleaned_data["reason"], by=by))


# Items added in time.


@require_http_methods(["GET", "POST"])
@signed_in
def addition(request: HttpRequest, page_id: int) -> HttpResponse:
    """« Ordre du jour complémentaire » : opened, its items placed, signed, sent; for who manages and for who signs."""
    sitting, viewer = sitting_for(request, page_id, "view"), viewer_of(request)
    can = abilities(viewer, sitting)
    manages, signs = can["publish"], can["read_draft"] and convening.signs_for(sitting, viewer.user) is not None
    found = queries.open_addition(sitting)
    if not manages and not (signs and found):
        raise Denied("Seuls les responsables de la séance complètent son ordre du jour.")
    forms = _forms(request, sitting, found)
    sentence = ""
    if request.method == "POST":
        deed = request.POST.get("deed", "")
        sentence = _add(deed, sitting, found, forms, viewer.user)
        if not sentence and not any(form.errors for form in forms.values()):
            if deed == "send":
                messages.success(request, POST_AGAIN)
            return redirect("page" if deed in {"send", "drop"} else "complete_agenda", sitting.pk)
    return _screen(
        request,
        "addition",
        "Ordre du jour complémentaire",
        sitting,
        sentence=sentence,
        manages=manages,
        signs=signs,
        status=422 if request.method == "POST" else 200,
        forms=forms,
        **_stands(viewer, sitting, found),
    )


def _forms(request: HttpRequest, sitting: SittingPage, found: PaperChange | None) -> dict[str, Any]:
    """The form of each gesture, filled by the one that was posted."""
    deed = request.POST.get("deed", "")

    def posted(name: str) -> Any:
        return request.POST if deed == name else None

    if found is None:
        return {"open": ReasonForm(posted("open"))}
    added, taken = adding.added(sitting), adding.taken(sitting)
    names = adding.known_as(viewer_of(request), added)
    return {
        "number": NumbersForm(posted("number"), added=added, names=names, taken=taken),
        "paper": SignatureForm(posted("paper"), sitting=sitting),
    }


def _add(deed: str, sitting: SittingPage, found: PaperChange | None, forms: dict[str, Any], by: User) -> str:
    """One gesture; why it is refused, or "". A form that is wrong says so itself."""
    form: Any = forms.get(deed)
    if form is not None and not form.is_valid():
        return ""
    if found is None:
        if deed != "open":
            raise Http404
        reason = forms["open"].cleaned_data["reason"]
        return refusal_of(lambda: operations.open_addition(sitting=sitting, reason=reason, by=by))
    gestures: dict[str, Callable[[], Any]] = {
        "number": lambda: operations.number_added(sitting=sitting, chosen=form.chosen, by=by),
        "sign": lambda: operations.sign_addition(change=found, by=by),
        "paper": lambda: operations.record_addition_signature(change=found, by=by, **form.cleaned_data),
        "send": lambda: operations.send_addition(change=found, by=by),
        "drop": lambda: operations.drop_addition(change=found, by=by),
    }
    if deed not in gestures:
        raise Http404
    return refusal_of(gestures[deed])


def _stands(viewer: Viewer, sitting: SittingPage, found: PaperChange | None) -> dict[str, Any]:
    """Where the ordre du jour complémentaire stands, its items in their circuit too."""
    due, article = adding.last_day(sitting)
    signature = found.signature if found else None
    return {
        "opened": found is not None,
        "reason": found.reason if found else "",
        "left": f"Un point ajouté doit partir le {day(due)} au plus tard (art.{NBSP}{article})." if due else "",
        "late": due is not None and timezone.localdate() > due,
        "added": _added_lines(viewer, sitting) if found else [],
        "not_through": items.not_through(viewer, sitting) if found else [],
        "signature": convening.signature_line(signature) if signature else "",
        "signed": signature is not None and signature.agenda_hash == adding.signed_hash(sitting),
        "write_url": f"/nouvelle/{sitting.pk}/",
    }


def _added_lines(viewer: Viewer, sitting: SittingPage) -> list[dict[str, str]]:
    """The items being added, and where each stands in its circuit."""
    added = adding.added(sitting)
    names, known = adding.known_as(viewer, added), [row.item for row in added if viewer.knows(row.item_id)]
    circuits, urls = items.standings(viewer, known), {item.pk: f"/p/{item.pk}/" for item in known}
    return [
        {
            "title": names[row.item_id],
            "number": row.number,
            "url": urls.get(row.item_id, ""),
            "stands": circuits.get(row.item_id, {}).get("words", ""),
        }
        for row in added
    ]


# Who received what.


def _followed(request: HttpRequest, page_id: int) -> SittingPage:
    """A sitting that the person manages. Raises Http404, Denied."""
    return sitting_for(request, page_id, "publish")


@require_GET
@signed_in
def dispatches(request: HttpRequest, page_id: int, change_id: int) -> HttpResponse:
    """Each councillor's copy of a change, and where it stands."""
    sitting = _followed(request, page_id)
    sent = sitting.changes.exclude(sent_at=None).select_related("place", "sitting")
    found = get_object_or_404(sent.prefetch_related("dispatches__mandate", "dispatches__mail"), pk=change_id)
    number, reads = f", point {found.place.number}" if found.place else "", _reads(request, found)
    return _screen(
        request,
        "dispatches",
        f"{queries.said_of(found)}{number}",
        sitting,
        reason=found.reason if reads else "",
        rows=following.lines(found),
        papers=[{"code": str(code), "label": papers.title_of(found, code)} for code in papers.codes_of(found) if reads],
        url=(f"/p/{found.place.item_id}/changements/{found.pk}/" if reads else "")
        if found.place
        else f"/p/{sitting.pk}/#ordre-du-jour",
    )


def _reads(request: HttpRequest, change: PaperChange) -> bool:
    """Whether the person reads all the items that changed: they are followed by their numbers otherwise."""
    changed = change.papers.exclude(place=None).values_list("place__item", flat=True)
    return all(map(viewer_of(request).knows, changed))


@never_cache
@require_GET
@signed_in
def paper(request: HttpRequest, page_id: int, change_id: int, paper: str) -> HttpResponse:
    """What travels with a change, to be printed for who has no address."""
    sitting = _followed(request, page_id)
    found = get_object_or_404(sitting.changes.exclude(sent_at=None).select_related("sitting__instance"), pk=change_id)
    if not _reads(request, found):
        raise Http404
    try:
        row = next((one for one in papers.travelling_with(found) if one.code == paper), None)
    except PdfUnavailable as missing:
        messages.error(request, str(missing))
        return redirect("change_dispatches", page_id=sitting.pk, change_id=found.pk)
    if row is None:
        raise Http404
    return file_answer(bytes(row.data), f"{paper}.pdf")


@require_http_methods(["GET", "POST"])
@signed_in
def delivery(request: HttpRequest, page_id: int, dispatch_id: int) -> HttpResponse:
    """« Noter une remise en main propre »."""
    form = DeliveryForm(request.POST or None)
    return _note(request, page_id, dispatch_id, form, convening_deeds.note_delivery, "Remise en main propre")


@require_http_methods(["GET", "POST"])
@signed_in
def bounce(request: HttpRequest, page_id: int, dispatch_id: int) -> HttpResponse:
    """« Noter un courriel revenu »."""
    form = BounceForm(request.POST or None)
    return _note(request, page_id, dispatch_id, form, convening_deeds.note_bounce, "Courriel revenu")


def _note(
    request: HttpRequest, page_id: int, dispatch_id: int, form: Any, deed: Callable[..., Any], what: str
) -> HttpResponse:
    sitting = _followed(request, page_id)
    copies = Dispatch.objects.select_related("mandate", "change__sitting")
    found = get_object_or_404(copies, pk=dispatch_id, change__sitting=sitting.pk)
    address = f"/p/{sitting.pk}/changements/{found.change_id}/envois/"
    return note_of(request, found, form, deed, what, {"url": address, "title": queries.said_of(found.change)})
