"""Forms of the maire's decisions."""

from typing import Any

from django import forms
from django.utils import timezone

from council.decisions import queries
from council.decisions.models import Decision, DelegatedPower
from council.decisions.points import POINTS
from council.members.forms import DayField
from council.members.models import Instance
from council.nomenclature import choices


class DecisionForm(forms.ModelForm):
    """What the maire decides, and under which delegation."""

    taken_on = DayField(label="En date du", initial=timezone.localdate)
    matter = forms.ChoiceField(
        label="Matière",
        help_text="La classification de la préfecture (@CTES) : elle suit l’acte jusqu’aux données ouvertes.",
    )

    class Meta:
        model = Decision
        fields = ("subject", "delegation", "point", "taken_on", "signer", "matter", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 14}), "subject": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "subject": "En une ligne : « Convention de mise à disposition de la salle des fêtes ».",
            "point": "La matière de l’article L2122-22, telle que la délibération la délègue.",
            "text": "Les visas, puis « Décide : » et les articles. La date, le numéro et la signature s’ajoutent seuls.",
        }

    def __init__(self, data: Any, *, instance: Decision) -> None:
        super().__init__(data, instance=instance)
        on = timezone.localdate()
        self.fields["delegation"].queryset = instance.instance.delegations.all()  # type: ignore[attr-defined]
        self.fields["signer"].queryset = queries.signers(instance.instance, on)  # type: ignore[attr-defined]
        self.fields["delegation"].empty_label = "Choisissez…"  # type: ignore[attr-defined]
        self.fields["point"].choices = [("", "Choisissez…"), *POINTS.items()]  # type: ignore[attr-defined]
        self.fields["signer"].empty_label = None  # type: ignore[attr-defined]
        self.fields["matter"].choices = [("", "Choisissez…"), *choices()]  # type: ignore[attr-defined]


class DelegationForm(forms.Form):
    """A délibération of delegation."""

    deliberation = forms.CharField(label="Numéro de la délibération", max_length=60)
    since = DayField(label="En date du")
    until = DayField(label="Jusqu’au", required=False, help_text="Vide : jusqu’à la fin du mandat.")
    points = forms.TypedMultipleChoiceField(
        label="Matières déléguées", choices=list(POINTS.items()), coerce=int, widget=forms.CheckboxSelectMultiple
    )


def first_decision(instance: Instance, person: Any) -> Decision:
    """An empty draft: the newest delegation, signed by who presides."""
    on = timezone.localdate()
    signer = queries.signers(instance, on).first()
    standing: DelegatedPower | None = queries.delegations_in_force(instance, on).first()
    return Decision(instance=instance, delegation=standing, signer=signer, written_by=person, taken_on=on)
