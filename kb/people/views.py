"""Signing in, and one's own account."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_http_methods

from kb.buttons import queries as buttons
from kb.pages.frame import frame_for, town_facts
from kb.pages.views import signed_in
from kb.people.models import Town, User
from kb.permissions import viewer_of


class SignInForm(AuthenticationForm):
    """E-mail and password."""

    username = forms.CharField(
        label="Adresse e-mail ou identifiant",
        widget=forms.TextInput(attrs={"autocomplete": "username", "inputmode": "email", "autofocus": True}),
    )
    error_messages = {
        "invalid_login": "Cet identifiant et ce mot de passe ne vont pas ensemble. "
        "Vérifiez-les, ou demandez un nouveau mot de passe à l’administrateur du site.",
        "inactive": "Ce compte est fermé.",
    }


class SignIn(auth.LoginView):
    """Signing in by password."""

    template_name = "kb/people/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the frame and the town hall's telephone."""
        return super().get_context_data(
            frame=frame_for(self.request, "Connexion"),
            town_phone=Town.current().phone,
            town_name=town_facts()["town_name"],
            **kwargs,
        )


def to_our_sign_in(request: HttpRequest) -> HttpResponse:
    """Wagtail's own sign-in address leads to ours, and from there where one was going."""
    query = request.GET.urlencode()
    return redirect(f"{reverse('sign_in')}?{query}" if query else reverse("sign_in"))


def forgotten_password(request: HttpRequest) -> HttpResponse:
    """No password is drawn by mail here: the sentence that says who gives another one."""
    return render(request, "kb/people/forgotten_password.html")


class AccountForm(forms.ModelForm[User]):
    """What a person may say of himself."""

    class Meta:
        model = User
        fields = ("first_name", "last_name", "office")


@require_http_methods(["GET", "POST"])
@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    form = AccountForm(request.POST or None, instance=User.objects.get(pk=viewer_of(request).user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Votre compte est à jour.")
        return redirect("account")
    context = {
        "frame": frame_for(request, "Mon compte"),
        "form": form,
        "groups": [group.name for group in form.instance.groups.order_by("name")],
        "has_password": form.instance.has_usable_password(),
        "entries": buttons.entries_of(form.instance),
        "devices": buttons.devices_line(form.instance),
    }
    return render(request, "kb/people/account.html", context)


class ChangePassword(auth.PasswordChangeView):
    """A new password; other devices are signed out."""

    template_name = "kb/people/change_password.html"
    success_url = reverse_lazy("account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the frame."""
        return super().get_context_data(frame=frame_for(self.request, "Changer de mot de passe"), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Says it is done."""
        messages.success(self.request, "Votre mot de passe est changé.")
        return super().form_valid(form)
