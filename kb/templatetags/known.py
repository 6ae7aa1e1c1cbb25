"""What Wagtail's templates ask before they name a page."""

from typing import Any

from django import template
from django.http import HttpRequest

from kb.permissions import viewer_of

register = template.Library()


@register.filter
def known_to(page: Any, request: HttpRequest) -> bool:
    """Whether the person who asks may know of this page."""
    return bool(page) and viewer_of(request).can_view(page)
