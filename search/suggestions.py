"""What is proposed from the second letter: pages and projects, people, one's own past searches, and acts by their number.

Nothing that is hidden.
"""

import re
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL

from kb.access.queries import known_people
from kb.pages.presentation import kind_of
from kb.pages.tree import Node, known_title
from kb.permissions import Viewer
from kb.typography import day
from search import acts, past, rights
from search.models import Entry
from search.stems import fold

LEAST = 2  # letters
PAGES, PEOPLE, PAST, ACTS = 6, 3, 3, 3


@lru_cache(maxsize=40_000)
def _words(title: str) -> tuple[str, ...]:
    return tuple(fold(title).replace("-", " ").replace("'", " ").replace("’", " ").split())


def suggested(typed: str, viewer: Viewer) -> list[dict[str, str]]:
    """Lines {kind, label, detail, url}, the likeliest first; `url` empty where the words themselves are searched."""
    wanted = _words(typed)
    if len("".join(wanted)) < LEAST:
        return []
    pages = [
        {"kind": "page", "label": known_title(node), "detail": kind_of(node), "url": viewer.address(node)}
        for node in _pages(wanted, viewer)
    ]
    return [*_past(typed, viewer), *_acts(typed, viewer), *pages, *_people(wanted, viewer)]


def _acts(typed: str, viewer: Viewer) -> list[dict[str, str]]:
    """The acts whose number holds what is typed, however its figures are joined: « 2026-041 », « del 2026 041 »."""
    number = re.sub(r"[^A-Z0-9]+", "_", fold(typed).upper()).strip("_")
    if not re.search(r"\d{2}", number):
        return []
    condition, parameters = rights.condition(viewer)
    named = Q(act__number__contains=number) | Q(publication__act__number__contains=number)
    named |= Q(outcome__number__contains=number)
    seen = Entry.objects.filter(pk__in=RawSQL(f"SELECT id FROM search_entry WHERE {condition}", parameters))  # noqa: S608, S611 - our own SQL
    found = list(seen.filter(named).order_by("-dated", "-pk")[:ACTS])
    told = acts.told(found, viewer)
    return [
        {"kind": "act", "label": row.title, "detail": day(row.dated) if row.dated else "", "url": told[row.pk].address}
        for row in found
        if row.pk in told
    ]


def _pages(wanted: tuple[str, ...], viewer: Viewer) -> list[Node]:
    """Pages each of whose asked words begins a word of the title; a title that begins so comes first."""
    nodes = (node for node in viewer.tree.nodes.values() if _begins(wanted, _words(known_title(node))))
    found = sorted(nodes, key=lambda node: (not _first(wanted, node), len(node.path), node.path))
    return list(islice((node for node in found if viewer.can_view(node)), PAGES))


def _first(wanted: tuple[str, ...], node: Node) -> bool:
    return bool(_words(known_title(node))) and _words(known_title(node))[0].startswith(wanted[0])


def _begins(wanted: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return all(any(word.startswith(start) for word in words) for start in wanted)


def _people(wanted: tuple[str, ...], viewer: Viewer) -> list[dict[str, str]]:
    found = [person for person in known_people(viewer) if _begins(wanted, _words(str(person)))]
    return [{"kind": "person", "label": str(person), "detail": person.office, "url": ""} for person in found[:PEOPLE]]


def _past(typed: str, viewer: Viewer) -> list[dict[str, Any]]:
    if viewer.looker:
        return []
    rows = past.of(viewer.user, beginning=typed.strip(), most=PAST)
    return [{"kind": "past", "label": row.words, "detail": "Déjà cherché", "url": row.address} for row in rows]
