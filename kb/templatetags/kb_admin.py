"""What our templates of the admin print."""

from django import template

from kb.pages.frame import town_facts

register = template.Library()


@register.simple_tag
def town_name() -> str:
    """The town's name."""
    return str(town_facts()["town_name"])
