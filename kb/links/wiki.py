"""[[Titre]] and [[Titre|texte]]: how they are written, and which page they name."""

import html
import re
import unicodedata
from collections.abc import Callable

from wagtail.models import Page

from kb import permissions
from kb.people.account import User

MAX_TITLE = 255
# Inside one text node: no tag, no line break, at most one bar.
WIKI_LINK = re.compile(r"\[\[([^\[\]|<>\n]{1,255})(?:\|([^\[\]|<>\n]{1,255}))?\]\]")
_TAG = re.compile(r"(<[^>]*>)")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "ʼ": "'", "–": "-", "—": "-"})


def key_of(title: str) -> str:
    """The form under which titles are compared: no case, no accent, single spaces. ≤ 255 characters."""
    folded = unicodedata.normalize("NFKC", title).casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", folded).casefold().translate(_LETTERS)
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(letters.split())[:MAX_TITLE]


def replace_links(source: str, replacement: Callable[[str, str], str]) -> str:
    """`source` (rich text HTML) with each wiki link outside an <a> replaced.

    `replacement` receives the title (plain text) and the words to show (HTML) and returns HTML.
    """
    if "[[" not in source:
        return source
    inside_link = 0
    parts = _TAG.split(source)
    for place, part in enumerate(parts):
        if part.startswith("<a ") or part == "<a>":
            inside_link += 1
        elif part == "</a>":
            inside_link = max(0, inside_link - 1)
        elif not inside_link and not part.startswith("<"):
            parts[place] = WIKI_LINK.sub(
                lambda found: replacement(html.unescape(found[1]).strip(), (found[2] or found[1]).strip()),
                part,
            )
    return "".join(parts)


def page_titled(title: str, *, author: User, near: Page) -> int | None:
    """Id of the page of that title that the author may see, the nearest in the tree first, or None."""
    named = permissions.visible_to(Page.objects.filter(wiki_name__key=key_of(title)), author)
    candidates = list(named.exclude(pk=near.pk).values_list("path", "pk"))
    if not candidates:
        return None
    return max(candidates, key=lambda row: (_shared(row[0], near.path or ""), -row[1]))[1]


def _shared(path: str, other: str) -> int:
    """Number of tree steps that two paths have in common."""
    step = Page.steplen
    count = 0
    while path[: (count + 1) * step] == other[: (count + 1) * step] and (count + 1) * step <= len(path):
        count += 1
    return count
