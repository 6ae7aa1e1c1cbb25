"""Forms about the acts of a sitting."""

from typing import Any

from django import forms

from council.acts import numbering, plain_text
from council.acts.content import Content
from council.acts.matching import Found
from council.acts.models import LONGEST_OBJECT, Deliberation, SignedPaper
from council.members.forms import DayField
from kb.typography import typeset


class CorrectionForm(forms.Form):
    """Another object or text of a délibération, with the reason."""

    object = forms.CharField(label="Objet", max_length=LONGEST_OBJECT)
    text = forms.CharField(
        label="Texte décidé",
        required=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=typeset(
            "Une ligne vide sépare deux paragraphes. « - » commence un point de liste, « ** » entoure ce qui est en gras."
        ),
    )
    reason = forms.CharField(
        label="Raison",
        max_length=300,
        help_text="« Amendement n° 1 adopté », « erreur de plume ». Elle reste avec l’acte.",
    )

    def __init__(self, *args: Any, deliberation: Deliberation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deliberation, self.lines = deliberation, plain_text.to_lines(deliberation.text)
        self.fields["object"].initial = deliberation.object
        self.fields["text"].initial = self.lines
        if self.lines is None:
            del self.fields["text"]

    def decided(self) -> str:
        """The text as HTML: untouched where nobody changed a word of it."""
        typed = str(self.cleaned_data.get("text", "")).replace("\r\n", "\n").strip()
        if self.lines is None or typed == self.lines.strip():
            return self.deliberation.text
        return plain_text.to_html(typed)


class ApprovalForm(forms.Form):
    """What was said when the procès-verbal was arrêté."""

    remarks = forms.CharField(
        label="Remarques des membres",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Elles s’impriment à la fin du procès-verbal. Vide : il est arrêté sans remarque.",
    )


class SchemeForm(forms.Form):
    """How acts are numbered, from a day on."""

    pattern = forms.CharField(
        label="Modèle du numéro",
        max_length=20,
        help_text=typeset(
            "AAAA : l’année. MM, JJ : le jour de la séance. SS : le rang de la séance dans l’année. NN : le rang dans la "
            "séance. NNN : le rang dans l’année. « AAAA-SS-NN » donne 2026-05-03."
        ),
    )
    since = DayField(label="Pour les séances à partir du")

    def clean_pattern(self) -> str:
        """In capitals; says what makes a number unsure."""
        pattern = str(self.cleaned_data["pattern"]).strip().upper()
        if problem := numbering.problem_of(pattern):
            raise forms.ValidationError(problem)
        return pattern


class WhatForm(forms.Form):
    """Which paper a signed file is."""

    what = forms.ChoiceField(label="C’est")

    def __init__(self, *args: Any, content: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts = [(f"act-{one.pk}", f"Délibération {one.written}, {one.object}") for one in content.deliberations]
        others = [(one.value, str(one.label)) for one in SignedPaper if one != SignedPaper.DELIBERATION]
        offered = [("", "Choisissez le papier"), *acts, *others, (ASIDE, "Rien de cette séance : l’écarter")]
        self.fields["what"].choices = offered  # type: ignore[attr-defined]

    def found(self) -> Found | None:
        """None: it is set aside."""
        what = str(self.cleaned_data["what"])
        if what == ASIDE:
            return None
        if what.startswith("act-"):
            return Found(SignedPaper.DELIBERATION, int(what[4:]))
        return Found(SignedPaper(what))


ASIDE = "ecarter"
