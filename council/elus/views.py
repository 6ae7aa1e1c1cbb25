"""The élu's own screens: his home, and how he is sent what convenes him."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from council.convening import operations as convening
from council.convening import queries as convocations
from council.convening.forms import AskedSendingForm, SendingForm
from council.convening.models import Sending
from council.elus import queries
from council.members.models import Mandate
from council.members.views import manages
from council.screens import COUNCIL, done
from kb.pages.frame import frame_for
from kb.pages.views import signed_in
from kb.permissions import Denied, viewer_of
from kb.refusals import Refused


def _own(request: HttpRequest) -> list[Mandate]:
    """The person's mandates in office. Raises Http404 (he has none), Denied (somebody looks with his eyes)."""
    viewer = viewer_of(request)
    mandates = queries.mandates_of(viewer.user)
    if not mandates:
        raise Http404
    if viewer.looker:
        raise Denied(f"Ceci ne regarde que {viewer.user}.")
    return mandates


@require_GET
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """« Bonjour Catherine »."""
    mandates = _own(request)
    board = queries.home(viewer_of(request), mandates, timezone.now())
    title = f"Bonjour {mandates[0].first_name}"
    return render(
        request, "council/elus/home.html", {"frame": frame_for(request, title), "title": title, "board": board}
    )


@require_http_methods(["GET", "POST"])
@signed_in
def sending(request: HttpRequest) -> HttpResponse:
    """« Mes envois » : the choice of the member himself, for each of his mandates."""
    mandates = _own(request)
    now = convocations.sendings(mandates)[mandates[0].pk]
    form = SendingForm(request.POST or None, initial={"sending": now})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                for mandate in mandates:
                    convening.choose_sending(
                        mandate=mandate, sending=Sending(form.cleaned_data["sending"]), by=viewer_of(request).user
                    )
        except Refused as refused:
            form.add_error("sending", str(refused))
        else:
            messages.success(request, "C’est noté, à partir de la prochaine convocation.")
            return redirect("elu_sending")
    lede = "Au choix, et vous pouvez en changer (art. L2121-10 du code général des collectivités territoriales)."
    back = {"url": "/elu/", "title": "Accueil"}
    return _choice(request, form, "Mes envois", lede, back, convocations.sending_lines(mandates[0]))


@require_http_methods(["GET", "POST"])
@signed_in
def note_sending(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """What a member asked for in writing, noted by the secretariat."""
    person = manages(request)
    mandate = get_object_or_404(Mandate.objects.select_related("account"), pk=mandate_id, since__isnull=False)
    now = convocations.sendings([mandate])[mandate.pk]
    form = AskedSendingForm(request.POST or None, initial={"sending": now})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        deed = partial(
            convening.note_sending,
            mandate=mandate,
            sending=Sending(told["sending"]),
            asked_on=told["asked_on"],
            proof=told["proof"],
            by=person,
        )
        if done(form, deed):
            messages.success(request, f"Le choix de {mandate} est noté, à partir de la prochaine convocation.")
            return redirect("council")
    lede = "Un membre est convoqué par courriel, ou sur papier s’il le demande (art. L2121-10)."
    return _choice(request, form, f"Envois à {mandate}", lede, COUNCIL, convocations.sending_lines(mandate))


def _choice(request: HttpRequest, form: Any, title: str, lede: str, back: Any, rows: Any) -> HttpResponse:
    context = {
        "frame": frame_for(request, title),
        "title": title,
        "form": form,
        "lede": lede,
        "back": back,
        "rows": rows,
    }
    return render(request, "council/elus/sending.html", context, status=422 if form.errors else 200)
