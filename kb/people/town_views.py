"""« Commune »: the town's telephone, address and emblem, for administrators; and the emblem, for whoever comes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kb.documents import storage
from kb.documents.views import serve
from kb.pages.frame import frame_for
from kb.pages.views import open_door, signed_in
from kb.people.emblem import MOST_BYTES, NotAnEmblem, emblem_of
from kb.people.models import Town
from kb.people.operations import change_town
from kb.permissions import Denied, viewer_of


class TownForm(forms.ModelForm[Town]):
    """What a town says of itself beside its name."""

    picture = forms.FileField(
        label="Emblème", required=False, help_text="PNG ou SVG, 300 Ko au plus. Vide : l’emblème ne change pas."
    )

    class Meta:
        model = Town
        fields = ("phone", "address")

    def clean_picture(self) -> tuple[bytes, str] | None:
        """What is kept of the emblem, and its type."""
        upload = self.cleaned_data.get("picture")
        if not upload:
            return None
        try:
            return emblem_of(upload.read(MOST_BYTES + 1))
        except NotAnEmblem as refused:
            raise forms.ValidationError(str(refused)) from refused


@require_http_methods(["GET", "POST"])
@signed_in
def town_settings(request: HttpRequest) -> HttpResponse:
    """The screen. Administrators only."""
    if not viewer_of(request).passes:
        raise Denied("Seul un administrateur règle la commune.")
    town = Town.current()
    form = TownForm(request.POST or None, request.FILES or None, instance=town)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        change_town(phone=data["phone"], address=data["address"], emblem=data["picture"], by=viewer_of(request).user)
        messages.success(request, "La commune est à jour.")
        return redirect("town_settings")
    home = viewer_of(request).tree.home
    context = {
        "frame": frame_for(request, "Commune"),
        "form": form,
        "town_name": town.name,
        "home_edit_url": f"/admin/pages/{home.id}/edit/" if home else "",
        "emblem_url": town.emblem_url,
    }
    return render(request, "kb/people/town.html", context)


@require_safe
@open_door
def emblem(request: HttpRequest) -> HttpResponseBase:
    """The emblem, on every screen, the entrance too: whoever comes knows whose site it is."""
    town = Town.current()
    if not town.emblem:
        raise Http404
    name = str(town.emblem.name)
    return serve(request, storage.images(), name, mime=town.emblem_mime, etag=f"emblem-{name[-24:]}")
