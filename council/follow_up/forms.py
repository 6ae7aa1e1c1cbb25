"""Forms of the follow-up."""

from typing import Any

from django import forms
from django.utils import timezone

from council.follow_up.models import FollowUp, Task
from council.members.forms import DayField
from kb.access.queries import known_people
from kb.permissions import Viewer


class TaskForm(forms.ModelForm):
    """Who does what by when."""

    due = DayField(label="Pour le")

    class Meta:
        model = Task
        fields = ("what", "owner", "service", "due")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = known_people(viewer)  # type: ignore[attr-defined]


class DoneForm(forms.Form):
    """What was done."""

    on = DayField(label="Fait le", initial=timezone.localdate)
    words = forms.CharField(label="Ce qui a été fait", max_length=300, required=False)


class FollowUpForm(forms.ModelForm):
    """Money, contract, where it stands."""

    class Meta:
        model = FollowUp
        fields = ("amount", "budget_year", "budget_name", "contract", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "budget_name": "« Budget principal », « Budget annexe de l’eau » : repris dans les données ouvertes."
        }
