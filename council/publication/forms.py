"""Forms of acts."""

from typing import Any

from django import forms
from django.utils import timezone

from council.members.forms import DayField
from council.nomenclature import NATURES, choices
from council.publication.models import SendingWay, Way


class FileForm(forms.Form):
    """One file."""

    file = forms.FileField(label="Fichier")

    def __init__(self, *args: Any, label: str = "Fichier", accept: str = "application/pdf", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = label
        self.fields["file"].widget.attrs["accept"] = accept


class PublishForm(forms.Form):
    """The day it goes up."""

    up_on = DayField(label="Publié le", initial=timezone.localdate)


class TakeDownForm(forms.Form):
    """The day it comes down."""

    on = DayField(label="Retiré le", initial=timezone.localdate)
    why = forms.CharField(
        label="Raison", max_length=300, required=False, help_text="Obligatoire avant la fin des deux mois."
    )


class SendingForm(forms.Form):
    """How and when it left."""

    way = forms.ChoiceField(label="Envoi", choices=SendingWay.choices)
    nature = forms.ChoiceField(label="Nature", choices=[(code, words) for code, (_, words) in NATURES.items()])
    on = DayField(label="Envoyé le", required=False, initial=timezone.localdate)


class ReceiptForm(forms.Form):
    """The acknowledgement: its file, or its number and day."""

    file = forms.FileField(
        label="Accusé de réception (PDF ou XML)",
        required=False,
        help_text="Il remplit seul le numéro et la date.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,text/xml,application/xml,.xml"}),
    )
    number = forms.CharField(label="Ou son numéro", max_length=80, required=False)
    on = DayField(label="Et le jour de réception", required=False)

    def clean(self) -> dict[str, Any]:
        """A file, or the two words."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("file") and not data.get("on"):
            raise forms.ValidationError("Déposez l’accusé de réception, ou écrivez sa date et son numéro.")
        return data


class MatterForm(forms.Form):
    """The @CTES classification."""

    matter = forms.ChoiceField(label="Matière", choices=choices)


class ReasonForm(forms.Form):
    """Why a passage is masked or kept."""

    reason = forms.CharField(label="Raison", max_length=300)


class MaskForm(forms.Form):
    """A passage that nothing flagged."""

    words = forms.CharField(
        label="Passage à masquer", max_length=500, help_text="Recopié de l’acte. Il est masqué partout où il paraît."
    )
    reason = forms.CharField(label="Raison", max_length=300)


class WayForm(forms.Form):
    """How the town publishes."""

    way = forms.ChoiceField(label="Mode de publication", choices=Way.choices)
    since = DayField(label="À partir du", initial=timezone.localdate)
    deliberation = forms.CharField(
        label="Délibération qui le choisit",
        max_length=60,
        required=False,
        help_text="Vide pour la publication en ligne, qui est la règle.",
    )


class IdentityForm(forms.Form):
    """What names the town in open data."""

    siret = forms.RegexField(
        label="SIRET",
        regex=r"^\d{14}$",
        help_text="Quatorze chiffres, sans espace.",
        error_messages={"invalid": "Un SIRET a quatorze chiffres, sans espace."},
    )
    prefecture = forms.RegexField(
        label="Préfecture",
        regex=r"^(PREF\d[0-9AB]\d|SPREF\d[0-9AB]\d\d)$",
        required=False,
        help_text="PREF et trois signes du département : PREF008 ; une sous-préfecture : SPREF0082.",
        error_messages={"invalid": "Écrivez PREF008, ou SPREF0082 pour une sous-préfecture."},
    )

    def clean_siret(self) -> str:
        """Its key is right (Luhn; La Poste counts otherwise, and is no town)."""
        siret: str = self.cleaned_data["siret"]
        digits = [int(sign) * (2 if place % 2 == 0 else 1) for place, sign in enumerate(siret)]
        if sum(one - 9 if one > 9 else one for one in digits) % 10:
            raise forms.ValidationError("Ce SIRET a un chiffre de travers : relisez-le sur un document officiel.")
        return siret
