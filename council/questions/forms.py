"""Forms of a question and of its answer."""

from django import forms

from council.questions.models import LONGEST

ALL, ALONE = "tous", "lui"
SEEN_BY = ((ALL, "Tous les membres voient la question et la réponse"), (ALONE, "Le rapporteur seul, et le secrétariat"))


class AskForm(forms.Form):
    """A question, and who sees it."""

    text = forms.CharField(label="Votre question", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))
    seen_by = forms.ChoiceField(label="Qui la voit", choices=SEEN_BY, initial=ALL, widget=forms.RadioSelect)


class AnswerForm(forms.Form):
    """The answer."""

    text = forms.CharField(label="Votre réponse", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}))
