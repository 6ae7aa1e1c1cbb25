"""Forms about a sitting and its agenda."""

from typing import Any

from django import forms
from django.utils import timezone

from council.agenda.enums import CONVENED_STATES, Channel
from council.agenda.models import AgendaItemPage, SittingPage
from council.members.forms import DayField
from council.members.models import Instance
from kb.permissions import Viewer, visible_to


class ProposeForm(forms.Form):
    """What a service would put on an agenda."""

    title = forms.CharField(label="Titre du point", max_length=255, help_text="Tel qu’il serait lu à l’ordre du jour.")
    why = forms.CharField(
        label="Pourquoi maintenant",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Deux lignes pour le secrétariat : l’échéance, ce que le conseil doit décider.",
    )
    instance = forms.ModelChoiceField(label="À qui", queryset=Instance.objects.filter(outside=False), empty_label=None)


class AnswerForm(forms.Form):
    """What the secretariat says of a proposal that it sets aside."""

    answer = forms.CharField(
        label="Un mot, si vous l’écartez", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class LeaveForm(forms.Form):
    """Why an item leaves an agenda, and for which sitting."""

    to = forms.ModelChoiceField(
        label="Pour la séance",
        queryset=SittingPage.objects.none(),
        required=False,
        empty_label="Aucune : le point est retiré",
    )
    reason = forms.CharField(
        label="Raison", max_length=300, help_text="Elle reste à l’ordre du jour, à la place du point."
    )

    def __init__(self, *args: Any, viewer: Viewer, item: AgendaItemPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sitting = SittingPage.objects.get(pk=item.get_parent().pk)
        later = SittingPage.objects.filter(instance=sitting.instance_id, starts_at__gt=sitting.starts_at)
        seen = visible_to(later, viewer.user).exclude(record__state__in=CONVENED_STATES)
        self.fields["to"].queryset = seen.order_by("starts_at")  # type: ignore[attr-defined]


class ConvocationForm(forms.Form):
    """A convocation that left by the town's usual means."""

    sent_on = DayField(label="Partie le")
    channel = forms.ChoiceField(label="Par", choices=Channel.choices)
    proof = forms.CharField(
        label="Preuve",
        max_length=300,
        required=False,
        help_text="Où la retrouver. Par exemple : « accusés de la plateforme, dossier Séances 2026 ».",
    )


class DoneForm(forms.Form):
    """When a deadline was met."""

    on = DayField(label="Fait le", initial=timezone.localdate)


class UrgencyForm(forms.Form):
    """Why a sitting cannot wait."""

    reason = forms.CharField(
        label="Pourquoi ces questions ne peuvent pas attendre",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Par exemple : « la subvention se perd si le conseil ne se prononce pas avant le 12 octobre ».",
    )
