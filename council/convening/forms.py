"""Forms of a convocation: a signature on paper, a delivery by hand."""

from typing import Any

from django import forms
from django.utils import timezone

from council.agenda.models import SittingPage
from council.convening import queries
from council.members.forms import DayField
from council.members.models import Mandate


class SignatureForm(forms.Form):
    """What was signed on paper."""

    mandate = forms.ModelChoiceField(
        label="Qui a signé", queryset=Mandate.objects.none(), empty_label=None,
        help_text="Le maire. En son absence, l’adjoint qui le remplace (art. L2122-17).",
    )  # fmt: skip
    signed_on = DayField(label="Signé le", initial=timezone.localdate)
    proof = forms.CharField(
        label="Où est la feuille signée", max_length=300, help_text="Par exemple : « registre des convocations 2026 »."
    )

    def __init__(self, *args: Any, sitting: SittingPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mandate"].queryset = queries.to_convene(sitting)  # type: ignore[attr-defined]


class DeliveryForm(forms.Form):
    """A convocation handed over."""

    on = DayField(label="Remise le", initial=timezone.localdate)
    how = forms.CharField(
        label="À qui et comment", max_length=200,
        help_text="Par exemple : « à l’intéressé, à son domicile, récépissé signé ».",
    )  # fmt: skip


class BounceForm(forms.Form):
    """A mail that came back."""

    on = DayField(label="Revenu le", initial=timezone.localdate)
    why = forms.CharField(
        label="Ce que dit le retour", max_length=200, required=False, help_text="Par exemple : « boîte pleine »."
    )


class CancelForm(forms.Form):
    """Why a sitting is called off, and when it is held instead, if one knows."""

    reason = forms.CharField(
        label="Raison", max_length=280, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Les membres la lisent dans le courriel et sur la page de la séance.",
    )  # fmt: skip
    on = DayField(
        label="Reportée au", required=False,
        help_text="Vide : la séance est annulée. Sinon une autre séance s’ouvre à cette date, avec les mêmes points : elle "
        "se convoque à son tour, dans son propre délai.",
    )  # fmt: skip
    at = forms.TimeField(
        label="À", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Vide : à la même heure.",
    )  # fmt: skip
