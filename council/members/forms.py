"""Forms of the council's table."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from wagtail.models import Page

from council import clock, rules
from council.members.models import Delegation, Instance, Mandate, WhyEnded
from kb.access.queries import known_people
from kb.pages.models import ServicePage
from kb.permissions import Viewer, readable_documents


class DayField(forms.DateField):
    """A day, with the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def validate(self, value: Any) -> None:
        """A day that the legal clock can count from."""
        super().validate(value)
        if value and not clock.FIRST_DAY <= value <= clock.LAST_DAY:
            raise forms.ValidationError(clock.OUT_OF_TIME)


class InstanceForm(forms.ModelForm):
    """What the law needs to know of the council."""

    inhabitants = forms.IntegerField(
        label="Habitants",
        min_value=1,
        max_value=9_999_999,
        help_text="La population en vigueur au dernier renouvellement : elle vaut pour tout le mandat.",
    )
    since = DayField(
        label="Renouvellement du",
        help_text="Le jour de l’élection qui a renouvelé le conseil. Un jour à venir annonce ce qui changera.",
    )

    class Meta:
        model = Instance
        fields = (
            "name",
            "body",
            "department",
            "place",
            "own_clear_days",
            "own_article",
            "own_pouvoir_sittings",
            "own_pouvoir_article",
            "own_quorum",
            "own_quorum_article",
            "finances",
            "letterhead",
        )
        labels: ClassVar = {"letterhead": "Modèle des papiers"}
        help_texts = {
            "letterhead": "Un fichier Word ou ODT déposé sur le site : la convocation, les délibérations et les autres papiers en "
            "prennent les styles, l’en-tête et le pied, dans son format.",
            "finances": "Ses responsables relisent les points qui engagent de l’argent, avant la séance.",
            "department": "Son numéro, par exemple 08, 2A ou 974.",
            "own_clear_days": "À remplir là où la règle générale ne s’applique pas : Alsace-Moselle, outre-mer, EPCI, commission.",
            "own_pouvoir_sittings": "À remplir hors conseil municipal : 0 là où un membre absent ne donne pas de pouvoir.",
            "own_quorum": "À remplir là où il est à demander : CCAS, EPCI.",
        }

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_letterheads(viewer)
        services = Page.objects.filter(pk__in=ServicePage.objects.values("pk")).filter(viewer.visible())
        self.fields["finances"].queryset = services.order_by("title")  # type: ignore[attr-defined]
        frozen = self.instance.population(timezone.localdate()) if self.instance.pk else None
        if frozen:
            self.fields["inhabitants"].initial, self.fields["since"].initial = frozen.inhabitants, frozen.since

    def _offer_letterheads(self, viewer: Viewer) -> None:
        """Among the Word and ODT files that the person may read; who may not read the one in use does not change it."""
        known = readable_documents(viewer.user).filter(current_version__kind__in=("docx", "odt")).order_by("title")
        used = self.instance.letterhead_id
        if used and not known.filter(pk=used).exists():
            del self.fields["letterhead"]
            return
        field: Any = self.fields["letterhead"]
        field.queryset, field.empty_label = known, "Celui du site"

    def clean_department(self) -> str:
        """A department that exists, or none."""
        written: str = self.cleaned_data["department"].strip()
        number = rules.department_number(written) if written else ""
        if number is None:
            raise forms.ValidationError("Ce département n’existe pas : écrivez son numéro, par exemple 08, 2A ou 974.")
        return number


class OutsideForm(forms.ModelForm):
    """An instance that others convene."""

    class Meta:
        model = Instance
        fields = ("name", "place")
        labels: ClassVar = {"letterhead": "Modèle des papiers"}
        help_texts = {"name": "Par exemple : « Communauté de communes du Val », « Syndicat des eaux »."}


class DelegationForm(forms.ModelForm):
    """What the maire delegates to a member."""

    since = DayField(label="Depuis le")
    until = DayField(label="Jusqu’au", required=False, help_text="Vide : jusqu’à la fin du mandat, ou son retrait.")

    class Meta:
        model = Delegation
        fields = ("words", "act", "since", "until")
        labels: ClassVar = {"letterhead": "Modèle des papiers"}
        help_texts = {
            "words": "Telle que l’arrêté la dit : « urbanisme et voirie ».",
            "act": "Son numéro ou sa date. Par exemple : « n° 2026-12 du 2 avril 2026 ».",
        }


class EndForm(forms.Form):
    """When a delegation ends."""

    on = DayField(label="Prend fin le", initial=timezone.localdate)


class MemberForm(forms.ModelForm):
    """Somebody elected."""

    since = DayField(
        label="En fonction depuis le",
        required=False,
        help_text="Vide : la personne attend un siège, à son rang sur la liste.",
    )

    class Meta:
        model = Mandate
        fields = ("first_name", "last_name", "office", "list_name", "list_rank", "position", "since", "account")
        labels: ClassVar = {"letterhead": "Modèle des papiers"}
        help_texts = {"account": "Vide pour un élu sans compte : il est convoqué sur papier."}

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = known_people(viewer)  # type: ignore[attr-defined]


class DepartureForm(forms.Form):
    """When and why a member leaves, and by which letter."""

    on = DayField(label="Le", help_text="Le jour où le siège se libère.")
    why = forms.ChoiceField(label="Raison", choices=WhyEnded.choices)
    letter = forms.CharField(
        label="Lettre",
        max_length=200,
        required=False,
        help_text="Par exemple : « reçue par le maire le 6 octobre 2026 ».",
    )
    seat_next = forms.BooleanField(label="Le suivant de la liste prend le siège", required=False, initial=True)

    def __init__(self, *args: Any, successor: Mandate | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if successor is None:
            del self.fields["seat_next"]
        else:
            self.fields[
                "seat_next"
            ].label = f"{successor}, suivant de la liste « {successor.list_name} », prend le siège"
