"""Why something is deleted."""

from typing import Any

from django import forms


class DeleteForm(forms.Form):
    """One line, asked for what readers see."""

    why = forms.CharField(
        label="Pourquoi",
        max_length=200,
        required=False,
        help_text="Une ligne, pour qui cherchera cette page. Par exemple : « remplacée par la fiche 2027 ».",
    )

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["why"]
        field.required = needs_reason
        field.error_messages["required"] = "Cette page est publiée : dites en une ligne pourquoi elle part."
        if not needs_reason:
            field.help_text = "Facultatif. Une ligne, pour vous en souvenir."


class EmptyForm(forms.Form):
    """What cannot be undone is not done by one press of a button."""

    sure = forms.BooleanField(
        label="J’ai lu ce qui est perdu, et je le perds pour de bon",
        error_messages={"required": "Cochez la case : ce geste ne se reprend pas."},
    )
