"""The last word of an address never tells of a page that its reader may not know.

Wagtail refuses a slug that a sibling has, or counts (`…-2`): with a hidden sibling, both tell. Here no door
refuses one. Where the name is taken, or where a sibling is reserved, the slug carries the page's own id.
"""

from django.db.models import Q
from django.utils.text import slugify
from wagtail.models import Page

from kb import permissions
from kb.people.account import User

LONGEST = 255  # Wagtail's field


def drawn(title: str) -> str:
    """The slug that a title gives; « page » where it has no letter."""
    return slugify(title)[:200].strip("-") or "page"


def with_id(slug: str, page: Page) -> str:
    """The slug, ending with the page's id."""
    end = f"-{page.pk}"
    return slug if slug.endswith(end) else slug[: LONGEST - len(end)] + end


def settle(page: Page) -> None:
    """Gives a page that was just made, renamed or moved the slug that it may have there. One query, two more if not.

    Who may know the siblings changes with each reader; whether one of them is reserved does not.
    """
    beside = page.get_siblings(inclusive=False)
    own = page.slug.endswith(f"-{page.pk}")
    if not beside.filter(Q(slug=page.slug) if own else Q(slug=page.slug) | Q(boundary__isnull=False)).exists():
        return
    page.slug = f"{with_id(page.slug, page)}-{page.pk}" if own else with_id(page.slug, page)
    page.save(clean=False, update_fields=["slug", "url_path"])


def wished(slug: str, *, page: Page, author: User) -> str:
    """The slug that a person who renames `page` is given: with the id, taken or not, where a sibling is hidden from him.

    If it only came when the name is taken, its absence would tell that it is free.
    """
    beside = page.get_siblings(inclusive=False).filter(trashed=None)
    known = permissions.visible_to(beside, author)
    return slug if beside.count() == known.count() else with_id(slug, page)


def keep_clashes_quiet() -> None:
    """Wagtail's forms, its moves and its models ask here whether a sibling has the slug; `settle` follows them all."""
    Page._slug_is_available = staticmethod(lambda slug, parent_page, page=None: True)
