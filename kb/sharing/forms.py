"""Forms: to whom a link is sent, what is asked, what is answered."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from kb.access.forms import LastDayField
from kb.access.models import Role
from kb.access.queries import known_people
from kb.people.models import User
from kb.permissions import Viewer

USUAL_END = timedelta(days=183)  # half a year: long enough for a file, short enough to be looked at again


class SendForm(forms.Form):
    """To whom, with which words. An address may be typed by who gives rights: others would try addresses."""

    to = forms.ModelChoiceField(label="À qui", queryset=User.objects.none(), empty_label="Choisissez", required=False)
    other = forms.CharField(
        label="Ou une autre personne",
        required=False,
        max_length=254,
        help_text="Son adresse e-mail ou son identifiant, si son nom n’est pas dans la liste.",
    )
    words = forms.CharField(
        label="Un mot",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Facultatif. Il part dans le courriel, au-dessus du bouton.",
    )

    def __init__(self, *args: Any, viewer: Viewer, gives_rights: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = known_people(viewer).exclude(pk=viewer.user.pk)  # type: ignore[attr-defined]
        if not gives_rights:
            del self.fields["other"]

    def clean(self) -> dict[str, Any]:
        """One person: chosen, or named."""
        data = super().clean() or {}
        other = (data.pop("other", "") or "").strip()
        if "to" in self.errors:
            return data
        if bool(other) == bool(data.get("to")):
            either = "Choisissez dans la liste, ou écrivez une adresse : l’un des deux."
            self.add_error("to", either if "other" in self.fields else "Choisissez une personne dans la liste.")
        elif other:
            try:
                data["to"] = User.objects.named(other)
            except User.DoesNotExist:
                self.add_error("other", f"Aucun compte ouvert ne répond à « {other} ». Demandez-le à l’administrateur.")
        return data


class AskForm(forms.Form):
    """What is asked: the address that did not open, and why."""

    address = forms.CharField(
        label="L’adresse qui ne s’ouvre pas",
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    why = forms.CharField(
        label="Pourquoi",
        required=False,
        max_length=300,
        help_text="Une ligne, pour qui vous répondra. Par exemple : « je reprends le dossier de Mme Coste ».",
    )


class AnswerForm(forms.Form):
    """What a responsable answers."""

    role = forms.TypedChoiceField(
        label="Rôle",
        coerce=lambda value: Role(int(value)),
        initial=Role.READER.value,
        choices=[(role.value, role.label.capitalize()) for role in (Role.READER, Role.COMMENTER, Role.EDITOR)],
    )
    until = LastDayField()
    words = forms.CharField(label="Un mot pour la personne", required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = timezone.localdate() + USUAL_END
