"""Forms of a pouvoir: the six digits, a paper with its scan, a letter that takes it back."""

from typing import Any

from django import forms
from django.utils import timezone

from council.agenda.models import SittingPage
from council.convening.forms import ScanField
from council.members.forms import DayField
from council.members.models import Mandate
from council.pouvoirs import queries
from kb.typography import typeset


class CodeForm(forms.Form):
    """Six digits."""

    digits = forms.CharField(
        label="Les six chiffres reçus par courriel",
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


class PaperForm(forms.Form):
    """A pouvoir on paper."""

    giver = forms.ModelChoiceField(label="Qui donne pouvoir", queryset=Mandate.objects.none(), empty_label="Choisir")
    holder = forms.ModelChoiceField(label="À qui", queryset=Mandate.objects.none(), empty_label="Choisir")
    given_on = DayField(label="Daté du", initial=timezone.localdate)
    sittings = forms.IntegerField(
        label="Pour combien de séances de suite",
        min_value=1,
        initial=1,
        help_text=typeset("1 : pour cette séance seulement. Trois au plus au conseil municipal, sauf maladie."),
    )
    illness = forms.CharField(
        label="Maladie",
        max_length=200,
        required=False,
        help_text=typeset("Seulement au-delà du nombre permis. Par exemple : « certificat du 2 octobre »."),
    )
    paper = ScanField(label="Le pouvoir, scanné ou photographié", help_text="PDF, JPEG ou PNG. Il est gardé tel quel.")

    def __init__(self, *args: Any, sitting: SittingPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("giver", "holder"):
            self.fields[name].queryset = queries.to_convene(sitting)  # type: ignore[attr-defined]


class RevocationForm(forms.Form):
    """How a pouvoir was taken back."""

    how = forms.CharField(
        label="Comment",
        max_length=200,
        help_text=typeset("Par exemple : « lettre du 6 octobre, classeur du conseil »."),
    )
