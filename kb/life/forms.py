"""The date of a page and who checks it; why it is archived."""

from typing import Any

from django import forms
from django.utils import timezone
from wagtail.models import Page

from kb.access.audience import people_on
from kb.people.models import User
from kb.permissions import Viewer

PERIODS = [
    ("", "Une seule fois"),
    ("3", "Tous les 3 mois"),
    ("6", "Tous les 6 mois"),
    ("12", "Tous les ans"),
    ("24", "Tous les 2 ans"),
]


class ReviewForm(forms.Form):
    """Before when, by whom, and then how often."""

    due = forms.DateField(
        label="À vérifier avant le",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    owner = forms.ModelChoiceField(
        label="Par qui",
        queryset=User.objects.none(),
        empty_label="Choisissez",
        help_text="Parmi qui lit cette page. La date lui est rappelée.",
    )
    every_months = forms.TypedChoiceField(
        label="Puis",
        choices=PERIODS,
        required=False,
        coerce=int,
        empty_value=None,
        help_text="Une fois vérifiée, la page reçoit sa prochaine date.",
    )

    def __init__(self, *args: Any, page: Page, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readers = [held.person.pk for held in people_on(page).values()]
        people = User.objects.filter(pk__in=[*readers, viewer.user.pk], is_active=True)
        self.fields["owner"].queryset = people.order_by("last_name", "first_name", "pk")  # type: ignore[attr-defined]

    def clean_due(self) -> Any:
        """Raises ValidationError for a day past."""
        due = self.cleaned_data["due"]
        if due < timezone.localdate():
            raise forms.ValidationError("Cette date est passée : donnez une date à venir.")
        return due


class ArchiveForm(forms.Form):
    """Why a page only serves as a memory."""

    why = forms.CharField(
        label="Pourquoi",
        max_length=200,
        help_text="Une ligne, que ses lecteurs verront. Par exemple : « chantier livré en 2024 ».",
        error_messages={"required": "Dites en une ligne pourquoi cette page est archivée."},
    )
