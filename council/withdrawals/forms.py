"""Why a member takes no part in an item."""

from django import forms

from council.withdrawals.models import Ground
from council.withdrawals.queries import LAW
from kb.typography import typeset


class WithdrawalForm(forms.Form):
    """The ground, with the law's sentence beside each."""

    ground = forms.ChoiceField(
        label="Pour quelle raison",
        widget=forms.RadioSelect,
        choices=[(one.value, f"{one.label}. {LAW[one]}") for one in Ground],
    )
    why = forms.CharField(
        label="Précision, si vous voulez",
        max_length=200,
        required=False,
        help_text=typeset("Lue par le secrétariat. Par exemple : « trésorière de l’association »."),
    )
