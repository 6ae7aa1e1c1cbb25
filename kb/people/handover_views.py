"""« Passation »: what a leaving person holds, to whom it goes, then the deed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from kb import typography
from kb.access.forms import LastDayField
from kb.pages.frame import frame_for
from kb.pages.views import signed_in
from kb.people.handover import Held, hand_over, held_by
from kb.people.models import User
from kb.permissions import viewer_of
from kb.refusals import Refused


class HandoverForm(forms.Form):
    """To whom, through when, which groups."""

    to = forms.ModelChoiceField(label="Qui reprend", queryset=User.objects.none(), empty_label="Choisissez")
    until = LastDayField()
    groups = forms.ModelMultipleChoiceField(
        label="Groupes que cette personne rejoint",
        queryset=Group.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, leaver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.filter(is_active=True).exclude(pk=leaver.pk).order_by("last_name", "first_name")
        self.fields["to"].queryset = others  # type: ignore[attr-defined]
        self.fields["until"].help_text = "Dernier jour des droits repris. Vide : chacun garde la date qu’il a."
        self.fields["groups"].queryset = leaver.groups.order_by("name")  # type: ignore[attr-defined]
        if not leaver.groups.exists():
            del self.fields["groups"]


@require_http_methods(["GET", "POST"])
@signed_in
def handover(request: HttpRequest, person_id: int) -> HttpResponse:
    """For administrators."""
    if not viewer_of(request).passes:
        raise Http404
    leaver = get_object_or_404(User, pk=person_id, is_active=True)
    form = HandoverForm(request.POST or None, leaver=leaver)
    if request.method == "POST" and form.is_valid() and _done(request, leaver, form):
        return redirect("yearly_review")
    context = {
        "frame": frame_for(request, f"Passation de {leaver}"),
        "leaver": {"name": str(leaver), "office": leaver.office},
        "held": _lines(held_by(leaver)),
        "form": form,
    }
    return render(request, "kb/people/handover.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, leaver: User, form: HandoverForm) -> bool:
    data = form.cleaned_data
    try:
        held = hand_over(
            leaver=leaver, to=data["to"], by=viewer_of(request).user, until=data["until"], groups=data.get("groups", ())
        )
    except (ValidationError, Refused) as refused:
        form.add_error(None, refused.messages[0] if isinstance(refused, ValidationError) else str(refused))
        return False
    lines = "; ".join(line["label"] for line in _lines(held) if line["titles"])
    messages.success(
        request, f"{data['to']} reprend ce que tenait {leaver} : {lines or 'rien'}. Le compte de {leaver} est fermé."
    )
    return True


def _lines(held: Held) -> list[dict[str, Any]]:
    """What is handed over, counted and named."""
    return [
        {"label": typography.count(len(held.pages), "page"), "titles": [page.title for page in held.pages]},
        {
            "label": f"{typography.count(len(held.projects), 'projet')} (équipe, étapes à faire)",
            "titles": [project.title for project in held.projects],
        },
        {
            "label": typography.count(len(held.grants), "droit"),
            "titles": [f"{grant.get_role_display()} sur « {grant.page.title} »" for grant in held.grants],
        },
    ]
