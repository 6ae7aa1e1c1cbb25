"""« Envoyer le lien », « Demander l’accès », and the responsables’ answers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.models import Page

from kb import permissions, typography
from kb.documents.models import Document
from kb.notices.models import Notice
from kb.pages.addresses import NoSuchPage, page_at
from kb.pages.frame import frame_for
from kb.pages.presentation import line_of
from kb.pages.views import page_for, signed_in
from kb.permissions import viewer_of
from kb.sharing import operations, queries
from kb.sharing.forms import USUAL_END, AnswerForm, AskForm, SendForm
from kb.sharing.models import AccessRequest, Answer


@require_http_methods(["GET", "POST"])
@signed_in
def send_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Passes on the address of a page: to whom, whether he may read it, then one mail."""
    page = page_for(request, page_id)
    manages = permissions.abilities(viewer_of(request), page)["manage_access"]
    return _send(request, page=page, gives_rights=manages)


@require_http_methods(["GET", "POST"])
@signed_in
def send_document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Passes on the stable address of a file."""
    document = get_object_or_404(permissions.readable_documents(viewer_of(request).user), pk=document_id)
    return _send(request, document=document, gives_rights=False)


def _send(
    request: HttpRequest, *, gives_rights: bool, page: Page | None = None, document: Document | None = None
) -> HttpResponse:
    form = SendForm(request.POST or None, viewer=viewer_of(request), gives_rights=gives_rights)
    context: dict[str, Any] = _about(request, page, document) | {"form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "kb/sharing/send.html", context, status=422 if form.is_bound else 200)
    words = form.cleaned_data["words"]
    to, by, deed = form.cleaned_data["to"], viewer_of(request).user, request.POST.get("deed", "")
    try:
        if deed == "give" and gives_rights and page is not None:
            until = timezone.localdate() + USUAL_END
            told = operations.give_and_send(page=page, to=to, by=by, until=until, words=words)
            messages.success(request, f"{to} peut lire la page. {_how(told)}")
            return redirect(context["thing"]["url"])
        if deed == "ask" and page is not None:
            operations.ask(page=page, person=to, why=words[:300], passed_on_by=by)
            messages.success(request, f"Les responsables de la page ont reçu la demande d’accès pour {to}.")
            return redirect(context["thing"]["url"])
        if deed:
            told = operations.send_link(to=to, by=by, page=page, document=document, words=words)
            messages.success(request, _how(told))
            return redirect(context["thing"]["url"])
    except operations.Refused as refused:
        messages.error(request, str(refused))
        return render(request, "kb/sharing/send.html", context, status=422)
    return render(request, "kb/sharing/send_check.html", context | _check(request, to, page, document, gives_rights))


def _how(told: Notice) -> str:
    """By mail; or in the journal alone, for who gets few mails."""
    if told.mail_id:
        return f"Le lien est envoyé à {told.person}, à l’adresse {told.person.email}."
    return (
        f"Le lien est dans le journal de {told.person}, pas dans un courriel : cette personne en reçoit peu. "
        "Si c’est pressé, appelez-la."
    )


def _about(request: HttpRequest, page: Page | None, document: Document | None) -> dict[str, Any]:
    """The thing sent, as the templates print it."""
    if page is not None:
        address = f"/p/{page.pk}/"
        thing = {"title": page.title, "url": address, "kind": "page", "send_url": f"{address}envoyer/"}
    else:
        assert document is not None
        thing = {
            "title": document.title,
            "url": reverse("document_sheet", args=[document.pk]),
            "kind": "document",
            "send_url": reverse("send_document", args=[document.pk]),
        }
    return {"frame": frame_for(request, f"Envoyer « {thing['title']} »"), "thing": thing}


def _check(
    request: HttpRequest, to: Any, page: Page | None, document: Document | None, gives_rights: bool
) -> dict[str, Any]:
    """Whether the person may read it, and what can be done where he may not."""
    viewer = viewer_of(request)
    may = queries.reads(to, page=page, document=document)
    carriers = queries.pages_that_carry(document, viewer) if document and not may else []
    return {
        "to": {"name": str(to), "email": to.email or "", "may": may},
        "again": [(name, value) for name, value in request.POST.items() if name not in {"csrfmiddlewaretoken", "deed"}],
        "gives_rights": gives_rights and not may,
        "asks": page is not None and not gives_rights and not may and page.live,
        "until": typography.day(timezone.localdate() + USUAL_END),
        "carriers": [{**line_of(viewer, node), "send_url": f"/p/{node.id}/envoyer/"} for node in carriers],
    }


@require_http_methods(["GET", "POST"])
@signed_in
def ask(request: HttpRequest) -> HttpResponse:
    """Asks for the access to an address that did not open. The answer is the same whatever is behind it."""
    form = AskForm(request.POST or None, initial={"address": request.GET.get("adresse", "")[:500]})
    if request.method == "POST" and form.is_valid():
        try:
            page = page_at(form.cleaned_data["address"])
        except NoSuchPage:
            page = None
        try:
            if page is not None:
                operations.ask(page=page, person=viewer_of(request).user, why=form.cleaned_data["why"])
        except operations.Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request,
                "Si l’accès à cette page peut être demandé, ses responsables ont reçu votre demande, et leur réponse "
                "vous viendra par courriel. Sans réponse, voyez avec la personne qui vous a donné cette adresse.",
            )
            return redirect("/")
    context = {"frame": frame_for(request, "Demander l’accès à une page"), "form": form}
    return render(request, "kb/sharing/ask.html", context, status=422 if form.is_bound else 200)


@require_GET
@signed_in
def requests(request: HttpRequest) -> HttpResponse:
    """The requests that wait for the person's answer."""
    waiting = queries.waiting_for(viewer_of(request))
    context = {
        "frame": frame_for(request, "Demandes d’accès"),
        "rows": [{**_row(one), "url": reverse("access_request", args=[one.pk])} for one in waiting],
    }
    return render(request, "kb/sharing/requests.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: given in one click, through a day, or refused."""
    asked = get_object_or_404(AccessRequest.objects.select_related("page", "person", "passed_on_by"), pk=request_id)
    if not permissions.abilities(viewer_of(request), asked.page)["manage_access"]:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _answered(request, asked, form.cleaned_data):
        return redirect("access_requests")
    context = {
        "frame": frame_for(request, f"Demande de {asked.person}"),
        "row": _row(asked),
        "waits": asked.answer == Answer.WAITING,
        "outcome": _outcome(asked),
        "form": form,
    }
    return render(request, "kb/sharing/answer.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, asked: AccessRequest, data: dict[str, Any]) -> bool:
    by = viewer_of(request).user
    try:
        if request.POST.get("deed") == "give":
            operations.give(request=asked, by=by, **data)
            messages.success(request, f"{asked.person} a maintenant accès à « {asked.page.title} ».")
        else:
            operations.refuse(request=asked, by=by, words=data["words"])
            messages.success(request, f"La demande de {asked.person} est refusée.")
    except operations.Refused as refused:
        messages.error(request, str(refused))
        return False
    return True


def _row(asked: AccessRequest) -> dict[str, str]:
    passed_on = f", transmise par {asked.passed_on_by}" if asked.passed_on_by else ""
    return {
        "person": str(asked.person),
        "office": asked.person.office,
        "page": asked.page.title,
        "page_url": f"/p/{asked.page_id}/",
        "why": asked.why,
        "when": f"Demande du {typography.moment(asked.asked_at)}{passed_on}",
    }


def _outcome(asked: AccessRequest) -> str:
    if asked.answered_at is None:
        return ""
    words = "accordée" if asked.answer == Answer.GIVEN else "refusée"
    return f"Demande {words} par {asked.answered_by}, le {typography.moment(asked.answered_at)}."
