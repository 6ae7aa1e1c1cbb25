"""What our templates of the admin print."""

from django import template

from kb.documents.extraction.queries import Health, health_of
from kb.documents.models import Document
from kb.pages.frame import town_facts

register = template.Library()


@register.simple_tag
def town_name() -> str:
    """The town's name."""
    return str(town_facts()["town_name"])


@register.simple_tag
def health_of_document(document: Document) -> Health | None:
    """What is known of the text of a document's newest version."""
    return health_of(document.current_version) if document.current_version else None
