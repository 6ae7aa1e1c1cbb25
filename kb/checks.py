"""System checks that guard what an upgrade could undo in silence."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from wagtail.models import Page
from wagtail.permissions import policy_registry

from kb import permission_policies as ours
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
