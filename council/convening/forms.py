"""Forms of a convocation: a signature on paper, a delivery by hand."""

from typing import Any

from django import forms
from django.utils import timezone

from council.agenda.models import SittingPage
from council.convening import papers, queries
from council.convening.models import Answer, KeptPaper, Sending
from council.members.forms import DayField
from council.members.models import Mandate
from kb.documents.file_types import Kind, RefusedFile, fitting_name, judge
from kb.typography import typeset

SCANS = frozenset({Kind.PDF, Kind.JPEG, Kind.PNG})


class ScanField(forms.FileField):
    """The scan of a paper: a PDF or a photograph, kept as it came. Cleans to an unsaved KeptPaper."""

    def clean(self, data: Any, initial: Any = None) -> KeptPaper | None:
        """Raises ValidationError for what is neither."""
        sent = super().clean(data, initial)
        if not sent:
            return None
        content = sent.read()
        try:
            found = judge(content, sent.name, accepted=SCANS)
        except RefusedFile as refused:
            raise forms.ValidationError(f"{refused.message} Un PDF ou une photo (JPEG, PNG) convient.") from refused
        return papers.kept(fitting_name(sent.name, found), found.mime, content)


class SignatureForm(forms.Form):
    """What was signed on paper."""

    mandate = forms.ModelChoiceField(
        label="Qui a signé",
        queryset=Mandate.objects.none(),
        empty_label=None,
        help_text="Le maire. En son absence, l’adjoint qui le remplace (art. L2122-17).",
    )
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
        label="À qui et comment",
        max_length=200,
        help_text="Par exemple : « à l’intéressé, à son domicile, récépissé signé ».",
    )


class BounceForm(forms.Form):
    """A mail that came back."""

    on = DayField(label="Revenu le", initial=timezone.localdate)
    why = forms.CharField(
        label="Ce que dit le retour", max_length=200, required=False, help_text="Par exemple : « boîte pleine »."
    )


class CancelForm(forms.Form):
    """Why a sitting is called off, and when it is held instead, if one knows."""

    reason = forms.CharField(
        label="Raison",
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Les membres la lisent dans le courriel et sur la page de la séance.",
    )
    on = DayField(
        label="Reportée au",
        required=False,
        help_text="Vide : la séance est annulée. Sinon une autre séance s’ouvre à cette date, avec les mêmes points : elle "
        "se convoque à son tour, dans son propre délai.",
    )
    at = forms.TimeField(
        label="À",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Vide : à la même heure.",
    )


class HeardAnswerForm(forms.Form):
    """What a councillor said otherwise than on his screen."""

    answer = forms.ChoiceField(label="Ce que dit le membre", choices=Answer.choices)
    how = forms.CharField(
        label="Comment",
        max_length=200,
        help_text=typeset("Par exemple : « au téléphone, le 6 octobre » ou « sur papier, rendu au secrétariat »."),
    )
    paper = ScanField(label="Le papier, scanné ou photographié, s’il y en a un", required=False)


class SendingForm(forms.Form):
    """How a councillor wants to be sent what convenes him."""

    sending = forms.ChoiceField(
        label="Les convocations et leurs dossiers", choices=Sending.choices, widget=forms.RadioSelect
    )


class AskedSendingForm(SendingForm):
    """The same, asked in writing."""

    asked_on = DayField(label="Demandé le", initial=timezone.localdate)
    proof = forms.CharField(
        label="Où est sa demande",
        max_length=200,
        help_text=typeset("Par exemple : « lettre du 6 octobre, classeur du conseil »."),
    )
