"""The form of « Accès »: who, what, until when, why."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Page

from kb.access.models import Role
from kb.access.operations import Grantee
from kb.access.queries import known_people
from kb.pages.models import ProjectPage
from kb.people.models import User
from kb.permissions import Viewer, paths_down_to

PUBLIC = "public"


class LastDayField(forms.DateField):
    """The last day of a right, still to come, or none."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        help_text = "Vide : sans date de fin. Le droit vaut encore ce jour-là."
        super().__init__(label="Jusqu’au", required=False, widget=widget, help_text=help_text, **kwargs)

    def clean(self, value: Any) -> Any:
        """Raises ValidationError for a day past."""
        until = super().clean(value)
        if until and until < timezone.localdate():
            raise forms.ValidationError("Cette date est passée : donnez une date à venir, ou laissez vide.")
        return until


class GiveForm(forms.Form):
    """Gives a right on one page."""

    grantee = forms.ChoiceField(label="À qui", choices=[], required=False)
    other = forms.CharField(
        label="Ou une autre personne",
        required=False,
        max_length=254,
        help_text="Son adresse e-mail ou son identifiant, si son nom n’est pas dans la liste.",
    )
    role = forms.TypedChoiceField(
        label="Rôle",
        coerce=lambda value: Role(int(value)),
        choices=[(role.value, role.label.capitalize()) for role in Role],
    )
    until = LastDayField()
    why = forms.CharField(
        label="Raison", required=False, max_length=200, help_text="Une ligne, pour qui relira les accès."
    )

    def __init__(self, *args: Any, page: Page, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = ProjectPage.objects.filter(path__in=paths_down_to(page.path)).filter(viewer.visible())
        self.teams = {f"team:{project.pk}": project for project in teams}
        self.fields["grantee"].choices = [  # type: ignore[attr-defined]
            ("", "Choisissez"),
            ("Groupes", [(f"group:{group.pk}", group.name) for group in Group.objects.order_by("name")]),
            ("Équipes", [(key, f"Équipe de « {project.title} »") for key, project in self.teams.items()]),
            (
                "Personnes",
                [
                    (f"person:{person.pk}", f"{person}, {person.office}" if person.office else str(person))
                    for person in known_people(viewer)
                ],
            ),
            ("Tout le monde", [(PUBLIC, "Le public, sans compte")]),
        ]

    def clean(self) -> dict[str, Any]:
        """One grantee: chosen in the list, or named."""
        data = super().clean() or {}
        other = data.pop("other", "").strip()
        if bool(other) == bool(data.get("grantee")) and "grantee" not in self.errors:
            self.add_error("grantee", "Choisissez dans la liste, ou écrivez une adresse : l’un des deux.")
        elif other:
            try:
                data["grantee"] = Grantee(person=User.objects.named(other))
            except User.DoesNotExist:
                self.add_error("other", f"Aucun compte ouvert ne répond à « {other} ». Demandez-le à l’administrateur.")
        return data

    def clean_grantee(self) -> Grantee | None:
        """The grantee chosen, one of those offered."""
        chosen = self.cleaned_data["grantee"]
        if not chosen:
            return None
        kind, _, pk = chosen.partition(":")
        if kind == "group":
            return Grantee(group=Group.objects.get(pk=pk))
        if kind == "person":
            return Grantee(person=User.objects.get(pk=pk))
        return Grantee(public=True) if chosen == PUBLIC else Grantee(team=self.teams[chosen])
