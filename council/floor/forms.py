"""The form of a correction, after the closing."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.utils import timezone

from council.floor.models import SittingEvent
from council.floor.typed import TOTALS
from council.members.forms import DayField
from council.participation.kinds import Form, ItemKind

LABELS = {
    "votes_for": "Voix pour", "votes_against": "Voix contre", "abstentions": "Abstentions", "blanks": "Blancs",
    "nulls": "Nuls",
}  # fmt: skip
ADDED = {
    "arrive": "Une arrivée", "leave": "Un départ", "return": "Un retour",
    "appoint_secretary": "La nomination du secrétaire de séance",
}  # fmt: skip
BY_NAME = ("unanimous", "votes", "groups", "others")
VOTES = (("for", "Pour"), ("against", "Contre"), ("abstention", "Abstention"))
APART = TOTALS[2:]  # of a round: abstentions, blanks, nulls
LAST_ROUND = 3  # where the oldest is elected on a tie


class CorrectionForm(forms.Form):
    """Takes an event away, gives a vote its true voices, or adds who came, went or was named secretary just after it; always with a reason.

    `counted` is the ballot that the event made, as it stands: in totals, by name where it was public, or a round.
    """

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
        self.event, self.counted, self.names = event, counted, dict(members)
        choices = [("undo", "Retirer cette saisie"), ("add", "Ajouter juste après ce qui a été oublié")]
        voices = self._voices()
        if voices:
            choices.insert(0, ("with", "Rectifier les voix"))
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
        self.fields["added"].choices = list(ADDED.items())  # type: ignore[attr-defined]
        self.fields["member"].choices = [("", ""), *members]  # type: ignore[attr-defined]
        self.fields.update(voices)
        self.order_fields(["what", *voices, "added", "member", "reason"])

    # What may be rectified: the fields of the voices, by the way they were given.

    def _voices(self) -> dict[str, forms.Field]:
        if self.event.type != "ballot" or not self.counted or self.event.data.get("read_out"):
            return {}
        if self.counted["kind"] == ItemKind.APPOINTMENT:
            return self._of_a_round()
        if self.counted["by_name"]:
            return {f"vote_{one}": self._vote(one, vote) for one, vote in self.counted["by_name"].items()}
        given = TOTALS if self.counted["ballot"] == Form.SECRET else TOTALS[:3]
        fields: dict[str, forms.Field] = {name: self._number(LABELS[name], self.counted.get(name)) for name in given}
        if self.counted["ballot"] == Form.ORDINARY:
            fields["president_votes"] = forms.ChoiceField(
                label="Voix du président, à égalité",
                required=False,
                choices=[("", ""), *VOTES],
                initial=self.event.data.get("president_votes"),
            )
        return fields

    def _of_a_round(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for place, (candidate, votes) in enumerate(self.counted["candidates"].items()):
            name = self._name(candidate)
            fields[f"candidate_{place}"] = self._number(f"Voix de {name}", votes)
            if self.counted["rounds"] >= LAST_ROUND and candidate in self.names:
                born = (self.event.data.get("born") or {}).get(candidate)
                fields[f"born_{place}"] = DayField(label=f"{name} : né le, à égalité", required=False, initial=born)
        return fields | {name: self._number(LABELS[name], self.counted.get(name)) for name in APART}

    def _name(self, candidate: str) -> str:
        """Of a member, of a list, or as it was typed."""
        return str(self.names.get(candidate, candidate))

    @staticmethod
    def _number(label: str, initial: Any) -> forms.Field:
        return forms.IntegerField(label=label, min_value=0, max_value=9999, required=False, initial=initial)

    def _vote(self, member: str, vote: str) -> forms.Field:
        return forms.ChoiceField(label=self._name(member), choices=VOTES, initial=vote, required=False)

    def clean(self) -> dict[str, Any]:
        """What is added is somebody's."""
        data = super().clean() or {}
        if data.get("what") == "add" and not data.get("member"):
            self.add_error("member", "Choisissez de qui il s’agit.")
        return data

    # What the correction event carries.

    def id(self) -> UUID:
        """Of the correction: the same one sent twice is one."""
        return uuid5(self.event.pk, json.dumps([self.cleaned_data["reason"], self.change()], sort_keys=True))

    def change(self) -> dict[str, Any]:
        """`undo`, `add` or `with`, as docs/events.md writes them."""
        if self.cleaned_data["what"] == "undo":
            return {"undo": True}
        if self.cleaned_data["what"] == "add":
            at = timezone.localtime(self.event.at).isoformat()
            return {"add": {"type": self.cleaned_data["added"], "at": at, "members": [self.cleaned_data["member"]]}}
        return {"with": self._rectified()}

    def _rectified(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.counted["kind"] == ItemKind.APPOINTMENT:
            return self._round(data)
        if self.counted["by_name"]:
            votes = {one: data[f"vote_{one}"] or vote for one, vote in self.counted["by_name"].items()}
            return {**self._without(*BY_NAME, *TOTALS, "president_votes"), "votes": votes}
        totals = {name: data.get(name) for name in TOTALS}
        return {**self._without(*BY_NAME), **totals, "president_votes": data.get("president_votes") or None}

    def _round(self, data: Mapping[str, Any]) -> dict[str, Any]:
        candidates = {one: data.get(f"candidate_{place}") or 0 for place, one in enumerate(self.counted["candidates"])}
        typed = {one: data.get(f"born_{place}") for place, one in enumerate(candidates)}
        born = {one: day.isoformat() for one, day in typed.items() if day}
        known = self.event.data.get("born") or {}
        return {"candidates": candidates, **{name: data.get(name) for name in APART}, "born": {**known, **born}}

    def _without(self, *names: str) -> dict[str, None]:
        """What the event said otherwise is said no more."""
        return {name: None for name in names if name in self.event.data}
