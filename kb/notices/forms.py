"""How one wants to be told."""

from django import forms

from kb.notices.models import Rhythm


class HabitsForm(forms.Form):
    """The rhythm of the digest, and what leaves at once."""

    rhythm = forms.ChoiceField(
        label="Le résumé de ce que vous suivez",
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
        help_text="Sept lignes au plus, une par page. Sans nouvelle, pas de courriel.",
        error_messages={
            "required": "Choisissez l’un des trois rythmes.",
            "invalid_choice": "Choisissez l’un des trois rythmes.",
        },
    )
    at_once = forms.BooleanField(
        label="Recevoir tout de suite ce qui attend quelque chose de vous",
        required=False,
        help_text="Une relecture demandée, une question, une demande d’accès, un lien qu’on vous envoie. "
        "Sinon, le prochain résumé le dit. Une convocation au conseil part toujours.",
    )
