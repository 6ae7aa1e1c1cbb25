"""A search and its address: the one says the other, so that a search is shared by its link."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from search.asking import LONGEST_QUERY
from search.queries import SHOWN, Filters

KINDS = {"page": "Pages", "file": "Fichiers", "act": "Actes"}
LAST_PAGE = 100


@dataclass(frozen=True)
class Asked:
    """What the address asks: words, facets, order, place."""

    words: str = ""
    filters: Filters = field(default_factory=Filters)
    place: int = 1  # the page of results, from 1

    @classmethod
    def of(cls, query: Any) -> "Asked":
        """From a QueryDict; what cannot be understood is left out."""
        numbers = {
            name: frozenset(int(v) for v in query.getlist(name) if _is_small(v)) for name in ("service", "annee")
        }
        filters = Filters(
            kinds=frozenset(query.getlist("nature")) & frozenset(KINDS),
            services=numbers["service"],
            mine=query.get("miennes") == "1",
            newest_first=query.get("tri") == "date",
            sorts=frozenset(value[:20] for value in query.getlist("type") if value),
            years=numbers["annee"],
            states=frozenset(value[:10] for value in query.getlist("etat") if value),
        )
        place = query.get("page", "1")
        return cls(
            query.get("q", "").replace("\0", " ")[: LONGEST_QUERY * 2],
            filters,
            min(int(place), LAST_PAGE) if _is_small(place) else 1,
        )

    @property
    def offset(self) -> int:
        """The number of results before those shown."""
        return (max(self.place, 1) - 1) * SHOWN

    def address(self, place: int = 1) -> str:
        """The address of this search."""
        chosen = self.filters
        pairs: list[tuple[str, Any]] = [("q", self.words)]
        lists: Mapping[str, Any] = {
            "nature": chosen.kinds,
            "service": chosen.services,
            "type": chosen.sorts,
            "annee": chosen.years,
            "etat": chosen.states,
        }
        pairs += [(name, value) for name, values in lists.items() for value in sorted(values)]
        pairs += [("miennes", 1)] if chosen.mine else []
        pairs += [("tri", "date")] if chosen.newest_first else []
        pairs += [("page", place)] if place > 1 else []
        return f"/recherche/?{urlencode(pairs)}"

    def without(self, **change: Any) -> str:
        """The address with other filters, from the first page."""
        return replace(self, filters=replace(self.filters, **change), place=1).address()

    def with_words(self, words: str) -> str:
        """The address with other words and the same filters."""
        return replace(self, words=words, place=1).address()

    @property
    def is_narrowed(self) -> int:
        """How many filters are on."""
        chosen = self.filters
        return sum(map(len, (chosen.kinds, chosen.services, chosen.sorts, chosen.years, chosen.states))) + chosen.mine


def _is_small(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 12
