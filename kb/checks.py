"""System checks that guard what an upgrade could undo in silence."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from wagtail.models import Page
from wagtail.permissions import policy_registry

from kb import permission_policies as ours
from kb.documents.file_types import Kind
from kb.documents.models import Document, Image


@register()
def policies_are_ours(**kwargs: Any) -> list[CheckMessage]:
    """Wagtail's apps register their own policies in ready(), and the last one wins."""
    expected = {Page: ours.PagePolicy, Document: ours.DocumentPolicy, Image: ours.ImagePolicy}
    return [
        Error(
            f"The permission policy of {model.__name__} is not ours.",
            hint="kb must stand after wagtail.documents and wagtail.images in INSTALLED_APPS.",
            id="kb.E001",
        )
        for model, policy in expected.items()
        if not isinstance(policy_registry.get_by_type(model), policy)
    ]


@register()
def kinds_are_known(**kwargs: Any) -> list[CheckMessage]:
    """A misspelt kind would refuse every such file, and nobody would know why."""
    unknown = sorted(set(settings.ACCEPTED_FILE_KINDS) - {str(kind) for kind in Kind})
    return [
        Error(
            f"ACCEPTED_FILE_KINDS names « {kind} », which is no kind of file.",
            hint="See docs/settings.md.",
            id="kb.E002",
        )
        for kind in unknown
    ]
