"""Entering by a button. GET only shows a page (mail scanners open every link); a POST enters.

Three screens: the button's own, the code, and the address of who has lost his mail. None is cached: an address is a key.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kb import typography
from kb.buttons import operations, queries, sessions, tokens
from kb.buttons.models import PersonalButton, SignInCode
from kb.pages.frame import frame_for
from kb.pages.homes import TOWN, home_of
from kb.pages.views import signed_in
from kb.people.models import Town
from kb.permissions import Viewer, viewer_of

ASKED = "button_asked"  # the key of the session: the button whose code is being typed
STAYS = "button_stays"
UNKNOWN = "Cette adresse n’ouvre rien. Elle est peut-être coupée : ouvrez-la depuis le courriel, d’un seul geste."
OVER = "Ce bouton ne sert plus. Demandez un code à la place : il arrive dans votre boîte aux lettres."
WRONG = "Ce code n’est pas le bon, ou ne sert plus. Vérifiez les six chiffres du dernier courriel reçu, ou demandez-en un autre."
SENT = (
    "Si cette adresse est celle d’une personne qui a un bouton, un code vient de lui être envoyé. Il sert 15 minutes."
)


class AddressForm(forms.Form):
    """Where to send a code."""

    address = forms.EmailField(
        label="Votre adresse e-mail",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
        error_messages={"invalid": "Écrivez l’adresse en entier : nom@exemple.fr."},
    )


class CodeForm(forms.Form):
    """Six digits."""

    digits = forms.CharField(
        label="Les six chiffres reçus par courriel",
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def button(request: HttpRequest, token: str) -> HttpResponse:
    """« Bonjour Sylvie Roussillon »: what the button opens, and the one gesture that enters."""
    found = tokens.button_of(token)
    if found is None:
        return _nothing(request, UNKNOWN)
    if request.method == "POST":
        return _pressed(request, found)
    if not found.works:
        return _nothing(request, OVER)
    context = {
        "frame": frame_for(request, "Entrer"),
        "person": str(found.person),
        "opens": found.opens,
        "sent_line": typography.day(found.made_at),
        "until_line": _last_moment(found.until) if found.until else "",
        "town_phone": Town.current().phone,
    }
    return render(request, "kb/buttons/button.html", context)


def _last_moment(until: datetime) -> str:
    """What ends as a day begins ends, for everybody, with the day before."""
    begins = timezone.localtime(until)
    if begins.time() == time.min:
        return typography.day(begins.date() - timedelta(days=1))
    return typography.moment(until)


def _pressed(request: HttpRequest, found: PersonalButton) -> HttpResponse:
    key, stays = sessions.device_key(request), bool(request.POST.get("reste"))
    entry = operations.press(button=found, device_key=key)
    if entry.entered:
        return _in(request, entry.button, key, stays=stays)
    if not entry.button.works:
        return _nothing(request, OVER)
    request.session[ASKED], request.session[STAYS] = found.pk, stays
    return redirect("enter_code")


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Who has lost his mail gives his address; the answer is the same whoever it is."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = queries.button_for_address(form.cleaned_data["address"])
        if found:
            operations.send_code(button=found)
        request.session[ASKED] = found.pk if found else 0
        messages.success(request, SENT)
        return redirect("enter_code")
    return _screen(request, "kb/buttons/address.html", "Entrer", form=form)


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The six digits. Asked of a device that is not known."""
    if ASKED not in request.session:
        return redirect("enter")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = PersonalButton.objects.select_related("person").filter(pk=request.session[ASKED]).first()
        key, stays = sessions.device_key(request), bool(request.session.get(STAYS))
        digits = form.cleaned_data["digits"]
        if found and operations.type_code(button=found, digits=digits, device_key=key):
            return _in(request, found, key, stays=stays)
        form.add_error("digits", WRONG)
    return _screen(request, "kb/buttons/code.html", "Votre code", form=form, shown=_shown_in_a_demo(request))


def _shown_in_a_demo(request: HttpRequest) -> str:
    """An invented commune sends no mail, and listens on loopback alone: its code is read on the screen."""
    if not Town.current().is_demo:
        return ""
    asked = SignInCode.objects.filter(button=request.session[ASKED]).order_by("-pk").first()
    return tokens.digits_of(asked) if asked and asked.works else ""


def _in(request: HttpRequest, found: PersonalButton, key: str, *, stays: bool) -> HttpResponse:
    """Signed in, where the button leads, or at home. A path is one of ours: nothing else may stand there."""
    sessions.enter(request, found, stays=stays)
    leads = found.path != TOWN and url_has_allowed_host_and_scheme(found.path, allowed_hosts=None)
    response = redirect(found.path if leads else home_of(Viewer(found.person)))
    sessions.remember(response, key)
    return response


def _nothing(request: HttpRequest, sentence: str) -> HttpResponse:
    return _screen(request, "kb/buttons/address.html", "Entrer", status=410, form=AddressForm(), sentence=sentence)


def _screen(request: HttpRequest, template: str, title: str, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"frame": frame_for(request, title), "town_phone": Town.current().phone, "sentence": "", **more}
    return render(request, template, context, status=status)


@require_POST
@signed_in
def forget_devices(request: HttpRequest) -> HttpResponse:
    """Every device where one has entered asks for a code again."""
    person = viewer_of(request).user
    operations.forget_devices(person=person, by=person)
    messages.success(request, "C’est fait : chaque appareil demandera un code.")
    return redirect("account")
