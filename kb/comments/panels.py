"""The editor's panels: the rail, held to our limits, and the comments that no field can carry."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms.comments import CommentForm, CommentFormSet, CommentReplyForm
from wagtail.admin.panels import CommentPanel, Panel
from wagtail.models import COMMENTS_RELATION_NAME

from kb import typography
from kb.comments import operations, places, rail
from kb.comments.presentation import about_words, said

TOO_LONG = "Un commentaire ne peut pas être enregistré. {error}"


class WithinLimits:
    """A form of the rail, whose text is held to the same limits as on the reading view."""

    def clean_text(self: Any) -> str:
        """The text as it is kept."""
        try:
            return operations.clean_text(self.cleaned_data["text"])
        except operations.Refused as refused:
            raise ValidationError(str(refused)) from refused


class RailReplyForm(WithinLimits, CommentReplyForm):
    """An answer in the rail."""

    class Meta(CommentReplyForm.Meta):
        pass


class RailForm(WithinLimits, CommentForm):
    """A comment in the rail."""

    class Meta(CommentForm.Meta):
        formsets = {"replies": {"form": RailReplyForm, "inherit_kwargs": ["for_user"]}}


class RailFormSet(CommentFormSet):
    """The comments of the rail. Wagtail leaves out those whose block left the draft; a form that comes back may name them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.queryset = getattr(self.instance, COMMENTS_RELATION_NAME).all()

    def sentence(self) -> str:
        """The first error in words, for the head of the page: the rail has no place for it."""
        for form in self.forms:
            for one in (form, *form.formsets["replies"].forms):
                for errors in one.errors.values():
                    return TOO_LONG.format(error=errors[0])
        return ""


class RailPanel(CommentPanel):
    """Wagtail's panel of comments, with our forms."""

    def get_form_options(self) -> dict[str, Any]:
        """Wagtail's, held to our limits."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][COMMENTS_RELATION_NAME] |= {"formset": RailFormSet, "form": RailForm}
        return options


class ElsewherePanel(Panel):
    """The open comments on an attachment, or on a block that is no longer in the draft."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "kb/comments/elsewhere_panel.html"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.rows = rail.elsewhere(self.instance) if self.instance and self.instance.pk else []

        def is_shown(self) -> bool:
            """Only where there are some."""
            return bool(self.rows)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """`rows`: who said what of what, and the address where it is answered."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["rows"] = [
                {
                    **said(row),
                    "about": about_words(places.of(row)),
                    "quote": row.document.title if row.document else row.quote,
                    "answers": typography.count(len(row.answers.all()), "réponse") if row.answers.all() else "",
                    "url": f"/p/{row.page_id}/brouillon/?fil={row.pk}#fil-{row.pk}",
                }
                for row in self.rows
            ]
            return context
