"""Forms: another sitting, a row of the yearly plan."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import make_aware

from council.agenda.models import AgendaItemPage
from council.items.models import YearlyItem
from council.members.forms import DayField


class DuplicateForm(forms.Form):
    """When and where, and which of the items that come back."""

    day = DayField(label="Jour de la nouvelle séance")
    hour = forms.TimeField(label="Heure", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    place = forms.CharField(label="Lieu", max_length=160, required=False)
    items = forms.MultipleChoiceField(
        label="Points repris, sans leur texte",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, offered: list[AgendaItemPage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not offered:
            del self.fields["items"]
            return
        self.fields["items"].choices = [(str(item.pk), item.title) for item in offered]  # type: ignore[attr-defined]
        self.fields["items"].initial = [str(item.pk) for item in offered if item.comes_back]

    @property
    def starts_at(self) -> datetime:
        """The moment, in the town's time."""
        return make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))


class PlannedForm(forms.ModelForm):
    """A row of the plan."""

    since = DayField(label="Depuis le", required=False)
    until = DayField(
        label="Jusqu’au",
        required=False,
        help_text="Pour un point qui ne revient plus : il reste écrit, et n’est plus proposé.",
    )

    class Meta:
        model = YearlyItem
        fields = ("month", "title", "item_kind", "matter", "article", "concerns_money", "since", "until")
