"""The form of a correction, after the closing."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.utils import timezone

from council.floor.models import SittingEvent
from council.floor.typed import TOTALS

LABELS = {
    "votes_for": "Voix pour", "votes_against": "Voix contre", "abstentions": "Abstentions", "blanks": "Blancs",
    "nulls": "Nuls",
}  # fmt: skip
ADDED = {"arrive": "Une arrivée", "leave": "Un départ", "return": "Un retour"}
BY_NAME = ("unanimous", "votes", "groups", "others")


class CorrectionForm(forms.Form):
    """Takes an event away, gives a vote its true totals, or adds who came and went just after it; always with a reason."""

    reason = forms.CharField(label="Raison", max_length=300, help_text="Elle reste avec la saisie corrigée.")
    what = forms.ChoiceField(label="Correction", widget=forms.RadioSelect)
    added = forms.ChoiceField(label="Ce qui a été oublié", required=False)
    member = forms.ChoiceField(label="De qui", required=False)

    def __init__(
        self,
        *args: Any,
        event: SittingEvent,
        counted: Mapping[str, Any],
        members: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        choices = [("undo", "Retirer cette saisie"), ("add", "Ajouter juste après une arrivée ou un départ oublié")]
        if self._is_counted():
            choices.insert(0, ("with", "Rectifier les voix"))
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
        self.fields["added"].choices = list(ADDED.items())  # type: ignore[attr-defined]
        self.fields["member"].choices = [("", ""), *members]  # type: ignore[attr-defined]
        if self._is_counted():
            for name in TOTALS:
                self.fields[name] = forms.IntegerField(
                    label=LABELS[name], min_value=0, max_value=9999, required=False, initial=counted.get(name)
                )
        self.order_fields(["what", *TOTALS, "added", "member", "reason"])

    def _is_counted(self) -> bool:
        """A vote in totals, which may be rectified; names and candidates are taken back and noted again."""
        data = self.event.data
        return self.event.type == "ballot" and not data.get("open") and data.get("kind") != "appointment"

    def clean(self) -> dict[str, Any]:
        """What is added is somebody's."""
        data = super().clean() or {}
        if data.get("what") == "add" and not data.get("member"):
            self.add_error("member", "Choisissez de qui il s’agit.")
        return data

    def id(self) -> UUID:
        """Of the correction: the same one sent twice is one."""
        return uuid5(self.event.pk, json.dumps([self.cleaned_data["reason"], self.change()], sort_keys=True))

    def change(self) -> dict[str, Any]:
        """What the correction event carries."""
        if self.cleaned_data["what"] == "undo":
            return {"undo": True}
        if self.cleaned_data["what"] == "add":
            at = timezone.localtime(self.event.at).isoformat()
            return {"add": {"type": self.cleaned_data["added"], "at": at, "members": [self.cleaned_data["member"]]}}
        totals = {name: self.cleaned_data.get(name) for name in TOTALS}
        return {"with": {**totals, **{name: None for name in BY_NAME if name in self.event.data}}}
