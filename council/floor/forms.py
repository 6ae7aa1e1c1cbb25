"""The form of a correction, after the closing."""

from typing import Any
from uuid import uuid4

from django import forms

from council.floor.models import SittingEvent
from council.floor.typed import TOTALS

LABELS = {
    "votes_for": "Voix pour", "votes_against": "Voix contre", "abstentions": "Abstentions", "blanks": "Blancs",
    "nulls": "Nuls",
}  # fmt: skip
BY_NAME = ("unanimous", "votes", "groups", "others")


class CorrectionForm(forms.Form):
    """Takes an event away, or gives a vote its true totals; always with a reason."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label="Raison", max_length=300, help_text="Elle reste avec la saisie corrigée.")
    what = forms.ChoiceField(label="Correction", choices=[("undo", "Retirer cette saisie")], widget=forms.RadioSelect)

    def __init__(self, *args: Any, event: SittingEvent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["id"].initial = uuid4()
        if self._is_counted():
            self.fields["what"].choices = [("with", "Rectifier les voix"), ("undo", "Retirer ce vote")]  # type: ignore[attr-defined]
            for name in TOTALS:
                self.fields[name] = forms.IntegerField(
                    label=LABELS[name], min_value=0, max_value=9999, required=False, initial=event.data.get(name)
                )
        else:
            self.fields["what"].initial = "undo"

    def _is_counted(self) -> bool:
        """A vote in totals, which may be rectified; names and candidates are taken back and noted again."""
        data = self.event.data
        return self.event.type == "ballot" and not data.get("open") and data.get("kind") != "appointment"

    def change(self) -> dict[str, Any]:
        """What the correction event carries."""
        if self.cleaned_data["what"] == "undo":
            return {"undo": True}
        totals = {name: self.cleaned_data.get(name) for name in TOTALS}
        return {"with": {**totals, **{name: None for name in BY_NAME if name in self.event.data}}}
