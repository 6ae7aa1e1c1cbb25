"""The sittings of the demo town, read from its pages: « Conseil municipal du mardi 6 octobre 2026 »."""

import re
from collections.abc import Iterator
from datetime import date

from kb.notices.registries import knows_sittings
from kb.pages.tree import current as current_tree
from kb.people.models import Town
from kb.typography import MONTHS

_DAY = re.compile(r"^Conseil municipal du \w+ (\d{1,2})(?:er)?\s(\w+)\s(\d{4})$")


@knows_sittings
def days(first: date, last: date) -> Iterator[date]:
    """Those of a demo town, between two days. A real town has its own council."""
    if not Town.objects.filter(is_demo=True).exists():
        return
    for node in current_tree().nodes.values():
        found = _DAY.match(node.title.replace("\u00a0", " "))
        if found and found[2] in MONTHS:
            day = date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]))
            if first <= day <= last:
                yield day
