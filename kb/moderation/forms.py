"""Forms: submitting, deciding, a circuit, an absence."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.timezone import make_aware

from kb.access.queries import known_people
from kb.moderation.models import Preset
from kb.people.models import User
from kb.permissions import Viewer


class SubmitForm(forms.Form):
    """« Ce qui change » and « Prévenir »."""

    why = forms.CharField(
        label="Ce qui change",
        required=False,
        max_length=200,
        help_text="Une ligne, pour qui relit et pour l’historique. Par exemple : « montants de l’avenant n° 2 ».",
    )
    announce = forms.BooleanField(label="Prévenir les personnes qui suivent cette page", required=False)


class DecisionForm(forms.Form):
    """What a reviewer decides of one draft: `deed` is approve or changes."""

    deed = forms.ChoiceField(choices=[("approve", ""), ("changes", "")])
    seen = forms.CharField(max_length=200)
    words = forms.CharField(required=False, max_length=1000)
    when = forms.ChoiceField(choices=[("now", ""), ("at", ""), ("", "")], required=False)
    day = forms.DateField(required=False)
    hour = forms.TimeField(required=False)
    until = forms.DateField(required=False)

    @property
    def at(self) -> datetime | None:
        """When to publish; None for now. Raises ValidationError where « à une heure » has none."""
        data = self.cleaned_data
        if data.get("when") != "at":
            return None
        if not data.get("day") or not data.get("hour"):
            raise forms.ValidationError("Donnez le jour et l’heure de la publication.")
        return make_aware(datetime.combine(data["day"], data["hour"]))

    @property
    def leaves(self) -> datetime | None:
        """The end of the page's last day before its readers."""
        last = self.cleaned_data.get("until")
        return make_aware(datetime.combine(last, datetime.max.time().replace(microsecond=0))) if last else None


class CircuitForm(forms.Form):
    """The circuit of a page and of all below it."""

    preset = forms.ChoiceField(label="Circuit", required=False)

    def __init__(self, *args: Any, is_town: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inherited = [] if is_town else [("", "Le même que la page au-dessus")]
        self.fields["preset"].choices = [*inherited, *Preset.choices]  # type: ignore[attr-defined]


class AbsenceForm(forms.Form):
    """Until when, and who takes the steps meanwhile."""

    until = forms.DateField(
        label="Absent jusqu’au (inclus)", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    deputy = forms.ModelChoiceField(
        label="Suppléant",
        queryset=User.objects.none(),
        required=False,
        empty_label="Personne",
        help_text="Il relit et approuve à votre place ce qu’il peut déjà lire, jusqu’à ce jour. Les branches en accès "
        "réservé ne lui sont pas ouvertes. Sans suppléant, vos étapes reviennent aux responsables.",
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = known_people(viewer).exclude(pk=viewer.user.pk)  # type: ignore[attr-defined]
        self.fields["until"].initial = timezone.localdate()
