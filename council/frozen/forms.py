"""Forms of what changes after a convocation."""

from typing import Any

from django import forms

from council.frozen import numbers

WHY = "Chaque membre la lit, avec ce qui a changé."


class ReplaceForm(forms.Form):
    """Another version of an annex."""

    file = forms.FileField(label="Nouveau fichier")
    reason = forms.CharField(label="Raison", max_length=300, help_text=f"{WHY} Par exemple : « total corrigé page 3 ».")


class ReasonForm(forms.Form):
    """Why the papers change."""

    reason = forms.CharField(label="Raison", max_length=300, help_text=WHY)


class NumbersForm(forms.Form):
    """Where each added item stands: the numbers already announced do not move."""

    def __init__(self, *args: Any, added: Any, names: dict[int, str], taken: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in added:
            choices = numbers.offered([one for one in taken if one != row.number])
            self.fields[f"place-{row.item_id}"] = forms.ChoiceField(
                label=f"Place de « {names[row.item_id]} »", choices=choices, initial=row.number, required=False
            )

    @property
    def chosen(self) -> dict[int, str]:
        """Item's id → the number chosen, "" for the end."""
        return {int(name.partition("-")[2]): number for name, number in self.cleaned_data.items()}
