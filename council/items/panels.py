"""The rows of an item's editor that name other pages: only those that the author may read."""

from typing import Any

from django import forms
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import InlinePanel
from wagtail.models import Page

from kb.pages.models import ProjectPage, ServicePage
from kb.permissions import visible_to

HIDDEN = "Une page que vous ne pouvez pas lire"


class SubjectField(forms.ModelChoiceField):
    """Projects and services, by the titles that the author may know."""

    seen: frozenset[int] = frozenset()

    def label_from_instance(self, obj: Any) -> str:
        """A page that somebody else named, and that the author may not read, keeps its title for itself."""
        return (obj.title if obj.live else obj.draft_title or obj.title) if obj.pk in self.seen else HIDDEN


class SubjectForm(WagtailAdminModelForm):
    """A row that names a project or a service."""

    subject = SubjectField(label="projet ou service", queryset=Page.objects.none(), empty_label="Choisissez")

    def __init__(self, *args: Any, named: frozenset[int] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = visible_to(Page.objects.type(ProjectPage, ServicePage), self.for_user)
        field: Any = self.fields["subject"]
        field.seen = frozenset(seen.values_list("pk", flat=True))
        field.queryset = Page.objects.filter(pk__in=field.seen | named).order_by("title")


class SubjectRows(BaseChildFormSet):
    """What the draft names already stays, whoever edits it: a row that was never published has no number of its own."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """With the pages that the draft names, for its own rows; an empty row proposes none of them."""
        rows = self.instance.subjects.all() if index is not None and self.instance.pk else []
        return {**super().get_form_kwargs(index), "named": frozenset(row.subject_id for row in rows)}


class SubjectPanel(InlinePanel):
    """Rows of such a form."""

    def get_form_options(self) -> dict[str, Any]:
        """Wagtail's, with the form that knows what may be named."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name] |= {
            "form": SubjectForm,
            "formset": SubjectRows,
            "inherit_kwargs": ["for_user"],
        }
        return options
